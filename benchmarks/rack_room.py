"""The rack room of the speed benchmarks: 6.0 x 4.8 x 3.0 m, two rows of six 10 kW racks.

The cell size has to divide 0.6 m and 2.0 m.

Supply through the floor between the rows, return through two openings in the ceiling; the same room was measured with
OpenFOAM. Uniform cells, constant eddy viscosity.
"""

import numpy as np

from thermo.flow import Fluid, Scheme, Setup
from thermo.mesh import Exchange, Mesh, MeshBuilder

SUPPLY = 291.15  # K
SUPPLY_FLOW = 9.0  # m3/s
RACK_FLOW, RACK_POWER = 0.75, 10e3  # m3/s, W
EDDY_VISCOSITY, PRANDTL = 1e-3, 0.9  # m2/s


def rack_room(cell: float) -> Mesh:
    """The room with cells of `cell` metres."""
    faces = [np.linspace(0.0, length, round(length / cell) + 1) for length in (6.0, 4.8, 3.0)]
    builder = MeshBuilder(*faces)
    supply = builder.side_port("supplies.floor", "floor", ((1.2, 1.8), (4.8, 3.0)))
    builder.supply("supplies.floor", supply, SUPPLY_FLOW, SUPPLY)
    for name, low in (("south", 0.0), ("north", 4.2)):
        builder.opening(f"openings.return_{name}", "ceiling", ((1.2, low), (4.8, low + 0.6)), temperature=SUPPLY)
    for row, (low, intake, discharge) in {"A": (0.6, 1.8, 0.6), "B": (3.0, 3.0, 4.2)}.items():
        for number in range(6):
            name = f"racks.{row}{number + 1:02d}"
            x = 1.2 + 0.6 * number
            builder.solid(name, ((x, low, 0.0), (x + 0.6, low + 1.2, 2.0)))
            rect = ((x, 0.0), (x + 0.6, 2.0))
            side = 1 if intake == 1.8 else -1  # the air in front of the intake lies at higher y in row A
            ports = [
                builder.port(f"{name}.{end}", 1, y, rect, inward)
                for end, y, inward in (("intake", intake, side), ("discharge", discharge, -side))
            ]
            builder.exchange(Exchange(name, "rack", *ports, RACK_FLOW, "volume", heat=RACK_POWER))
    return builder.build()


def rack_room_setup(courant: float = 0.5) -> Setup:
    """Air with the constant eddy viscosity of the benchmark."""
    density, capacity = 1.2, 1006.0
    fluid = Fluid(
        viscosity=density * EDDY_VISCOSITY,
        conductivity=density * capacity * EDDY_VISCOSITY / PRANDTL,
        still_temperature=SUPPLY,
    )
    return Setup(fluid, Scheme(courant=courant))
