"""Exchange between a warm and a cold room through a door: neutral height, magnitude, exponents."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import log

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.refinement import low_face_velocity
from benchmarks.validation.row import Row
from benchmarks.validation.study import Study

BROWN = "Brown and Solvason 1962"
GRAVITY, MEAN = 9.81, 295.0  # m/s2, K
WIDTH, PARTITION = 0.05, 12.0  # m: of the slice, and where the door stands


CELLS = 20  # over the height of the door


def exchange(bench: Bench, name: str, height: float, difference: float) -> tuple[CaseRun, float, float]:
    """The run, the mean flow each way (m3/s) and the mean neutral height (m) of a door between 5.5 and 8 (H/g')^1/2.

    By then the overshoot of the start is over (C_d 0.85 at 3.5); later the eddies of the shear layer, large in a flat
    case, make the flow a matter of chance.
    """
    near = f"[[{PARTITION - 2.0 * height}, 0, 0], [{PARTITION + 2.0 * height}, {WIDTH}, {1.5 * height}]]"
    overrides = [
        f"openings.door.rect = [[0, 0], [{WIDTH}, {height}]]",
        f"mesh.refine = [{{ at = {near}, size = {height / CELLS} }}]",
    ]
    run = CaseRun(bench, name, "doorway_exchange", overrides=overrides)
    solver = run.solver
    warm = lambda x, _y, _z: MEAN + 0.5 * difference * np.where(x < PARTITION, 1.0, -1.0)  # noqa: E731
    solver.initialise(warm)
    unit = (height / (GRAVITY * difference / MEAN)) ** 0.5
    mesh = solver.mesh
    face = int(np.abs(mesh.x.faces - PARTITION).argmin())
    door = mesh.z.centres < height
    flows, heights = [], []
    for moment in np.linspace(5.5, 8.0, 26) * unit:
        run.to(moment)
        u = low_face_velocity(solver, 0)[door, 0, face].astype(np.float64)
        flows.append(0.5 * float((np.abs(u) * mesh.z.widths[door]).sum()) * WIDTH)
        heights.append(float(np.interp(0.0, u, mesh.z.centres[door])))  # u rises with height: outwards above
    return run, float(np.mean(flows)), float(np.mean(heights))


def law(name: str, bench: Bench) -> Iterator[Row]:
    """Exponents of height and temperature difference, and the size of the flow."""
    flows = {}
    for height, difference in ((1.0, 5.0), (2.0, 5.0), (2.0, 20.0)):
        run, flow, neutral = exchange(bench, name, height, difference)
        flows[height, difference] = flow
        ideal = WIDTH / 3.0 * height**1.5 * (GRAVITY * difference / MEAN) ** 0.5
        what = f"H {height:g} m, dT {difference:g} K"
        yield run.row(f"C_d, {what}", flow / ideal, 0.6, BROWN, "X", 0.25, "measured 0.6 +- 0.15, CFD 0.6 to 0.75")
        yield run.row(f"neutral height / H, {what}", neutral / height, 0.5, BROWN, "X", None,
                      "half the height, but for the currents in rooms of finite size", "absolute")  # fmt: skip
    why = "scaling of the inviscid law, to 3 %"
    yield run.row("exponent of H", log(flows[2.0, 5.0] / flows[1.0, 5.0], 2.0), 1.5, BROWN, "X", 0.03, why)
    yield run.row("exponent of dT", log(flows[2.0, 20.0] / flows[2.0, 5.0], 4.0), 0.5, BROWN, "X", 0.03, why)


_FOLDER = "doorway_exchange"
STUDIES = (Study(f"{_FOLDER}/law", "A", "exchange flow between two still rooms", partial(law, f"{_FOLDER}/law")),)
