"""Sparse lists of a part, assembled on the host from the mesh: ports, openings, resisting faces, heat, moving walls.

Every list has one row per receiving cell or face (CSR), so that a kernel writes each place once and adds in a fixed
order. Indices are element numbers in the padded arrays of the part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np

from thermo.flow.part import FREE, OPEN, Part, of_walls, padded_widths
from thermo.mesh.mesh import Mesh
from thermo.mesh.patch import FacePatch


@dataclass(frozen=True)
class Rows:
    """A CSR list: `receiver[n]` gets the entries start[n]...start[n+1]; `order` sorts the entries given into them."""

    receiver: np.ndarray
    start: np.ndarray
    order: np.ndarray

    @property
    def count(self) -> int:
        return len(self.receiver)


def group(receivers: np.ndarray) -> Rows:
    """Rows for entries with the given receivers (any order; entries of a row keep theirs)."""
    order = np.argsort(receivers, kind="stable")
    receiver, first = np.unique(receivers[order], return_index=True)
    start = np.append(first, len(receivers)).astype(np.int32)
    return Rows(receiver.astype(np.int64), start, order)


def face_areas(mesh: Mesh, axis: int, index: np.ndarray) -> np.ndarray:
    """Area of mesh faces, m2."""
    first, second = [d for d in range(3) if d != axis]
    return mesh.axes[first].widths[index[:, 2 - first]] * mesh.axes[second].widths[index[:, 2 - second]]


def shares(patch: FacePatch, weights: np.ndarray | None = None) -> np.ndarray:
    """Share of each face of a patch in its flow: by area, or as given; sums to 1."""
    return patch.area / patch.area.sum() if weights is None else np.asarray(weights, float) / np.sum(weights)


def _concatenated(columns: Iterable[tuple[np.ndarray, ...]], width: int) -> list[np.ndarray]:
    rows = list(columns)
    if not rows:
        return [np.empty((0, 3), np.int64)] + [np.empty(0)] * (width - 1)
    return [np.concatenate(column) for column in zip(*rows, strict=True)]


def port_faces(mesh: Mesh, part: Part) -> dict[str, np.ndarray]:
    """Faces of all ports that the part stores (ghosts included), with the signed weight of each instance's flow."""
    entries = []
    for number, exchange in enumerate(mesh.exchanges):
        for patch, sign, weights in ((exchange.intake, -1, None), (exchange.discharge, 1, exchange.weights)):
            if patch is None:
                continue
            n = len(patch.index)
            weight = sign * patch.inward * shares(patch, weights) / face_areas(mesh, patch.axis, patch.index)
            given = np.full(n, int(sign > 0))
            entries.append((patch.index, patch.cells, np.full(n, patch.axis), np.full(n, number), weight, given))
    index, cells, axis, instance, weight, discharging = _concatenated(entries, 6)
    local, inside = part.local(index), part.local(cells.reshape(-1, 3))
    kept = part.holds(local, 2) & part.holds(inside, 2)
    face, cell, axis = part.flat(local)[kept], part.flat(inside)[kept], axis[kept].astype(np.int64)
    rows = group(face * 3 + axis)
    first = rows.order[rows.start[:-1]]
    return {
        "axis": axis[first].astype(np.int32), "face": face[first], "cell": cell[first], "start": rows.start,
        "instance": instance[kept][rows.order].astype(np.int32), "weight": weight[kept][rows.order],
        "discharging": discharging[kept][rows.order].astype(np.int32),
    }  # fmt: skip


def intakes(mesh: Mesh, part: Part) -> dict[str, np.ndarray]:
    """Per instance: the cells of this part that its intake draws from, and their shares."""
    start, cells, weights = [0], [np.empty(0, np.int64)], [np.empty(0)]
    for exchange in mesh.exchanges:
        if exchange.intake is not None:
            local = part.local(exchange.intake.cells)
            kept = part.holds(local)
            cells.append(part.flat(local)[kept])
            weights.append(shares(exchange.intake)[kept])
        start.append(sum(len(c) for c in cells))
    return {"start": np.array(start, np.int32), "cell": np.concatenate(cells), "share": np.concatenate(weights)}


def discharges(mesh: Mesh, part: Part) -> dict[str, np.ndarray]:
    """Per receiving cell: the instances that discharge into it, and their shares."""
    entries = []
    for number, exchange in enumerate(mesh.exchanges):
        if exchange.discharge is not None:
            patch = exchange.discharge
            entries.append((patch.cells, np.full(len(patch.index), number), shares(patch, exchange.weights)))
    cells, instance, share = _concatenated(entries, 3)
    local = part.local(cells)
    kept = part.holds(local)
    rows = group(part.flat(local)[kept])
    return {
        "cell": rows.receiver, "start": rows.start, "instance": instance[kept][rows.order].astype(np.int32),
        "share": share[kept][rows.order], "reciprocal_volume": 1.0 / part.volumes(rows.receiver),
    }  # fmt: skip


def operator_faces(mesh: Mesh) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Resisting faces with their axis, and the cells at openings with theirs: in the numbering of both lists below."""
    inner = [(r.patch.index, np.full(len(r.patch.index), r.patch.axis)) for r in mesh.resistances]
    outer = [(o.patch.cells, np.full(len(o.patch.index), o.patch.axis)) for o in mesh.openings]
    return (*_concatenated(inner, 2), *_concatenated(outer, 2))


def openings(mesh: Mesh, part: Part, density_at: Callable[[float], float]) -> dict[str, np.ndarray]:
    """Faces of pressure openings whose cell is in the part. density_at(kelvin): of outside air, kg/m3."""
    columns: dict[str, list] = {name: [] for name in (
        "axis", "face", "cell", "outward", "loss_out", "loss_in", "outside_density", "outside_pressure", "distance",
        "area", "outside", "opening", "number", "object",
    )}  # fmt: skip
    counted = sum(len(resistance.patch.index) for resistance in mesh.resistances)
    for number, opening in enumerate(mesh.openings):
        patch = opening.patch
        numbers = counted + np.arange(len(patch.index))
        counted += len(patch.index)
        local = part.local(patch.cells)
        kept = part.holds(local)
        n = int(kept.sum())
        ends = mesh.axes[patch.axis].centre_distances[patch.index[kept][:, 2 - patch.axis]]
        values = {
            "axis": np.full(n, patch.axis), "face": part.flat(part.local(patch.index))[kept],
            "cell": part.flat(local)[kept], "outward": np.full(n, -patch.inward),
            "loss_out": np.full(n, 1.0 + opening.loss_out),
            "loss_in": np.full(n, 1.0 + opening.loss_in),
            "outside_density": np.full(n, density_at(opening.temperature)),
            "outside_pressure": np.full(n, opening.pressure), "distance": ends,
            "area": face_areas(mesh, patch.axis, patch.index[kept]), "outside": np.full(n, opening.temperature),
            "opening": np.full(n, number), "number": numbers[kept], "object": np.full(n, number),
        }  # fmt: skip
        for name, column in values.items():
            columns[name].append(column)
    integers = dict.fromkeys(("axis", "opening", "number", "object"), np.int32)
    integers |= dict.fromkeys(("face", "cell"), np.int64)
    return {
        name: np.concatenate(column).astype(integers.get(name, np.float64)) if column
        else np.empty(0, integers.get(name, np.float64))
        for name, column in columns.items()
    }  # fmt: skip


def resistances(mesh: Mesh, part: Part) -> dict[str, np.ndarray]:
    """Resisting faces that touch a cell of the part; losses are for the velocity on the whole mesh face."""
    names = ("axis", "face", "stride", "forward", "backward", "linear", "distance", "area", "number", "object")
    columns: dict[str, list] = {name: [] for name in names}
    counted = 0
    for place, resistance in enumerate(mesh.resistances):
        patch = resistance.patch
        numbers = counted + np.arange(len(patch.index))
        counted += len(patch.index)
        along = patch.index[:, 2 - patch.axis]
        if mesh.axes[patch.axis].periodic and np.any((along == 0) | (along == mesh.axes[patch.axis].n)):
            raise ValueError(f"{resistance.name}: a resistance cannot lie on a periodic boundary")
        high = part.local(patch.index)
        low = high.copy()
        low[:, 2 - patch.axis] -= 1
        kept = part.holds(low) | part.holds(high)
        area = face_areas(mesh, patch.axis, patch.index)[kept]
        ratio = area / patch.area[kept]  # the element may cover only part of the face: the air is faster in it
        n = int(kept.sum())
        values = (
            np.full(n, patch.axis), part.flat(high)[kept], np.full(n, part.stride(patch.axis)),
            resistance.loss_forward * ratio**2, resistance.loss_backward * ratio**2, resistance.linear * ratio,
            mesh.axes[patch.axis].centre_distances[along[kept]], area, numbers[kept], np.full(n, place),
        )  # fmt: skip
        for name, value in zip(names, values, strict=True):
            columns[name].append(value)
    integers = {"axis": np.int32, "face": np.int64, "stride": np.int64, "number": np.int32, "object": np.int32}
    return {
        name: np.concatenate(column).astype(integers.get(name, np.float64)) if column
        else np.empty(0, integers.get(name, np.float64))
        for name, column in columns.items()
    }  # fmt: skip


def entries_of_faces(entry_faces: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last of the one or two operator entries of each face, int32; equal where a part has only one.

    entry_faces: the face number of every entry, as in `SparseRows.face`.
    """
    order = np.argsort(entry_faces, kind="stable")
    numbers = entry_faces[order]
    first = order[np.searchsorted(numbers, faces, "left")] if len(faces) else np.empty(0)
    last = order[np.searchsorted(numbers, faces, "right") - 1] if len(faces) else np.empty(0)
    return first.astype(np.int32), last.astype(np.int32)


def opening_cells(part: Part, opening: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The faces of `openings` by receiving cell, for the heat that outside air brings in."""
    rows = group(opening["cell"])
    return {
        "cell": rows.receiver, "start": rows.start, "axis": opening["axis"][rows.order],
        "face": opening["face"][rows.order],
        "inward_area": (-opening["outward"] * opening["area"])[rows.order], "outside": opening["outside"][rows.order],
        "reciprocal_volume": 1.0 / part.volumes(rows.receiver),
    }  # fmt: skip


def opening_sides(mesh: Mesh, part: Part, opening: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What rubs on the half cell at each face of `openings` across the flow, as rows of `opening_friction`.

    One entry per side of the half cell: the face in the same plane where the air goes on there (`beside`, else -1), or
    a wall with shear: `cell`, `normal` and `side` (0 low, 1 high) say where it is, `given` is its speed along the flow,
    m/s. share: 1 over the width of the cell, reciprocal_distance: of what rubs from the face's centre, both 1/m.
    wall: its number in the wall layer, -1 where there is none.
    """
    marks = part.marks.ravel().astype(np.int32)
    widths = [padded_widths(mesh, part, d) for d in range(3)]
    columns: dict[str, list] = {name: [] for name in (
        "row", "beside", "share", "reciprocal_distance", "given", "cell", "normal", "side",
    )}  # fmt: skip
    speeds = [wall.velocity for wall in mesh.walls]
    still = not np.any(speeds)
    for axis in range(3):
        row = np.flatnonzero(opening["axis"] == axis)
        face, cell = opening["face"][row], opening["cell"][row]
        place = np.unravel_index(cell, part.marks.shape)
        for normal, side in product((d for d in range(3) if d != axis and len(row)), (0, 1)):
            step = part.stride(normal)
            here = place[2 - normal]
            bits = marks[cell + side * step] & (OPEN[normal] | FREE[normal])
            goes_on, wall = (bits & OPEN[normal]) != 0, bits == 0
            width, beyond = widths[normal][here], widths[normal][here + 2 * side - 1]
            values = {
                "row": row, "beside": np.where(goes_on, face + (2 * side - 1) * step, -1), "share": 1.0 / width,
                "reciprocal_distance": 2.0 / np.where(wall, width, width + beyond),
                "given": np.zeros(len(row)) if still else of_walls(mesh, part, normal, side, speeds)[cell, axis],
                "cell": cell,
                "normal": np.full(len(row), normal), "side": np.full(len(row), side),
            }  # fmt: skip
            for name, column in values.items():
                columns[name].append(column[goes_on | wall])
    integers = dict.fromkeys(("row", "beside", "cell", "normal", "side"), np.int64)
    found = {
        name: np.concatenate([np.empty(0), *column]).astype(integers.get(name, np.float64))
        for name, column in columns.items()
    }
    order = np.argsort(found["row"], kind="stable")
    counts = np.bincount(found.pop("row"), minlength=len(opening["face"]))
    found = {name: column[order] for name, column in found.items()}
    start = np.append(0, np.cumsum(counts)).astype(np.int32)
    return {"start": start, "wall": np.full(len(order), -1, np.int32), **found}


def moving_walls(mesh: Mesh, part: Part) -> dict[str, np.ndarray]:
    """Velocity faces beside moving walls, with the drag coefficient of each wall face (see the kernel `wall_drag`)."""
    faces, axes, cells, drags = [], [], [], []
    for wall in mesh.walls:
        normal = wall.patch.axis
        for along in (d for d in range(3) if d != normal and wall.velocity[d] != 0.0):
            inside = wall.patch.cells
            width = mesh.axes[along].widths[inside[:, 2 - along]]
            reciprocal = 1.0 / mesh.axes[normal].widths[inside[:, 2 - normal]]
            for end in (0, 1):
                face = inside.copy()
                face[:, 2 - along] += end
                share = 0.5 * width / mesh.axes[along].centre_distances[face[:, 2 - along]]
                open_face = ~mesh.closed[along][tuple(face.T)]
                if mesh.axes[along].periodic:  # the last face is the first one's image
                    face[:, 2 - along] %= mesh.axes[along].n
                local = part.local(face)
                kept = part.holds(local) & open_face
                faces.append(part.flat(local)[kept])
                axes.append(np.full(int(kept.sum()), along))
                cells.append(part.flat(part.local(inside))[kept])
                drags.append((share * 2.0 * reciprocal**2 * wall.velocity[along])[kept])
    face, axis, cell, drag = (
        np.concatenate(column) if column else np.empty(0, np.int64) for column in (faces, axes, cells, drags)
    )
    rows = group(face * 3 + axis)
    first = rows.order[rows.start[:-1]]
    return {
        "axis": axis[first].astype(np.int32), "face": face[first].astype(np.int64), "start": rows.start,
        "cell": cell[rows.order].astype(np.int64), "drag": drag[rows.order].astype(np.float64),
    }  # fmt: skip


def forced_faces(mesh: Mesh, part: Part) -> dict[str, np.ndarray]:
    """Open faces on which momentum sources act, with the force on each, N/m3 of its momentum volume.

    Every cell gives its share of a source to its two faces along the force, half to each. What closed faces would get
    goes to the open ones of the source in proportion, so that the force on the air is the given one.
    """
    face, axes, force = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    for source in mesh.momentum_sources:
        for axis in (d for d in range(3) if source.force[d] != 0.0):
            column, line = 2 - axis, mesh.axes[axis]
            index = np.repeat(source.cells.astype(np.int64), 2, axis=0)
            index[1::2, column] += 1
            half = 0.5 * np.repeat(source.share, 2)
            open_face = ~mesh.closed[axis][tuple(index.T)]
            index, half = index[open_face], half[open_face]
            if line.periodic:  # the last face is the first one's image
                index[:, column] %= line.n
            volume = face_areas(mesh, axis, index) * line.centre_distances[index[:, column]]
            local = part.local(index)
            kept = part.holds(local)
            face.append(part.flat(local)[kept])
            axes.append(np.full(int(kept.sum()), axis))
            force.append((source.force[axis] * half / half.sum() / volume)[kept])
    receivers = np.concatenate(face) * 3 + np.concatenate(axes)
    places, row = np.unique(receivers, return_inverse=True)
    return {
        "axis": (places % 3).astype(np.int32), "face": places // 3,
        "force": np.bincount(row, np.concatenate(force), len(places)),
    }  # fmt: skip
