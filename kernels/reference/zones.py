"""References of the pressure of zones that doors and dampers join and part."""

import numpy as np

from kernels.reference.terms import choose, store_rows, terms
from kernels.scalars import Scalar

RELIEF = 0.25  # s


def _group_sums(group, zones, values):
    """For every zone the sum over the zones of its group."""
    return (group[:zones, None] == group[None, :zones]).astype(float) @ values[:zones]


def zone_pressure_rates(
    extent, switches, magnitude=None, *, row_heat, row_region, rows, mass_flow, theta_in, theta_out, intake_region,
    discharge_region, instances, given_heat, zones, group, vented, volume, pressure, outside, scalars, stage, gas_of,
    heat, gained, energy_pressure, pressure_rate,
):  # fmt: skip
    """First law of a shut group, what its mass lacks of it, and the relief of the differences of pressure."""
    capacity, dt = (scalars[s] for s in (Scalar.HEAT_CAPACITY, Scalar.DT))
    flow = mass_flow[:instances] * capacity
    at = np.arange(zones)
    found, size = given_heat[:zones].astype(float), np.abs(given_heat[:zones])
    for labels, entries in (
        (row_region[:rows], row_heat[:rows]),
        (discharge_region[:instances], flow * (scalars[Scalar.TEMPERATURE_ZERO] + theta_out[:instances])),
        (intake_region[:instances], -flow * (scalars[Scalar.TEMPERATURE_ZERO] + theta_in[:instances])),
    ):
        inside = labels[:, None] == at
        found = found + entries @ inside
        size = size + np.abs(entries) @ inside
    open_ = vented[group[:zones]] != 0
    space = _group_sums(group, zones, volume)
    gas = _group_sums(group, zones, volume * gas_of) / space
    mean = _group_sums(group, zones, volume * pressure) / space
    drift = _group_sums(group, zones, volume * (energy_pressure - pressure)) / space
    relief = (np.where(open_, outside[0], mean) - pressure[:zones]) / (dt + RELIEF)
    rate = np.where(open_, 0.0, gas / (capacity - gas) * _group_sums(group, zones, found) / space)
    back = np.where(open_, 0.0, 0.1 * drift * scalars[Scalar.RECIPROCAL_DT] * capacity / gas)
    carried = gained[:zones] * (stage > 0)
    total = carried + dt / 3 * gas / (capacity - gas) * _group_sums(group, zones, found) / space
    advanced = np.where(open_, pressure[:zones], energy_pressure[:zones] + total) + dt * relief
    # sums of pressures around one another lose what they have in common
    scale = gas / (capacity - gas) * _group_sums(group, zones, size) / space
    scale = scale + 4.0 * np.abs(pressure[:zones]) * (scalars[Scalar.RECIPROCAL_DT] + 1.0 / (dt + RELIEF))
    for name, output, values, bound in (
        ("heat", heat, found, size),
        ("pressure_rate", pressure_rate, rate + back + relief, scale),
        ("gained", gained, total, np.abs(carried) + dt * scale),
        ("energy_pressure", energy_pressure, advanced if stage == 2 else energy_pressure[:zones],
         np.abs(energy_pressure[:zones]) + np.abs(carried) + dt * scale),
    ):  # fmt: skip
        output[:zones] = values
        if magnitude is not None:
            magnitude[name] = np.zeros(output.shape)
            magnitude[name][:zones] = bound


def zone_pressures(
    extent, switches, magnitude=None, *, sums, parts, zones, group, vented, mass, outside, scalars, pressure,
    pressure_old,
):  # fmt: skip
    """p0 = M R / sum(V/T) of a shut group or that outside, and what is left of the difference to it."""
    total, before, kept = terms(magnitude, sums[: zones * parts].reshape(zones, parts).sum(axis=1), pressure[:zones],
                                mass[:zones])  # fmt: skip
    joined = group[:zones, None] == group[None, :zones]
    sizes = [sum((total[n : n + 1] for n in np.flatnonzero(row)[1:]), total[np.flatnonzero(row)[:1]]) for row in joined]
    held = [
        sum((total[n : n + 1] * before[n : n + 1] for n in np.flatnonzero(row)[1:]),
            total[np.flatnonzero(row)[:1]] * before[np.flatnonzero(row)[:1]])
        for row in joined
    ]  # fmt: skip
    keep = RELIEF / (scalars[Scalar.DT] + RELIEF)
    store_rows(magnitude, "pressure_old", pressure_old, np.arange(zones), before)
    for zone in range(zones):
        shut = vented[group[zone]] == 0
        (beyond,) = terms(magnitude, outside[:1])
        mean = choose(np.array([shut]), held[zone] / sizes[zone], beyond)
        wanted = choose(np.array([shut]), kept[zone : zone + 1] * scalars[Scalar.GAS_CONSTANT] / sizes[zone], beyond)
        store_rows(magnitude, "pressure", pressure, [zone], wanted + (before[zone : zone + 1] - mean) * keep)


def shut_faces(extent, switches, magnitude=None, *, count, axis, face, mx, my, mz):
    """m = 0 on single faces."""
    for direction, (name, field) in enumerate((("mx", mx), ("my", my), ("mz", mz))):
        places = face[axis == direction]
        store_rows(magnitude, name, field, places, np.zeros(len(places)))
