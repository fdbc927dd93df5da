"""Manufactured solutions: exact fields, and the sources that make them solutions, derived with sympy.

All are two-dimensional in x and z with gravity along -z. Temperatures are in K. A solution holds functions of
(x, y, z, t) that NumPy evaluates; sources are in N/m3 and W/m3 as `Solver.source` wants them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import sympy as sp

from thermo.flow.setup import Fluid

x, y, z, t = sp.symbols("x y z t")
pi, sin, cos = sp.pi, sp.sin, sp.cos
KELVIN = 293.15  # the still temperature of all solutions


@dataclass(frozen=True)
class Solution:
    """Exact u, w (m/s), p (Pa), temperature (K) and the sources of x and z momentum and of heat."""

    u: Callable
    w: Callable
    p: Callable
    temperature: Callable
    source_x: Callable
    source_z: Callable
    heat: Callable

    def at(self, name: str, time: float) -> Callable:
        """A field at one time as a function of (x, y, z)."""
        function = getattr(self, name)
        return lambda *point: function(*point, time)


def _compiled(expression) -> Callable:
    function = sp.lambdify((x, y, z, t), expression, "numpy", cse=True)
    return lambda *point: np.broadcast_to(function(*point), np.broadcast_shapes(*(np.shape(a) for a in point)))


def solution(u, w, p, temperature, density, viscosity, fluid: Fluid, gravity: float) -> Solution:
    """Compile fields and derive the sources from the equations in conservative form.

    d(rho u)/dt + div(rho u u) = -grad p + div tau + (rho' ) g + S, tau = mu (grad u + grad u^T - 2/3 div u),
    rho c_p DT/Dt = div(k grad T) + S_T, with mass conserved by the fields: which is checked. `density` is that of
    inertia; the buoyant density is rho - rho_still of the gas, or -rho beta (T - T_still) of the Boussinesq form.
    """
    velocity, axes = (u, w), (x, z)
    residual = sp.diff(density, t) + sum(sp.diff(density * a, b) for a, b in zip(velocity, axes, strict=True))
    probe = {x: 0.31, z: 0.23, t: 0.7}
    assert abs(residual.subs(probe).evalf()) < 1e-12, "the fields do not conserve mass"
    if fluid.low_mach:
        conductivity = viscosity * fluid.heat_capacity / fluid.prandtl
        buoyant = density - fluid.still_density
    else:
        conductivity = fluid.conductivity
        buoyant = -density * fluid.still_expansion * (temperature - fluid.still_temperature)
    dilatation = sum(sp.diff(a, b) for a, b in zip(velocity, axes, strict=True))
    sources = []
    for a, b in zip(velocity, axes, strict=True):
        inertia = sp.diff(density * a, t) + sum(
            sp.diff(density * a * c, d) for c, d in zip(velocity, axes, strict=True)
        )
        stress = sum(
            sp.diff(viscosity * (sp.diff(a, d) + sp.diff(c, b)), d) for c, d in zip(velocity, axes, strict=True)
        ) - sp.diff(sp.Rational(2, 3) * viscosity * dilatation, b)
        weight = buoyant * gravity if b is z else 0
        sources.append(inertia + sp.diff(p, b) - stress - weight)
    transport = sp.diff(temperature, t) + sum(
        a * sp.diff(temperature, b) for a, b in zip(velocity, axes, strict=True)
    )
    conduction = sum(sp.diff(conductivity * sp.diff(temperature, b), b) for b in axes)
    heat = density * fluid.heat_capacity * transport - conduction
    return Solution(*(_compiled(e) for e in (u, w, p, temperature, *sources, heat)))


def boussinesq_fluid(viscosity: float) -> Fluid:
    """Density, heat capacity and expansion 1, Prandtl number 1: the units of the reference solutions."""
    return Fluid(
        model="boussinesq", density=1.0, expansion=1.0, heat_capacity=1.0, viscosity=viscosity, conductivity=viscosity,
        still_temperature=KELVIN,
    )  # fmt: skip


def reference_box(f, fluid: Fluid, gravity: float) -> Solution:
    """The closed box of the reference: no slip, T given at x = 0 and 1, adiabatic floor and ceiling; f of time."""
    return solution(
        f * sin(pi * x) ** 2 * sin(2 * pi * z),
        -f * sin(2 * pi * x) * sin(pi * z) ** 2,
        f * cos(pi * x) * cos(pi * z),
        KELVIN + (1 - x) + f * sin(pi * x) * cos(pi * z) / 4,
        sp.Integer(1), sp.Float(fluid.viscosity), fluid, gravity,
    )  # fmt: skip


def box_with_block(f, fluid: Fluid, gravity: float) -> Solution:
    """Vortices of side 1/2 that stand still on every line x or z = 0, 1/2, 1, ...: any of the squares may be solid.

    On those lines the temperature is KELVIN.
    """
    a, b = 2 * pi * x, 2 * pi * z
    return solution(
        f * sin(a) ** 2 * sin(2 * b) / 2,
        -f * sin(2 * a) * sin(b) ** 2 / 2,
        f * cos(a) * cos(b),
        KELVIN + f * sin(a) * sin(b) / 2,
        sp.Integer(1), sp.Float(fluid.viscosity), fluid, gravity,
    )  # fmt: skip


def box(block: bool, time_factor: str, fluid: Fluid, gravity: float) -> Solution:
    """`box_with_block` or `reference_box`, steady (time_factor "1") or unsteady ("cos t")."""
    factor = {"1": sp.Integer(1), "cos t": cos(t)}[time_factor]
    return (box_with_block if block else reference_box)(factor, fluid, gravity)


def breathing_gas(amplitude: float, fluid: Fluid, gravity: float) -> Solution:
    """Gas in a box of free-slip adiabatic walls whose density swings by `amplitude` (its own, not of the reference).

    rho = rho0 (1 + a f g), f = cos t, g = cos(pi x) cos(pi z). The mass flux is the gradient that continuity asks for,
    d(rho)/dt = -div m with div grad g = -2 pi^2 g, and a vortex. p0 stays, T = p0/(R rho); Sutherland's viscosity.
    """
    f, g = cos(t), cos(pi * x) * cos(pi * z)
    rho = fluid.still_density * (1 + amplitude * f * g)
    potential = fluid.still_density * amplitude * sp.diff(f, t) * g / (2 * pi**2)
    stream = fluid.still_density * sp.Rational(1, 2) * cos(2 * t) * sin(pi * x) * sin(pi * z) / pi
    u = (sp.diff(potential, x) + sp.diff(stream, z)) / rho
    w = (sp.diff(potential, z) - sp.diff(stream, x)) / rho
    temperature = fluid.pressure / (fluid.gas_constant * rho)
    viscosity, reference, constant = fluid.sutherland
    mu = viscosity * (temperature / reference) ** sp.Rational(3, 2) * (reference + constant) / (temperature + constant)
    return solution(u, w, f * g, temperature, rho, mu, fluid, gravity)
