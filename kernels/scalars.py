"""Slots of the float64 array `scalars` of a flow solver: what changes from step to step, and the constants of the case.

They are read from device memory, so that a captured program is replayed unchanged. The same names are constants in
every kernel source (see `shells.py`).
"""

from enum import IntEnum


class Scalar(IntEnum):
    """Index of each value in `scalars`."""

    DT = 0  # time step, s
    RECIPROCAL_DT = 1  # 1/s
    WEIGHT_NEW = 2  # Adams-Bashforth weight of the tendency at this level
    WEIGHT_OLD = 3  # and of the one before (subtracted)
    RATE_NEW = 4  # weights of the two last density increments in d(rho)/dt at the new level, 1/s
    RATE_OLD = 5
    VISCOSITY = 6  # dynamic viscosity, Pa s
    CONDUCTIVITY = 7  # thermal conductivity over heat capacity, kg/(m s)
    DENSITY = 8  # constant density of the Boussinesq form, kg/m3
    HEAT_CAPACITY = 9  # J/(kg K)
    GAS_CONSTANT = 10  # J/(kg K)
    TEMPERATURE_ZERO = 11  # temperature at theta = 0, K
    BUOYANCY = 12  # buoyancy force per density and theta (low Mach) or per theta (Boussinesq)
    THETA_STILL = 13  # theta of the still outside air, K
    FORCE_X = 14  # body force, N/m3
    FORCE_Y = 15
    FORCE_Z = 16
    SUTHERLAND = 17  # mu = SUTHERLAND T^1.5 / (T + SUTHERLAND_TEMPERATURE), Pa s/K^0.5
    SUTHERLAND_TEMPERATURE = 18  # K
    RECIPROCAL_PRANDTL = 19
