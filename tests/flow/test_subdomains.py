"""Several parts in one process find what one part finds."""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import hall, solver_of

STEPS = 20


@pytest.mark.parametrize("parts", [(2, 1, 1), (1, 2, 2)])
@pytest.mark.parametrize("model", ["low_mach", "boussinesq"])
@pytest.mark.parametrize("kind", ["walls", "periodic", "sealed"])
def test_parts_agree_with_the_whole(kind, model, parts):
    backend = open_backend("native", "double")
    mesh = hall(periodic=kind == "periodic", sealed=kind == "sealed")
    whole, cut = (solver_of(mesh, backend, p, model) for p in ((1, 1, 1), parts))
    for _ in range(STEPS):
        whole.advance()
        cut.advance()
    assert np.abs(whole.field("velocity")).max() > 0.05
    for name in ("velocity", "temperature", "pressure", "density"):
        expected = whole.field(name)
        assert cut.field(name) == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.abs(expected).max()), name
    expected = whole.report()
    for key, value in cut.report()["balance"].items():
        assert value == pytest.approx(expected["balance"][key], rel=1e-6, abs=1e-6), key
