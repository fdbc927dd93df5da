"""The sums an engineer makes by hand before believing a simulation: air balance, temperature rises, pressures.

Nothing here knows the mesh or the solver, so that a gross mistake in either shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from thermo.case.model import Case
from thermo.case.schedule import Schedule
from thermo.mesh.balance import mass_flow
from thermo.mesh.build import air_density, errors_of, registry_or_default
from thermo.scene import Device, Scene
from thermo.scene.place import place_case
from thermo.scene.scene import BOX_SIDES, area

GRAVITY = 9.81  # m/s2
CELSIUS_ZERO = 273.15  # K


@dataclass(frozen=True)
class RackSum:
    """power W, flow kg/s, temperature_rise K, at full load."""

    name: str
    power: float
    flow: float
    temperature_rise: float


@dataclass(frozen=True)
class OutsideSum:
    """A pressure opening: m2, K on its area, kg/s outwards (negative inwards), m/s, Pa inside against outside."""

    name: str
    area: float
    loss: float
    flow: float
    velocity: float
    pressure: float


@dataclass(frozen=True)
class HoleSum:
    """An opening in a panel: m2, K, and the flow (m3/s) that 1 Pa drives through it."""

    name: str
    area: float
    loss: float
    flow_at_1_pa: float


@dataclass(frozen=True)
class HandCalculation:
    """All at full load and in steady state; flows in kg/s, temperatures in K, pressures in Pa.

    intake_temperature: flow-weighted mean of what supplies and coolers give, else the initial one.
    return_temperature: intake + power / (flow c_p) with the smaller of rack flow and supplied flow.
    recirculation: rack flow that neither supplies nor coolers provide (negative: surplus that bypasses the racks).
    stack_pressure: rho g H dT / T between the lowest and the highest opening to outside, or over the building.
    """

    density: float
    racks: tuple[RackSum, ...]
    power: float
    rack_flow: float
    temperature_rise: float
    supply: float
    extract: float
    cooler_flow: float
    cooler_heat: float
    recirculation: float
    intake_temperature: float
    return_temperature: float
    outside: tuple[OutsideSum, ...]
    holes: tuple[HoleSum, ...]
    stack_height: float
    stack_pressure: float

    def lines(self) -> list[str]:
        """For the terminal."""
        return [*self._air(), *self._openings()]

    def _air(self) -> list[str]:
        volume = 1.0 / self.density
        lines = []
        if self.racks:
            rises = [rack.temperature_rise for rack in self.racks]
            lines.append(
                f"{len(self.racks)} racks, {self.power / 1e3:.4g} kW, {self.rack_flow:.4g} kg/s = "
                f"{self.rack_flow * volume:.4g} m3/s; rise {min(rises):.1f} to {max(rises):.1f} K, "
                f"mean {self.temperature_rise:.1f} K"
            )
        if self.supply or self.extract:
            lines.append(
                f"supply {self.supply:.4g} kg/s = {self.supply * volume:.4g} m3/s, extract {self.extract:.4g} kg/s; "
                f"{self.supply - self.extract:.4g} kg/s leave through openings to outside"
            )
        if self.cooler_flow:
            given = f", {self.cooler_heat / 1e3:.4g} kW given by the case" if self.cooler_heat else ""
            lines.append(f"coolers {self.cooler_flow:.4g} kg/s{given}")
        if self.racks and (self.supply or self.cooler_flow):
            share = self.recirculation / self.rack_flow
            what = "recirculates through the racks" if share > 0.0 else "bypasses the racks"
            lines.append(f"{abs(self.recirculation):.4g} kg/s ({100 * abs(share):.1f} % of the rack flow) {what}")
            lines.append(
                f"racks take in {self.intake_temperature - CELSIUS_ZERO:.1f} degC, "
                f"return {self.return_temperature - CELSIUS_ZERO:.1f} degC"
            )
        return lines

    def _openings(self) -> list[str]:
        lines = [
            f"{o.name}: {o.area:.4g} m2, K {o.loss:.3g}, {o.flow:+.4g} kg/s outwards, {o.velocity:.2f} m/s, "
            f"{o.pressure:+.2f} Pa"
            for o in self.outside
        ]
        lines += [f"{h.name}: {h.area:.4g} m2, K {h.loss:.3g}, {h.flow_at_1_pa:.3g} m3/s at 1 Pa" for h in self.holes]
        if self.racks:
            lines.append(f"stack {self.stack_pressure:.2f} Pa over {self.stack_height:.3g} m")
        return lines


def hand_calculation(case: Case, registry: Mapping[str, Any] | None = None) -> HandCalculation:
    """The sums of a case. Raises CaseError as ``build_mesh`` does for objects that cannot stand where they are."""
    with errors_of(case):
        scene = place_case(case, registry_or_default(registry))

    def flow(device: Device, temperature: float) -> float:
        return mass_flow(
            device.kind, _full(device.flow), device.flow_kind, _full(device.temperature), temperature,
            lambda t: air_density(case, t),
        )  # fmt: skip

    initial = case.initial.temperature
    # a supply with a profile has no flow before there is a mesh
    by_kind = {
        kind: [d for d in scene.devices if d.kind == kind and d.flow is not None and not scene.in_liquid(d)]
        for kind in ("rack", "supply", "extract", "cooler")
    }
    supplied = [(flow(d, initial), d.temperature) for d in (*by_kind["supply"], *by_kind["cooler"])]
    known = [(m, _full(t)) for m, t in supplied if t is not None]
    weight = sum(m for m, _ in known)
    intake = sum(m * t for m, t in known) / weight if weight else initial
    racks = _racks(by_kind["rack"], lambda d: flow(d, intake), scene.heat_capacity)
    power, rack_flow = sum(r.power for r in racks), sum(r.flow for r in racks)
    rise = power / (rack_flow * scene.heat_capacity) if rack_flow else 0.0
    returned = intake + rise
    supply = sum(flow(d, initial) for d in by_kind["supply"])
    extract = sum(flow(d, returned) for d in by_kind["extract"])
    cooled = sum(flow(d, returned) for d in by_kind["cooler"])
    if 0.0 < supply + cooled < rack_flow:
        returned = intake + power / ((supply + cooled) * scene.heat_capacity)
    density = air_density(case, intake)
    height = _stack_height(scene)
    return HandCalculation(
        density=density,
        racks=racks,
        power=power,
        rack_flow=rack_flow,
        temperature_rise=rise,
        supply=supply,
        extract=extract,
        cooler_flow=cooled,
        cooler_heat=-sum(_full(d.heat, min) for d in by_kind["cooler"]),
        recirculation=rack_flow - supply - cooled,
        intake_temperature=intake,
        return_temperature=returned,
        outside=_outside(scene, supply - extract, air_density(case, returned)),
        holes=tuple(
            HoleSum(h.name, area(h.rect), h.losses[0], area(h.rect) * sqrt(2.0 / (density * (h.losses[0] + 1.0))))
            for h in scene.holes
        ),
        stack_height=height,
        stack_pressure=density * GRAVITY * height * (returned - intake) / returned,
    )


def _full(value: float | Schedule | None, extreme=max) -> float | None:
    """A number, or the largest (smallest) of a table in time."""
    return extreme(value.values) if isinstance(value, Schedule) else value


def _racks(slots: list[Device], flow, heat_capacity: float) -> tuple[RackSum, ...]:
    """One line per rack: its slots are devices of their own, "racks.A03.U1-U10"."""
    sums: dict[str, list[float]] = {}
    for slot in slots:
        name = slot.name.rpartition(".")[0]
        entry = sums.setdefault(name, [0.0, 0.0])
        entry[0] += _full(slot.heat)
        entry[1] += flow(slot)
    return tuple(RackSum(name, p, m, p / (m * heat_capacity) if m else 0.0) for name, (p, m) in sums.items())


def _outside(scene: Scene, surplus: float, density: float) -> tuple[OutsideSum, ...]:
    """The surplus (kg/s) shared out over the openings to outside, all at one pressure: dp = (K + 1) rho V^2 / 2."""
    sums = []
    outwards = surplus >= 0.0
    losses = [opening.losses[1 if outwards else 0] for opening in scene.openings]
    conductance = [area(o.rect) / sqrt(loss + 1.0) for o, loss in zip(scene.openings, losses, strict=True)]
    for opening, loss, part in zip(scene.openings, losses, conductance, strict=True):
        flow = surplus * part / sum(conductance)
        velocity = abs(flow) / (density * area(opening.rect))
        pressure = 0.5 * (loss + 1.0) * density * velocity**2 * (1.0 if outwards else -1.0)
        sums.append(OutsideSum(opening.name, area(opening.rect), loss, flow, velocity, pressure))
    return tuple(sums)


def _stack_height(scene: Scene) -> float:
    """Height between the middles of the lowest and the highest opening to outside; of the building below two, m."""
    middles = []
    for opening in scene.openings:
        axis, end = BOX_SIDES[opening.side]
        middles.append(
            scene.building[end][2] if axis == 2 else 0.5 * (opening.rect[0][1] + opening.rect[1][1])
        )
    if len(middles) > 1 and max(middles) > min(middles):
        return max(middles) - min(middles)
    return scene.building[1][2] - scene.building[0][2]
