"""What a report says about the steady state that a run was to find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from thermo.steady.verdict import NOT_ENOUGH, Finding, Verdict


def steady_entry(verdict: Verdict, window: float, coarse_grids: Iterable[Mapping], own_grid: bool) -> dict:
    """The table ``steady`` of report.json. window: s; own_grid: whether the run has come to the case's own grid."""
    return {
        "state": verdict.state if own_grid else NOT_ENOUGH,
        "windows": verdict.windows,
        "window_s": window,
        "averaged_from_s": verdict.samples_from,
        "averaged_s": verdict.time - verdict.samples_from,
        "needed_s": verdict.needed,
        "unsettled": [*verdict.unsettled, *([] if own_grid else ["the run is still on a coarse grid"])],
        "coarse_grids": [dict(grid) for grid in coarse_grids],
        "monitors": [_line(finding) for finding in verdict.findings],
    }


def _line(finding: Finding) -> dict:
    return {
        "name": finding.monitor.name,
        "unit": finding.monitor.unit,
        "state": finding.state,
        "mean": finding.mean,
        "interval": finding.half_width,
        "tolerance": finding.monitor.tolerance,
        "change": finding.change,
        "fluctuation": finding.fluctuation,
        "integral_time_s": finding.integral_time,
        "needed_s": finding.needed,
    }
