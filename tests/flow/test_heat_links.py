"""The fluid's share of a heat link stands apart from the rest, so that a wall law can put a film in its place."""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import CONCRETE
from thermo.flow import Setup, Solver
from thermo.flow.heat import heat_links
from thermo.flow.setup import Fluid
from thermo.flow.solids.network import build_network
from thermo.mesh.builder import MeshBuilder, Side

FLUID = Fluid()


def room() -> MeshBuilder:
    """A wall of given temperature, one with a U-value, a panel with a resistance, a conducting block."""
    lines = (np.linspace(0.0, 1.2, 7), np.linspace(0.0, 0.8, 5), np.linspace(0.0, 1.0, 6))
    room = MeshBuilder(*lines, {"west": Side(thermal=("temperature", 300.0)),
                                "ceiling": Side(thermal=("u_value", 2.0, 270.0))})  # fmt: skip
    room.panel("panel", 1, 0.4, ((0.0, 0.0), (1.2, 0.6)), resistance=0.2)
    room.solid("block", ((0.4, 0.0, 0.0), (0.8, 0.4, 0.4)), CONCRETE)
    return room


def test_film_and_rest_make_the_conductance():
    mesh = room().build()
    links = heat_links(mesh, FLUID.conductivity, build_network(mesh))
    assert not mesh.solid[tuple(links.receiver.T)].any()
    width = np.choose(links.axis, [mesh.axes[a].widths[links.receiver[:, 2 - a]] for a in range(3)])
    assert links.film == pytest.approx(links.area * FLUID.conductivity / (0.5 * width))
    far = np.where(links.twin < 0, 0.0, 1.0 / links.film[links.twin])
    assert 1.0 / links.conductance == pytest.approx(1.0 / links.film + links.back + far)
    assert (links.twin >= 0).any(), "the panel has no films"
    both = links.twin >= 0
    assert np.array_equal(links.twin[links.twin[both]], np.flatnonzero(both))
    assert np.array_equal(links.other[both], links.receiver[links.twin[both]])
    assert np.array_equal(links.conductance[both], links.conductance[links.twin[both]]), "heat is not conserved"


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 2, 1)])
def test_joint_arrays_of_all_parts(parts):
    """What the kernels read is made of the joint arrays, whatever the parts."""
    backend = open_backend("native", "double")
    solver = Solver(room().build(), Setup(FLUID), backend, parts)
    joint = {name: backend.to_host(array) for name, array in solver.boundaries.joint_links.items()}
    far = np.where(joint["far"] < 0, 0.0, 1.0 / joint["film"][joint["far"]])
    assert 1.0 / joint["conductance"] == pytest.approx(1.0 / joint["film"] + joint["back"] + far)
    used = [backend.to_host(lists.device["fluid_heat"]["conductance"]) for lists in solver.boundaries.lists]
    assert np.array_equal(np.concatenate(used), joint["conductance"])
