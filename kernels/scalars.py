"""Slots of the float64 array `scalars` of a flow solver: what changes from step to step, and the constants of the case.

They are read from device memory, so that a captured program is replayed unchanged. The same names are constants in
every kernel source (see `shells.py`).
"""

from enum import IntEnum


class Scalar(IntEnum):
    """Index of each value in `scalars`."""

    DT = 0  # time step, s
    RECIPROCAL_DT = 1  # 1/s
    AHEAD = 2  # half this time step over the last one: value + AHEAD (value - last value) is that of the step's middle
    RATE_NEW = 3  # weights of the two last density increments in d(rho)/dt at the new level, 1/s
    RATE_OLD = 4
    VISCOSITY = 5  # dynamic viscosity, Pa s
    CONDUCTIVITY = 6  # thermal conductivity over heat capacity, kg/(m s)
    DENSITY = 7  # constant density of the Boussinesq form, kg/m3
    HEAT_CAPACITY = 8  # J/(kg K)
    GAS_CONSTANT = 9  # J/(kg K)
    TEMPERATURE_ZERO = 10  # temperature at theta = 0, K
    BUOYANCY = 11  # buoyancy force per density and theta (low Mach) or per theta (Boussinesq)
    THETA_STILL = 12  # theta of the still outside air, K
    FORCE_X = 13  # body force, N/m3
    FORCE_Y = 14
    FORCE_Z = 15
    SUTHERLAND = 16  # mu = SUTHERLAND T^1.5 / (T + SUTHERLAND_TEMPERATURE), Pa s/K^0.5
    SUTHERLAND_TEMPERATURE = 17  # K
    RECIPROCAL_PRANDTL = 18
    VREMAN = 19  # coefficient c of the model of Vreman (2004)
    RECIPROCAL_PRANDTL_TURBULENT = 20  # eddy diffusivity of heat over eddy viscosity
    KAPPA = 21  # von Karman's constant of the law of the wall
    SPALDING = 22  # exp(-KAPPA B) of Spalding's law, B the constant of the logarithmic law
    KADER = 23  # constant of the logarithmic law of the temperature, from the Prandtl number
    NATURAL = 24  # Nu / Ra^(1/3) of a turbulent layer that rises along a wall
