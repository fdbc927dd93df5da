"""How much of each other two patches see past solids and panels: rays through the cells of the mesh."""

from __future__ import annotations

import numpy as np

from thermo.flow.radiation.surfaces import Patches
from thermo.mesh.mesh import Mesh

FEW, MANY = 4, 10  # parts of a patch along each of its sides, for all pairs and for those partly hidden
AT_ONCE = 400_000  # rays that are followed together
OFF = 1e-7  # share of the way that rays keep off the surfaces they begin and end on


def visible_shares(mesh: Mesh, patches: Patches, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Share of the exchange area of pairs of patches that nothing stands in, float[n].

    Rays run between the midpoints of 4 x 4 parts of both patches, each part of the first with another of the second in
    no order, so that both are covered evenly; they count by cos cos / r^2, as they carry heat. Solids and closed faces
    stop them, resisting faces do not. Pairs of which some rays pass and some do not are looked at with 10 x 10 parts:
    the standard error of a half covered pair is about 1/20.

    one: patches, int[n]; or points, float[n, 3] in m, from which all rays of a pair then begin: the share of the solid
    angle of `two` there, the rays counting by cos / r^2.
    """
    found = _in_chunks(mesh, patches, one, two, FEW)
    partly = np.flatnonzero((found > 0.0) & (found < 1.0))
    found[partly] = _in_chunks(mesh, patches, one[partly], two[partly], MANY)
    return found


def _in_chunks(mesh: Mesh, patches: Patches, one: np.ndarray, two: np.ndarray, parts: int) -> np.ndarray:
    found = np.empty(len(one))
    chunk = AT_ONCE // parts**2
    for begin in range(0, len(one), chunk):
        mine = slice(begin, begin + chunk)
        found[mine] = _shares(mesh, patches, one[mine], two[mine], parts)
    return found


def _shares(mesh: Mesh, patches: Patches, one: np.ndarray, two: np.ndarray, parts: int) -> np.ndarray:
    """one: patches, int[n], or points, float[n, 3]; two: patches."""
    numbers = np.arange(parts**2)
    from_patch = one.ndim == 1
    start = _points(patches, one, numbers, parts) if from_patch else np.repeat(one[:, None], len(numbers), axis=1)
    ray = _points(patches, two, np.random.default_rng(parts).permutation(numbers), parts) - start
    square = (ray**2).sum(axis=2)
    cosines = np.ones(square.shape)
    for of, sign in (*([(one, 1.0)] if from_patch else []), (two, -1.0)):
        along = np.take_along_axis(ray, patches.axis[of][:, None, None], axis=2)[..., 0]
        cosines *= np.maximum(along * patches.facing[of][:, None] * sign, 0.0)
    weight = cosines / (square**2 if from_patch else square**1.5)  # the cosines have lengths in them
    passing = _pass(mesh, start.reshape(-1, 3), ray.reshape(-1, 3)).reshape(square.shape)
    total = weight.sum(axis=1)
    return np.where(total > 0.0, (weight * passing).sum(axis=1) / np.where(total > 0.0, total, 1.0), 0.0)


def _points(patches: Patches, of: np.ndarray, number: np.ndarray, parts: int) -> np.ndarray:
    """Midpoints of the parts of patches, float[n, parts^2, 3]."""
    box = patches.box[of]
    share = np.full((len(of), len(number), 3), 0.5)
    for axis in range(3):
        mine = patches.axis[of] == axis
        a, b = (d for d in range(3) if d != axis)
        share[mine, :, a] = (number % parts + 0.5) / parts
        share[mine, :, b] = (number // parts + 0.5) / parts
    return box[:, None, :, 0] + share * (box[:, None, :, 1] - box[:, None, :, 0])


def _pass(mesh: Mesh, start: np.ndarray, ray: np.ndarray) -> np.ndarray:
    """Which rays reach their end without crossing a closed face, bool[n]: by every plane that has one."""
    begin, end = start + OFF * ray, start + (1.0 - OFF) * ray
    passing = np.ones(len(start), bool)
    for d, axis in enumerate(mesh.axes):
        a, b = (other for other in range(3) if other != d)
        layers = np.moveaxis(mesh.closed[d], 2 - d, 0)  # of each plane: [b, a]
        for index in 1 + np.flatnonzero(layers[1:-1].any(axis=(1, 2))):
            plane = axis.faces[index]
            rays = np.flatnonzero(passing & ((begin[:, d] < plane) != (end[:, d] < plane)))
            share = (plane - start[rays, d]) / ray[rays, d]
            at = [
                np.searchsorted(mesh.axes[other].faces, start[rays, other] + share * ray[rays, other], side="right") - 1
                for other in (b, a)
            ]
            for place, other in zip(at, (b, a), strict=True):
                np.clip(place, 0, mesh.axes[other].n - 1, out=place)
            passing[rays[layers[index][at[0], at[1]]]] = False
    return passing
