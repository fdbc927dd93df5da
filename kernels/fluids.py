"""Columns of the float64 table of fluids: one row per region of the grid. The same numbers stand in `fluids.cuh`."""

from enum import IntEnum


class FluidColumn(IntEnum):
    """Place of each property in a row."""

    GAS = 0  # 1: an ideal gas, whose density follows temperature and pressure; 0: the density stays
    LIFT = 1  # buoyancy force per density and theta, m/(s2 K)
    STILL = 2  # theta at which it vanishes, K
    LAW = 3  # of the viscosity, see `ViscosityLaw`
    VISCOSITY = 4  # Pa s
    CONDUCTION = 5  # conductivity over heat capacity, kg/(m s)
    SUTHERLAND = 6  # mu = SUTHERLAND T^1.5 / (T + SUTHERLAND_KELVIN)
    SUTHERLAND_KELVIN = 7  # K
    DIFFUSIVITY_RATIO = 8  # 1/Pr of Sutherland's law
    FIT_0 = 9  # mu = (c0 + c1 x + c2 x^2 + c3 x^3)^-4, x = theta / 100 K
    FIT_1 = 10
    FIT_2 = 11
    FIT_3 = 12
    LOWEST_THETA = 13  # range of the fit, K
    HIGHEST_THETA = 14
    HEAT_CAPACITY = 15  # J/(kg K)
    NATURAL = 16  # C of Nu = C Ra^(1/3) along a vertical wall


class ViscosityLaw(IntEnum):
    """How the viscosity follows the temperature."""

    CONSTANT = 0
    SUTHERLAND = 1
    FITTED = 2
