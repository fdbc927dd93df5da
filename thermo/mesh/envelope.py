"""Layered walls of a case and what is outside of them."""

from __future__ import annotations

from typing import Any

from thermo.case.model import Case
from thermo.case.schedule import Schedule
from thermo.mesh.construction import Construction, Layer, Outside

SKY_FACTOR = {"ceiling": 1.0, "floor": 0.0}  # view factor of the sky; a vertical wall sees half of it


def construction(case: Case, name: str) -> Construction:
    """A construction of the case by name."""
    layers = []
    for layer in case.constructions[name].layers:
        if layer.material is None:
            layers.append(Layer(resistance=layer.resistance))
        else:
            made_of = case.materials[layer.material]
            properties = made_of.conductivity, made_of.density, made_of.heat_capacity
            layers.append(Layer(layer.thickness, *properties))
    return Construction(name, tuple(layers))


def outside(case: Case, side: str) -> Outside:
    """What the outer surface of a layered side of the building meets. Raises CaseError where the weather lacks it."""
    wall = getattr(case.walls, side)
    weather = case.weather[case.run.weather] if case.run.weather is not None else None
    if wall.below == "ground":
        temperature = wall.outside_temperature if weather is None else weather.ground_temperature
        if temperature is None:
            key = f"walls.{side}.below" if weather is None else f"weather.{case.run.weather}"
            raise case.error(key, "needs the temperature of the ground", "ground_temperature of the weather of the run")
        return Outside(temperature)
    if wall.outside_coefficient is not None:
        film = wall.outside_coefficient
    elif weather is not None and weather.wind is not None:
        film = wind_film(weather.wind.speed)
    else:
        raise case.error(f"walls.{side}.construction", "needs the wind outside",
                         "outside_coefficient, or wind in the weather of the run")  # fmt: skip
    sky = None if weather is None else sky_temperature(weather)
    return Outside(
        wall.outside_temperature, film, sky, SKY_FACTOR.get(side, 0.5), wall.outside_emissivity, _absorbed(wall)
    )


def wind_film(speed: float) -> float:
    """Convective coefficient outside, W/(m2 K): h = 5.8 + 3.9 U (Juerges 1924, rough surface, U below 5 m/s)."""
    return 5.8 + 3.9 * speed


def sky_temperature(weather: Any) -> float | Schedule:
    """As given, else that of a clear sky: T = 0.0552 T_air^1.5 (Swinbank 1963, Q. J. R. Meteorol. Soc. 89, 339)."""
    if weather.sky_temperature is not None:
        return weather.sky_temperature
    air = weather.dry_bulb
    if isinstance(air, Schedule):
        return Schedule(air.times, tuple(0.0552 * value**1.5 for value in air.values))
    return 0.0552 * air**1.5


def _absorbed(wall: Any) -> float | Schedule:
    sun = wall.solar_irradiance
    return sun.scaled(wall.solar_absorptance) if isinstance(sun, Schedule) else sun * wall.solar_absorptance
