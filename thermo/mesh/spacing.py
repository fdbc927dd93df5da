"""Cell faces between grid lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# A cell may be this much larger than asked for before another one is put in: else an interval a hair longer than n
# cells would get n + 1 and shorten the time step for nothing.
EXCESS = 0.15

SAMPLES = 128  # points per interval at which the wanted size is integrated


@dataclass(frozen=True)
class Refinement:
    """Wanted cell size, m, between ``low`` and ``high``."""

    low: float
    high: float
    size: float


def wanted_size(position: np.ndarray, size: float, refinements: list[Refinement], slope: float) -> np.ndarray:
    """Cell size at each position: the least of ``size`` and every refinement's size plus slope x distance to it."""
    wanted = np.full(np.shape(position), size)
    for r in refinements:
        distance = np.maximum(np.maximum(r.low - position, position - r.high), 0.0)
        if np.isfinite(slope):
            np.minimum(wanted, r.size + slope * distance, out=wanted)
        else:
            wanted = np.where(distance <= 0.0, np.minimum(wanted, r.size), wanted)
    return wanted


def fill_axis(lines: np.ndarray, size: float, refinements: list[Refinement], growth: float) -> np.ndarray:
    """Faces, float64, that contain every line, with cells near the wanted size.

    growth: largest ratio of neighbouring cells, exceeded by EXCESS at most, where lines leave no choice. 1 means equal
    cells between two lines and no limit across a line.
    The faces share out the integral of ds / h(s), with dh/ds <= ln(growth), which makes the cells of an interval a
    geometric row of at most that ratio; intervals that came out finer than wanted then refine their neighbours.
    """
    # the cells of a row of n >= 2 may be EXCESS / n too large, which raises their ratio accordingly
    slope = np.log(growth) / (1.0 + EXCESS / 2.0) if growth > 1.0 else np.inf
    sources = list(refinements)
    lengths = np.diff(lines)
    middles = (np.arange(SAMPLES) + 0.5) / SAMPLES
    samples = lines[:-1, None] + lengths[:, None] * middles
    wanted = wanted_size(samples, size, sources, slope)
    while True:
        cumulative = np.cumsum(lengths[:, None] / SAMPLES / wanted, axis=1)
        counts = np.maximum(np.ceil(cumulative[:, -1] - EXCESS), 1.0).astype(int)
        pieces = []
        for start, length, row, count in zip(lines, lengths, cumulative, counts, strict=False):
            share = np.concatenate(([0.0], row / row[-1]))
            pieces.append(start + length * np.interp(np.arange(count) / count, share, np.arange(SAMPLES + 1) / SAMPLES))
        faces = np.concatenate([*pieces, lines[-1:]])
        if growth <= 1.0:
            return faces
        widths = np.diff(faces)
        ratio = np.maximum(widths[1:] / widths[:-1], widths[:-1] / widths[1:])
        steep = np.flatnonzero(ratio > growth * (1.0 + 1e-9))
        if steep.size == 0:
            return faces
        finer = [
            Refinement(faces[c], faces[c + 1], widths[c])
            for c in np.where(widths[steep] < widths[steep + 1], steep, steep + 1)
        ]
        narrower = np.minimum(wanted, wanted_size(samples, size, finer, slope))
        if np.array_equal(narrower, wanted):
            return faces
        wanted = narrower


def tanh_faces(low: float, high: float, cells: int, factor: float) -> np.ndarray:
    """Faces packed towards both ends, x = (1 + tanh(b (2 i/n - 1)) / tanh b) / 2; factor b = 0 is uniform."""
    s = np.linspace(-1.0, 1.0, cells + 1)
    faces = 0.5 * (low + high) + 0.5 * (high - low) * (np.tanh(factor * s) / np.tanh(factor) if factor else s)
    faces[0], faces[-1] = low, high
    return faces
