"""Preconditioned conjugate gradients for the pressure equation, on any number of parts."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Any

import numpy as np

from kernels import Backend, Node, Reading
from thermo.flow.exchange import exchange_nodes
from thermo.flow.pressure.multigrid import FinePart, Multigrid
from thermo.flow.pressure.rows import OUTSIDE, SparseRows
from thermo.mesh.subdomain import GHOST, Decomposition

CHECK_INTERVAL = 20  # iterations after which the recursive residual is replaced by the true one
MOST_ITERATIONS = 100
# In units of the precision, by how much the recursive residual may have fallen since the last true one:
BELIEVED = 1e3  # so far it is believed to meet a tolerance; rounding has not parted it from the true one
REFRESH = 10.0  # here it is worth replacing, whatever the tolerance
STAGNATION = 0.5  # a true residual that falls by less than this between two checks has met the rounding error
MOST_REGIONS = 255  # sealed regions are numbered in a field of marks, 0 for none

# What depends on the regions that are sealed
OF_REGIONS = (
    "_labels", "_sealed", "_region", "_volume", "_shift", "_mean", "_region_sums", "_start", "_check", "_restart",
    "_finish",
)  # fmt: skip

# Size of the device array of scalars, see kernels/source/pressure.cuh
SCALARS = 4


class PressureError(RuntimeError):
    """The pressure solve met a value that is not finite."""


@dataclass(frozen=True)
class SolveResult:
    """What a solve did.

    Residuals are those of the recursion of conjugate gradients where it fell by less than 1 / (1000 units of the
    precision), thus 1e4 in single precision, and recomputed from the solution beyond.
    """

    iterations: int
    converged: bool  # both tolerances are met
    residual_max: float  # largest |residual| / V, kg/m3s
    residual_l2: float  # |residual|_2 / |right-hand side|_2
    imbalance: dict[int, float]  # per sealed region: sum of the right-hand side, spread over the region's volume, kg/s
    source: dict[int, float]  # per sealed region: sum of its absolute values, kg/s

    @property
    def inconsistency(self) -> float:
        """Largest |imbalance| / source of all sealed regions; above 1e-3 the right-hand side deserves to be refused."""
        return max(
            (abs(self.imbalance[label]) / self.source[label] for label in self.source if self.source[label] > 0.0),
            default=0.0,
        )


@dataclass(frozen=True)
class PendingSolve:
    """A solve with a fixed number of iterations, whose residual may be looked at later without waiting for it now."""

    iterations: int
    labels: tuple[int, ...]
    tolerance: tuple[float, float, float]  # dt / rho, absolute, relative
    start: Reading
    end: Reading
    regions: Reading

    def wait(self) -> SolveResult:
        """The result, once the device has come this far. Raises PressureError where it is not finite."""
        return _result(
            self.iterations, self.start.wait(), self.end.wait(), self.regions.wait(), self.labels, self.tolerance
        )


class PressureSolver:
    """Solves  sum_f c_f (phi_nb - phi_c) + rows - decay_c phi_c = b_c  in the fluid cells, for b in kg/s.

    c_f = A_f / d_f on the faces open in `flags`; ``rows`` are sparse corrections, ``decay`` (>= 0, volume-weighted, m)
    makes it the operator of an implicit diffusion step. Fields are lists with the padded device array of every part;
    the ghost layers of flags and decay have to be filled (`exchange_nodes`). ``region`` is int[nz, ny, nx] of the whole
    grid, -1 in solids. A region without decay and without an entry to the outside is sealed: there the sum of b is
    removed, spread over the volume, and phi ends with zero mean over the volume. No cell is ever pinned.

    `right_hand_side` and `solution` are the arrays of b and phi that every solve uses; ``scratch`` gives four more
    fields per part that a solve overwrites, to share memory. What is not given is allocated. A solve reads b in the
    cells only, and keeps it; what the others hold before, NaN included, does not matter.

    Raises ValueError for more than 255 sealed regions.
    """

    def __init__(
        self,
        backend: Backend,
        decomposition: Decomposition,
        flags: Sequence[Any],
        region: np.ndarray,
        *,
        rows: Sequence[SparseRows] | None = None,
        decay: Sequence[Any] | None = None,
        right_hand_side: Sequence[Any] | None = None,
        solution: Sequence[Any] | None = None,
        scratch: Sequence[Sequence[Any]] | None = None,
    ) -> None:
        self._backend = backend
        self._decomposition = decomposition
        self.multigrid = Multigrid(backend, decomposition, flags, rows, decay)
        parts = len(decomposition.parts)

        def fields() -> list[Any]:
            return [backend.zeros(part.extent.shape) for part in self.multigrid.fine]

        self.right_hand_side = fields() if right_hand_side is None else list(right_hand_side)
        self.solution = fields() if solution is None else list(solution)
        if scratch is None:
            self._r, self._z, self._p, self._q = (fields() for _ in range(4))
        else:
            self._r, self._z, self._p, self._q = ([four[n] for four in scratch] for n in range(4))

        self._scalars = backend.zeros(SCALARS, np.float64)
        self._products = backend.zeros((parts, 2), np.float64)
        self._norms = backend.zeros((parts, 2), np.float64)
        self._start_norms = backend.zeros((parts, 2), np.float64)
        self._mean_sums = backend.zeros((parts, 2), np.float64)

        self._update = backend.program(self.multigrid.update_nodes())
        self._iterate = backend.program(self._iteration_nodes())
        self._selected: dict[Hashable, dict[str, Any]] = {}
        self._use(*_sealed(decomposition, np.asarray(region), rows, decay is not None), np.asarray(region) >= 0)
        self.update_coefficients()

    def _use(self, labels: tuple[int, ...], marks: np.ndarray, fluid: np.ndarray) -> None:
        """Take these sealed regions: 1 + the place of their label in `marks`, uint8[nz, ny, nx]."""
        backend, parts = self._backend, len(self.multigrid.fine)
        self._labels = labels
        self._sealed, self._region = self._region_marks(marks, fluid)
        x, y, z = self._decomposition.axes
        volumes = z.widths[:, None, None] * y.widths[:, None] * x.widths
        volume = np.bincount(marks.ravel(), weights=volumes.ravel(), minlength=len(labels) + 1)
        self._volume = backend.array(volume)
        self._shift = backend.zeros(len(labels) + 1, np.float64)
        self._mean = backend.zeros(len(labels) + 1, np.float64)
        self._region_sums = backend.zeros((len(labels) + 1, parts, 2), np.float64)
        self._start = backend.program(self._start_nodes())
        self._check = backend.program(self._check_nodes())
        self._restart = backend.program(self._restart_nodes())
        self._finish = backend.program(self._finish_nodes())

    def select_regions(self, key: Hashable, region: np.ndarray, vented: Sequence[int]) -> None:
        """From now on the connected regions are these: int[nz, ny, nx], -1 in solids; all but `vented` are sealed.

        For coefficients that have closed a face, or opened one. key: a name of the regions; what they need is kept
        under it. Raises ValueError for more than 255 sealed regions.
        """
        if key not in self._selected:
            labels = tuple(int(label) for label in np.setdiff1d(region[region >= 0], vented))
            self._use(labels, _numbered(region, labels), region >= 0)
            self._selected[key] = {name: getattr(self, name) for name in OF_REGIONS}
        for name, value in self._selected[key].items():
            setattr(self, name, value)

    def _region_marks(self, marks: np.ndarray, fluid: np.ndarray) -> tuple[dict[str, int], list[Any]]:
        """The switch SEALED, and per part the numbers of the regions where the flags do not tell enough."""
        backend, parts = self._backend, self._decomposition.parts
        if not self._labels or np.array_equal(marks > 0, fluid) and len(self._labels) == 1:
            return {"SEALED": len(self._labels)}, [backend.zeros(1, backend.mark) for _ in parts]
        return {"SEALED": 2}, [backend.array(part.pad(marks), backend.mark) for part in parts]

    def update_coefficients(self) -> None:
        """Bring the preconditioner and the diagonal up to date with the coefficients of the rows and the decay."""
        self._update.run()

    def solve(
        self, dt_over_rho: float, tol_abs: float, tol_rel: float, iterations: int | None = None
    ) -> SolveResult | PendingSolve:
        """Solve for `solution` from `right_hand_side`, starting from zero.

        Stops when max |r / V| * dt_over_rho <= tol_abs and |r|_2 / |b|_2 <= tol_rel for the residual r, after at least
        one iteration, looking at the residual after every iteration. With ``iterations``, at least 1, that many are
        made and nothing is looked at: the PendingSolve tells later how well it went. Raises PressureError where the
        residual is not finite.
        """
        self._start.run()
        tolerance = (dt_over_rho, tol_abs, tol_rel)
        if iterations is not None:
            if iterations < 1:
                raise ValueError(f"a solve makes at least one iteration, not {iterations}")
            for _ in range(iterations):
                self._iterate.run()
            if tol_rel < BELIEVED * self._precision:
                self._check.run()
            self._finish.run()
            later = self._backend.read_later
            return PendingSolve(
                iterations,
                self._labels,
                tolerance,
                later(self._start_norms),
                later(self._norms),
                later(self._region_sums),
            )
        start = self._backend.to_host(self._start_norms)
        made = self._iterate_until(start, tolerance)
        self._finish.run()
        return self._result(made, start, tolerance)

    def _result(self, made: int, start: np.ndarray, tolerance: tuple[float, float, float]) -> SolveResult:
        norms, regions = self._backend.to_host(self._norms), self._backend.to_host(self._region_sums)
        return _result(made, start, norms, regions, self._labels, tolerance)

    def _iterate_until(self, start: np.ndarray, tolerance: tuple[float, float, float]) -> int:
        """Iterate until the residual meets the tolerance or the rounding error; returns the iterations made."""
        true_before = _norms(start)[0]
        made = since_check = 0
        while True:
            self._iterate.run()
            made += 1
            since_check += 1
            norms = self._backend.to_host(self._norms)
            size = _norms(norms)[0]
            meets = _meets(norms, start, tolerance)
            if meets and size >= BELIEVED * self._precision * true_before:
                return made
            worth_a_check = meets or size < REFRESH * self._precision * true_before
            if not worth_a_check and since_check < CHECK_INTERVAL and made < MOST_ITERATIONS:
                continue
            self._check.run()
            norms = self._backend.to_host(self._norms)
            true_now = _norms(norms)[0]
            stagnates = true_now > STAGNATION * true_before
            if _meets(norms, start, tolerance) or stagnates or made >= MOST_ITERATIONS:
                return made
            true_before, since_check = true_now, 0
            self._restart.run()

    @property
    def _precision(self) -> float:
        return float(np.finfo(self._backend.real).eps)

    # --- nodes --------------------------------------------------------------------------------------------------------

    def _each(self, *lists: Sequence[Any]) -> zip:
        return zip(self.multigrid.fine, *lists, strict=True)

    def _region_nodes(self, fields: Sequence[Any], label: int, volume: int, sums: Any, means: Any) -> list[Node]:
        """Nodes that put the mean over a region, sum / volume of the region, into means[label]."""
        bind = self._backend.bind
        nodes = []
        for number, (part, field, region) in enumerate(self._each(fields, self._region)):
            widths = {name: part.metrics[name] for name in ("dx", "dy", "dz")}
            inside = {"flags": part.flags, **widths, "region": region, "x": field, "label": label}
            switches = {"VOLUME": volume, **self._sealed}
            nodes.append(bind("region_sums", part.extent, switches, **inside, result=sums[number]))
        mean = {"sums": sums, "volume": self._volume, "shift": means, "parts": len(self.multigrid.fine)}
        nodes.append(bind("region_mean", self.multigrid.fine[0].extent, **mean, label=label))
        return nodes

    def _start_nodes(self) -> list[Node]:
        """r = -b made consistent, its first sweep in q, and its norms."""
        nodes = [self._single("cg_start")]
        for label in range(1, len(self._labels) + 1):
            nodes += self._region_nodes(self.right_hand_side, label, 0, self._region_sums[label], self._shift)
        lists = (self._region, self.right_hand_side, self._r, self._q, self._start_norms)
        for part, region, b, r, swept, norms in self._each(*lists):
            source = {"flags": part.flags, "region": region, "shift": self._shift, "b": b}
            switches = {**part.switches, **self._sealed}
            written = {"r": r, "swept": swept, "result": norms}
            nodes.append(
                self._backend.bind("pressure_start", part.extent, switches, **source, **self._sweep(part), **written)
            )
        return nodes

    def _sweep(self, part: FinePart) -> dict[str, Any]:
        """What the first sweep of a cycle and the norms of the residual follow from."""
        reciprocals = {name: part.metrics[name] for name in ("rdx", "rdy", "rdz")}
        return {**part.lengths, **reciprocals, "weights": self.multigrid.weights}

    def _norm_nodes(self) -> list[Node]:
        """The first sweep of r in q, and the norms of r."""
        nodes = []
        for part, r, swept, norms in self._each(self._r, self._q, self._norms):
            written = {"r": r, "swept": swept, "result": norms}
            nodes.append(
                self._backend.bind("pressure_restart", part.extent, part.switches, **self._sweep(part), **written)
            )
        return nodes

    def _single(self, kernel: str, **arguments: Any) -> Node:
        """A node of a kernel that runs once, on the scalars."""
        return self._backend.bind(kernel, self.multigrid.fine[0].extent, scalars=self._scalars, **arguments)

    def _restart_nodes(self) -> list[Node]:
        """Begin anew from the true residual.

        Rounding leaves it a mean in the sealed regions, against which conjugate gradients would diverge: it is removed.
        """
        nodes = [self._single("cg_restart")]
        if self._labels:
            nodes += [*self._without_mean(self._r, 0), *self._norm_nodes()]
        return nodes

    def _without_mean(self, fields: Sequence[Any], volume: int) -> list[Node]:
        """Nodes that remove the mean over every sealed region and set what is not fluid to 0.

        With ``volume`` 1 the volume-weighted mean; with 0 the sum is removed, spread over the volume.
        """
        nodes = []
        for label in range(1, len(self._labels) + 1):
            nodes += self._region_nodes(fields, label, volume, self._mean_sums, self._mean)
        for part, region, field in self._each(self._region, fields):
            widths = {name: part.metrics[name] for name in ("dx", "dy", "dz")}
            arguments = {"flags": part.flags, **widths, "region": region, "shift": self._mean, "x": field}
            switches = {"VOLUME": 1 - volume, **self._sealed}
            nodes.append(self._backend.bind("region_shift", part.extent, switches, **arguments))
        return nodes

    def _iteration_nodes(self) -> list[Node]:
        """One iteration: z = M r, p = z + beta p, q = S p, phi += alpha p, r -= alpha q.

        Between iterations q holds the first sweep of the next cycle.
        """
        backend, parts = self._backend, len(self.multigrid.fine)
        products = [self._products[n] for n in range(parts)]
        scalar = {"products": self._products, "parts": parts}
        nodes = self.multigrid.cycle_nodes(self._r, self._q, self._z, products)
        nodes.append(self._single("cg_beta", **scalar))
        for part, z, p in self._each(self._z, self._p):
            nodes.append(backend.bind("cg_direction", part.extent, z=z, p=p, scalars=self._scalars))
        nodes += exchange_nodes(backend, self._decomposition, self._p, 1)
        for part, p, q, product in self._each(self._p, self._q, products):
            arguments = {"p": p, "q": q}
            nodes.append(
                backend.bind(
                    "pressure_apply", part.extent, part.switches, **part.stencil, **arguments, result=product[:1]
                )
            )
            if part.rows is not None:
                launch, rows = part.summed_rows()
                nodes += [
                    backend.bind("rows_add", part.extent, **part.rows, x=p, y=q, sign=1),
                    backend.bind("rows_dot", launch, **rows, p=p, result=product[1:]),
                ]
        nodes.append(self._single("cg_alpha", **scalar))
        for part, p, q, phi, r, norms in self._each(self._p, self._q, self.solution, self._r, self._norms):
            fields = {"p": p, "q": q, "phi": phi, "r": r, "scalars": self._scalars, "result": norms}
            nodes.append(backend.bind("cg_update", part.extent, part.switches, **self._sweep(part), **fields))
        return nodes

    def _check_nodes(self) -> list[Node]:
        """r recomputed from phi, its first sweep in q, and its norms."""
        backend = self._backend
        nodes = exchange_nodes(backend, self._decomposition, self.solution, 1)
        lists = (self._region, self.right_hand_side, self.solution, self._r)
        for part, region, b, phi, r in self._each(*lists):
            source = {"region": region, "shift": self._shift, "b": b}
            switches = {**part.switches, **self._sealed}
            nodes.append(backend.bind("pressure_defect", part.extent, switches, **part.stencil, **source, phi=phi, r=r))
            if part.rows is not None:
                nodes.append(backend.bind("rows_add", part.extent, **part.rows, x=phi, y=r, sign=-1))
        return nodes + self._norm_nodes()

    def _finish_nodes(self) -> list[Node]:
        """Zero mean of phi in the sealed regions; ghost layers of phi filled. In solids it is 0 already."""
        nodes = self._without_mean(self.solution, 1) if self._labels else []
        return nodes + exchange_nodes(self._backend, self._decomposition, self.solution, 2)


def _norms(per_part: np.ndarray) -> tuple[float, float]:
    """(|r|_2, largest |r| / V) from the sums of every part."""
    square, largest = 0.0, 0.0
    for part_square, part_largest in per_part:
        square += float(part_square)
        largest = max(largest, float(part_largest))
    if not isfinite(square):
        raise PressureError("the residual of the pressure equation is not finite")
    return sqrt(square), largest


def _meets(norms: np.ndarray, start: np.ndarray, tolerance: tuple[float, float, float]) -> bool:
    dt_over_rho, tol_abs, tol_rel = tolerance
    size, largest = _norms(norms)
    return largest * dt_over_rho <= tol_abs and size <= tol_rel * _norms(start)[0]


def _result(
    iterations: int,
    start: np.ndarray,
    end: np.ndarray,
    regions: np.ndarray,
    labels: tuple[int, ...],
    tolerance: tuple[float, float, float],
) -> SolveResult:
    source = _norms(start)[0]
    size, largest = _norms(end)
    sums = {label: regions[number].sum(axis=0) for number, label in enumerate(labels, start=1)}
    return SolveResult(
        iterations=iterations,
        converged=_meets(end, start, tolerance),
        residual_max=largest,
        residual_l2=size / source if source > 0.0 else 0.0,
        imbalance={label: float(values[0]) for label, values in sums.items()},
        source={label: float(values[1]) for label, values in sums.items()},
    )


def _sealed(
    decomposition: Decomposition, region: np.ndarray, rows: Sequence[SparseRows] | None, decays: bool
) -> tuple[tuple[int, ...], np.ndarray]:
    """Labels of the sealed regions, and uint8[nz, ny, nx] with 1 + the place of the label there, 0 elsewhere.

    Regions that an entry joins although no open face does share one mean: all take the smallest of their labels.
    """
    if decays:
        return (), np.zeros(region.shape, np.uint8)
    region = _joined(decomposition, region, rows or ())
    opened: set[int] = set()
    for part, own in zip(decomposition.parts, rows or (), strict=False):
        cells = np.repeat(own.cell, np.diff(own.first))[own.other == OUTSIDE]
        opened.update(part.pad(region).reshape(-1)[cells].tolist())
    labels = tuple(int(label) for label in np.unique(region[region >= 0]) if label not in opened)
    return labels, _numbered(region, labels)


def _numbered(region: np.ndarray, labels: Sequence[int]) -> np.ndarray:
    """uint8[nz, ny, nx] with 1 + the place of the label of each cell, 0 where it has none."""
    if len(labels) > MOST_REGIONS:
        raise ValueError(f"{len(labels)} sealed regions; at most {MOST_REGIONS} can be solved together")
    marks = np.zeros(region.shape, np.uint8)
    for number, label in enumerate(labels, start=1):
        marks[region == label] = number
    return marks


def _joined(decomposition: Decomposition, region: np.ndarray, rows: Sequence[SparseRows]) -> np.ndarray:
    """Region labels with those made equal that an entry of the rows joins."""
    joined = region
    for part, own in zip(decomposition.parts, rows, strict=False):
        inner = own.other != OUTSIDE
        here = np.stack(np.unravel_index(np.repeat(own.cell, np.diff(own.first))[inner], part.padded_shape)) - GHOST
        there = np.stack(np.unravel_index(own.other[inner], part.padded_shape)) - GHOST
        offset, shape = (np.array(values)[:, None] for values in (part.offset, region.shape))
        ends = [tuple((cells + offset) % shape) for cells in (here, there)]
        while np.any(different := joined[ends[0]] != joined[ends[1]]):
            pair = sorted(int(joined[end][different][0]) for end in ends)
            joined = np.where(joined == pair[1], pair[0], joined)
    return joined
