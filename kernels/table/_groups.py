"""Arguments and switches that the tables of the flow solver share."""

from kernels.signature import Argument, array, field, integer, metric

LOW_MACH = {"LOW_MACH": (0, 1)}
VARIABLE = {"VARIABLE": (0, 1)}  # viscosity or diffusivity is a field, not one number
LIMITER = {"LIMITER": (0, 1)}
STAGE = {"VELOCITY": (0, 1)}  # what a stage holds: the mass flux of the last one, the velocity of those before


def fields(mode: str, *names: str) -> tuple[Argument, ...]:
    """Padded fields of one mode."""
    return tuple(field(name, mode) for name in names)


def metrics(*prefixes: str) -> tuple[Argument, ...]:
    """Metrics of all three axes: "d" widths, "df" centre distances, "rd" and "rdf" reciprocals."""
    name = {"d": "d{}", "df": "d{}f", "rd": "rd{}", "rdf": "rd{}f"}
    return tuple(metric(name[prefix].format(axis), axis) for prefix in prefixes for axis in "xyz")


def arrays(mode: str, dtype: str, *names: str, length: str = "") -> tuple[Argument, ...]:
    """Arrays of one mode and dtype."""
    return tuple(array(name, mode, dtype, length=length) for name in names)


def per_row(*names: str, dtype: str = "real", mode: str = "in") -> tuple[Argument, ...]:
    """Arrays with one entry per row of a list."""
    return arrays(mode, dtype, *names, length="count")


FLUX, FLUX_NEW, VELOCITY = ("mx", "my", "mz"), ("mx_new", "my_new", "mz_new"), ("ux", "uy", "uz")
FLAGS = field("flags", "in", "mark")
SCALARS = array("scalars", "in", "float64")

# The density field exists in the low-Mach form only, a viscosity or diffusivity field only with VARIABLE: an array of
# one element stands for what a variant does not read.
RHO, INCREMENT, MU, DIFFUSIVITY = (array(name, "in", "real") for name in ("rho", "increment", "mu", "diffusivity"))
REGION = array("region", "in", "mark")  # not read by the Boussinesq form either

COUNT, DIVISOR = integer("count"), integer("divisor")  # a stage moves by DT / divisor times the rate of the one before
START = array("start", "in", "int32", length="count+1")
