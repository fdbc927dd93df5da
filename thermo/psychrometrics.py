"""Moist air, on arrays: psychrolib's formulae (ASHRAE Handbook Fundamentals 2017, chapter 1), with kelvins.

The fields of a run hold specific humidity, kg of vapour per kg of moist air; the mixing ratio is w = q / (1 - q).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import psychrolib

CELSIUS_ZERO = 273.15  # K
_RANGE = (-100.0, 200.0)  # degC, that of psychrolib
_SPACING = 0.1  # K of the table, linear in the logarithm between: error below 1e-5 of the pressure

psychrolib.SetUnitSystem(psychrolib.SI)


def specific_humidity(
    temperature: float, pressure: float, *, relative_humidity: float | None = None, wet_bulb: float | None = None,
    dew_point: float | None = None,
) -> float:  # fmt: skip
    """kg/kg of air at a temperature (K) and pressure (Pa), from one of the three; wet bulb and dew point in K.

    Raises ValueError where the air cannot be like that (a wet bulb or dew point above the temperature).
    """
    celsius = temperature - CELSIUS_ZERO
    if relative_humidity is not None:
        ratio = psychrolib.GetHumRatioFromRelHum(celsius, relative_humidity, pressure)
    else:
        given = wet_bulb if wet_bulb is not None else dew_point
        if given > temperature:
            raise ValueError("is above the temperature of the air")
        if wet_bulb is not None:
            ratio = psychrolib.GetHumRatioFromTWetBulb(celsius, wet_bulb - CELSIUS_ZERO, pressure)
        else:
            ratio = psychrolib.GetHumRatioFromTDewPoint(dew_point - CELSIUS_ZERO, pressure)
    return ratio / (1.0 + ratio)


def vapour_pressure(humidity: np.ndarray | float, pressure: float) -> np.ndarray:
    """Pa, of air with a specific humidity."""
    humidity = np.asarray(humidity, float)
    return pressure * humidity / (0.621945 * (1.0 - humidity) + humidity)


def relative_humidity(temperature: np.ndarray | float, humidity: np.ndarray | float, pressure: float) -> np.ndarray:
    """Vapour pressure over that of saturation at the temperature (K); above 1 where air is supersaturated."""
    table, saturation = _saturation()
    celsius = np.asarray(temperature, float) - CELSIUS_ZERO
    return vapour_pressure(humidity, pressure) / np.exp(np.interp(celsius, table, saturation))


def dew_point(humidity: np.ndarray | float, pressure: float) -> np.ndarray:
    """K; the frost point below 0 degC. Dry air has the lowest temperature of the table, -100 degC."""
    table, saturation = _saturation()
    with np.errstate(divide="ignore"):
        logarithm = np.log(np.maximum(vapour_pressure(humidity, pressure), 0.0))
    return np.interp(logarithm, saturation, table) + CELSIUS_ZERO


@cache
def _saturation() -> tuple[np.ndarray, np.ndarray]:
    """Temperatures, degC, and the logarithm of the pressure of saturation, Pa, over ice and over water."""
    table = np.arange(_RANGE[0], _RANGE[1] + 0.5 * _SPACING, _SPACING)
    table = np.clip(table, *_RANGE)
    return table, np.log([psychrolib.GetSatVapPres(float(celsius)) for celsius in table])
