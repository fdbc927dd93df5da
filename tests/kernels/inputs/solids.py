"""Inputs of the network of solids: nodes with no, one and several edges, fixed links and contacts."""

import numpy as np

from tests.kernels.air import row_starts, scalars, some_cells, warmth
from tests.kernels.inputs import inputs

NODES = 37
CONTACTS = 23
ENTRIES = 60  # of the heat rows of the air
WALLS = 3


def _rows(rng, name, values):
    start = row_starts(rng, NODES)
    return {f"{name}_start": start} | {key: make(start[-1]) for key, make in values.items()}


def _edges(rng):
    return _rows(rng, "edge", {
        "edge_node": lambda n: rng.integers(0, NODES, n).astype(np.int32),
        "edge_conductance": lambda n: rng.uniform(0.2, 3.0, n),
    })  # fmt: skip


def _fixed(rng):
    return _rows(rng, "fixed", {
        "conductance": lambda n: rng.uniform(0.2, 3.0, n), "fixed": lambda n: 9.0 * rng.normal(size=n),
    })  # fmt: skip


def _numbers(rng, *names, count=NODES):
    return {name: 8.0 * rng.normal(size=count) for name in names}


def _entries(rng, count=CONTACTS):
    return rng.permutation(ENTRIES)[:count].astype(np.int32)


STEP = np.array([7.3, 1.0, 1.31, 1.17])


@inputs("contact_heat")
def contacts(rng, extent, real):
    return {
        "count": CONTACTS, "cell": some_cells(rng, extent, CONTACTS), "entry": _entries(rng),
        "conductance": rng.uniform(0.2, 3.0, ENTRIES).astype(real),
        "fixed": (9.0 * rng.normal(size=ENTRIES)).astype(real), "theta": warmth(rng, extent, real),
        "scalars": scalars(), **_numbers(rng, "exchanged", count=CONTACTS),
    }  # fmt: skip


@inputs("outer_surfaces")
def roofs_and_walls(rng, extent, real):
    weather = np.array([[9.0, 12.0, -11.0, 0.9, 0.0, 540.0], [-7.0, 21.0, -19.0, 0.45, 0.45, 0.0],
                        [-5.0, 1e30, 0.0, 0.0, 0.0, 0.0]])  # fmt: skip
    return {
        "count": CONTACTS, "node": rng.integers(0, NODES, CONTACTS).astype(np.int32),
        "wall": rng.integers(0, WALLS, CONTACTS).astype(np.int32), "area": rng.uniform(0.01, 0.4, CONTACTS),
        "resistance": rng.uniform(0.01, 4.0, CONTACTS), "weather": weather.ravel(), "scalars": scalars(),
        **_numbers(rng, "solid_theta"), **_numbers(rng, "surface", "conductance", "fixed", count=CONTACTS),
    }  # fmt: skip


@inputs("solid_rates")
def nodes_of_all_kinds(rng, extent, real):
    contact = _rows(rng, "contact", {"contact": lambda n: rng.integers(0, CONTACTS, n).astype(np.int32)})
    return {
        "count": NODES, "capacity": rng.uniform(40.0, 900.0, NODES), **_edges(rng), **_fixed(rng), **contact,
        **_numbers(rng, "source", "solid_theta", "rate", "diagonal", "first", "second"),
        **_numbers(rng, "exchanged", "absorbed", count=CONTACTS), "step": STEP,
    }  # fmt: skip


@inputs("solid_sweep")
def a_later_sweep(rng, extent, real):
    return {
        "count": NODES, "diagonal": rng.uniform(9.0, 40.0, NODES), **_edges(rng),
        **_numbers(rng, "rate", "current", "next"), "step": STEP, "sweep": 2,
    }  # fmt: skip


@inputs("solid_step")
def converged(rng, extent, real):
    fixed = _fixed(rng)
    return {
        "count": NODES, "capacity": rng.uniform(40.0, 900.0, NODES), **_edges(rng), **fixed,
        **_numbers(rng, "rate", "increment", "solid_theta"), "step": STEP,
        **_numbers(rng, "given", count=len(fixed["fixed"])),
    }  # fmt: skip


@inputs("solid_surfaces")
def irradiated(rng, extent, real):
    return {
        "count": CONTACTS, "node": rng.integers(0, NODES, CONTACTS).astype(np.int32), "entry": _entries(rng),
        "back": rng.uniform(0.01, 2.0, ENTRIES).astype(real), "fixed": (9.0 * rng.normal(size=ENTRIES)).astype(real),
        **_numbers(rng, "absorbed", "exchanged", count=CONTACTS), **_numbers(rng, "solid_theta"),
    }  # fmt: skip


@inputs("solid_cells")
def cells_of_blocks(rng, extent, real):
    return {
        "count": CONTACTS, "cell": some_cells(rng, extent, CONTACTS),
        "node": rng.integers(0, NODES, CONTACTS).astype(np.int32), **_numbers(rng, "solid_theta"),
        "theta": warmth(rng, extent, real),
    }  # fmt: skip
