"""Humidity of the report: at the devices, in the room, and surfaces on which water would condense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from thermo.flow.setup import HUMIDITY
from thermo.flow.surfaces import Surfaces
from thermo.psychrometrics import CELSIUS_ZERO, dew_point, relative_humidity

SATURATED = 1.0 + 1e-3  # what rounding in single precision makes of saturated air


def moisture(
    fields: Mapping[str, np.ndarray], air: np.ndarray, pressure: float, surfaces: Surfaces,
    exchanges: Sequence[Mapping],
) -> tuple[dict, list[str]]:  # fmt: skip
    """What report.json says of humidity, and warnings.

    fields: degC and specific humidity in the cells; air: which cells are air. exchanges: name, kind, inlet and outlet
    temperatures (degC or None) and the specific humidities drawn and discharged (kg/kg or None).
    """
    temperature, humidity = fields["temperature"].astype(float), fields[HUMIDITY].astype(float)
    in_room = relative_humidity(temperature[air] + CELSIUS_ZERO, humidity[air], pressure)
    lines = condensation(humidity, pressure, surfaces)
    devices = [_device(exchange, pressure) for exchange in exchanges]
    found = {
        "relative_humidity_min": float(in_room.min()), "relative_humidity_max": float(in_room.max()),
        "dew_point_max_c": float(dew_point(humidity[air].max(), pressure)) - CELSIUS_ZERO,
        "devices": devices, "surfaces": lines,
    }  # fmt: skip
    warnings = [
        f"{line['name']}: water condenses on {line['condensing_m2']:.3g} m2; the surface is {-line['margin_k']:.2g} K "
        "below the dew point of the air beside it"
        for line in lines if line["margin_k"] < 0.0
    ]  # fmt: skip
    warnings += [
        f"{device['name']}: the air it discharges is beyond saturation ({100 * device['outlet_relative_humidity']:.0f} "
        "%): it would dehumidify, which is not computed"
        for device in devices if (device["outlet_relative_humidity"] or 0.0) > SATURATED
    ]  # fmt: skip
    if in_room.max() > SATURATED:
        warnings.append(f"the air of the room is beyond saturation in {np.mean(in_room > SATURATED):.1%} of its cells")
    return found, warnings


def condensation(humidity: np.ndarray, pressure: float, surfaces: Surfaces) -> list[dict]:
    """Per object: the smallest margin of its surface over the dew point beside it (K), where, and the area below it."""
    margin = surfaces.temperature - dew_point(humidity[tuple(surfaces.cells.T)], pressure)
    lines = []
    for name in dict.fromkeys(surfaces.names):
        mine = np.flatnonzero(surfaces.names == name)
        worst = mine[np.argmin(margin[mine])]
        lines.append({
            "name": str(name), "margin_k": float(margin[worst]),
            "surface_c": float(surfaces.temperature[worst]) - CELSIUS_ZERO,
            "condensing_m2": float(surfaces.area[mine][margin[mine] < 0.0].sum()),
        })  # fmt: skip
    return lines


def _device(exchange: Mapping, pressure: float) -> dict:
    line = {"name": exchange["name"], "kind": exchange["kind"]}
    for end, humidity in (("inlet", exchange["drawn"]), ("outlet", exchange["discharged"])):
        celsius = exchange[f"{end}_mean_c"]
        known = celsius is not None and humidity is not None
        line[f"{end}_dew_point_c"] = float(dew_point(humidity, pressure)) - CELSIUS_ZERO if known else None
        line[f"{end}_relative_humidity"] = (
            float(relative_humidity(celsius + CELSIUS_ZERO, humidity, pressure)) if known else None
        )
    return line
