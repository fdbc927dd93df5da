"""A solver started from the fields of another one on a coarser grid of the same room."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.ndimage import distance_transform_edt

from kernels import GHOST
from thermo.flow.march import March
from thermo.flow.output import CELSIUS_ZERO, field
from thermo.flow.part import VELOCITIES
from thermo.flow.solver import Solver
from thermo.mesh.axis import Axis
from thermo.mesh.mesh import Mesh

Function = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def start_from(solver: Solver, coarse: Solver) -> None:
    """Initialise `solver` with the fields of `coarse`; the devices start with what they draw there.

    Temperature, pressure and scalars are linear within every coarse cell, with the mean of the cell and slopes that
    never reach beyond its neighbours (minmod: Roe 1986, Annu. Rev. Fluid Mech. 18, 337), so that a panel keeps its
    sides apart.
    A velocity component is linear along its own direction between the faces of a coarse cell, and constant across: what
    has no divergence there has none on cells that divide it; what walls at other places disturb, the first projection
    takes out. A closed room keeps its mass.
    """
    kelvin = field(coarse, "temperature").astype(np.float64) + CELSIUS_ZERO
    air = coarse.mesh.solid == 0
    temperature = _by_material(solver.mesh, _linear(coarse.mesh, _filled(kelvin, air)),
                               _constant(coarse.mesh, _filled(kelvin, ~air)))  # fmt: skip
    pressure = _linear(coarse.mesh, _filled(field(coarse, "pressure").astype(np.float64), air))
    scalars = {
        name: _linear(coarse.mesh, _filled(field(coarse, name).astype(np.float64), air))
        for name in coarse.transported.scalars
    }
    velocity = tuple(_along_faces(coarse.mesh, axis, _face_velocity(coarse, axis)) for axis in range(3))
    sealed = _sealed_pressure(solver, coarse, temperature)
    solver.initialise(temperature, velocity, pressure, sealed_pressure=sealed, scalars=scalars)


def _filled(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """`values` where they are known, and from the nearest such cell elsewhere."""
    if known.all() or not known.any():
        return values
    nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
    return values[tuple(nearest)]


def _places(axis: Axis, points: np.ndarray) -> np.ndarray:
    """The cell of every point; the end cells also for points beyond the ends."""
    return np.clip(np.searchsorted(axis.faces, points, side="right") - 1, 0, axis.n - 1)


def _constant(mesh: Mesh, values: np.ndarray) -> Function:
    """f(x, y, z) that takes the value of the cell."""

    def at(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        i, j, k = (_places(axis, line.ravel()) for axis, line in zip(mesh.axes, (x, y, z), strict=True))
        return values[np.ix_(k, j, i)]

    return at


def _linear(mesh: Mesh, values: np.ndarray) -> Function:
    """f(x, y, z) that is linear within every cell, with the cell's value at its centre, and limited slopes."""
    slopes = [_limited_slope(axis, values, 2 - number) for number, axis in enumerate(mesh.axes)]
    cells, terms = _constant(mesh, values), [_constant(mesh, slope) for slope in slopes]

    def at(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        found = cells(x, y, z)
        for axis, line, term in zip(mesh.axes, (x, y, z), terms, strict=True):
            inside = np.clip(line, axis.faces[0], axis.faces[-1])
            found = found + term(x, y, z) * (inside - axis.centres[_places(axis, line.ravel())].reshape(line.shape))
        return found

    return at


def _limited_slope(axis: Axis, values: np.ndarray, along: int) -> np.ndarray:
    """The smaller of the two differences to the neighbours where both have one sign, else 0; per metre."""
    moved = np.moveaxis(values, along, 0)
    slope = np.zeros(moved.shape)
    if axis.n > 2:
        distance = axis.centre_distances[1:-1].reshape(-1, 1, 1)
        steps = np.diff(moved, axis=0) / distance
        below, above = steps[:-1], steps[1:]
        slope[1:-1] = np.where(below * above > 0.0, np.where(np.abs(below) < np.abs(above), below, above), 0.0)
    return np.moveaxis(slope, 0, along)


def _face_velocity(solver: March, axis: int) -> np.ndarray:
    """Velocity on all faces along an axis, m/s, with one entry more than there are cells along it."""
    along = 2 - axis
    whole = np.zeros([n + (d == along) for d, n in enumerate(solver.mesh.shape)])
    for part in solver.parts:
        padded = solver.backend.to_host(part.velocity[VELOCITIES[axis]])
        inner = [slice(GHOST, GHOST + n) for n in part.subdomain.shape]
        box = list(part.subdomain.box)
        # the high face of the last cell is the low face of the first ghost cell
        inner[along] = slice(GHOST, inner[along].stop + 1)
        box[along] = slice(box[along].start, box[along].stop + 1)
        whole[tuple(box)] = padded[tuple(inner)]
    return whole


def _along_faces(mesh: Mesh, axis: int, values: np.ndarray) -> Function:
    """f(x, y, z) that is linear between the faces along `axis` and constant across."""
    line, along = mesh.axes[axis], 2 - axis

    def at(*point: np.ndarray) -> np.ndarray:
        cells = [_places(each, where.ravel()) for each, where in zip(mesh.axes, point, strict=True)]
        low = cells[axis]
        share = np.clip((point[axis].ravel() - line.faces[low]) / line.widths[low], 0.0, 1.0)
        shape = [1, 1, 1]
        shape[along] = -1
        share = share.reshape(shape)
        chosen = list(reversed(cells))
        first = values[np.ix_(*chosen)]
        chosen[along] = low + 1
        return (1.0 - share) * first + share * values[np.ix_(*chosen)]

    return at


def _by_material(mesh: Mesh, in_air: Function, in_solids: Function) -> Function:
    """f(x, y, z) that is the one in the air of a mesh and the other in its solids."""
    solid = _constant(mesh, mesh.solid != 0)
    return lambda x, y, z: np.where(solid(x, y, z), in_solids(x, y, z), in_air(x, y, z))


def _sealed_pressure(solver: Solver, coarse: Solver, temperature: Function) -> np.ndarray | None:
    """Thermodynamic pressure of the sealed regions, Pa: that at which they hold as much air, per volume, as before.

    Regions follow one another alike on both grids; None where their number differs, or there is none.
    """
    if not solver.sealed.labels or len(solver.sealed.labels) != len(coarse.sealed.labels):
        return None
    before = coarse.backend.to_host(coarse.sealed.pressure)
    kelvin = field(coarse, "temperature").astype(np.float64) + CELSIUS_ZERO
    fine = solver.mesh
    lines = (fine.x.centres[None, None, :], fine.y.centres[None, :, None], fine.z.centres[:, None, None])
    cold = _mean_of_reciprocal(fine, temperature(*lines))
    warm = _mean_of_reciprocal(coarse.mesh, kelvin)
    return np.array([
        before[old] * warm[old] / cold[new]
        for new, old in zip(solver.sealed.labels, coarse.sealed.labels, strict=True)
    ])  # fmt: skip


def _mean_of_reciprocal(mesh: Mesh, kelvin: np.ndarray) -> np.ndarray:
    """Mean of 1/T over every region, by label, 1/K."""
    air = mesh.solid == 0
    volumes, labels = mesh.volumes()[air], mesh.region[air]
    return np.bincount(labels, volumes / kelvin[air]) / np.bincount(labels, volumes)
