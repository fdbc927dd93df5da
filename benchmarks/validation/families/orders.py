"""Orders of accuracy: manufactured solutions with walls and buoyancy, and the flat Taylor-Green vortex."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun, StudySkipped
from benchmarks.validation.refinement import CELSIUS_ZERO
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study

BOX, BLOCK = "manufactured_solutions", "manufactured_block"
KELVIN = 293.15  # still temperature of all solutions


def centres(solver) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y, z of the cell centres, ready to broadcast."""
    mesh = solver.mesh
    return mesh.x.centres[None, None, :], mesh.y.centres[None, :, None], mesh.z.centres[:, None, None]


def fields(solver) -> dict[str, np.ndarray]:
    """u, w (m/s), T (K) and p (Pa, without its mean) at the cell centres, nan in solids."""
    air = solver.mesh.solid == 0
    volumes = solver.mesh.volumes()
    velocity, p = solver.field("velocity"), solver.field("pressure").astype(np.float64)
    found = {
        "u": velocity[..., 0], "w": velocity[..., 2], "T": solver.field("temperature") + CELSIUS_ZERO,
        "p": p - (volumes * p)[air].sum() / volumes[air].sum(),
    }  # fmt: skip
    return {name: np.where(air, values, np.nan) for name, values in found.items()}


def errors(solver, exact: Mapping[str, Callable], time: float) -> dict[str, float]:
    """L2 errors of point values at the cell centres; exact: functions of x, y, z, t.

    The pressure carries the flow from the level before to this one, and so belongs to the moment half a step earlier.
    """
    volumes = solver.mesh.volumes()
    off = {}
    for name, values in fields(solver).items():
        moment = time - 0.5 * solver.dt if name == "p" else time
        off[name] = values - exact[name](*centres(solver), moment)
    air = ~np.isnan(off["u"])
    off["p"] = off["p"] - (volumes * off["p"])[air].sum() / volumes[air].sum()
    return {name: float(np.sqrt((volumes * d**2)[air].sum() / volumes[air].sum())) for name, d in off.items()}


def start(solver, exact: Mapping[str, Callable]) -> None:
    """The exact state at time 0."""
    at = {name: partial(_at_zero, function) for name, function in exact.items()}
    solver.initialise(at["T"], (at["u"], 0.0, at["w"]), at["p"])


def _at_zero(function: Callable, *point: np.ndarray) -> np.ndarray:
    return function(*point, 0.0)


def order_rows(
    runs: Sequence[CaseRun], series: Sequence[dict[str, float]], bands: dict[str, float], kind: str, what: str, why: str
) -> Iterator[Row]:
    """Observed orders of successive grids, each twice as fine; only the last pair has a band."""
    for number, (coarse, fine) in enumerate(zip(series, series[1:], strict=False)):
        last = number == len(series) - 2
        for name, band in bands.items():
            row = runs[number + 1].row(f"order of {name} {what}", np.log2(coarse[name] / fine[name]), 2.0,
                                       "second order", "X", band if last else None, why, kind)  # fmt: skip
            yield row


def picture(name: str, title: str, cells: Sequence[int], series: Sequence[dict[str, float]]) -> Picture:
    """Errors over cell size, with the slope of second order."""
    width = [1.0 / n for n in cells]
    curves = [Curve(field, width, [errors[field] for errors in series]) for field in series[0]]
    top = max(series[0].values())
    slope = Curve("second order", width, [top * (w / width[0]) ** 2 for w in width], marks=True)
    return Picture(name, title, "1 / cells", "L2 error", [*curves, slope], logarithmic=True)


def manufactured_box(
    name: str, case: str, scenario: str | None, time_factor: str, stretching: float, end: float, cells: Sequence[int],
    bench: Bench,
) -> Iterator[Row | Picture]:  # fmt: skip
    """Orders on a manufactured solution. time_factor: "1" (steady) or "cos t". end: s."""
    try:
        from benchmarks.validation import manufactured
    except ImportError as error:
        raise StudySkipped(f"needs sympy ({error})") from error
    runs, series = [], []
    for n in cells:
        # stretched cells are 0.44 of the mean at the walls: explicit diffusion there
        dt = (0.02 if stretching else 0.12 if case == BLOCK else 0.08) / n
        overrides = [f"mesh.cells = [{n}, 1, {n}]", f"run.dt = {dt}", f"run.until = {end}",
                     f"mesh.stretching = {{ factor = [{stretching}, 0, {stretching}] }}"]  # fmt: skip
        run = CaseRun(bench, name, case, scenario, overrides, "double")
        exact = manufactured.box(case == BLOCK, time_factor, run.solver.setup.fluid, run.solver.setup.gravity)
        for field, source in (("ux", exact.source_x), ("uz", exact.source_z), ("temperature", exact.heat)):
            run.solver.source(field, source)
        known = {"u": exact.u, "w": exact.w, "T": exact.temperature, "p": exact.p}
        start(run.solver, known)
        run.to(end)
        runs.append(run)
        series.append(errors(run.solver, known, end))
    bands = {"u": 0.1, "w": 0.1, "T": 0.1, "p": 0.2}
    yield from order_rows(runs, series, bands, "at_least", "in space and time",
                          "a second-order scheme shows 2; 0.1 (p 0.2) for the coarsest pair")  # fmt: skip
    yield picture(name.replace("/", "_"), f"Manufactured solution, {name.split('/')[1]}", cells, series)


VISCOSITY, DIFFUSIVITY, END = 0.02, 0.01, 0.5
VORTEX = {
    "u": lambda x, _y, z, t: np.sin(x) * np.cos(z) * np.exp(-2.0 * VISCOSITY * t),
    "w": lambda x, _y, z, t: -np.cos(x) * np.sin(z) * np.exp(-2.0 * VISCOSITY * t),
    "T": lambda x, _y, z, t: KELVIN + np.sin(x) * np.sin(z) * np.exp(-2.0 * DIFFUSIVITY * t),
    "p": lambda x, _y, z, t: 0.25 * (np.cos(2.0 * x) + np.cos(2.0 * z)) * np.exp(-4.0 * VISCOSITY * t),
}


def vortex(name: str, bench: Bench, cells: int, dt: float) -> CaseRun:
    """The Taylor-Green vortex at time END."""
    overrides = [f"mesh.cells = [{cells}, 1, {cells}]", f"run.dt = {dt}"]
    run = CaseRun(bench, name, "taylor_green", None, overrides, "double")
    start(run.solver, VORTEX)
    run.to(END)
    return run


WHY_ORDER = "dt proportional to dx; what good second-order schemes show"


def vortex_in_space(name: str, cells: Sequence[int], bench: Bench) -> Iterator[Row | Picture]:
    """Order in space, with the time step in proportion."""
    runs = [vortex(name, bench, n, 0.64 / n) for n in cells]
    series = [errors(run.solver, VORTEX, END) for run in runs]
    yield from order_rows(runs, series, dict.fromkeys("uwTp", 0.1), "absolute", "in space and time", WHY_ORDER)
    yield picture("taylor_green_2d", "Taylor-Green vortex, flat", cells, series)


def vortex_in_time(name: str, steps: Sequence[int], bench: Bench) -> Iterator[Row]:
    """Order in time on one grid, against a time step eight times finer than the finest of the series."""
    fine = fields(vortex(name, bench, 32, END / (8 * steps[-1])).solver)
    runs = [vortex(name, bench, 32, END / n) for n in steps]
    series = [
        {key: float(np.sqrt(np.mean((fields(run.solver)[key] - fine[key]) ** 2))) for key in "uwT"} for run in runs
    ]
    for number, (coarse, finer) in enumerate(zip(series, series[1:], strict=False)):
        for key in "uwT":
            yield runs[number + 1].row(
                f"order of {key} in time, {steps[number + 1]} steps", np.log2(coarse[key] / finer[key]), 2.0,
                "second order", "X", 0.1, "one grid; what good second-order schemes show", "absolute",
            )  # fmt: skip


_MMS = (
    ("steady", BOX, None, "1", 0.0, 0.5, (16, 32, 64)),
    ("steady_thin", BOX, "thin", "1", 0.0, 0.5, (16, 32, 64)),
    ("unsteady", BOX, None, "cos t", 0.0, 0.5, (16, 32, 64, 128)),
    ("steady_stretched", BOX, None, "1", 1.2, 0.2, (16, 32, 64)),
    ("unsteady_stretched", BOX, None, "cos t", 1.2, 0.2, (16, 32, 64)),
    ("block", BLOCK, None, "cos t", 0.0, 0.5, (24, 48, 96)),
)
STUDIES = (
    *(Study(f"manufactured_solutions/{variant}", "A", "order of accuracy with walls and buoyancy",
            partial(manufactured_box, f"manufactured_solutions/{variant}", *arguments))
      for variant, *arguments in _MMS),
    Study("taylor_green/flat", "A", "order of accuracy of a decaying vortex",
          partial(vortex_in_space, "taylor_green/flat", (32, 64, 128, 256))),
    Study("taylor_green/flat_in_time", "A", "order of accuracy in time",
          partial(vortex_in_time, "taylor_green/flat_in_time", (20, 40, 80))),
)  # fmt: skip
