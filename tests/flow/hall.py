"""A small furnished hall for whole-solver tests: racks, supply, extract, panels, openings, resisting tiles."""

from __future__ import annotations

import numpy as np

from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.flow.turbulence import Turbulence
from thermo.mesh.builder import MeshBuilder
from thermo.mesh.mesh import Material, Mesh
from thermo.mesh.patch import Exchange

X, Y, Z = (np.linspace(0.0, 4.0, 13), np.linspace(0.0, 2.4, 9), np.linspace(0.0, 2.4, 9))
CONCRETE = Material("concrete", conductivity=1.5, density=2300.0, heat_capacity=880.0)
TIGHT = {"tolerance": 1e-11, "relative_tolerance": 1e-11}


def add_rack(
    room: MeshBuilder, name: str, low: int, high: int, rows: tuple[int, int], towards: int, heat: float
) -> None:
    """A solid rack between x lines `low` and `high` and y lines `rows`; its air flows along x, `towards` +1 or -1."""
    y = room.axes[1].faces
    x, z = room.axes[0].faces, room.axes[2].faces
    room.solid(name, ((x[low], y[rows[0]], z[0]), (x[high], y[rows[1]], z[5])))
    front, back = (low, high) if towards > 0 else (high, low)
    rect = ((y[rows[0]], z[1]), (y[rows[1]], z[4]))
    intake = room.port(f"{name}.intake", 0, x[front], rect, -towards)
    exhaust = room.port(f"{name}.exhaust", 0, x[back], rect, towards)
    room.exchange(Exchange(name, "rack", intake, exhaust, 0.1, "volume", heat))


def hall(periodic: bool = False, sealed: bool = False) -> Mesh:
    """Two racks of 1 kW, a supply from the floor, an extract, a panel with a gap, a resisting tile and two openings.

    periodic: along y. sealed: without the openings; the extract then takes what the supply brings, in kg/s.
    """
    sides = dict.fromkeys(("south", "north"), "periodic") if periodic else {}
    room = MeshBuilder(X, Y, Z, sides)
    add_rack(room, "A", 3, 5, (1, 5), 1, 1000.0)
    add_rack(room, "B", 7, 9, (2, 6), -1, 800.0)
    room.solid("plinth", ((X[10], Y[0], Z[0]), (X[12], Y[3], Z[2])), CONCRETE)
    room.panel("roof", 2, Z[6], ((X[2], Y[0]), (X[8], Y[6])))
    room.panel("baffle", 1, Y[4], ((X[0], Z[0]), (X[3], Z[5])))
    room.resistance("curtain", 0, X[6], ((Y[1], Z[0]), (Y[7], Z[4])), loss_forward=3.0, loss_backward=5.0, linear=0.2)
    room.resistance("grille", 2, Z[6], ((X[9], Y[2]), (X[11], Y[6])), loss_forward=8.0)
    floor = room.side_port("diffuser", "floor", ((X[1], Y[5]), (X[3], Y[7])))
    room.supply("supply", floor, 0.24 if sealed else 0.2, 289.0, "mass" if sealed else "volume")
    top = room.side_port("return", "ceiling", ((X[5], Y[5]), (X[7], Y[8])))
    room.extract("extract", top, 0.24 if sealed else 0.12, "mass" if sealed else "volume")
    room.probe("aisle", (2.0, 1.0, 1.0))
    if not sealed:
        room.opening("door", "east", ((Y[4], Z[0]), (Y[7], Z[4])), loss_in=0.6, loss_out=0.8, temperature=295.0)
        room.opening("louvre", "west", ((Y[1], Z[4]), (Y[4], Z[7])), loss_in=1.5, loss_out=1.5, temperature=295.0)
    return room.build()


def warm_layers(x, y, z):
    """An initial temperature, K, that varies along every axis."""
    return 293.15 + 2.0 * z + 0.5 * np.sin(x) * np.cos(2.0 * y)


def solver_of(
    mesh: Mesh, backend, parts=(1, 1, 1), model: str = "low_mach", turbulence: Turbulence | None = None, **scheme
) -> Solver:
    """A solver started from `warm_layers` at rest: laminar in a viscous fluid, or in air with a turbulence model."""
    fluid = Fluid(model=model) if turbulence else Fluid(model=model, viscosity=2e-3, conductivity=2.0)
    scheme = Scheme(**({"time_step": 0.05} | TIGHT | scheme))
    solver = Solver(mesh, Setup(fluid, scheme, turbulence=turbulence), backend, parts)
    solver.initialise(warm_layers)
    return solver
