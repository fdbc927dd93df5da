"""Time until the mean inlets of all racks are those of a long march: from coarse grids, and on the case's own alone.

    python -m benchmarks.time_to_steady CASE [--set KEY=VALUE ...] [--windows 20]

The case is marched on its own grid for so many windows; the mean of the second half of them is the reference. Then
the time is looked for from which on no mean inlet over a window differs from it by more than 0.1 K: in that march, and
in one that comes from coarse grids. Where the mode "steady" would have stopped is told too. Times are those of the
processor, of one thread unless OMP_NUM_THREADS says otherwise, so that others on the machine matter little.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time

import numpy as np

from thermo.case.model import Case
from thermo.loading import load_case
from thermo.simulation.assembly import assemble
from thermo.simulation.ladder import Ladder
from thermo.steady.verdict import NOT_ENOUGH

TOLERANCE = 0.1  # K


@dataclass(frozen=True)
class Track:
    """A march on the case's own grid.

    time, processor: s at many moments after the first window. means: of the window that ends there, degC, a column per
    rack inlet. stopped: processor time and state with which mode "steady" ended, None where it did not.
    """

    time: np.ndarray
    processor: np.ndarray
    means: np.ndarray
    stopped: tuple[float, str] | None


def track(case: Case, windows: int, stop: bool, say) -> Track:
    """March a case for so many windows on its own grid; `stop`: or until mode "steady" has its answer."""
    build = lambda one: assemble(one, "native", "single")  # noqa: E731
    own = build(case)
    began = process_time()
    ladder = Ladder(case, own, build)
    samples: list[tuple[float, float]] = []
    stopped, verdict = None, None
    while not (ladder.on_own_grid and verdict and (verdict.windows >= windows or (stop and stopped))):
        solver, watch = ladder.assembly.solver, ladder.watch
        watch.before_step()
        solver.advance(watch.next_stop)
        verdict = watch.after_step()
        if ladder.on_own_grid:
            samples.append((solver.time, process_time() - began))
        if verdict is None:
            continue
        say(f"{ladder.ratio:g}x: window {verdict.windows}, {solver.time:.4g} s, {process_time() - began:.4g} s of "
            f"the processor: {verdict.state}, needs {verdict.needed:.3g} s")  # fmt: skip
        settled = verdict.state != NOT_ENOUGH
        if ladder.on_own_grid:
            stopped = stopped or ((process_time() - began, verdict.state) if settled else None)
        elif settled or verdict.start_up_over:
            ladder.climb(verdict, settled)
            verdict = None
    series, window = ladder.watch.series, ladder.assembly.terms.window
    racks = [n for n, channel in enumerate(ladder.watch.sampler.channels)
             if channel.kind == "inlet" and channel.name.startswith("racks.")]  # fmt: skip
    times, processor = np.array(samples).T
    means = np.full((len(times), len(racks)), np.nan)
    for n, time in enumerate(times):
        if time - window >= series.start and n % 4 == 0:
            means[n] = series.mean(time - window, time)[racks]
    kept = ~np.isnan(means[:, 0])
    return Track(times[kept], processor[kept], means[kept], stopped)


def within(found: Track, reference: np.ndarray) -> tuple[float, float] | None:
    """Simulated and processor time from which on every mean lies within the tolerance; None where that never is."""
    far = np.abs(found.means - reference).max(axis=1) > TOLERANCE
    first = 0 if not far.any() else int(np.flatnonzero(far)[-1]) + 1
    return None if first == len(far) else (float(found.time[first]), float(found.processor[first]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case")
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    parser.add_argument("--windows", type=int, default=20)
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    overrides = [*chosen.overrides, 'run.mode="steady"', 'run.until="1 h"']
    plain = track(load_case(chosen.case, [*overrides, "run.steady.coarse=[]"]), chosen.windows, False, print)
    half = plain.time >= 0.5 * plain.time[-1]
    reference = plain.means[half].mean(axis=0)
    coarse = track(load_case(chosen.case, overrides), chosen.windows, True, print)
    document = {"case": chosen.case, "overrides": chosen.overrides, "inlets_c": reference.round(3).tolist(),
                "wander_k": float(np.abs(plain.means[half] - reference).max())}  # fmt: skip
    for name, found in (("plain", plain), ("coarse", coarse)):
        document[name] = {"within": within(found, reference), "stopped": found.stopped,
                          "last_difference_k": float(np.abs(found.means[-1] - reference).max())}  # fmt: skip
    print(json.dumps(document, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
