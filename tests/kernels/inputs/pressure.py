"""Inputs of the pressure kernels: a stretched room with solids, panels and sparse rows."""

import numpy as np

from kernels import GHOST, Extent
from kernels.reference import at
from tests.kernels.inputs import inputs
from tests.kernels.room import INTERIOR, metrics, random_field, room_flags

WIDTHS = ("dx", "dy", "dz")
RECIPROCAL_WIDTHS = ("rdx", "rdy", "rdz")
RECIPROCAL_DISTANCES = ("rdxf", "rdyf", "rdzf")


def choose(found, *names):
    return {name: found[name] for name in names}


def positive_field(rng, extent, real):
    return rng.uniform(0.5, 2.0, extent.shape).astype(real)


def stencil(rng, extent, real):
    return {
        "flags": room_flags(extent),
        **choose(metrics(rng, extent, real), *WIDTHS, *RECIPROCAL_DISTANCES),
        "decay": positive_field(rng, extent, real),
    }


def weights(real):
    return np.array([0.6, 1.7], real)


def regions(rng, extent):
    return {"region": rng.integers(0, 4, extent.shape, np.uint8), "shift": rng.normal(size=4)}


def lengths(rng, extent, real):
    found = stencil(rng, extent, real)
    del found["flags"]
    return found


def correction(rng, extent, real):
    """Lines of a coarse level of 9 x 8 lines, somewhere in a larger array."""
    lines_y, lines_z = 9, 8
    return {
        "lines": rng.normal(size=(lines_z, lines_y, extent.nx + 2 * GHOST + 2)).astype(real),
        "line_y": rng.integers(0, lines_y, extent.ny + 2 * GHOST).astype(np.int32),
        "line_z": rng.integers(0, lines_z, extent.nz + 2 * GHOST).astype(np.int32),
        "lines_y": lines_y,
    }


@inputs("pressure_apply")
def product(rng, extent, real):
    return stencil(rng, extent, real) | {"p": random_field(rng, extent, real), "result": np.zeros(1)}


@inputs("pressure_smooth")
def one_sweep(rng, extent, real):
    fields = {name: random_field(rng, extent, real) for name in "bx"}
    return stencil(rng, extent, real) | correction(rng, extent, real) | fields | {"weights": weights(real), "sweep": 1}


@inputs("pressure_smooth_last")
def last_sweep(rng, extent, real):
    fields = {name: random_field(rng, extent, real) for name in "bx"}
    return stencil(rng, extent, real) | fields | {"weights": weights(real), "result": np.zeros(1)}


@inputs("pressure_residual_lines")
def residual_on_lines(rng, extent, real):
    first = {axis: merged(rng, n) for axis, n in (("y", extent.ny), ("z", extent.nz))}
    lines = extent.nx, len(first["y"]) - 1, len(first["z"]) - 1
    return stencil(rng, extent, real) | {
        "launch_extent": Extent(*lines),
        **{name: random_field(rng, extent, real) for name in "bx"},
        "fine_extent": extent,
        "first_y": first["y"],
        "first_z": first["z"],
    }


@inputs("pressure_start")
def start(rng, extent, real):
    return {
        **stencil(rng, extent, real),
        **choose(metrics(rng, extent, real), *RECIPROCAL_WIDTHS),
        **regions(rng, extent),
        "weights": weights(real),
        "b": random_field(rng, extent, real),
        "result": np.zeros(2),
    }


@inputs("pressure_defect")
def defect(rng, extent, real):
    return stencil(rng, extent, real) | regions(rng, extent) | {
        name: random_field(rng, extent, real) for name in ("b", "phi")
    }  # fmt: skip


@inputs("pressure_restart")
def restart(rng, extent, real):
    return {
        **lengths(rng, extent, real),
        **choose(metrics(rng, extent, real), *RECIPROCAL_WIDTHS),
        "weights": weights(real),
        "r": random_field(rng, extent, real),
        "result": np.zeros(2),
    }


@inputs("region_sums")
def one_region(rng, extent, real):
    return {
        "flags": room_flags(extent),
        **choose(metrics(rng, extent, real), *WIDTHS),
        "region": regions(rng, extent)["region"],
        "x": random_field(rng, extent, real),
        "label": 1,
        "result": np.zeros(2),
    }


@inputs("region_mean")
def mean(rng, extent, real):
    return {
        "sums": rng.normal(size=(3, 2)),
        "volume": rng.uniform(1, 2, 4),
        "shift": rng.normal(size=4),
        "parts": 3,
        "label": 1,
    }


@inputs("region_shift")
def shifted(rng, extent, real):
    found = choose(metrics(rng, extent, real), *WIDTHS) | regions(rng, extent)
    return found | {"flags": room_flags(extent), "x": random_field(rng, extent, real)}


@inputs("cg_start", "cg_restart")
def scalars_only(rng, extent, real):
    return {"scalars": rng.normal(size=4)}


@inputs("cg_beta", "cg_alpha")
def after_a_product(rng, extent, real):
    return {"products": rng.uniform(1, 2, (3, 2)), "scalars": rng.uniform(1, 2, 4), "parts": 3}


@inputs("cg_beta", "cg_alpha")
def after_a_restart_with_nothing_left(rng, extent, real):
    return {"products": np.zeros((2, 2)), "scalars": np.zeros(4), "parts": 2}


@inputs("cg_direction")
def direction(rng, extent, real):
    return {name: random_field(rng, extent, real) for name in "zp"} | {"scalars": rng.normal(size=4)}


@inputs("cg_direction")
def first_direction(rng, extent, real):
    unset = np.full(extent.shape, np.nan, real)
    return {"z": random_field(rng, extent, real), "p": unset, "scalars": np.zeros(4)}


@inputs("cg_update")
def update(rng, extent, real):
    return {
        **lengths(rng, extent, real),
        **choose(metrics(rng, extent, real), *RECIPROCAL_WIDTHS),
        "weights": weights(real),
        **{name: random_field(rng, extent, real) for name in ("p", "q", "phi", "r")},
        "scalars": np.array([1.0, 0.7, 0.3, 2.0]),
        "result": np.zeros(2),
    }


@inputs("cg_update")
def first_update(rng, extent, real):
    found = update(rng, extent, real)
    found["phi"][INTERIOR] = np.nan  # what the solution held before is not read
    return found | {"scalars": np.array([1.0, 0.7, 0.0, 1.0])}


def merged(rng, n):
    """First padded fine index of each coarse cell of one or two cells, and the end."""
    first = [GHOST]
    while first[-1] < n + GHOST:
        first.append(min(first[-1] + int(rng.integers(1, 3)), n + GHOST))
    return np.array(first, np.int32)


@inputs("restrict_sum")
def onto_a_share_of_the_coarse_level(rng, extent, real):
    first = {axis: merged(rng, n) for axis, n in zip("xyz", (extent.nx, extent.ny, extent.nz), strict=True)}
    share = Extent(*(len(first[axis]) - 1 for axis in "xyz"))
    coarse_extent = Extent(share.nx + 3, share.ny + 1, share.nz)
    return {
        "launch_extent": share,
        "fine": random_field(rng, extent, real),
        "coarse": random_field(rng, coarse_extent, real),
        "fine_extent": extent,
        "coarse_extent": coarse_extent,
        **{f"first_{axis}": first[axis] for axis in "xyz"},
        "coarse_i": GHOST + 3,
        "coarse_j": GHOST + 1,
        "coarse_k": GHOST,
    }


@inputs("restrict_lines")
def lines_onto_a_share_of_the_coarse_level(rng, extent, real):
    first_x = merged(rng, extent.nx)
    share = Extent(len(first_x) - 1, 8, 7)
    lines_extent = Extent(extent.nx, 8, 7)
    coarse_extent = Extent(share.nx + 3, share.ny + 1, share.nz)
    return {
        "launch_extent": share,
        "lines": random_field(rng, lines_extent, real),
        "coarse": random_field(rng, coarse_extent, real),
        "lines_extent": lines_extent,
        "coarse_extent": coarse_extent,
        "first_x": first_x,
        "coarse_i": GHOST + 3,
        "coarse_j": GHOST + 1,
        "coarse_k": GHOST,
    }


@inputs("prolong_lines")
def onto_lines(rng, extent, real):
    coarse_extent, lines = Extent(7, 9, 8), (10, 9)
    return {
        "launch_extent": Extent(extent.nx + 2, *lines),
        "coarse": random_field(rng, coarse_extent, real),
        "coarse_extent": coarse_extent,
        "to_x": rng.integers(GHOST, GHOST + 7, extent.nx + 2 * GHOST).astype(np.int32),
        "coarse_y": rng.integers(GHOST, GHOST + 9, lines[0]).astype(np.int32),
        "coarse_z": rng.integers(GHOST, GHOST + 8, lines[1]).astype(np.int32),
    }


@inputs("prolong_add")
def from_the_coarse_level(rng, extent, real):
    coarse_extent = Extent(7, 9, 8)
    sizes = zip("xyz", (extent.nx, extent.ny, extent.nz), (7, 9, 8), strict=True)
    maps = {f"to_{axis}": rng.integers(GHOST, GHOST + m, n + 2 * GHOST).astype(np.int32) for axis, n, m in sizes}
    coarse = random_field(rng, coarse_extent, real)
    return maps | {"coarse": coarse, "x": random_field(rng, extent, real), "coarse_extent": coarse_extent}


def coarse_stencil(rng, extent, real):
    coefficients = {name: positive_field(rng, extent, real) for name in ("cx", "cy", "cz", "decay")}
    for name in ("cx", "cy", "cz"):
        coefficients[name][rng.random(extent.shape) < 0.2] = 0
    return coefficients


@inputs("coarse_inverse_diagonal")
def coarse_diagonal(rng, extent, real):
    found = coarse_stencil(rng, extent, real)
    empty = np.s_[4:8, 4:8, 4:8]
    for name in found:
        found[name][empty] = 0
    return found


@inputs("coarse_residual")
def on_a_coarse_level(rng, extent, real):
    return coarse_stencil(rng, extent, real) | {name: random_field(rng, extent, real) for name in "bx"}


@inputs("coarse_smooth_first")
def two_coarse_sweeps(rng, extent, real):
    return coarse_stencil(rng, extent, real) | {
        "inverse_diagonal": positive_field(rng, extent, real),
        "weights": weights(real),
        "b": random_field(rng, extent, real),
    }


@inputs("coarse_smooth")
def one_coarse_sweep(rng, extent, real):
    return two_coarse_sweeps(rng, extent, real) | {"x": random_field(rng, extent, real), "sweep": 0}


@inputs("coarse_tail")
def three_small_levels(rng, extent, real):
    """Levels that merge two by two, y periodic; what the kernel reads before it writes it is nowhere unset."""
    shapes = [(11, 6, 7), (6, 3, 4), (3, 2, 2)]
    numbers, maps, fields, begin, first_map = [], [], [], 0, 0
    for number, (nx, ny, nz) in enumerate(shapes):
        own = Extent(nx, ny, nz)
        coefficients = [np.zeros(own.shape) for _ in range(3)]
        for dimension, coefficient in zip((2, 1, 0), coefficients, strict=True):
            coefficient[INTERIOR] = rng.uniform(0.5, 2.0, (nz, ny, nx))
            line = np.moveaxis(coefficient, dimension, 0)
            if dimension == 1:
                line[GHOST + ny] = line[GHOST]
            else:
                line[GHOST] = 0.0  # closed ends
        decay = np.zeros(own.shape)
        decay[INTERIOR] = rng.uniform(0.0, 0.5, (nz, ny, nx))
        inverse = np.zeros(own.shape)
        total = sum(at(c) + at(c, **{axis: 1}) for c, axis in zip(coefficients, "ijk", strict=True))
        inverse[INTERIOR] = 1.0 / (total + at(decay))
        inverse[:, 1], inverse[:, -2] = inverse[:, -3], inverse[:, 2]
        b = np.zeros(own.shape)
        b[INTERIOR] = rng.normal(size=(nz, ny, nx)) if number == 0 else 0.0
        level = [*coefficients, decay, inverse, b, np.zeros(own.shape), np.zeros(own.shape)]
        size = int(np.prod(own.shape)) + 3
        numbers.append((nx, ny, nz, begin, size, 2 if number else 1, 2, first_map))
        for field in level:
            fields.append(np.concatenate([field.ravel(), np.zeros(3)]))
        begin += 8 * size
        if number + 1 < len(shapes):
            first = [np.minimum(2 * np.arange(m + 1), n) for n, m in zip((nx, ny, nz), shapes[number + 1], strict=True)]
            to = [np.pad(np.arange(n) // 2, GHOST, mode="edge") for n in (nx, ny, nz)]
            maps += [piece + GHOST for piece in (*first, *to)]
            first_map = sum(map(len, maps))
    return {
        "launch_extent": Extent(1, 1, 1),
        "levels": np.array(numbers, np.int32),
        "maps": np.concatenate(maps).astype(np.int32),
        "weights": np.array([0.6, 1.7, 0.5, 0.7, 1.1, 2.0], real),
        "store": np.concatenate(fields).astype(real),
        "level_count": len(shapes),
    }


def interior_indices(rng, extent, count):
    """Flat padded indices of `count` different interior cells."""
    inside = np.arange(np.prod(extent.shape), dtype=np.int32).reshape(extent.shape)[2:-2, 2:-2, 2:-2].ravel()
    return np.sort(rng.choice(inside, count, replace=False))


def row_pointers(rng, extent, count=60):
    first = np.concatenate([[0], np.cumsum(rng.integers(1, 4, count))]).astype(np.int32)
    return {"count": count, "cell": interior_indices(rng, extent, count), "first": first}


def rows(rng, extent, real):
    """Entries to neighbours, to the outside and to cells anywhere."""
    pointers = row_pointers(rng, extent)
    entries = pointers["first"][-1]
    own = np.repeat(pointers["cell"], np.diff(pointers["first"]))
    other = own + rng.choice([1, -1, extent.sy, -extent.sy, extent.sz, -extent.sz], entries)
    anywhere, outside = rng.random(entries) < 0.2, rng.random(entries) < 0.3
    other[anywhere] = rng.integers(0, np.prod(extent.shape), np.count_nonzero(anywhere))
    other[outside] = -1
    return pointers | {"other": other.astype(np.int32), "coefficient": rng.normal(size=entries).astype(real)}


def summed_rows(rng, extent, real):
    found = rows(rng, extent, real)
    count, found["first_entry"] = found.pop("count"), found.pop("first")
    launch = Extent(16, -(-count // 16), 1)
    return found | {"launch_extent": launch, "row_count": count, "fine_extent": extent, "result": np.zeros(1)}


@inputs("rows_add")
def added_rows(rng, extent, real):
    return rows(rng, extent, real) | {name: random_field(rng, extent, real) for name in "xy"} | {"sign": -1}


@inputs("rows_dot")
def product_of_rows(rng, extent, real):
    return summed_rows(rng, extent, real) | {"p": random_field(rng, extent, real)}


@inputs("rows_deduct")
def deducted_rows(rng, extent, real):
    found = rows(rng, extent, real) | {name: random_field(rng, extent, real) for name in "xb"}
    return found | {"aside": np.zeros(found["count"], real)}


@inputs("rows_restore")
def restored_rows(rng, extent, real):
    found = choose(rows(rng, extent, real), "count", "cell")
    return found | {"aside": rng.normal(size=found["count"]).astype(real), "b": random_field(rng, extent, real)}


@inputs("rows_smooth")
def rows_in_one_sweep(rng, extent, real):
    return {
        **rows(rng, extent, real),
        **lengths(rng, extent, real),
        **correction(rng, extent, real),
        "weights": weights(real),
        **{name: random_field(rng, extent, real) for name in "xy"},
        "sweep": 1,
    }


@inputs("rows_smooth_dot")
def rows_in_the_last_sweep(rng, extent, real):
    return {
        **summed_rows(rng, extent, real),
        **lengths(rng, extent, real),
        "weights": weights(real),
        **{name: random_field(rng, extent, real) for name in "bx"},
    }


@inputs("gather_list")
def behind_another_part(rng, extent, real):
    part, all_parts = (rng.normal(size=size).astype(real) for size in (40, 100))
    return {"count": 40, "part": part, "all": all_parts, "offset": 37}


def coarse_rows(rng, extent, real):
    pointers = row_pointers(rng, extent)
    pointers["place"] = pointers.pop("cell")
    entries = pointers["first"][-1]
    conductance = rng.uniform(1, 2, entries)
    held = np.where(rng.random(entries) < 0.5, conductance, 0)
    coefficient = rng.uniform(0.0, 1.0, 300)
    entry = rng.integers(0, 300, entries).astype(np.int32)
    # An open face conducts less than its air path alone: its coefficient is the negative difference.
    coefficient[entry[held > 0]] *= -1
    chosen = np.where((held > 0) == (coefficient[entry] < 0), entry, 0)
    return pointers | {
        "entry": chosen.astype(np.int32),
        "coefficient": coefficient.astype(real),
        "conductance": conductance.astype(real),
        "held": held.astype(real),
        "ratio": rng.uniform(1, 4, entries).astype(real),
    }


@inputs("coarse_face_rows")
def faces_with_rows(rng, extent, real):
    found = coarse_rows(rng, extent, real)
    base = rng.uniform(1, 2, found["count"]).astype(real)
    return found | {"base": base, "target": random_field(rng, extent, real)}


@inputs("coarse_decay_rows")
def cells_with_openings(rng, extent, real):
    return coarse_rows(rng, extent, real) | {"decay": positive_field(rng, extent, real)}
