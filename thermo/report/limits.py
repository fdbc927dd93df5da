"""The verdict: every limit of a case against what the run gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from thermo.case.selectors import matching
from thermo.case.units import CELSIUS_ZERO, TemperatureQuantity

# word of a limit -> key of a device line
DEVICE_KEYS = {
    "inlet_mean": "inlet_mean_c",
    "inlet_max": "inlet_max_c",
    "outlet_mean": "outlet_mean_c",
    "flow": "flow_m3_s",
    "heat": "heat_w",
    "power": "power_w",
}


def judge(limits: Mapping, monitors: Mapping[str, float], devices: Sequence[Mapping]) -> list[dict]:
    """A line (name, of, value, limit, margin, pass) for every bound of every object that a limit names.

    Values are in the units of the report, temperatures in degC; the margin is positive inside the limit. What has no
    value has not passed.
    """
    lines = []
    for name, limit in limits.items():
        for target, value in _values(limit.of, monitors, devices):
            for bound, sign in ((limit.max, 1.0), (limit.min, -1.0)):
                if bound is not None:
                    lines.append(_line(name, target, value, bound, sign))
    return lines


def _values(of: str, monitors: Mapping, devices: Sequence[Mapping]) -> Iterator[tuple[str, float | None]]:
    """The objects that ``of`` stands for, with their values."""
    kind, *rest = of.split(".")
    if not rest:
        for name in matching(of, monitors):
            yield name, monitors[name]
        return
    pattern, word = f"{kind}.{rest[0]}", rest[1]
    lines = {device["name"]: device for device in devices}
    for name in matching(pattern, lines):
        yield f"{name}.{word}", _device_value(lines[name], word)


def _device_value(device: Mapping, word: str) -> float | None:
    if word != "temperature_rise":
        return device.get(DEVICE_KEYS[word])
    inlet, outlet = device.get("inlet_mean_c"), device.get("outlet_mean_c")
    return None if inlet is None or outlet is None else outlet - inlet


def _line(name: str, target: str, value: float | None, bound, sign: float) -> dict:
    limit = bound.value - (CELSIUS_ZERO if isinstance(bound.quantity, TemperatureQuantity) else 0.0)
    margin = None if value is None else sign * (limit - value)
    return {
        "name": name,
        "of": target,
        "value": value,
        "limit": limit,
        "margin": margin,
        "pass": margin is not None and margin >= 0.0,
    }
