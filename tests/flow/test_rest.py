"""Stratified air stays at rest: around solids and panels, behind resisting faces, between pressure openings."""

from dataclasses import replace

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder

STEPS = 1000
# the scheme's part; single precision rounds the pressure of a layer
LIMITS = {"double": 1e-12, "single": 2e-5}  # m/s
# without conduction a stratification is steady round solids too
FLUIDS = {
    "low_mach": Fluid(conductivity=0.0, viscosity=1e-3),
    "boussinesq": Fluid(model="boussinesq", conductivity=0.0, viscosity=1e-3),
}


def furnished_room() -> MeshBuilder:
    """A stretched room, 2.4 m high, with a solid block and panels, and resisting faces in the gap over one of them."""
    x = np.cumsum(np.concatenate([[0.0], 0.25 * 1.1 ** np.arange(8)]))
    y = np.linspace(0.0, 1.5, 7)
    z = np.concatenate([np.linspace(0.0, 1.2, 7), 1.2 + np.cumsum(np.full(4, 0.3))])
    room = MeshBuilder(x, y, z)
    room.solid("block", ((x[2], y[1], z[0]), (x[4], y[3], z[4])))
    room.panel("shelf", 2, z[6], ((x[5], y[0]), (x[7], y[4])))
    room.panel("screen", 0, x[6], ((y[0], z[0]), (y[6], z[7])))
    room.resistance("grille", 0, x[6], ((y[1], z[7]), (y[5], z[9])), loss_forward=4.0, linear=0.5)
    room.resistance("tile", 2, z[5], ((x[0], y[0]), (x[2], y[2])), loss_forward=9.0, loss_backward=2.0)
    return room


def stratified(x, y, z):
    return 289.0 + 6.0 * z + 0.0 * (x + y)


def column_mean_temperature(mesh, fluid: Fluid) -> float:
    """Outside temperature (K) whose column weighs as much as the room's, so that nothing drives a draught."""
    temperature = stratified(0.0, 0.0, mesh.z.centres)
    inverse = 1.0 / temperature if fluid.low_mach else temperature
    mean = np.average(inverse, weights=mesh.z.widths)
    return float(1.0 / mean if fluid.low_mach else mean)


def fastest_after_rest(mesh, fluid: Fluid, precision: str) -> float:
    """Largest velocity (m/s) of 1000 steps from rest, at every fiftieth step."""
    solver = Solver(mesh, Setup(fluid, Scheme(time_step=0.05)), open_backend("native", precision))
    solver.initialise(stratified)
    fastest = 0.0
    for _ in range(STEPS // 50):
        for _ in range(50):
            solver.advance()
        fastest = max(fastest, float(np.abs(solver.field("velocity")).max()))
    return fastest


@pytest.mark.parametrize("precision", ["double", "single"])
@pytest.mark.parametrize("model", ["low_mach", "boussinesq"])
def test_sealed_room_stays_at_rest(model, precision):
    assert fastest_after_rest(furnished_room().build(), FLUIDS[model], precision) <= LIMITS[precision]


@pytest.mark.parametrize("precision", ["double", "single"])
@pytest.mark.parametrize("model", ["low_mach", "boussinesq"])
def test_room_with_resisting_openings_top_and_bottom_stays_at_rest(model, precision):
    """The air that would enter has the temperature of the layer there: warmer air below would start a real draught."""
    room = furnished_room()
    x, y = (axis.faces for axis in room.axes[:2])
    layers = stratified(0.0, 0.0, room.axes[2].centres)
    places = (("sill", "floor", (0, 3), (2, 6), layers[0]), ("vent", "ceiling", (4, 1), (7, 4), layers[-1]))
    for name, side, low, high, temperature in places:
        rect = ((x[low[0]], y[low[1]]), (x[high[0]], y[high[1]]))
        room.opening(name, side, rect, loss_in=1.5, loss_out=2.5, temperature=float(temperature))
    mesh = room.build()
    fluid = replace(FLUIDS[model], still_temperature=column_mean_temperature(mesh, FLUIDS[model]))
    assert fastest_after_rest(mesh, fluid, precision) <= LIMITS[precision]
