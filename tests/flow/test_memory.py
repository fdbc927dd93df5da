"""The memory that a run is said to need is the memory that the solver takes."""

import numpy as np
import pytest

import kernels
from thermo.flow import Fluid, Setup, Solver
from thermo.flow.scalars import TransportedScalar
from thermo.mesh import MeshBuilder


@pytest.mark.parametrize("model", ["low_mach", "boussinesq"])
@pytest.mark.parametrize("averages", [False, True])
@pytest.mark.parametrize("scalars", [0, 3])
def test_estimate_is_near_what_is_allocated(model, averages, scalars, monkeypatch):
    faces = np.linspace(0.0, 6.0, 81)
    mesh = MeshBuilder(faces, faces, faces).build()
    backend = kernels.open_backend("native")
    taken = []
    allocate = backend.zeros

    def counted(shape, dtype=None):
        array = allocate(shape, dtype)
        taken.append(array.nbytes)
        return array

    monkeypatch.setattr(backend, "zeros", counted)
    carried = tuple(TransportedScalar(f"s{n}", reacting=n == 0) for n in range(scalars))
    setup = Setup(Fluid(model=model), scalars=carried)
    solver = Solver(mesh, setup, backend)
    if averages:
        solver.averages.begin()
    assert setup.bytes_per_cell(mesh.shape, "single", averages) == pytest.approx(sum(taken) / mesh.cells, rel=0.05)
