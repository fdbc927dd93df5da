"""Pressure of zones that doors and dampers join and part, and the faces that they shut."""

from kernels.signature import Kernel, array, integer
from kernels.table._groups import COUNT, FLUX, SCALARS, arrays, fields, per_row

GROUPS = (integer("zones"), *arrays("in", "int32", "group", "vented"))

KERNELS = (
    Kernel(
        "zone_pressure_rates", "zones.cuh", "single",
        (
            array("row_heat", "in", "float64"), array("row_region", "in", "int32"), integer("rows"),
            *arrays("in", "float64", "mass_flow", "theta_in", "theta_out"),
            *arrays("in", "int32", "intake_region", "discharge_region"), integer("instances"),
            array("given_heat", "in", "float64"), *GROUPS, *arrays("in", "float64", "volume", "pressure", "outside"),
            SCALARS, integer("stage"), array("gas_of", "in", "float64"),
            array("heat", "out", "float64", length="zones"),
            *arrays("inout", "float64", "gained", "energy_pressure"),
            array("pressure_rate", "out", "float64", length="zones"),
        ),
    ),
    Kernel(
        "zone_pressures", "zones.cuh", "single",
        (
            array("sums", "in", "float64"), integer("parts"), *GROUPS, *arrays("in", "float64", "mass", "outside"),
            SCALARS, *arrays("inout", "float64", "pressure"),
            array("pressure_old", "out", "float64", length="zones"),
        ),
    ),
    Kernel(
        "shut_faces", "zones.cuh", "list",
        (COUNT, *per_row("axis", dtype="int32"), *per_row("face", dtype="int64"), *fields("inout", *FLUX)),
    ),
)  # fmt: skip
