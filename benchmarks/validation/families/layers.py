"""Laminar boundary layers: isothermal vertical plate and flat plate, against their similarity solutions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from benchmarks.validation import exact
from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.measures import wall_heats
from benchmarks.validation.refinement import low_face_velocity
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study

PRANDTL, MIDDLE = 0.71, 0.5  # place along the plate where the layer is looked at
WHY = "leading edge and size of the box about 1 %, second order on 12 or more cells per layer 0.5 to 1 %"


def local_nusselt(solver, side: str, along: int) -> float:
    """Nu_x at MIDDLE: heat of the faces there over k dT/x, dT = 1 K. along: axis of the plate, 0 or 2."""
    patch, heat = wall_heats(solver, side)
    place = solver.mesh.axes[along].centres[patch.cells[:, 2 - along]]
    order = np.argsort(place)
    flux = np.interp(MIDDLE, place[order], (heat / patch.area)[order])
    return float(flux * MIDDLE / solver.setup.fluid.conductivity)


def velocity_across(solver, component: int, along: int) -> np.ndarray:
    """Profile of a velocity component at MIDDLE along the plate, from the faces on both sides."""
    u = low_face_velocity(solver, component)[:, 0, :].astype(np.float64)
    faces = solver.mesh.axes[along].faces[:-1]
    fields = u.T if along == 0 else u
    return np.array([np.interp(MIDDLE, faces, profile) for profile in fields.T])


def on_grids(
    name: str, case: str, layer: str, sizes: Sequence[float], measure: Callable[[CaseRun], Iterator[Row | Picture]],
    bench: Bench,
) -> Iterator[Row | Picture]:  # fmt: skip
    """A plate with cells of each size (m) in a box about its layer; bands and picture for the last."""
    for size in sizes:
        run = CaseRun(bench, name, case, overrides=[f"mesh.refine = [{{ at = {layer}, size = {size} }}]"])
        for found in measure(run):
            if size == sizes[-1]:
                yield found
            elif isinstance(found, Row):
                yield replace(found, band=None)


def vertical_plate(run: CaseRun) -> Iterator[Row | Picture]:
    solver = run.solver
    run.settle(lambda s: [local_nusselt(s, "west", 2), velocity_across(s, 2, 2).max()], 2.0, 200.0, 2e-5)
    gradient, eta, slope, _ = exact.natural_layer(PRANDTL)
    viscosity = solver.setup.fluid.viscosity
    grashof = MIDDLE**3 / viscosity**2
    stretch = (grashof / 4.0) ** 0.25
    x, w = solver.mesh.x.centres, velocity_across(solver, 2, 2)
    expected = 2.0 * viscosity / MIDDLE * grashof**0.5 * np.interp(x / MIDDLE * stretch, eta, slope, right=0.0)
    layer = x / MIDDLE * stretch < 6.0
    source = "similarity solution (Ostrach 1953)"
    yield run.row("Nu_x at half height", local_nusselt(solver, "west", 2), gradient * stretch, source, "X", 0.02, WHY)
    yield run.row("u_max at half height / (g beta dT x)^1/2", w.max() / MIDDLE**0.5, expected.max() / MIDDLE**0.5,
                  source, "X", 0.03, WHY)  # fmt: skip
    off = np.abs(w - expected)[layer].max() / expected.max()
    yield run.row("profile of u to eta = 6, largest difference / u_max", off, 0.0, source, "X", 0.03, WHY, "absolute")
    own, scale = (2.0 * viscosity / MIDDLE * grashof**0.5 * slope)[:121:6], MIDDLE**0.5
    yield Picture(_VERTICAL.replace("/", "_"), f"Vertical plate, Gr_x {grashof:.3g}, {run.grid}", "eta",
                  "w / (g beta dT x)^1/2", [Curve("thermo", x[layer] / MIDDLE * stretch, w[layer] / scale),
                                            Curve("similarity", eta[:121:6], own / scale, True)])  # fmt: skip


def flat_plate(run: CaseRun) -> Iterator[Row | Picture]:
    solver = run.solver
    viscosity = solver.setup.fluid.viscosity
    z = solver.mesh.z.centres

    def friction(s) -> float:
        """Wall shear over rho U^2/2."""
        return float(2.0 * viscosity * velocity_across(s, 0, 0)[0] / z[0])

    run.settle(lambda s: [local_nusselt(s, "floor", 0), friction(s)], 0.5, 60.0, 2e-5)
    shear, gradient, eta, slope, _ = exact.flat_layer(PRANDTL)
    reynolds = MIDDLE / viscosity
    stretch = (1.0 / (viscosity * MIDDLE)) ** 0.5
    u = velocity_across(solver, 0, 0)
    layer = z * stretch < 6.0
    expected = np.interp(z * stretch, eta, slope)
    yield run.row("C_f at half length", friction(solver), 2.0 * shear / reynolds**0.5, "Blasius 1908", "X", 0.03, WHY)
    yield run.row("Nu_x at half length", local_nusselt(solver, "floor", 0), gradient * reynolds**0.5, "Pohlhausen 1921",
                  "X", 0.02, WHY)  # fmt: skip
    yield run.row("profile of u to eta = 6, largest difference / U", np.abs(u - expected)[layer].max(), 0.0,
                  "Blasius 1908", "X", 0.03, WHY, "absolute")  # fmt: skip
    yield Picture(_FLAT.replace("/", "_"), f"Flat plate, Re_x {reynolds:.3g}, {run.grid}", "eta", "u / U",
                  [Curve("thermo", z[layer] * stretch, u[layer]),
                   Curve("Blasius", eta[:121:6], slope[:121:6], True)])  # fmt: skip


_VERTICAL, _FLAT = "vertical_plate_and_flat_plate/vertical", "vertical_plate_and_flat_plate/flat"
STUDIES = (
    Study(_VERTICAL, "A", "natural convection on an isothermal vertical plate, Gr 1e8",
          partial(on_grids, _VERTICAL, "vertical_plate", "[[0, 0, 0], [0.07, 0.0025, 1]]", (0.004, 0.0025),
                  vertical_plate)),
    Study(_FLAT, "A", "flat plate under a uniform stream, Re 4e4",
          partial(on_grids, _FLAT, "flat_plate", "[[0, 0, 0], [1, 0.00125, 0.022]]", (0.0025, 0.00125), flat_plate)),
)  # fmt: skip
