"""The validation scorecard: every case of cases/validation on its full grid, against its reference.

    python -m benchmarks.validation                    all cases, minutes to hours
    python -m benchmarks.validation lid_driven_cavity  some cases (names as in the scorecard)
    python -m benchmarks.validation --table            only write the table from the rows that are there

Finished rows go to benchmarks/results/validation.json and .md at once. A series of grids starts each grid from the
solution on the one before; its states are kept in runs/validation, where an interrupted run goes on.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks import cavities, exact_cases
from benchmarks.measures import reference
from benchmarks.scorecard import Row, keep, load, markdown
from benchmarks.steady import assembled, march_to_steady, start_from

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
STATES = ROOT / "runs" / "validation"
SAVE_EVERY = 60.0  # s of wall time


@dataclass(frozen=True)
class Series:
    """A steady cavity on successively finer grids.

    cells: of each grid; stretching: tanh factor. interval, s: over which every number watched must change by less than
    `tolerance`; until: s of simulated time on one grid. rows: of a settled solver.
    """

    name: str
    case: str
    scenario: str | None
    cells: Sequence[int]
    stretching: float
    watch: Callable
    interval: float
    tolerance: float
    until: float
    rows: Callable

    def run(self, finest: int | None = None) -> None:
        """Every grid in turn, up to `finest` cells; those whose rows are there are only loaded."""
        done = []
        for cells in self.cells:
            if finest is not None and cells > finest:
                break
            done.append(self._grid(cells, done[::-1]))

    def _grid(self, cells: int, coarser: Sequence):
        """One grid, started from the solutions on up to two coarser ones, the finer first."""
        file = STATES / f"{self.name.replace(' ', '_')}_{cells}.npz"
        overrides = cavities.square(cells, self.stretching)
        solver = assembled(self.case, self.scenario, overrides).solver
        wall = 0.0
        if file.exists():
            with np.load(file) as saved:
                state = {key: saved[key] if saved[key].ndim else saved[key].item() for key in saved.files}
            wall, settled = state.pop("wall"), state.pop("settled")
            solver.restore(state)
            if settled:
                return solver
        elif coarser:
            start_from(solver, *coarser[:2])
        saved_at = [time.perf_counter()]

        def save(settled: bool) -> None:
            nonlocal wall
            wall += time.perf_counter() - saved_at[0]
            saved_at[0] = time.perf_counter()
            file.parent.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(".part.npz")
            np.savez(partial, wall=wall, settled=settled, **solver.state())
            partial.replace(file)
            watched = ", ".join(f"{value:.6g}" for value in self.watch(solver))
            end = " settled" if settled else ""
            print(f"{self.name} {cells}: step {solver.step}, t = {solver.time:.4g} s, {wall:.0f} s, {watched}{end}",
                  flush=True)  # fmt: skip

        def pause() -> bool:
            if time.perf_counter() - saved_at[0] > SAVE_EVERY:
                save(False)
            return False

        march = march_to_steady(solver, self.watch, self.interval, self.tolerance, self.until, pause)
        if not march.settled:
            save(False)
            raise RuntimeError(f"{self.name}, {cells} cells: still changes by {march.change:.2g} per {self.interval} s")
        save(True)
        common = {
            "case": self.name, "grid": f"{cells} x {cells}" + (f", tanh {self.stretching}" if self.stretching else ""),
            "steps": solver.step, "wall_s": round(wall, 1),
        }  # fmt: skip
        rows = self.rows(solver, common)
        if cells != self.cells[-1]:  # shows the convergence; only the finest grid is held against the bands
            rows = [replace(row, band=None) for row in rows]
        keep(rows, RESULTS / "validation.json")
        return solver


def lid_rows(reynolds: int) -> Callable:
    def rows(solver, common: dict) -> list[Row]:
        ghia = "Ghia, Ghia and Shin 1982"
        why = "Ghia's own grid of 129 x 129 is off by 0.5 to 1 % of u_lid at the extrema at Re 1000"
        table = {"reference": 0.0, "source": ghia, "why": why, "kind": "absolute", **common}
        found = []
        for name, d in cavities.ghia_differences(solver, reynolds).items():
            rms, largest = float(np.sqrt(np.mean(d**2))), float(np.abs(d).max())
            found.append(Row(quantity=f"rms of {name} over the table", value=rms, band=0.005, **table))
            found.append(Row(quantity=f"largest difference of {name}", value=largest, band=0.01, **table))
        if reynolds == 1000:
            found += [
                Row(quantity=name, value=value, reference=cavities.BOTELLA_PEYRET[name],
                    source="Botella and Peyret 1998, from memory", band=0.01, why="second order on 128 x 128", **common)
                for name, value in cavities.lid_extrema(solver).items()
            ]  # fmt: skip
        return found

    return rows


def heated_rows(rayleigh: str) -> Callable:
    def rows(solver, common: dict) -> list[Row]:
        values = next(row for row in reference("heated_cavity") if row["Ra"] == rayleigh)
        spectral = "Hortmann et al. 1990; Le Quere 1991"
        why = "second order leaves 0.2 to 0.4 % on this grid"
        hot, cold = cavities.heated_nusselt(solver)
        u_max, w_max = cavities.heated_velocities(solver)
        maxima = {"why": why, "band": 0.01, "source": values["velocity_source"], **common}
        return [
            Row(quantity="Nu", value=hot, reference=float(values["Nu"]), source=spectral, band=0.005, why=why,
                **common),
            Row(quantity="Nu cold / hot", value=cold / hot, reference=1.0, source="exact", band=1e-4,
                why="conservation, to the steadiness reached", **common),
            Row(quantity="u_max, alpha/L", value=u_max, reference=float(values["u_max"]), **maxima),
            Row(quantity="w_max, alpha/L", value=w_max, reference=float(values["w_max"]), **maxima),
        ]  # fmt: skip

    return rows


def low_mach_rows(case: str) -> Callable:
    def rows(solver, common: dict) -> list[Row]:
        values = next(row for row in reference("low_mach_cavity") if row["case"] == case)
        hot, cold = cavities.low_mach_nusselt(solver)
        grid = "reference to four digits; second order on 128 x 128"
        return [
            Row(quantity="Nu hot", value=hot, reference=float(values["Nu"]), source=values["source"], band=0.005,
                why=grid, **common),
            Row(quantity="Nu cold / hot", value=cold / hot, reference=1.0, source="exact", band=1e-4,
                why="conservation, to the steadiness reached", **common),
            Row(quantity="p0 / p00", value=cavities.low_mach_pressure(solver), reference=float(values["p0_over_p00"]),
                source=values["source"], band=0.001, why=grid, **common),
            Row(quantity="mass / first mass", value=cavities.low_mach_mass(solver), reference=1.0, source="exact",
                band=1e-10, why="p0 is found from the mass", **common),
        ]  # fmt: skip

    return rows


def _heated(exponent: int, cells: Sequence[int], stretching: float) -> Series:
    scenario = None if exponent == 3 else f"ra1e{exponent}"
    return Series(f"heated_cavity Ra 1e{exponent}", "heated_cavity", scenario, cells, stretching, cavities.heated_watch,
                  2.0, 1e-5, 1000.0, heated_rows(f"1e{exponent}"))  # fmt: skip


def _low_mach(case: str) -> Series:
    scenario = None if case == "T1" else case
    return Series(f"low_mach_cavity {case}", "low_mach_cavity", scenario, (32, 64, 128), 1.2, cavities.low_mach_watch,
                  0.2, 1e-5, 40.0, low_mach_rows(case))  # fmt: skip


SERIES = (
    Series("lid_driven_cavity Re 100", "lid_driven_cavity", None, (32, 64, 128), 0.0, cavities.lid_watch, 1.0, 1e-5,
           400.0, lid_rows(100)),
    Series("lid_driven_cavity Re 1000", "lid_driven_cavity", "re1000", (32, 64, 128), 1.2, cavities.lid_watch, 2.0,
           1e-5, 800.0, lid_rows(1000)),
    _heated(3, (16, 32, 64), 0.0), _heated(4, (16, 32, 64), 0.0), _heated(5, (16, 32, 64), 1.2),
    _heated(6, (32, 64, 128), 1.2), _low_mach("T1"), _low_mach("T2"),
)  # fmt: skip


def exact_rows() -> dict[str, Callable[[], list[Row]]]:
    """The cases with exact answers, by name."""
    e = exact_cases
    return {
        "sealed_room": lambda: [
            *e.sealed_room(None, 100.0, 10.0, 60.0), *e.sealed_room("room_30m3", 1000.0, 30.0, 120.0),
            *e.sealed_room("room_100m3", 5000.0, 100.0, 60.0)],
        "rack_duct": lambda: [
            *e.rack_duct(None, 5e3, 0.5, 0.4), *e.rack_duct("kw10", 10e3, 0.6, 0.5),
            *e.rack_duct("kw20", 20e3, 1.2, 0.9), *e.rack_duct("w400", 400.0, 0.012, 0.010)],
        "stack_duct": lambda: [
            *e.stack_duct(None, 1000.0, 0.1, 2.0, 0.5), *e.stack_duct("boussinesq", 1000.0, 0.1, 2.0, 0.5),
            *e.stack_duct("kw20", 20e3, 1.0, 4.0, 1.0), *e.stack_duct("kw20_boussinesq", 20e3, 1.0, 4.0, 1.0)],
        "stack_hall": lambda: [row for args in e.HALLS for row in e.stack_hall(*args)],
        "conjugate_wall": lambda: [
            *e.conjugate_wall(None, 0.1, False), *e.conjugate_wall("conducting", 10.0, False),
            *e.conjugate_wall("convection", 0.1, True), *e.conjugate_wall("convection_conducting", 10.0, True)],
        "resistance_duct": e.resistance_duct,
        "two_rooms": e.two_rooms,
    }  # fmt: skip


def write_table() -> None:
    """benchmarks/results/validation.md from validation.json."""
    rows = load(RESULTS / "validation.json")
    text = (
        "# Validation scorecard\n\nWritten by `python -m benchmarks.validation`. A row passes when its error is within "
        "its band; coarser grids, without a band, show the convergence. "
        "References *from memory* were not compared with the paper.\n\n"
    )
    (RESULTS / "validation.md").write_text(text + markdown(rows), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="cases; all when none is named")
    parser.add_argument("--finest", type=int, help="leave out grids with more cells along a side")
    parser.add_argument("--table", action="store_true", help="only write the table")
    arguments = parser.parse_args()
    wanted = lambda name: not arguments.names or any(name.startswith(n) for n in arguments.names)  # noqa: E731
    if not arguments.table:
        for name, rows in exact_rows().items():
            if wanted(name):
                keep(rows(), RESULTS / "validation.json")
        for series in SERIES:
            if wanted(series.name):
                series.run(arguments.finest)
                write_table()
    write_table()


if __name__ == "__main__":
    main()
