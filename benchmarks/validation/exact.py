"""Exact solutions that the validation cases are held against. SI units, temperatures in K."""

from __future__ import annotations

from collections.abc import Callable
from math import log, pi

import numpy as np
from scipy.integrate import solve_bvp
from scipy.optimize import brentq

GRAVITY = 9.81  # m/s2
GAS_CONSTANT = 287.05  # J/(kg K), dry air
PRESSURE = 101325.0  # Pa
HEAT_CAPACITY = 1006.0  # J/(kg K)


def density(temperature: float) -> float:
    """Of an ideal gas at the standard pressure, kg/m3."""
    return PRESSURE / (GAS_CONSTANT * temperature)


def pressure_rise(heat: float, volume: float, duration: float, gas_constant: float, heat_capacity: float) -> float:
    """Pa, of a sealed adiabatic room: (gamma - 1) Q t / V."""
    return gas_constant / (heat_capacity - gas_constant) * heat * duration / volume


def conduction_nusselt(thickness: float, conductivity: float) -> float:
    """Flux through a square of fluid behind a wall, over that without the wall at the same temperature difference.

    thickness: of the wall over the side of the square; conductivity: of the wall over that of the fluid.
    """
    return 1.0 / (1.0 + thickness / conductivity)


def stack_velocities(
    outside: float, inside: float, height: float, loss_low: float, loss_high: float, area_low: float, area_high: float,
    boussinesq: bool = False, unheated: bool = False,
) -> tuple[float, float, float]:
    """Velocities (m/s) in a low and a high opening of a well-mixed room, and the neutral height over the low one (m).

    losses: K in all, the head of the jet included. Hydrostatics and the orifice law (ASHRAE Fundamentals, ventilation
    and infiltration): (rho_out - rho_in) g H = K_low rho_out v_low^2/2 + K_high rho_in v_high^2/2, with equal mass flow
    where the air that enters is heated at once to that of the room, with equal volume flow where it is `unheated`.
    In the Boussinesq form both densities are that of the outside air, and rho_out - rho_in is rho_out dT / T_out.
    """  # fmt: skip
    heavy = density(outside)
    difference = heavy * (inside - outside) / outside if boussinesq else heavy - density(inside)
    light = heavy if boussinesq else density(inside)
    driving = difference * GRAVITY * height
    ratio = area_low / area_high * (1.0 if unheated else heavy / light)  # of the high velocity to the low one
    # pressure differences per square of the low velocity
    low, high = 0.5 * loss_low * heavy, 0.5 * loss_high * light * ratio**2
    velocity = (driving / (low + high)) ** 0.5
    return velocity, ratio * velocity, height * low / (low + high)


def heated_duct_flow(
    heat: float, length: float, heated: float, area: float, loss_in: float, loss_out: float, outside: float,
    boussinesq: bool = False,
) -> float:
    """Mass flow (kg/s) of a vertical adiabatic duct without friction, open at both ends, with heat (W) released evenly
    in its lowest `heated` metres. Cold duct below that adds nothing: `length` counts from the foot of the heated part.

    The foot is at p = -(1 + K_in) G^2/(2 rho_0), the top at K_out G^2/(2 rho_1), G = m/A; between them the air is
    lifted and accelerated: int (rho_0 - rho) g dz = G^2 (1/rho_1 - 1/rho_0) + the two. T rises linearly where heated.
    """  # fmt: skip
    heavy = density(outside)

    def surplus(flow: float) -> float:
        rise = heat / (flow * HEAT_CAPACITY)
        flux = flow / area
        if boussinesq:
            lift = heavy * GRAVITY * rise / outside * (length - 0.5 * heated)
            return lift - 0.5 * (1.0 + loss_in + loss_out) * flux**2 / heavy
        hot = outside + rise
        light = heavy * outside / hot
        lift = heavy * GRAVITY * ((length - heated) * (1.0 - outside / hot)
                                  + heated * (1.0 - outside / rise * log(hot / outside)))  # fmt: skip
        return lift - flux**2 * (0.5 * (1.0 + loss_in) / heavy + 0.5 * loss_out / light + 1.0 / light - 1.0 / heavy)

    return _root(surplus, 1e-4 * heat / HEAT_CAPACITY, 10.0 * heat / HEAT_CAPACITY)


def flow_through_rooms(pressure: float, rho: float, west: float, east: float, holes: list[float]) -> float:
    """Mass flow (kg/s) between two pressures (difference in Pa) through two openings in series with parallel holes.

    west, east, holes: K/A^2 of each (1/m4): dp = (K/A^2) m^2 / (2 rho).
    """
    between = sum(value**-0.5 for value in holes) ** -2
    return (2.0 * rho * pressure / (west + between + east)) ** 0.5


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Zero of a function that falls from positive to negative between low and high, by bisection."""
    if not falling(low) > 0.0 > falling(high):
        raise ValueError("the function does not change its sign between the bounds")
    while high - low > 1e-14 * high:
        middle = 0.5 * (low + high)
        if falling(middle) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


# --- similarity solutions of boundary layers -------------------------------------------------------------------------


def natural_layer(prandtl: float) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """-theta'(0), eta, f' and theta of natural convection on an isothermal vertical plate.

    f''' + 3 f f'' - 2 f'^2 + theta = 0, theta'' + 3 Pr f theta' = 0, with eta = (y/x) (Gr_x/4)^1/4 and
    u = (2 nu/x) Gr_x^1/2 f' (S. Ostrach, NACA Report 1111, 1953).
    """
    eta = np.linspace(0.0, 12.0, 241)

    def equations(_eta: np.ndarray, y: np.ndarray) -> np.ndarray:
        f, f1, f2, theta, theta1 = y
        return np.array([f1, f2, 2.0 * f1**2 - 3.0 * f * f2 - theta, theta1, -3.0 * prandtl * f * theta1])

    ends = lambda a, b: np.array([a[0], a[1], a[3] - 1.0, b[1], b[3]])  # noqa: E731
    decay = np.exp(-eta)
    guess = np.array([0.5 * (1.0 - decay), 0.7 * eta * decay, 0.7 * (1.0 - eta) * decay, decay, -decay])
    found = solve_bvp(equations, ends, eta, guess, tol=1e-9, max_nodes=100_000)
    y = found.sol(eta)
    return float(-y[4, 0]), eta, y[1], y[3]


def flat_layer(prandtl: float) -> tuple[float, float, np.ndarray, np.ndarray, np.ndarray]:
    """f''(0), -theta'(0), eta, f' and theta of a flat plate: f''' + f f''/2 = 0, theta'' + Pr f theta'/2 = 0.

    eta = y (U/(nu x))^1/2, u = U f' (H. Blasius 1908, E. Pohlhausen 1921).
    """
    eta = np.linspace(0.0, 12.0, 241)

    def equations(_eta: np.ndarray, y: np.ndarray) -> np.ndarray:
        f, f1, f2, theta, theta1 = y
        return np.array([f1, f2, -0.5 * f * f2, theta1, -0.5 * prandtl * f * theta1])

    ends = lambda a, b: np.array([a[0], a[1], b[1] - 1.0, a[3] - 1.0, b[3]])  # noqa: E731
    decay = np.exp(-eta)
    guess = np.array([eta - 1.0 + decay, 1.0 - decay, decay, decay, -decay])
    found = solve_bvp(equations, ends, eta, guess, tol=1e-9, max_nodes=100_000)
    y = found.sol(eta)
    return float(y[2, 0]), float(-y[4, 0]), eta, y[1], y[3]


def plume_constant(entrainment: float) -> float:
    """C of the flow C B^(1/3) z^(5/3) in a plume of buoyancy flux B (m4/s3) with top-hat entrainment.

    Morton, Taylor and Turner (1956): C = (6 alpha/5) (9 alpha/10)^(1/3) pi^(2/3).
    """
    return 1.2 * entrainment * (0.9 * entrainment) ** (1.0 / 3.0) * pi ** (2.0 / 3.0)


def emptying_box(opening: float, height: float, buoyancy: float, entrainment: float) -> tuple[float, float, float]:
    """Height of the interface (m), flow (m3/s) and reduced gravity of the layer above it (m/s2).

    Linden, Lane-Serff and Smeed (1990), eq. 2.8: A*/H^2 = C^(3/2) (xi^5 / (1 - xi))^(1/2). opening: A*, m2, of all
    openings, with flow A* (g' (H - h))^(1/2). height: H between them, m. buoyancy: B of the source, m4/s3.
    """
    c = plume_constant(entrainment)
    share = brentq(lambda xi: c**1.5 * (xi**5 / (1.0 - xi)) ** 0.5 - opening / height**2, 1e-6, 1.0 - 1e-9)
    flow = c * buoyancy ** (1.0 / 3.0) * (share * height) ** (5.0 / 3.0)
    return share * height, flow, buoyancy / flow
