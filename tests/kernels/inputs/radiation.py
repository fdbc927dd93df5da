"""Inputs of the radiation between surfaces: patches of one and several faces, nodes and given temperatures beyond."""

import numpy as np

from tests.kernels.air import scalars, some_cells, warmth
from tests.kernels.inputs import inputs

PATCHES, FACES, NODES, ENTRIES = 17, 43, 9, 60


def _rows(rng, rows):
    lengths = rng.integers(1, 4, rows)
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return {"start": start, "face": rng.integers(0, FACES, start[-1]).astype(np.int32)}


def _of_faces(rng, *names, low=0.0, high=1.0):
    return {name: rng.uniform(low, high, FACES) for name in names}


@inputs("radiative_emission")
def mixed_patches(rng, extent, real):
    return {
        "count": PATCHES, **_rows(rng, PATCHES), **_of_faces(rng, "face_area", low=0.1),
        "surface": 20.0 * rng.normal(size=FACES), "scalars": scalars(), "emission": np.zeros(PATCHES),
    }  # fmt: skip


@inputs("radiative_irradiation")
def dense_exchange(rng, extent, real):
    return {
        "count": PATCHES, "exchange": rng.uniform(0.0, 0.3, PATCHES**2), "emission": rng.uniform(300, 600, PATCHES),
        "absorbing": rng.uniform(0.5, 2.0, PATCHES), "direct": rng.uniform(0.0, 90.0, PATCHES),
        "patches": PATCHES, "irradiation": np.zeros(PATCHES),
    }  # fmt: skip


@inputs("radiative_surfaces")
def walls_and_racks(rng, extent, real):
    return {
        "count": FACES, "cell": some_cells(rng, extent, FACES),
        "patch": rng.integers(0, PATCHES, FACES).astype(np.int32), **_of_faces(rng, "absorbing", low=0.05),
        **_of_faces(rng, "film", "back", high=3.0), "node": rng.integers(-1, NODES, FACES).astype(np.int32),
        "beyond": 9.0 * rng.normal(size=FACES), "solid_theta": 9.0 * rng.normal(size=NODES),
        "entry": rng.integers(-1, ENTRIES, FACES).astype(np.int32),
        "link_film": rng.uniform(0.1, 3.0, ENTRIES).astype(real),
        "theta": warmth(rng, extent, real), "irradiation": rng.uniform(300, 600, PATCHES), "scalars": scalars(),
        "move": 1, "surface": 20.0 * rng.normal(size=FACES), "heat": np.zeros(FACES),
    }  # fmt: skip


@inputs("radiative_surfaces")
def heat_alone(rng, extent, real):
    return walls_and_racks(rng, extent, real) | {"move": 0}


@inputs("radiative_contacts")
def contacts(rng, extent, real):
    face = rng.permutation(FACES)[:NODES].astype(np.int32)
    return {"count": NODES, "face": face, "heat": 50.0 * rng.normal(size=FACES), "absorbed": np.zeros(NODES)}


@inputs("radiative_links")
def walls_with_a_u_value(rng, extent, real):
    return {
        "count": NODES, "entry": rng.permutation(ENTRIES)[:NODES].astype(np.int32),
        "face": rng.permutation(FACES)[:NODES].astype(np.int32), "beyond": 9.0 * rng.normal(size=NODES),
        "heat": 50.0 * rng.normal(size=FACES), "back": rng.uniform(0.0, 2.0, ENTRIES).astype(real),
        "fixed": (9.0 * rng.normal(size=ENTRIES)).astype(real),
    }  # fmt: skip


@inputs("radiative_rows")
def racks(rng, extent, real):
    return {"count": NODES, **_rows(rng, NODES), "heat": 50.0 * rng.normal(size=FACES), "given": np.zeros(NODES)}
