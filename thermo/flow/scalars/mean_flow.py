"""Steady scalars on a flow that stands still: the mean of a run, or the flow of a moment.

The operator, the limiter and the boundaries are those of the march (`ScalarBlock`); in place of time steps, each cell
relaxes by what leaves it, a point-implicit (Jacobi) iteration:

    s <- s + V rho N(s) / a,    a = sum over the faces of |m| A + Gamma A/d, and of what ports, openings and walls bring

with which a forward step is a mean of neighbours with positive weights. To the kernels of the march it is a step of one
second in air of density a/V. Turbulent transport by the fluctuations about the mean flow is not in it, except by the
eddy viscosity of the moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kernels import Node
from kernels.flags import Flag
from kernels.scalars import Scalar
from thermo.flow.binding import Binder
from thermo.flow.march import March
from thermo.flow.part import FLUXES, OPEN, Part
from thermo.flow.scalars.block import DIVISORS, ScalarBlock
from thermo.flow.scalars.definition import TransportedScalar
from thermo.flow.scalars.rows import scalar_rows
from thermo.flow.setup import HUMIDITY
from thermo.flow.turbulence import LES

TOGETHER = 8  # scalars that share one reading of the flow, and the memory taken: two fields of each
PAIRS = 50  # of iterations between two looks at the solution
RATIOS = 5  # of the latest changes between looks: the slowest of them foretells what is left, one by itself is noise
MOST = 400_000  # iterations


@dataclass(frozen=True)
class SteadyScalar:
    """One solved scalar: per exchange what it draws in and discharges (s per kg), and the field (nz, ny, nx)."""

    drawn: np.ndarray
    discharged: np.ndarray
    field: np.ndarray
    iterations: int
    converged: bool


@dataclass(frozen=True)
class Flow:
    """Mass flux of every part by name, kg/(m2 s), padded host arrays, and the mass flow of every exchange, kg/s."""

    flux: Sequence[Mapping[str, np.ndarray]]
    mass_flow: np.ndarray


def present_flow(march: March) -> Flow:
    """The flow of this moment."""
    host = march.backend.to_host
    flux = [{name: host(part.flux[march.level][name]).astype(float) for name in FLUXES} for part in march.parts]
    return Flow(flux, host(march.boundaries.state["mass_flow"]))


def mean_flow(march: March) -> Flow:
    """The mean since averaging began, which `Setup.mean_flux` keeps."""
    means = [march.averages.mean(name) for name in FLUXES]
    flux = [dict(zip(FLUXES, of_part, strict=True)) for of_part in zip(*means, strict=True)]
    return Flow(flux, march.ledger.instances()[:, 0])


def solve(
    march: March, flow: Flow, scalars: Sequence[TransportedScalar], tolerance: float = 1e-4
) -> dict[str, SteadyScalar]:
    """The steady state of some scalars by name, in blocks of eight.

    tolerance: of what exchanges draw in and of the mean of the field, against the largest of the field, as the
    geometric convergence of the iteration foretells it.
    """
    found: dict[str, SteadyScalar] = {}
    for first in range(0, len(scalars), TOGETHER):
        found |= _Relaxation(march, flow, scalars[first : first + TOGETHER]).run(tolerance)
    return found


def passive(march: March) -> list[TransportedScalar]:
    """The written scalars that do not act on the flow; none where eddies are resolved, which the mean flow lacks."""
    if not march.setup.mean_flux or march.setup.turbulence is LES:
        return []
    scalars = march.transported.scalars.values()
    return [s for s in scalars if s.written and s.name != HUMIDITY and not s.reacting]


def settle(march: March) -> None:
    """Put the passive scalars of a march, and their averages, into their steady state on its mean flow.

    What a march to a steady flow leaves of them is unsettled: a room is steady long before its air has been renewed.
    """
    found = solve(march, mean_flow(march), passive(march))
    for name, scalar in found.items():
        for number, part in enumerate(march.parts):
            padded = part.subdomain.pad(scalar.field)
            for level in march.transported.fields:
                march.backend.upload(level[name][number], padded)
            march.averages.set_mean(name, number, padded)
        nodes = [node for level in march.transported.fields for node in march._exchange(level[name], 2)]
        if nodes:
            march.backend.program(nodes).run()
    march.settled = found


class _Relaxation:
    """The iteration of one block."""

    def __init__(self, march: March, flow: Flow, scalars: Sequence[TransportedScalar]) -> None:
        self.march, self.backend = march, march.backend
        # uniform sources and decay are rates per second: the step of a cell is rho V / a seconds
        rates = {scalar.name: (scalar.source, scalar.decay) for scalar in scalars}
        scalars = [
            replace(s, source=0.0, decay=0.0, reacting=s.source != 0.0 or s.decay != 0.0, initial=s.entering)
            for s in scalars
        ]
        parts, boundaries = [copy(part) for part in march.parts], copy(march.boundaries)
        boundaries.ahead = {"mass_flow": self.backend.array(np.asarray(flow.mass_flow, float))}
        weights = []
        for number, part in enumerate(parts):
            part.ahead = {name: self._real(flow.flux[number][name]) for name in FLUXES}
            weights.append(relaxation_weight(march, number, flow, scalars))
            part.rho = self._real(weights[number])
        in_steps = replace(march.setup, fluid=replace(march.setup.fluid, model="low_mach"))
        values = march.scalars.copy()
        values[Scalar.DT] = DIVISORS[0]  # the first stage is a step of one
        bind = Binder(self.backend, self.backend.array(values))
        viscosity = [part.mu for part in parts] if march.setup.turbulence else None
        self.block = ScalarBlock(
            self.backend, march.mesh, in_steps, parts, boundaries, bind, march._exchange, march.ledger.faces, scalars,
            viscosity=viscosity,
        )  # fmt: skip
        for name, (source, decay) in rates.items():
            if source or decay:
                for number in range(len(parts)):
                    in_room = ~march.fluids.liquid[parts[number].labels]
                    seconds = np.where(in_room, _density(march, number) / weights[number], 0.0)
                    for array, rate in zip(self.block.reaction(name, number), (source, decay), strict=True):
                        self.backend.upload(array, rate * seconds)
        self.block.initialise()
        self.pair = self.backend.program(self._step(0, 1) + self._step(1, 0))

    def _real(self, values: np.ndarray) -> Any:
        return self.backend.array(values, self.backend.real)

    def _step(self, now: int, new: int) -> list[Node]:
        return self.block.first_stage(self.block.fields[now], self.block.fields[new])

    def run(self, tolerance: float) -> dict[str, SteadyScalar]:
        """Iterate until nothing changes by more than the tolerance in the time that is left."""
        last, change, converged, iterations = self._looked_at(), np.inf, False, 0
        ratios: deque[float] = deque([0.999], RATIOS)
        while iterations < MOST and not converged:
            for _ in range(PAIRS):
                self.pair.run()
            iterations += 2 * PAIRS
            now = self._looked_at()
            before, change = change, float(np.abs(now - last).max())
            ratios.append(min(change / before, 0.999) if np.isfinite(before) and before > 0.0 else 0.999)
            converged = change / (1.0 - max(ratios)) < tolerance
            last = now
        drawn, discharged = (
            {name: self.block.exchanged(name)[end] for name in self.block.scalars} for end in (0, 1)
        )
        return {
            name: SteadyScalar(drawn[name], discharged[name], self._field(name), iterations, converged)
            for name in self.block.scalars
        }

    def _field(self, name: str) -> np.ndarray:
        fields = self.block.fields[0][name]
        return self.march.decomposition.gather([self.backend.to_host(array) for array in fields])

    def _looked_at(self) -> np.ndarray:
        """What exchanges draw in and the mean of the field, of every scalar over the largest of its field."""
        found = []
        air = self.march.mesh.in_room
        for name in self.block.scalars:
            field = self._field(name)[air].astype(float)
            scale = max(float(np.abs(field).max()), 1e-30)
            found += [*(self.block.exchanged(name)[0] / scale), field.mean() / scale]
        return np.array(found)


def _density(march: March, number: int) -> np.ndarray:
    """Of the air of a part at this moment, kg/m3, padded."""
    part = march.parts[number]
    if not march.setup.density_varies:
        return np.full(part.extent.shape, march.setup.fluid.still_density)
    return march.backend.to_host(part.rho).astype(float)


def relaxation_weight(march: March, number: int, flow: Flow, scalars: Sequence[TransportedScalar]) -> np.ndarray:
    """a/V of the cells of a part, kg/(m3 s), padded; 1 outside the air."""
    part, backend = march.parts[number], march.backend
    metrics = {name: backend.to_host(values).astype(float) for name, values in part.metrics.items()}
    gamma = np.full(part.extent.shape, max(scalar.diffusivity for scalar in scalars))
    if march.setup.turbulence:
        least = min(scalar.turbulent_schmidt for scalar in scalars)
        gamma = gamma + backend.to_host(part.mu).astype(float) / least
    weight = np.zeros(part.extent.shape)
    for axis, letter in enumerate("xyz"):
        line = 2 - axis
        shape = [1, 1, 1]
        shape[line] = -1
        reciprocal, distance = metrics[f"rd{letter}"].reshape(shape), metrics[f"rd{letter}f"].reshape(shape)
        is_open = part.marks & OPEN[axis] != 0
        larger = np.maximum(gamma, np.roll(gamma, 1, line))
        face = np.where(is_open, np.abs(flow.flux[number][FLUXES[axis]]) + larger * distance, 0.0)
        weight += (face + np.roll(face, -1, line)) * reciprocal
    flat = weight.reshape(-1)
    lists = march.boundaries.lists[number].host
    _add_ports(flat, lists["discharge"], flow.mass_flow)
    _add_openings(flat, lists["opening_cell"], flow.flux[number])
    for scalar in scalars:
        _add_walls(flat, march, part, scalar)
    return np.where((part.marks & Flag.FLUID != 0) & (weight > 0.0), weight, 1.0)


def _add_ports(weight: np.ndarray, rows: Mapping[str, np.ndarray], mass_flow: np.ndarray) -> None:
    row = np.repeat(np.arange(len(rows["cell"])), np.diff(rows["start"]))
    inflow = np.bincount(row, mass_flow[rows["instance"]] * rows["share"], len(rows["cell"]))
    weight[rows["cell"]] += inflow * rows["reciprocal_volume"]


def _add_openings(weight: np.ndarray, rows: Mapping[str, np.ndarray], flux: Mapping[str, np.ndarray]) -> None:
    by_axis = np.stack([flux[name].reshape(-1)[rows["face"]] for name in FLUXES])
    inflow = np.maximum(by_axis[rows["axis"], np.arange(len(rows["face"]))] * rows["inward_area"], 0.0)
    row = np.repeat(np.arange(len(rows["cell"])), np.diff(rows["start"]))
    weight[rows["cell"]] += np.bincount(row, inflow, len(rows["cell"])) * rows["reciprocal_volume"]


def _add_walls(weight: np.ndarray, march: March, part: Part, scalar: TransportedScalar) -> None:
    rows = scalar_rows(march.mesh, part, scalar)
    row = np.repeat(np.arange(len(rows["cell"])), np.diff(rows["start"]))
    through = np.bincount(row, rows["conductance"], len(rows["cell"]))
    weight[rows["cell"]] += through * rows["reciprocal_volume"]
