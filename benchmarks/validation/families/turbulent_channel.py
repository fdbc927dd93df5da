"""Turbulent channel with a passive temperature: profiles and stresses at walls, against direct simulations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.eddies import Eddies, periodic_waves
from benchmarks.validation.measures import columns, maximum
from benchmarks.validation.planes import PlaneMeans, plane_statistics
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study
from thermo.flow import Solver
from thermo.simulation.functions import Functions

MOSER = "Moser, Kim and Mansour 1999"
KIM = "Kim and Moin 1989"
WALL, KELVIN = 20.0, 293.15  # of the walls
EVERY = 0.05  # time between two samples
DISTURBANCE = 2.0  # rms of the eddies at the start, in friction velocities
WAVES, MOST = 48, (6, 8, 4)  # how many, and their largest number along the sides of the box


BOX = (4.0 * np.pi, 4.0 * np.pi / 3.0, 2.0)  # sides of the channel in half widths


def beginning() -> Functions:
    """The reference's profiles of velocity and temperature, and random eddies that vanish at the walls."""
    eddies = Eddies.of_waves(periodic_waves(BOX, MOST, WAVES))
    mean, warm = columns("channel_mean"), columns("channel_temperature")
    wall = lambda z: np.minimum(z, 2.0 - z)  # noqa: E731
    fade = lambda z: 1.0 - np.exp(-((wall(z) / 0.1) ** 2))  # noqa: E731
    velocity = lambda z: np.interp(wall(z), mean["y_over_delta"], mean["U_plus"])  # noqa: E731
    order = np.argsort(warm["y_plus"])
    heights, values = np.append(0.0, warm["y_plus"][order] / 178.12), np.append(0.0, warm["T_plus"][order])

    def stirred(component: int, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        return DISTURBANCE * fade(z) * eddies(component, x, y, z)

    return Functions(initial={
        "ux": lambda x, y, z: velocity(z) + stirred(0, x, y, z),
        "uy": partial(stirred, 1),
        "uz": partial(stirred, 2),
        "temperature": lambda x, y, z: KELVIN + np.interp(wall(z), heights, values) + 0.0 * (x + y),
    })  # fmt: skip


def heated_channel(name: str, scenario: str | None, gated: bool, bench: Bench) -> Iterator[Row | Picture]:
    """Means, stresses and fluxes in units of the friction and the heat flux of the run itself."""
    run = CaseRun(bench, name, "turbulent_channel", scenario, functions=beginning())
    start, end = run.case.run.average_from, run.case.run.until
    means = run.sampled(start, end, round((end - start) / EVERY), readings, name)
    covariance = means["time warmth"] - means["time"] * means["warmth"]
    warming = covariance / (means["time time"] - means["time"] ** 2)  # slope of the straight line through all samples
    yield from _rows(run, PlaneMeans(means), float(means["force"]), float(warming), gated)


def readings(solver: Solver) -> dict[str, np.ndarray | float]:
    """Means of the planes, the force that holds the mean velocity, and what the drift of the mean temperature takes."""
    planes = plane_statistics(solver, WALL)
    warmth = float(planes["t"] @ solver.mesh.z.widths) / 2.0
    return planes | {
        "force": solver.readings()["body_force_n_m3"]["x"], "warmth": warmth, "time": solver.time,
        "time time": solver.time**2, "time warmth": solver.time * warmth,
    }  # fmt: skip


def _rows(run: CaseRun, planes: PlaneMeans, force: float, warming: float, gated: bool) -> Iterator[Row | Picture]:
    """force: that held the mean velocity, so the stress of the walls; warming: of the mean temperature, K per time."""
    band = lambda value: value if gated else None  # noqa: E731
    friction, flux = force**0.5, 1.0 - warming
    kelvin = flux / friction
    viscosity = run.solver.setup.fluid.viscosity
    half = run.solver.mesh.z.n // 2
    centres, faces = run.solver.mesh.z.centres[:half], run.solver.mesh.z.faces[: half + 1]
    plus = centres * friction / viscosity
    mean, stresses = columns("channel_mean"), columns("channel_stresses")
    u = planes.folded("u") / friction
    why = "second-order codes on this grid are 1 to 3 % high"
    yield run.row("Re_tau at the mean velocity of the reference", friction / viscosity, 178.12, MOSER, "F", None, why)
    inside = (plus > 5.0) & (plus < 178.0)
    table = np.interp(plus[inside], mean["y_plus"], mean["U_plus"])
    yield run.row("U+, largest difference for y+ > 5, share", np.abs(u[inside] / table - 1.0).max(), 0.0, MOSER, "F",
                  band(0.03), why, "absolute")  # fmt: skip
    yield run.row("U+ in the middle", u[-1], 18.301, MOSER, "F", None, why)
    fluctuations = {
        "u": (centres, planes.deviation("uu") / friction, "uu_plus", 0.05),
        "v": (centres, planes.deviation("vv") / friction, "ww_plus", None),
        "w": (faces, planes.deviation("ww") / friction, "vv_plus", None),
    }
    for component, (at, ours, column, limit) in fluctuations.items():
        across = {"u": "along the flow", "v": "across it", "w": "off the wall"}[component]
        yield run.row(f"largest rms {across}, in friction velocities", maximum(at, ours)[1],
                      stresses[column].max() ** 0.5, MOSER, "F", band(limit), "of resolved eddies; 1 to 2 % in the "
                      "reference")  # fmt: skip
    stress = -planes.folded("uw") / friction**2
    yield run.row("largest -<u'w'>, in friction", stress.max(), -stresses["uv_plus"].min(), MOSER, "F", None,
                  "of resolved eddies")  # fmt: skip
    line = (planes.folded("viscous")[1:] - planes.folded("uw")[1:]) / friction**2
    yield run.row("all stresses against the straight line, largest difference", np.abs(line - (1.0 - faces[1:])).max(),
                  0.0, "balance of momentum", "X", band(0.01), "what the mean over a finite time leaves",
                  "absolute")  # fmt: skip
    warm, spread = columns("channel_temperature"), columns("channel_temperature_rms")
    t, deviation = planes.folded("t") / kelvin, planes.deviation("tt") / kelvin
    near = np.abs(warm["y_plus"] - 100.0) < 10.0
    at_hundred = float(np.polyval(np.polyfit(warm["y_plus"][near] - 100.0, warm["T_plus"][near], 1), 0.0))
    yield run.row("T+ at y+ 100", np.interp(100.0, plus, t), at_hundred, KIM, "F", band(0.05),
                  "digitisation, and the 3 % of the velocity")  # fmt: skip
    yield run.row("largest rms of T+", maximum(centres, deviation)[1], spread["T_rms_plus"].max(), KIM, "F", band(0.10),
                  "digitisation, and the 3 % of the velocity")  # fmt: skip
    carried = columns("channel_temperature_flux")
    ours = -planes.folded("wt") / (kelvin * friction)  # towards the wall
    yield run.row("largest <w'T'>, share of the heat flux of the wall", ours.max(),
                  carried["flux_towards_wall_plus"].max(), KIM, "F", None, "of resolved eddies")  # fmt: skip
    stem = run.study.replace("/", "_")
    yield Picture(f"{stem}_means", f"Turbulent channel, {run.grid}", "y+", "U+, T+", [
        Curve("U+", plus, u), Curve("T+", plus, t), Curve(MOSER, mean["y_plus"][2:], mean["U_plus"][2:], True),
        Curve(KIM, warm["y_plus"], warm["T_plus"], True)], logarithmic_x=True)  # fmt: skip
    heights = stresses["y_plus"]
    yield Picture(f"{stem}_fluctuations", f"Turbulent channel, {run.grid}", "y+", "rms, and -<u'w'>, wall units", [
        Curve("u", plus, fluctuations["u"][1]), Curve("v", plus, fluctuations["v"][1]),
        Curve("w", faces * friction / viscosity, fluctuations["w"][1]),
        Curve("-u'w'", faces * friction / viscosity, stress), Curve("T", plus, deviation),
        *(Curve(f"{name}, reference", heights, stresses[f"{column}_plus"] ** 0.5, True)
          for name, column in (("u", "uu"), ("v", "ww"), ("w", "vv"))),
        Curve("-u'w', reference", heights, -stresses["uv_plus"], True),
        Curve("T, reference", spread["y_plus"], spread["T_rms_plus"], True)])  # fmt: skip


STUDIES = (
    Study("channel_dns/les_coarse", "B", "turbulent channel, heated, LES on 64 x 64 x 64: coarse",
          partial(heated_channel, "channel_dns/les_coarse", "coarse", False)),
    Study("channel_dns/les", "C", "turbulent channel, heated, LES on 128 x 128 x 128",
          partial(heated_channel, "channel_dns/les", None, True)),
)  # fmt: skip
