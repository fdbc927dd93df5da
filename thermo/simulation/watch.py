"""Follows a solver on its way to a steady state: samples, windows, averages, and the verdict at the end of a window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from thermo.case.control import Stop
from thermo.case.model import Case
from thermo.case.schedule import Schedule
from thermo.flow import Solver
from thermo.flow.report import balance
from thermo.flow.sampling import Channel, Sampler, moved_by_devices
from thermo.flow.scalars.balance import balances as scalar_balances
from thermo.flow.scalars.mean_flow import passive
from thermo.mesh.construction import Outside
from thermo.mesh.mesh import Mesh
from thermo.report.monitors import cell_at
from thermo.steady.series import Series
from thermo.steady.verdict import Monitor, Verdict, judge

TURNOVERS = 2.0  # in a window
SAMPLES = 100  # in a window
WINDOWS_OF_SOLIDS = 1.0  # the longest time that walls and solids are to take to settle
ROUND_OFF = 1e-9  # share of an interval by which a step may miss its end
LEAST_HEAT = 1.0  # W: less is no heat load whose balance could be asked for
LEAST_FLOW = 1e-6  # kg/s, through a room in which nothing moves yet
MEAN = "mean of rack inlets"


@dataclass(frozen=True)
class Terms:
    """What a watch follows and when it is content: points by name (k, j, i), window (s), tolerances."""

    points: Mapping[str, tuple[int, int, int]]
    window: float
    stop: Stop


def terms_of(case: Case, mesh: Mesh, solver: Solver) -> Terms:
    """The terms of a case on a mesh. Raises CaseError where something changes in time, or no window is known."""
    _require_constant(case, mesh)
    points = {f"probes.{name}": cell for name, cell in mesh.probes.items()}
    points |= {
        f"monitors.{name}": cell_at(mesh, monitor.at)
        for name, monitor in case.monitors.items()
        if monitor.kind == "temperature"
    }
    if not (mesh.exchanges or mesh.openings or points):
        raise case.error(
            "run.mode", "nothing tells when this room has settled", "a device, an opening or a probe to follow"
        )
    window = case.run.steady.window
    if window is None:
        moved = moved_by_devices(solver)
        if moved == 0.0:
            raise case.error(
                ("run", "steady", "window"), "missing: no device moves the air, whose renewal would give the window",
                "a time over which means can be compared",
            )  # fmt: skip
        window = TURNOVERS * float(mesh.volumes()[mesh.in_room].sum()) / moved
    return Terms(points, window, case.run.stop)


def _require_constant(case: Case, mesh: Mesh) -> None:
    """Raise CaseError for a table in time: it has no steady state."""
    given = [(e.name, value) for e in mesh.exchanges for value in (e.flow, e.heat, e.temperature)]
    given += [(source.name, source.power) for source in mesh.heat_sources]
    given += [(faces.name, faces.state) for faces in (*mesh.openings, *mesh.resistances)]
    met = [(wall.patch.name, part) for wall in mesh.walls for part in wall.thermal or () if isinstance(part, Outside)]
    given += [(name, value) for name, around in met for value in vars(around).values()]
    for name in [name for name, value in given if isinstance(value, Schedule)]:
        key = tuple(name.split(".")[:2])
        raise case.error(key, "changes in time, so that there is no steady state", 'constants, or run.mode "transient"')


class Watch:
    """The samples of a solver since its start, and the averages, which begin anew as long as the start-up lasts.

        watch.before_step()
        solver.advance(watch.next_stop)
        verdict = watch.after_step()      # None but at the end of a window
    """

    def __init__(self, solver: Solver, terms: Terms) -> None:
        self.solver, self.terms = solver, terms
        self.sampler = Sampler(solver, terms.points)
        self._inlets = [n for n, channel in enumerate(self.sampler.channels) if _is_rack_inlet(channel)]
        self._has_mean = len(self._inlets) > 1
        self.series = Series(len(self.sampler.channels) + self._has_mean, solver.time)
        self.samples_from = solver.time
        self.solid_heat = 0.0  # J, when the samples began
        self._begin_anew = True

    @property
    def next_stop(self) -> float:
        """The end of the window, s."""
        return self.series.start + (self._windows(self.solver.time) + 1) * self.terms.window

    @property
    def at_window_end(self) -> bool:
        """Whether the solver stands where a window ends."""
        passed = self._windows(self.solver.time)
        return passed > 0 and self.solver.time - self.series.start <= passed * self.terms.window * (1.0 + ROUND_OFF)

    def _windows(self, time: float) -> int:
        return int((time - self.series.start) / self.terms.window + ROUND_OFF)

    def before_step(self) -> None:
        """Begin averages and sums anew where they are due to."""
        if self._begin_anew:
            self.solver.start_average()
            self.sampler.begin()
            self.samples_from, self.solid_heat = self.solver.time, self.solver.solids.heat()
            self._begin_anew = False
        self._before = self.solver.time

    def after_step(self) -> Verdict | None:
        """Take a sample where it is due; the verdict at the end of a window."""
        time, every = self.solver.time, self.terms.window / SAMPLES
        start, before = self.series.start, self._before
        ends = self._windows(time) > self._windows(before)
        if ends or int((time - start) / every + ROUND_OFF) > int((before - start) / every + ROUND_OFF):
            self.sampler.take()
            self._collect()
        if not ends:
            return None
        verdict = self.review()
        # what was stored while the monitors still moved burdens the balance of heat, but only until it begins anew
        self._begin_anew = verdict.in_start_up or (verdict.all_steady and bool(verdict.unsettled))
        return verdict

    def _collect(self, everything: bool = False) -> None:
        for sample in self.sampler.arrived(everything):
            values = sample.values
            if self._has_mean:
                values = np.append(values, values[self._inlets].mean())
            self.series.append(sample.time, values)

    def review(self) -> Verdict:
        """The verdict on what was sampled so far."""
        self._collect(everything=True)
        if not len(self.series) or self.series.end <= self.samples_from:
            return Verdict(self.solver.time, self.samples_from, self.terms.window, 0, True)
        verdict = judge(self.series, self._monitors(), self.terms.window, self.samples_from)
        return replace(verdict, unsettled=tuple(self._unsettled()))

    def _monitors(self) -> list[Monitor]:
        stop, channels = self.terms.stop, self.sampler.channels
        found = []
        flows = [n for n, channel in enumerate(channels) if channel.kind == "flow"]
        if flows:
            net = self.series.mean(self.samples_from, self.series.end)[flows]
            moved = moved_by_devices(self.solver) * self.solver.setup.fluid.still_density
            through = max(moved, 0.5 * float(np.abs(net).sum()), LEAST_FLOW)
        for channel in channels:
            tolerance = stop.flows * through if channel.kind == "flow" else stop.inlets
            found.append(Monitor(channel.name, channel.unit, tolerance, tolerance))
        if self._has_mean:
            found.append(Monitor(MEAN, "degC", stop.mean, stop.inlets))
        return found

    def _unsettled(self) -> list[str]:
        """The heat, or what else the air carries, that still gathers in the room beyond the tolerance, in words."""
        found, lines = balance(self.solver), []
        heat_in, heat_out = found["heat_in_w"], found["heat_out_w"]
        largest = max(heat_in, abs(heat_out))
        if largest >= LEAST_HEAT and abs(heat_in - heat_out) > self.terms.stop.heat * largest:
            lines.append(f"{heat_in:.4g} W of heat come in and {heat_out:.4g} W go out")
        stored = (self.solver.solids.heat() - self.solid_heat) / (self.solver.time - self.samples_from)
        if abs(stored) > max(LEAST_HEAT, self.terms.stop.heat * largest):
            lines.append(f"{stored:.4g} W of heat gather in walls and solids")
        solved = {scalar.name for scalar in passive(self.solver)}  # on the mean flow, when the run ends
        for scalar in scalar_balances(self.solver):
            if scalar["name"] in solved:
                continue
            moved = max(abs(scalar[f"{way}_kg_s"]) for way in ("in", "out", "devices", "sources", "reaction"))
            if abs(scalar["storage_kg_s"]) > self.terms.stop.heat * moved:
                share = scalar["storage_kg_s"] / moved if moved else 1.0
                lines.append(f"{share:.2g} of the {scalar['name']} that is moved stays in the room")
        return lines

    def state(self) -> dict[str, np.ndarray | float | bool]:
        """For a checkpoint, beside the state of the solver."""
        self._collect(everything=True)
        own = {"samples_from": self.samples_from, "solid_heat": self.solid_heat, "begin_anew": self._begin_anew}
        return own | self.series.state() | self.sampler.state()

    def restore(self, found: dict) -> None:
        """Back to what `state` returned. Raises KeyError or ValueError for what is not the state of this watch."""
        self.samples_from, self.solid_heat = float(found["samples_from"]), float(found["solid_heat"])
        self._begin_anew = bool(found["begin_anew"])
        self.series.restore(found)
        self.sampler.restore(found)


def _is_rack_inlet(channel: Channel) -> bool:
    return channel.kind == "inlet" and channel.name.startswith("racks.")
