"""The whole step on every backend of this machine finds the same fields."""

import numpy as np
import pytest

import kernels
from tests.flow.hall import hall, solver_of

OTHERS = [a.name for a in kernels.available_backends() if a.found and a.name != "numpy"]


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("model", ["low_mach", "boussinesq"])
def test_backend_agrees_with_the_references(name, model):
    mesh = hall()
    reference, other = (
        solver_of(mesh, kernels.open_backend(backend, "double"), model=model) for backend in ("numpy", name)
    )
    for _ in range(5):
        reference.advance()
        other.advance()
    for field in ("velocity", "temperature", "pressure", "density"):
        expected = reference.field(field)
        assert other.field(field) == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.abs(expected).max()), field
