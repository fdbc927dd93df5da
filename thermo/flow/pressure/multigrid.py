"""The preconditioner of the pressure solver: one multigrid V-cycle, as a list of nodes.

The finest level is distributed over the parts and works on flags and metrics; every coarse level is held once. Two
Chebyshev-Jacobi sweeps before and after the coarse correction (four on small levels) use the same polynomial, so that
the cycle is symmetric and conjugate gradients may use it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Any

import numpy as np

from kernels import GHOST, Backend, Extent, Node
from thermo.flow.exchange import exchange_nodes, extent_of
from thermo.flow.metrics import part_metrics
from thermo.flow.pressure.hierarchy import CoarseLevel, CoarseRows, build_levels
from thermo.flow.pressure.rows import Entries, SparseRows
from thermo.mesh.subdomain import Decomposition

# Part of the spectrum of the diagonally scaled operator that the sweeps smooth. 2 bounds it (Gershgorin: the diagonal
# is the sum of the coefficients); what lies below the lower end is left to the coarse levels. Measured on 32^3 to 64^3
# rooms: 0.3 costs up to one iteration more, 0.5 gains nothing.
SMOOTHED = (0.4, 2.0)

# Levels with at most this share of the finest cells sweep twice as often: it costs little there, and takes the rack
# room of 1e6 cells from 8 or 9 iterations to 7, the one-cell ridge from 7 to 6.
CHEAP_SHARE = 0.2


def chebyshev_weights() -> tuple[float, float]:
    """Jacobi weights of two sweeps whose product is the Chebyshev polynomial of degree 2 on SMOOTHED.

    The reciprocals of its roots, centre +- half width / sqrt 2 (Saad, Iterative Methods for Sparse Linear Systems,
    12.3.2).
    """
    centre, half = 0.5 * (SMOOTHED[1] + SMOOTHED[0]), 0.5 * (SMOOTHED[1] - SMOOTHED[0])
    return 1.0 / (centre + half * np.sqrt(0.5)), 1.0 / (centre - half * np.sqrt(0.5))


@dataclass(frozen=True)
class FinePart:
    """Arrays of one part on the finest level."""

    extent: Extent
    flags: Any
    metrics: dict[str, Any]
    inverse_diagonal: Any
    decay: Any | None  # 1 per cell, volume-weighted like the coefficients: m; None where the operator has none
    rows: dict[str, Any] | None  # arguments of the rows_* kernels

    def stencil(self) -> dict[str, Any]:
        """Arguments that every kernel of the finest level takes; a decay that is not there is not read."""
        names = ("dx", "dy", "dz", "rdxf", "rdyf", "rdzf")
        return {
            "flags": self.flags,
            "decay": self.inverse_diagonal if self.decay is None else self.decay,
            **{name: self.metrics[name] for name in names},
        }

    @property
    def switches(self) -> dict[str, int]:
        """Compile-time switches of the stencil."""
        return {"DECAY": int(self.decay is not None)}


class CoarseArrays:
    """A coarse level on the device."""

    def __init__(self, backend: Backend, level: CoarseLevel) -> None:
        self.host = level
        self.decomposition = Decomposition.split(level.axes)
        self.extent = extent_of(self.decomposition.parts[0])
        shape = self.extent.shape
        self.coefficients = []
        self._base = []
        for values, rows in zip(level.coefficients, level.face_rows, strict=True):
            padded = np.zeros(shape)
            padded[tuple(slice(GHOST, GHOST + n) for n in values.shape)] = values
            self.coefficients.append(backend.array(padded, backend.real))
            self._base.append(backend.array(padded.reshape(-1)[rows.place], backend.real))
        self.decay, self.inverse_diagonal, self.b, self.x, self.work = (backend.zeros(shape) for _ in range(5))

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
        self._weights = backend.array(chebyshev_weights(), backend.real)
        # Parts without rows, as most are, do without the lists.
        self._rows = rows if rows is not None and any(len(own.cell) for own in rows) else None
        self.fine = []
        for number, part in enumerate(decomposition.parts):
            extent = extent_of(part)
            metrics = part_metrics(backend, decomposition, part)
            for axis, name in zip(decomposition.axes, "xyz", strict=True):
                if axis.periodic and axis.n == 1:  # the faces of a cell that is its own neighbour connect nothing
                    metrics[f"rd{name}f"] = backend.zeros(metrics[f"rd{name}f"].shape)
            self.fine.append(
                FinePart(
                    extent=extent,
                    flags=flags[number],
                    metrics=metrics,
                    inverse_diagonal=backend.zeros(extent.shape),
                    decay=None if decay is None else decay[number],
                    rows=_row_arguments(backend, rows[number]) if rows is not None and len(rows[number].cell) else None,
                )
            )
        host_flags = decomposition.gather([backend.to_host(array) for array in flags])
        entries = None if self._rows is None else Entries.collect(decomposition, self._rows)
        levels = build_levels(decomposition.axes, host_flags, [cut[1:-1] for cut in decomposition.cuts], entries)
        self.coarse = [CoarseArrays(backend, level) for level in levels]
        self._fill_inverse_diagonal()
        self._row_diagonals = [self._stencil_diagonal(number) for number in range(len(self.fine))]

    @property
    def cells(self) -> list[int]:
        """Number of cells of every level, the finest first."""
        return [sum(part.extent.cells for part in self.fine), *(level.extent.cells for level in self.coarse)]

    # --- coefficients -------------------------------------------------------------------------------------------------

    def update_nodes(self) -> list[Node]:
        """Nodes that recompute what follows from the coefficients of the rows and from the decay."""
        backend = self._backend
        decays = self.fine[0].decay is not None
        nodes = []
        for part, diagonal in zip(self.fine, self._row_diagonals, strict=True):
            nodes += self._diagonal_nodes(part, diagonal)
        if nodes:
            nodes += exchange_nodes(backend, self._decomposition, [part.inverse_diagonal for part in self.fine], 1)
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

    def _fill_inverse_diagonal(self) -> None:
        """Inverse diagonal of the stencil alone, which is all there is without rows and decay."""
        backend = self._backend
        nodes = [
            backend.bind(
                "pressure_inverse_diagonal",
                part.extent,
                {"DECAY": 0},
                **part.stencil(),
                inverse_diagonal=part.inverse_diagonal,
            )
            for part in self.fine
        ]
        nodes += exchange_nodes(backend, self._decomposition, [part.inverse_diagonal for part in self.fine], 1)
        backend.program(nodes).run()

    def _stencil_diagonal(self, number: int) -> Any | None:
        """Diagonal of the stencil alone in the cells with rows; None where the part has none."""
        part = self.fine[number]
        if part.rows is None:
            return None
        inverse = self._backend.to_host(part.inverse_diagonal).reshape(-1)[self._rows[number].cell].astype(np.float64)
        diagonal = np.divide(1.0, inverse, out=np.zeros_like(inverse), where=inverse > 0.0)
        return self._backend.array(diagonal, self._backend.real)

    def _diagonal_nodes(self, part: FinePart, row_diagonal: Any | None) -> list[Node]:
        """Nodes that renew the inverse diagonal of a part where it may have changed."""
        arguments = {**part.stencil(), "inverse_diagonal": part.inverse_diagonal}
        nodes = []
        if part.decay is not None:
            nodes.append(self._backend.bind("pressure_inverse_diagonal", part.extent, part.switches, **arguments))
        if row_diagonal is not None:
            nodes.append(
                self._backend.bind(
                    "rows_inverse_diagonal",
                    part.extent,
                    part.switches,
                    **{name: part.rows[name] for name in ("count", "cell", "first", "coefficient")},
                    diagonal=row_diagonal,
                    decay=arguments["decay"],
                    inverse_diagonal=part.inverse_diagonal,
                )
            )
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

    def _shares(self, number: int) -> list[tuple[Extent, tuple[tuple[int, int], ...]]]:
        """For every box of level `number`: its extent and, per axis, which coarse cells it holds (from, to)."""
        if number > 0:
            sizes = [len(first) - 1 for first in self.coarse[number].host.merge]
            return [(self.coarse[number - 1].extent, tuple((0, size) for size in sizes))]
        holder = self.coarse[0].host.holder
        shares = []
        for part, extent in zip(self._decomposition.parts, (part.extent for part in self.fine), strict=True):
            ranges = []
            for axis in range(3):
                begin, cells = part.offset[2 - axis], part.shape[2 - axis]
                ranges.append((int(holder[axis][begin]), int(holder[axis][begin + cells - 1]) + 1))
            shares.append((extent, tuple(ranges)))
        return shares

    def _restrict_nodes(self, number: int, fine: Sequence[Any], coarse: Any) -> list[Node]:
        """Sums from the boxes of level `number` (0 is the finest) onto the next coarser level."""
        backend, level = self._backend, self.coarse[number]
        nodes = []
        for box, (extent, ranges), values in zip(count(), self._shares(number), fine, strict=False):
            begin = self._decomposition.parts[box].offset if number == 0 else (0, 0, 0)
            firsts = {}
            for axis, name in enumerate("xyz"):
                low, high = ranges[axis]
                local = level.host.merge[axis][low : high + 1] - begin[2 - axis] + GHOST
                firsts[f"first_{name}"] = backend.array(local, np.int32)
            offsets = {f"coarse_{index}": GHOST + ranges[axis][0] for axis, index in enumerate("ijk")}
            share = Extent(*(high - low for low, high in ranges))
            nodes.append(
                backend.bind(
                    "restrict_sum",
                    share,
                    fine=values,
                    coarse=coarse,
                    fine_extent=extent,
                    coarse_extent=level.extent,
                    **firsts,
                    **offsets,
                )
            )
        return nodes

    def _prolong_nodes(self, number: int, fine: Sequence[Any]) -> list[Node]:
        """The correction of the next coarser level added to every box of level `number`."""
        backend, level = self._backend, self.coarse[number]
        nodes = []
        for box, (extent, _), values in zip(count(), self._shares(number), fine, strict=False):
            begin = self._decomposition.parts[box].offset if number == 0 else (0, 0, 0)
            maps = {}
            for axis, (name, cells) in enumerate(zip("xyz", (extent.nx, extent.ny, extent.nz), strict=True)):
                first = level.host.merge[axis]
                own = np.arange(begin[2 - axis], begin[2 - axis] + cells)
                holder = np.searchsorted(first, own, side="right") - 1 + GHOST
                maps[f"to_{name}"] = backend.array(np.pad(holder, GHOST, mode="edge"), np.int32)
            nodes.append(
                backend.bind("prolong_add", extent, coarse=level.x, x=values, coarse_extent=level.extent, **maps)
            )
        return nodes

    # --- cycle --------------------------------------------------------------------------------------------------------

    def cycle_nodes(
        self, r: Sequence[Any], z: Sequence[Any], work: Sequence[Any], products: Sequence[Any]
    ) -> list[Node]:
        """Nodes of one V-cycle: z ~ S^-1 r from z = 0; the sum of r z of every part goes to its array of `products`."""
        nodes = self._exchange(r)
        for part, residual, solution in zip(self.fine, r, z, strict=True):
            nodes += self._first_sweeps(part, residual, solution)
        nodes += self._exchange(z)
        if self.coarse:
            for part, residual, solution, rest in zip(self.fine, r, z, work, strict=True):
                nodes += self._residual(part, residual, solution, rest)
            nodes += self._restrict_nodes(0, work, self.coarse[0].b)
            nodes += self._coarse_cycle(0)
            nodes += self._prolong_nodes(0, z)
            nodes += self._exchange(z)
        for part, residual, solution, swept in zip(self.fine, r, z, work, strict=True):
            nodes += self._sweep(part, residual, solution, swept, 0, None)
        nodes += self._exchange(work)
        for part, residual, swept, solution, product in zip(self.fine, r, work, z, products, strict=True):
            nodes += self._sweep(part, residual, swept, solution, 1, product)
        return nodes

    def _exchange(self, arrays: Sequence[Any]) -> list[Node]:
        return exchange_nodes(self._backend, self._decomposition, arrays, 1)

    def _smoother(self, part: FinePart) -> dict[str, Any]:
        return {**part.stencil(), "inverse_diagonal": part.inverse_diagonal, "weights": self._weights}

    def _first_sweeps(self, part: FinePart, b: Any, x: Any) -> list[Node]:
        bind = self._backend.bind
        nodes = [bind("pressure_smooth_first", part.extent, part.switches, **self._smoother(part), b=b, x=x)]
        if part.rows is not None:
            sweeps = {"inverse_diagonal": part.inverse_diagonal, "weights": self._weights}
            nodes.append(bind("rows_smooth_first", part.extent, **part.rows, **sweeps, b=b, x=x))
        return nodes

    def _residual(self, part: FinePart, b: Any, x: Any, r: Any) -> list[Node]:
        bind = self._backend.bind
        nodes = [bind("pressure_residual", part.extent, part.switches, **part.stencil(), b=b, x=x, r=r)]
        if part.rows is not None:
            nodes.append(bind("rows_add", part.extent, **part.rows, x=x, y=r, sign=-1))
        return nodes

    def _sweep(self, part: FinePart, b: Any, x: Any, y: Any, sweep: int, product: Any | None) -> list[Node]:
        """One sweep y from x, and the sum of b y where `product` is an array."""
        bind = self._backend.bind
        arguments = {**self._smoother(part), "b": b, "x": x, "y": y, "sweep": sweep}
        nodes = [bind("pressure_smooth", part.extent, part.switches, **arguments)]
        if part.rows is not None:
            sweeps = {"inverse_diagonal": part.inverse_diagonal, "weights": self._weights, "sweep": sweep}
            nodes.append(bind("rows_smooth", part.extent, **part.rows, **sweeps, x=x, y=y))
        if product is not None:
            nodes.append(bind("dot", part.extent, x=b, y=y, result=product))
        return nodes

    def _coarse_cycle(self, number: int) -> list[Node]:
        """Nodes that solve for `x` of a coarse level approximately, given its `b`."""
        backend, level = self._backend, self.coarse[number]
        stencil = level.stencil()
        smoother = {**stencil, "inverse_diagonal": level.inverse_diagonal, "weights": self._weights, "b": level.b}

        def exchange(array: Any) -> list[Node]:
            return exchange_nodes(backend, level.decomposition, [array], 1)

        def sweeps() -> list[Node]:
            first, second = (
                backend.bind("coarse_smooth", level.extent, **smoother, x=x, y=y, sweep=sweep)
                for sweep, (x, y) in enumerate([(level.x, level.work), (level.work, level.x)])
            )
            return [first, *exchange(level.work), second]

        repeats = 2 if level.extent.cells <= CHEAP_SHARE * self.cells[0] else 1
        nodes = exchange(level.b)
        nodes.append(backend.bind("coarse_smooth_first", level.extent, **smoother, x=level.x))
        nodes += exchange(level.x)
        for _ in range(repeats - 1):
            nodes += [*sweeps(), *exchange(level.x)]
        if number + 1 < len(self.coarse):
            rest = {"b": level.b, "x": level.x, "r": level.work}
            nodes.append(backend.bind("coarse_residual", level.extent, **stencil, **rest))
            nodes += self._restrict_nodes(number + 1, [level.work], self.coarse[number + 1].b)
            nodes += self._coarse_cycle(number + 1)
            nodes += self._prolong_nodes(number + 1, [level.x])
        for _ in range(repeats):
            nodes += [*exchange(level.x), *sweeps()]
        return nodes


def _row_arguments(backend: Backend, rows: SparseRows) -> dict[str, Any]:
    lists = {name: backend.array(getattr(rows, name)) for name in ("cell", "first", "other")}
    return {"count": len(rows.cell), **lists, "coefficient": rows.coefficient}
