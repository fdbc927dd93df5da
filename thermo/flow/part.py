"""The fields of one part of the grid, with its metrics and marks, in the padded layout of the kernels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kernels import GHOST, Backend
from kernels.flags import Flag
from thermo.flow.exchange import extent_of
from thermo.flow.metrics import part_metrics
from thermo.flow.setup import Setup
from thermo.mesh.mesh import Mesh
from thermo.mesh.subdomain import Decomposition, Subdomain

FLUXES = ("mx", "my", "mz")
VELOCITIES = ("ux", "uy", "uz")
OPEN = (Flag.OPEN_X, Flag.OPEN_Y, Flag.OPEN_Z)
FREE = (Flag.FREE_X, Flag.FREE_Y, Flag.FREE_Z)


def suffixed(arrays: Mapping[str, Any], suffix: str) -> dict[str, Any]:
    """Arrays under the names that a kernel has for them at another time: "mx" as "mx_last"."""
    return {f"{name}_{suffix}": array for name, array in arrays.items()}


def padded_marks(mesh: Mesh) -> np.ndarray:
    """The `flags` field of the whole grid, uint8 (nz+4, ny+4, nx+4); see docs/architecture.md, section 1."""
    nz, ny, nx = mesh.shape
    marks = np.zeros((nz + 2 * GHOST, ny + 2 * GHOST, nx + 2 * GHOST), np.uint8)
    cells = (slice(GHOST, -GHOST),) * 3
    marks[cells] |= np.where(mesh.solid == 0, Flag.FLUID, 0).astype(np.uint8)
    for axis in range(3):
        # the face array has one entry more than there are cells: its last one is the low face of the first ghost cell
        faces = tuple(slice(GHOST, GHOST + n) for n in mesh.closed[axis].shape)
        marks[faces] |= np.where(mesh.closed[axis], 0, OPEN[axis]).astype(np.uint8)
        marks[faces] |= np.where(mesh.closed[axis] & mesh.slip[axis], FREE[axis], 0).astype(np.uint8)
    wrap_ghosts(marks, mesh)
    return marks


def wrap_ghosts(padded: np.ndarray, mesh: Mesh) -> None:
    """Fill the ghost layers of a padded array of the whole grid across its periodic axes."""
    for axis, line in enumerate(mesh.axes):
        if not line.periodic:
            continue
        along = np.moveaxis(padded, 2 - axis, 0)
        n = line.n
        ghosts = np.r_[0:GHOST, n + GHOST : n + 2 * GHOST]
        along[ghosts] = along[(ghosts - GHOST) % n + GHOST]


class Part:
    """Device arrays of one subdomain.

    theta and flux have two levels: index `level` is the current one, 1 - level the last and, once the mass flux at the
    middle of the step (`ahead`) is known, the next. theta_stage holds a stage, velocity that of the current level and
    stages of the next. Once the next temperature is known, theta[level] becomes the buoyancy of the step. During the
    pressure solve ahead, velocity and theta_stage are free: it works in them.
    """

    def __init__(
        self, backend: Backend, mesh: Mesh, decomposition: Decomposition, subdomain: Subdomain, setup: Setup,
        marks: np.ndarray,
    ) -> None:  # fmt: skip
        self.subdomain = subdomain
        self.axes = mesh.axes
        self.extent = extent = extent_of(subdomain)
        window = tuple(
            slice(o, o + n + 2 * GHOST) for o, n in zip(subdomain.offset, subdomain.shape, strict=True)
        )
        self.metrics = part_metrics(backend, decomposition, subdomain)
        self.marks = np.ascontiguousarray(marks[window])
        self.flags = backend.array(self.marks, backend.mark)

        labels = np.zeros(marks.shape, np.uint8)
        labels[(slice(GHOST, -GHOST),) * 3] = np.where(mesh.region < 0, 0, mesh.region)
        wrap_ghosts(labels, mesh)
        self.labels = np.ascontiguousarray(labels[window])

        density_varies, variable = setup.density_varies, setup.variable
        one = backend.zeros(1)
        zeros = lambda: backend.zeros(extent.shape)  # noqa: E731
        self.region = backend.array(self.labels if density_varies else np.zeros(1), backend.mark)
        self.theta = [zeros(), zeros()]
        self.flux = [{name: zeros() for name in FLUXES} for _ in range(2)]
        self.ahead = {name: zeros() for name in FLUXES}
        self.velocity = {name: zeros() for name in VELOCITIES}
        self.theta_stage = zeros()
        self.p = zeros()
        self.phi, self.defect = self.ahead["mx"], self.theta_stage
        self.rho = zeros() if density_varies else one
        self.increment = zeros() if density_varies else one
        self.mu = zeros() if variable else one
        self.diffusivity = zeros() if variable else one

    @property
    def scratch(self) -> list[Any]:
        """Four arrays that the pressure solve may overwrite, besides `phi` and `defect`."""
        return [self.ahead["my"], self.ahead["mz"], self.velocity["ux"], self.velocity["uy"]]

    def between_heat_and_momentum(self, new: int) -> list[Any]:
        """Fields that hold nothing between the stages of the temperature and those of the momentum.

        The mass flux of the last step is known to that of the middle of this one; the next is not begun.
        """
        return [*self.flux[new].values(), self.theta_stage]

    def local(self, cells: np.ndarray) -> np.ndarray:
        """Padded (k, j, i) indices in this part of global cell or face indices, int64[n, 3]."""
        return np.asarray(cells, np.int64) - np.asarray(self.subdomain.offset) + GHOST

    def flat(self, local: np.ndarray) -> np.ndarray:
        """Element numbers of padded (k, j, i) indices, int64[n]."""
        return local[:, 2] + self.extent.sy * local[:, 1] + self.extent.sz * local[:, 0]

    def holds(self, local: np.ndarray, ghosts: int = 0) -> np.ndarray:
        """Which padded indices lie among the cells of this part, or within `ghosts` layers around them; bool[n]."""
        high = np.asarray(self.subdomain.shape) + GHOST + ghosts
        return np.all((local >= GHOST - ghosts) & (local < high), axis=1)

    def stride(self, axis: int) -> int:
        """Elements between neighbours along an axis (0 x, 1 y, 2 z)."""
        return (1, self.extent.sy, self.extent.sz)[axis]

    def places(self, cells: np.ndarray) -> np.ndarray:
        """Indices k, j, i in the mesh of cells of this part given by their element numbers; int[n, 3]."""
        k, rest = np.divmod(cells, self.extent.sz)
        j, i = np.divmod(rest, self.extent.sy)
        return np.stack([k, j, i], axis=1) - GHOST + np.asarray(self.subdomain.offset)

    def volumes(self, cells: np.ndarray) -> np.ndarray:
        """Volumes, m3, of cells of this part given by their element numbers."""
        volume, places = np.ones(len(cells)), self.places(cells)
        for axis in range(3):
            volume = volume * self.axes[axis].widths[places[:, 2 - axis]]
        return volume


def padded_widths(mesh: Mesh, part: Part, axis: int) -> np.ndarray:
    """Cell widths of a part along an axis with its ghost layers, float64."""
    line = mesh.axes[axis]
    widths = np.pad(line.widths, GHOST, mode="wrap" if line.periodic else "edge")
    offset = part.subdomain.offset[2 - axis]
    return widths[offset : offset + part.subdomain.shape[2 - axis] + 2 * GHOST]


def of_walls(mesh: Mesh, part: Part, axis: int, side: int, values: Sequence) -> np.ndarray:
    """What `values` gives to each wall patch of the mesh, at one side of every padded cell of the part; 0 elsewhere.

    The result is flat; its entries have the shape of the values.
    """
    shape = np.shape(values[0]) if len(values) else (3,)
    whole = np.zeros(tuple(n + 2 * GHOST for n in mesh.shape) + shape)
    for wall, value in zip(mesh.walls, values, strict=True):
        patch = wall.patch
        if patch.axis == axis and patch.inward in (0, 1 - 2 * side):
            cells = patch.index.astype(np.int64)
            cells[:, 2 - axis] -= side
            whole[tuple((cells + GHOST).T)] = value
    return window_of(mesh, part, whole).reshape(-1, *shape)


def window_of(mesh: Mesh, part: Part, whole: np.ndarray) -> np.ndarray:
    """The part's share of a padded array of the whole grid (with any further axes), periodic ghosts filled."""
    for component in np.moveaxis(whole.reshape(*whole.shape[:3], -1), -1, 0):
        wrap_ghosts(component, mesh)
    window = tuple(
        slice(o, o + n + 2 * GHOST) for o, n in zip(part.subdomain.offset, part.subdomain.shape, strict=True)
    )
    return np.ascontiguousarray(whole[window])
