"""The rack room of the speed benchmarks: 6.0 x 4.8 x 3.0 m, two rows of six 10 kW racks.

The cell size has to divide 0.6 m and 2.0 m.

Supply through the floor between the rows, return through two openings in the ceiling; the same room is computed with
OpenFOAM. Uniform cells, constant eddy viscosity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thermo.flow import Fluid, Scheme, Setup
from thermo.mesh import Exchange, Mesh, MeshBuilder

SIZE = (6.0, 4.8, 3.0)  # m
SUPPLY = 291.15  # K
SUPPLY_FLOW = 9.0  # m3/s
SUPPLY_RECT = ((1.2, 1.8), (4.8, 3.0))  # x, y of two corners, m
RETURN_RECTS = {"return_south": ((1.2, 0.0), (4.8, 0.6)), "return_north": ((1.2, 4.2), (4.8, 4.8))}
RACK_SIZE = (0.6, 1.2, 2.0)  # m
RACK_FLOW, RACK_POWER = 0.75, 10e3  # m3/s, W
EDDY_VISCOSITY, PRANDTL = 1e-3, 0.9  # m2/s


@dataclass(frozen=True)
class Rack:
    """A rack: a solid box whose air moves along y from the plane `intake` to the plane `exhaust`, m."""

    name: str
    corner: tuple[float, float, float]
    intake: float
    exhaust: float

    @property
    def box(self) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        """Two opposite corners, m."""
        return self.corner, tuple(low + length for low, length in zip(self.corner, RACK_SIZE, strict=True))


RACKS = tuple(
    Rack(f"{row}{number + 1:02d}", (1.2 + 0.6 * number, low, 0.0), intake, exhaust)
    for row, low, intake, exhaust in (("A", 0.6, 1.8, 0.6), ("B", 3.0, 3.0, 4.2))
    for number in range(6)
)
# racks that mirror each other in the two planes of symmetry of the room
SYMMETRIC = {"end": ("A01", "A06", "B01", "B06"), "next": ("A02", "A05", "B02", "B05"),
             "middle": ("A03", "A04", "B03", "B04")}  # fmt: skip


def rack_room(cell: float) -> Mesh:
    """The room with cells of `cell` metres."""
    builder = MeshBuilder(*(np.linspace(0.0, length, round(length / cell) + 1) for length in SIZE))
    supply = builder.side_port("supplies.floor", "floor", SUPPLY_RECT)
    builder.supply("supplies.floor", supply, SUPPLY_FLOW, SUPPLY)
    for name, rect in RETURN_RECTS.items():
        builder.opening(f"openings.{name}", "ceiling", rect, temperature=SUPPLY)
    for rack in RACKS:
        name = f"racks.{rack.name}"
        low, high = rack.box
        builder.solid(name, rack.box)
        rect = ((low[0], low[2]), (high[0], high[2]))
        side = 1 if rack.intake > rack.exhaust else -1  # on which side of the intake its air lies
        ports = [
            builder.port(f"{name}.{end}", 1, y, rect, inward)
            for end, y, inward in (("intake", rack.intake, side), ("discharge", rack.exhaust, -side))
        ]
        builder.exchange(Exchange(name, "rack", *ports, RACK_FLOW, "volume", heat=RACK_POWER))
    return builder.build()


def rack_room_setup(scheme: Scheme | None = None, model: str = "low_mach") -> Setup:
    """Air with the constant eddy viscosity of the benchmark; the scheme is the default one unless given."""
    density, capacity = 1.2, 1006.0
    fluid = Fluid(
        model=model,
        viscosity=density * EDDY_VISCOSITY,
        conductivity=density * capacity * EDDY_VISCOSITY / PRANDTL,
        still_temperature=SUPPLY,
    )
    return Setup(fluid, scheme or Scheme())
