"""The preconditioner of the pressure solver: one multigrid V-cycle, as a list of nodes.

The finest level is distributed over the parts and works on flags and metrics; every coarse level is held once. Two
Chebyshev-Jacobi sweeps before and after the coarse correction (four on small levels) use the same polynomial, so that
the cycle is symmetric and conjugate gradients may use it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from kernels import GHOST, Backend, Extent, Node
from thermo.flow.exchange import exchange_nodes, extent_of
from thermo.flow.metrics import part_metrics
from thermo.flow.pressure.hierarchy import CoarseLevel, CoarseRows, build_levels
from thermo.flow.pressure.lines import Lines
from thermo.flow.pressure.rows import Entries, SparseRows
from thermo.flow.pressure.tail import FIELDS, Tail, holders, most_cells
from thermo.mesh.subdomain import Decomposition

# Part of the spectrum of the diagonally scaled operator that a pair of sweeps smooths. 2 bounds it (Gershgorin: the
# diagonal is the sum of the coefficients); what lies below the lower end is left to the coarse levels. 0.3 and 0.5 cost
# one iteration more in the rack room; 1.8 as the upper end gains there, and costs 5 iterations at aspect ratio 10.
SMOOTHED = (0.4, 2.0)

# Levels with at most this share of the finest cells make two pairs of sweeps, whose polynomial of degree 4 smooths more
# of the spectrum: it costs little there, and the rack room needs 3 iterations instead of 4. Twice the polynomial of one
# pair is as dear, and 1.4 times less accurate after 3 iterations.
CHEAP_SHARE = 0.2
SMOOTHED_TWICE = (0.2, 2.0)

SUMMED_TOGETHER = 64  # sparse rows that one thread, or one warp, sums up before the sums are combined


def chebyshev_weights(degree: int, smoothed: tuple[float, float]) -> list[float]:
    """Jacobi weights of sweeps whose product is the Chebyshev polynomial of the degree on a part of the spectrum.

    The reciprocals of its roots (Saad, Iterative Methods for Sparse Linear Systems, 12.3.2).
    """
    centre, half = 0.5 * (smoothed[1] + smoothed[0]), 0.5 * (smoothed[1] - smoothed[0])
    return [1.0 / (centre + half * np.cos(np.pi * (2 * n + 1) / (2 * degree))) for n in range(degree)]


@dataclass(frozen=True)
class FinePart:
    """Arrays of one part on the finest level."""

    extent: Extent
    flags: Any
    metrics: dict[str, Any]
    decay: Any  # 1 per cell, volume-weighted like the coefficients: m; one element where the operator has none
    rows: dict[str, Any] | None  # arguments of the rows_* kernels
    aside: Any | None  # one value per row

    @property
    def lengths(self) -> dict[str, Any]:
        """What the length of a sweep follows from."""
        names = ("dx", "dy", "dz", "rdxf", "rdyf", "rdzf")
        return {"decay": self.decay, **{name: self.metrics[name] for name in names}}

    @property
    def stencil(self) -> dict[str, Any]:
        """Arguments that every kernel with the operator takes."""
        return {"flags": self.flags, **self.lengths}

    @property
    def switches(self) -> dict[str, int]:
        """Compile-time switches of the operator."""
        return {"DECAY": int(self.decay.size > 1)}

    def summed_rows(self) -> tuple[Extent, dict[str, Any]]:
        """Launch extent and arguments of a kernel that sums over the rows."""
        count = self.rows["count"]
        lists = {name: self.rows[name] for name in ("cell", "other", "coefficient")}
        launch = Extent(SUMMED_TOGETHER, -(-count // SUMMED_TOGETHER), 1)
        return launch, {**lists, "first_entry": self.rows["first"], "row_count": count, "fine_extent": self.extent}


class CoarseArrays:
    """A coarse level on the device."""

    def __init__(self, backend: Backend, level: CoarseLevel, fields: Sequence[Any] | None) -> None:
        """``fields`` are the arrays of a level of the tail; None allocates them."""
        self.host = level
        self.decomposition = Decomposition.split(level.axes)
        self.extent = extent_of(self.decomposition.parts[0])
        shape = self.extent.shape
        fields = [backend.zeros(shape) for _ in range(FIELDS)] if fields is None else fields
        *self.coefficients, self.decay, self.inverse_diagonal, self.b, self.x, self.work = fields
        self._base = []
        for values, rows, stored in zip(level.coefficients, level.face_rows, self.coefficients, strict=True):
            padded = np.zeros(shape)
            padded[tuple(slice(GHOST, GHOST + n) for n in values.shape)] = values
            backend.upload(stored, padded)
            self._base.append(backend.array(padded.reshape(-1)[rows.place], backend.real))

    def stencil(self) -> dict[str, Any]:
        """Arguments that every kernel of a coarse level takes."""
        return dict(zip(("cx", "cy", "cz"), self.coefficients, strict=True)) | {"decay": self.decay}

    def row_nodes(self, backend: Backend, coefficient: Any, decays: bool) -> list[Node]:
        """Nodes that form the coefficients and the decay anew from the coefficients of the sparse rows."""
        nodes = []
        for target, base, rows in zip(self.coefficients, self._base, self.host.face_rows, strict=True):
            if len(rows.place):
                arguments = _coarse_row_arguments(backend, rows, coefficient)
                nodes.append(backend.bind("coarse_face_rows", self.extent, **arguments, base=base, target=target))
        if len(self.host.cell_rows.place):
            arguments = _coarse_row_arguments(backend, self.host.cell_rows, coefficient)
            switches = {"DECAY": int(decays)}
            nodes.append(backend.bind("coarse_decay_rows", self.extent, switches, **arguments, decay=self.decay))
        return nodes


def _coarse_row_arguments(backend: Backend, rows: CoarseRows, coefficient: Any) -> dict[str, Any]:
    lists = {name: backend.array(getattr(rows, name)) for name in ("place", "first", "entry")}
    factors = {name: backend.array(getattr(rows, name), backend.real) for name in ("conductance", "held", "ratio")}
    return {"count": len(rows.place), "coefficient": coefficient, **lists, **factors}


class Multigrid:
    """Levels and transfer maps of the grid.

    ``update_nodes`` bring all levels up to date after the coefficients of the rows or the decay have changed, and have
    to run once at the start; ``cycle_nodes`` apply the preconditioner.
    """

    def __init__(
        self,
        backend: Backend,
        decomposition: Decomposition,
        flags: Sequence[Any],
        rows: Sequence[SparseRows] | None,
        decay: Sequence[Any] | None,
    ) -> None:
        self._backend = backend
        self._decomposition = decomposition
        weights = chebyshev_weights(2, SMOOTHED)
        self.weights = backend.array(weights, backend.real)
        # Those of one pair of sweeps, then those of two.
        self._coarse_weights = backend.array(weights + chebyshev_weights(4, SMOOTHED_TWICE), backend.real)
        # Parts without rows, as most are, do without the lists.
        self._rows = rows if rows is not None and any(len(own.cell) for own in rows) else None
        nothing = backend.zeros(1)
        self.fine = []
        for number, part in enumerate(decomposition.parts):
            metrics = part_metrics(backend, decomposition, part)
            for axis, name in zip(decomposition.axes, "xyz", strict=True):
                if axis.periodic and axis.n == 1:  # the faces of a cell that is its own neighbour connect nothing
                    metrics[f"rd{name}f"] = backend.zeros(metrics[f"rd{name}f"].shape)
            own_rows = rows[number] if rows is not None and len(rows[number].cell) else None
            self.fine.append(
                FinePart(
                    extent=extent_of(part),
                    flags=flags[number],
                    metrics=metrics,
                    decay=nothing if decay is None else decay[number],
                    rows=None if own_rows is None else _row_arguments(backend, own_rows),
                    aside=None if own_rows is None else backend.zeros(len(own_rows.cell)),
                )
            )
        host_flags = decomposition.gather([backend.to_host(array) for array in flags])
        entries = None if self._rows is None else Entries.collect(decomposition, self._rows)
        levels = build_levels(decomposition.axes, host_flags, [cut[1:-1] for cut in decomposition.cuts], entries)
        cells = [int(np.prod([axis.n for axis in level.axes])) for level in levels]
        # Pairs of sweeps on each side of a level.
        self._pairs = [2 if size <= CHEAP_SHARE * np.prod(decomposition.shape) else 1 for size in cells]
        self._tail_begin = sum(size > most_cells(backend) for size in cells[:-1])  # the last level always belongs to it
        in_tail = slice(self._tail_begin, None)
        self._tail = Tail(backend, levels[in_tail], self._pairs[in_tail])
        self.coarse = [
            CoarseArrays(backend, level, self._tail.fields(n - self._tail_begin) if n >= self._tail_begin else None)
            for n, level in enumerate(levels)
        ]
        self._lines = [
            Lines(backend, decomposition, part, own.extent, level)
            for level in levels[:1]
            for part, own in zip(decomposition.parts, self.fine, strict=True)
        ]
        self._no_correction = {
            "lines": nothing,
            "line_y": backend.zeros(1, np.int32),
            "line_z": backend.zeros(1, np.int32),
            "lines_y": 1,
        }

    @property
    def cells(self) -> list[int]:
        """Number of cells of every level, the finest first."""
        return [sum(part.extent.cells for part in self.fine), *(level.extent.cells for level in self.coarse)]

    # --- coefficients -------------------------------------------------------------------------------------------------

    def update_nodes(self) -> list[Node]:
        """Nodes that recompute what follows from the coefficients of the rows and from the decay."""
        backend = self._backend
        decays = bool(self.fine[0].switches["DECAY"])
        nodes = []
        if decays and self.coarse:
            nodes += self._restrict_nodes(0, [part.decay for part in self.fine], self.coarse[0].decay)
            for number, (level, coarser) in enumerate(pairwise(self.coarse), start=1):
                nodes += self._restrict_nodes(number, [level.decay], coarser.decay)
        if self._rows is not None:
            coefficient, gather = self._gathered_coefficients()
            nodes += gather
            for level in self.coarse:
                nodes += level.row_nodes(backend, coefficient, decays)
        for level in self.coarse:
            output = level.inverse_diagonal
            arguments = level.stencil()
            nodes.append(backend.bind("coarse_inverse_diagonal", level.extent, **arguments, inverse_diagonal=output))
            nodes += exchange_nodes(backend, level.decomposition, [output], 1)
        return nodes

    def _gathered_coefficients(self) -> tuple[Any, list[Node]]:
        """The coefficients of the rows of all parts behind one another, and the nodes that collect them."""
        counts = [rows.coefficient.size for rows in self._rows]
        together = self._backend.zeros(sum(counts))
        offsets = np.cumsum([0, *counts[:-1]])
        nodes = [
            self._backend.bind(
                "gather_list", part.extent, count=count, part=rows.coefficient, all=together, offset=int(offset)
            )
            for part, rows, count, offset in zip(self.fine, self._rows, counts, offsets, strict=True)
            if count > 0
        ]
        return together, nodes

    # --- transfer -----------------------------------------------------------------------------------------------------

    def _shares(self, number: int) -> list[tuple[Extent, list[tuple[int, np.ndarray]]]]:
        """For every box of level `number`: its extent and, per axis, what `CoarseLevel.share` says of it."""
        level = self.coarse[number].host
        if number == 0:
            parts = zip(self.fine, self._decomposition.parts, strict=True)
            return [(own.extent, level.share(part)) for own, part in parts]
        return [(self.coarse[number - 1].extent, [(0, first + GHOST) for first in level.merge])]

    def _restrict_nodes(self, number: int, fine: Sequence[Any], coarse: Any) -> list[Node]:
        """Sums from the boxes of level `number` (0 is the finest) onto the next coarser level."""
        backend, level = self._backend, self.coarse[number]
        nodes = []
        for (extent, shares), values in zip(self._shares(number), fine, strict=True):
            firsts, offsets = {}, {}
            for axis, index, (low, first) in zip("xyz", "ijk", shares, strict=True):
                firsts[f"first_{axis}"] = backend.array(first, np.int32)
                offsets[f"coarse_{index}"] = GHOST + low
            nodes.append(
                backend.bind(
                    "restrict_sum",
                    Extent(*(len(first) - 1 for _, first in shares)),
                    fine=values,
                    coarse=coarse,
                    fine_extent=extent,
                    coarse_extent=level.extent,
                    **firsts,
                    **offsets,
                )
            )
        return nodes

    def _prolong_node(self, number: int) -> Node:
        """The correction of the next coarser level added to `x` of coarse level `number`, counted from 0."""
        level, coarser = self.coarse[number], self.coarse[number + 1]
        maps = {}
        for name, holder in zip("xyz", holders(coarser.host), strict=True):
            maps[f"to_{name}"] = self._backend.array(np.pad(holder + GHOST, GHOST, mode="edge"), np.int32)
        return self._backend.bind(
            "prolong_add", level.extent, coarse=coarser.x, x=level.x, coarse_extent=coarser.extent, **maps
        )

    # --- cycle --------------------------------------------------------------------------------------------------------

    def cycle_nodes(
        self, r: Sequence[Any], swept: Sequence[Any], z: Sequence[Any], products: Sequence[Any]
    ) -> list[Node]:
        """Nodes of one V-cycle: z ~ S^-1 r from z = 0.

        `swept` holds the first sweep, weights[0] r / M, and is overwritten. The sum of r z over the cells of every part
        goes to the first element of its array of `products`, what its sparse rows add to that to the second.
        """
        nodes = self._exchange(swept)
        for part, residual, first, second in zip(self.fine, r, swept, z, strict=True):
            nodes += self._sweep(part, residual, first, second, 1, None)
        nodes += self._exchange(z)
        if self.coarse:
            for part, lines, residual, solution in zip(self.fine, self._lines, r, z, strict=True):
                nodes += self._restrict(part, lines, residual, solution)
            nodes += self._coarse_cycle(0)
            nodes += [lines.prolong(self.coarse[0].x, self.coarse[0].extent) for lines in self._lines]
        for number, (part, residual, solution, third) in enumerate(zip(self.fine, r, z, swept, strict=True)):
            lines = self._lines[number] if self.coarse else None
            nodes += self._sweep(part, residual, solution, third, 0, lines)
        nodes += self._exchange(swept)
        for part, residual, third, solution, product in zip(self.fine, r, swept, z, products, strict=True):
            nodes += self._last_sweep(part, residual, third, solution, product)
        return nodes

    def _exchange(self, arrays: Sequence[Any]) -> list[Node]:
        return exchange_nodes(self._backend, self._decomposition, arrays, 1)

    def _sweep(self, part: FinePart, b: Any, x: Any, y: Any, sweep: int, lines: Lines | None) -> list[Node]:
        """One sweep y from x, corrected by the lines where there are any."""
        bind = self._backend.bind
        switches = {**part.switches, "LINES": int(lines is not None)}
        correction = self._no_correction if lines is None else lines.correction
        arguments = {**correction, "weights": self.weights, "x": x, "y": y, "sweep": sweep}
        nodes = [bind("pressure_smooth", part.extent, switches, **part.stencil, **arguments, b=b)]
        if part.rows is not None:
            nodes.append(bind("rows_smooth", part.extent, switches, **part.rows, **part.lengths, **arguments))
        return nodes

    def _last_sweep(self, part: FinePart, b: Any, x: Any, z: Any, product: Any) -> list[Node]:
        """The last sweep z from x, and the sum of b z."""
        bind = self._backend.bind
        switches, weights = part.switches, {"weights": self.weights}
        stencil = {**part.stencil, **weights}
        nodes = [bind("pressure_smooth_last", part.extent, switches, **stencil, b=b, x=x, z=z, result=product[:1])]
        if part.rows is not None:
            lengths = {**part.lengths, **weights}
            launch, rows = part.summed_rows()
            nodes += [
                bind(
                    "rows_smooth", part.extent, {**switches, "LINES": 0}, **part.rows, **lengths,
                    **self._no_correction, x=x, y=z, sweep=1,
                ),
                bind("rows_smooth_dot", launch, switches, **rows, **lengths, b=b, x=x, result=product[1:]),
            ]  # fmt: skip
        return nodes

    def _restrict(self, part: FinePart, lines: Lines, b: Any, x: Any) -> list[Node]:
        """The residual of x summed onto the first coarse level."""
        bind = self._backend.bind
        nodes = [
            lines.residual(part.stencil, part.switches, b, x),
            lines.restrict(self.coarse[0].b, self.coarse[0].extent),
        ]
        if part.rows is None:
            return nodes
        back = {name: part.rows[name] for name in ("count", "cell")}
        return [
            bind("rows_deduct", part.extent, **part.rows, x=x, b=b, aside=part.aside),
            *nodes,
            bind("rows_restore", part.extent, **back, aside=part.aside, b=b),
        ]

    def _coarse_cycle(self, number: int) -> list[Node]:
        """Nodes that solve for `x` of a coarse level approximately, given its `b`."""
        if number == self._tail_begin:
            return [self._tail.node(self._coarse_weights)]
        backend, level = self._backend, self.coarse[number]
        stencil = level.stencil()
        pairs = self._pairs[number]
        weights = self._coarse_weights[pairs * (pairs - 1) :]
        smoother = {**stencil, "inverse_diagonal": level.inverse_diagonal, "weights": weights, "b": level.b}

        def exchange(array: Any) -> list[Node]:
            return exchange_nodes(backend, level.decomposition, [array], 1)

        def sweeps(pair: int) -> list[Node]:
            first, second = (
                backend.bind("coarse_smooth", level.extent, **smoother, x=x, y=y, sweep=2 * pair + sweep)
                for sweep, (x, y) in enumerate([(level.x, level.work), (level.work, level.x)])
            )
            return [first, *exchange(level.work), second]

        nodes = exchange(level.b)
        nodes.append(backend.bind("coarse_smooth_first", level.extent, **smoother, x=level.x))
        nodes += exchange(level.x)
        for pair in range(1, pairs):
            nodes += [*sweeps(pair), *exchange(level.x)]
        rest = {"b": level.b, "x": level.x, "r": level.work}
        nodes.append(backend.bind("coarse_residual", level.extent, **stencil, **rest))
        nodes += self._restrict_nodes(number + 1, [level.work], self.coarse[number + 1].b)
        nodes += self._coarse_cycle(number + 1)
        nodes.append(self._prolong_node(number))
        for pair in range(pairs):
            nodes += [*exchange(level.x), *sweeps(pair)]
        return nodes


def _row_arguments(backend: Backend, rows: SparseRows) -> dict[str, Any]:
    lists = {name: backend.array(getattr(rows, name)) for name in ("cell", "first", "other")}
    return {"count": len(rows.cell), **lists, "coefficient": rows.coefficient}
