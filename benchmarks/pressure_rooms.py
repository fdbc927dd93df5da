"""Rooms on which the pressure solver has to keep its number of iterations: used by the gates and by the tests."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kernels import GHOST, Backend
from kernels.flags import Flag
from thermo.flow.exchange import exchange_nodes
from thermo.mesh.axis import Axis
from thermo.mesh.regions import label_regions
from thermo.mesh.subdomain import Decomposition

OPEN = (Flag.OPEN_X, Flag.OPEN_Y, Flag.OPEN_Z)


class Room:
    """A box of fluid to which solids and closed panels are added; arrays of cells are (z, y, x)."""

    def __init__(self, x: Axis, y: Axis, z: Axis) -> None:
        self.axes = (x, y, z)
        self.fluid = np.ones((z.n, y.n, x.n), bool)
        self.panels = tuple(np.zeros((z.n + (a == 2), y.n + (a == 1), x.n + (a == 0)), bool) for a in range(3))

    def solid(self, x: slice, y: slice, z: slice) -> None:
        """Make a box of cells solid."""
        self.fluid[z, y, x] = False

    def panel(self, axis: int, plane: int, first: slice, second: slice) -> None:
        """Close faces of one plane; the slices run over the cells of the two other axes, in the order x, y, z."""
        where = [plane, plane, plane]
        across = [a for a in range(3) if a != axis]
        where[2 - across[0]], where[2 - across[1]] = first, second
        self.panels[axis][tuple(where)] = True

    def closed(self) -> tuple[np.ndarray, ...]:
        """Closed faces per axis, n + 1 along it: panels, solids, the boundary unless it is periodic."""
        closed = []
        for axis, panels in enumerate(self.panels):
            low = np.roll(np.moveaxis(self.fluid, 2 - axis, 0), 1, axis=0)
            high = np.moveaxis(self.fluid, 2 - axis, 0)
            faces = np.moveaxis(panels, 2 - axis, 0).copy()
            faces[:-1] |= ~(low & high)
            faces[-1] |= faces[0]
            if not self.axes[axis].periodic:
                faces[0] = faces[-1] = True
            closed.append(np.moveaxis(faces, 0, 2 - axis))
        return tuple(closed)

    def regions(self) -> np.ndarray:
        """Label of the connected fluid of every cell, -1 in solids."""
        return label_regions(self.fluid, self.closed(), self.axes)

    def flags(self) -> np.ndarray:
        """uint8 (z, y, x), without ghost layers."""
        flags = np.where(self.fluid, np.uint8(Flag.FLUID), np.uint8(0))
        for axis, closed in enumerate(self.closed()):
            low = np.moveaxis(closed, 2 - axis, 0)[:-1]
            flags |= np.moveaxis(np.where(low, np.uint8(0), np.uint8(OPEN[axis])), 0, 2 - axis)
        return flags

    def flags_of_parts(self, backend: Backend, decomposition: Decomposition) -> list[Any]:
        """Padded device flags of every part, ghost layers filled."""
        flags = self.flags()
        parts = [backend.array(part.pad(flags), backend.mark) for part in decomposition.parts]
        backend.program(exchange_nodes(backend, decomposition, parts, GHOST)).run()
        return parts


def _line(cells: int, width: float = 0.1) -> Axis:
    return Axis(width * np.arange(cells + 1))


def _cube(cells: int) -> int:
    """Cells along the edge of a cube of about so many."""
    return 2 * round(0.5 * cells ** (1 / 3))


def empty(cells: int) -> Room:
    n = _cube(cells)
    return Room(_line(n), _line(n), _line(n))


def aspect_ratio_10(cells: int) -> Room:
    n = _cube(cells)
    return Room(_line(n), _line(n), _line(n, 0.01))


def growth_1_3(cells: int) -> Room:
    """Cells that grow by 1.3 from both walls of every axis, up to 1000 times the smallest."""
    n = _cube(cells)
    half = np.minimum(1.3 ** np.arange(n // 2), 1000.0)
    axis = Axis(np.concatenate([[0.0], np.cumsum(np.concatenate([half, half[::-1]]))]) * 1e-3)
    return Room(axis, axis, axis)


def four_odd_panels(cells: int) -> Room:
    """Panels on odd planes across three quarters of the height."""
    room = empty(cells)
    n = room.axes[0].n
    for number in range(1, 5):
        room.panel(0, number * n // 5 | 1, slice(None), slice(0, 3 * n // 4))
    return room


def rack_room(cells: int) -> Room:
    """Two rows of six solid racks, gaps between some, around an aisle with a lid and doors that leave openings."""
    nx = max(24, 2 * round(0.5 * (cells * 2.4) ** (1 / 3)))
    ny, nz = round(nx * 0.75), round(nx * 0.55)
    room = Room(_line(nx, 7.2 / nx), _line(ny, 5.4 / ny), _line(nz, 3.9 / nz))
    start, width, depth, height = nx // 6, nx // 9, ny // 5, nz * 5 // 9
    rows = (ny // 5, ny - ny // 5 - depth)
    for y in rows:
        for rack in range(6):
            gap = 1 if rack == 3 else 0
            low = start + rack * width
            room.solid(slice(low + gap, low + width), slice(y, y + depth), slice(0, height))
    aisle = slice(rows[0] + depth, rows[1])
    room.panel(2, height, slice(start, start + 6 * width - 2), aisle)
    room.panel(0, start, aisle, slice(1, height))
    room.panel(0, start + 6 * width, aisle, slice(0, height - 2))
    return room


def one_cell_ridge(cells: int) -> Room:
    """A wall one cell thick on an odd plane, two thirds of the height."""
    room = empty(cells)
    n = room.axes[0].n
    room.solid(slice(n // 2 | 1, (n // 2 | 1) + 1), slice(None), slice(0, 2 * n // 3))
    return room


GATES: dict[str, Callable[[int], Room]] = {
    "empty": empty,
    "aspect ratio 10": aspect_ratio_10,
    "growth 1.3": growth_1_3,
    "four panels on odd planes": four_odd_panels,
    "rack room": rack_room,
    "one-cell ridge": one_cell_ridge,
}


def random_sources(room: Room, seed: int = 0) -> np.ndarray:
    """Normal values per cell (kg/s) with zero sum in every region, 0 in solids."""
    values = np.where(room.fluid, np.random.default_rng(seed).standard_normal(room.fluid.shape), 0.0)
    return _balanced(room, values)


def heat_source(room: Room) -> np.ndarray:
    """1 kg/s that leaves a few cells near the floor and returns evenly over their region: smooth, local."""
    values = np.zeros(room.fluid.shape)
    middle = room.axes[1].n // 2, room.axes[0].n // 2 - 1
    values[:2, middle[0], middle[1]] = 0.5
    return _balanced(room, values)


def _balanced(room: Room, values: np.ndarray) -> np.ndarray:
    """The values less their mean over the fluid cells of each region."""
    region = room.regions()[room.fluid]
    mean = np.bincount(region, weights=values[room.fluid]) / np.bincount(region)
    values[room.fluid] -= mean[region]
    return values
