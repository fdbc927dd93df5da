"""The memory that a run is said to need is the memory that the solver takes."""

import numpy as np
import pytest

import kernels
from thermo.flow import Fluid, Setup, Solver
from thermo.flow.scalars import TransportedScalar
from thermo.flow.turbulence import K_EPSILON, LES, SST
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


@pytest.mark.parametrize("model", [K_EPSILON, SST])
def test_estimate_counts_the_fields_of_models_of_two_equations(model, monkeypatch):
    """Against LES in the same room: the fields alone, as lists of walls are many in so small a room."""
    faces = np.linspace(0.0, 6.0, 41)
    mesh = MeshBuilder(faces, faces, faces).build()
    backend = kernels.open_backend("native")
    allocate, fields, found, said = backend.zeros, [], [], []

    def counted(shape, dtype=None):
        array = allocate(shape, dtype)
        if array.shape == (44, 44, 44) and array.dtype == backend.real:
            fields.append(array.nbytes)
        return array

    monkeypatch.setattr(backend, "zeros", counted)  # every array is allocated by it
    for chosen in (LES, model):
        fields.clear()
        setup = Setup(turbulence=chosen)
        Solver(mesh, setup, backend)
        found.append(sum(fields))
        said.append(setup.bytes_per_cell(mesh.shape))
    assert (found[1] - found[0]) / mesh.cells == pytest.approx(said[1] - said[0], rel=1e-6)
