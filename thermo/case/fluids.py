"""Liquids by name: properties from `fluids.toml`, and the fit of the viscosity that the solver evaluates."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

LIQUIDS = Literal["water", "mineral_oil", "synthetic_dielectric"]
FILE = Path(__file__).with_name("fluids.toml")
CENTRE, SCALE = 293.15, 100.0  # K: the fit is a polynomial of (T - CENTRE) / SCALE
POINTS = 41  # of a law between two viscosities


@dataclass(frozen=True)
class Liquid:
    """Properties at 40 degC in SI units; viscosity there, Pa s, and points of it over its range, (K, Pa s)."""

    source: str
    density: float
    heat_capacity: float
    conductivity: float
    expansion: float
    points: tuple[tuple[float, float], ...]

    @property
    def viscosity(self) -> float:
        """At 40 degC, Pa s."""
        temperature, viscosity = np.array(self.points).T
        return float(np.exp(np.interp(313.15, temperature, np.log(viscosity))))

    @property
    def law(self) -> tuple[float, float, float, float, float, float]:
        """c0 ... c3 and the range low, high in K - CENTRE: mu = (c0 + c1 x + c2 x^2 + c3 x^3)^-4 with x over SCALE.

        The fourth root of the fluidity is nearly straight in the temperature; the least squares are of its relative
        error. Beyond the range the viscosity is that of its end.
        """
        temperature, viscosity = np.array(self.points).T
        x, root = (temperature - CENTRE) / SCALE, viscosity**-0.25
        fit = np.polynomial.Polynomial.fit(x, root, 3, domain=[-1, 1], window=[-1, 1], w=1.0 / root)
        return (*(float(c) for c in fit.coef), float(temperature[0] - CENTRE), float(temperature[-1] - CENTRE))


@cache
def liquids() -> dict[str, Liquid]:
    """All liquids of the file by name."""
    found = {}
    for name, table in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        points = table.pop("viscosity", None)
        if points is None:
            low, high = table.pop("range")
            temperature = np.linspace(low, high, POINTS)
            viscosity = walther(temperature, *table.pop("kinematic")) * _density(table, temperature)
            points = np.stack([temperature, viscosity]).T.tolist()
        found[name] = Liquid(**table, points=tuple(tuple(point) for point in points))
    return found


def _density(table: dict, temperature: np.ndarray) -> np.ndarray:
    return table["density"] * (1.0 - table["expansion"] * (temperature - 313.15))


def walther(temperature: np.ndarray, at_40: float, at_100: float) -> np.ndarray:
    """Kinematic viscosity at temperatures (K), m2/s, through two values in mm2/s: ASTM D341, equation 1."""

    def twice(viscosity: float) -> float:
        return float(np.log10(np.log10(viscosity + 0.7)))

    slope = (twice(at_40) - twice(at_100)) / np.log10(373.15 / 313.15)
    return 1e-6 * (10.0 ** (10.0 ** (twice(at_40) - slope * np.log10(temperature / 313.15))) - 0.7)
