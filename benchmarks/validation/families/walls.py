"""Heat through a conducting wall and the fluid behind it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.validation import exact
from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.measures import heat_across_x, wall_heat
from benchmarks.validation.row import Row
from benchmarks.validation.study import Study


def conducting_wall(
    name: str, scenario: str | None, conductivity: float, convection: bool, bench: Bench
) -> Iterator[Row]:
    """conductivity: of the wall over that of the fluid; convection: whether gravity acts."""
    run = CaseRun(bench, name, "conjugate_wall", scenario, precision="double")
    solver = run.solver
    heats = lambda s: [wall_heat(s, "west"), heat_across_x(s, 0.2), -wall_heat(s, "east")]  # noqa: E731
    run.settle(heats, 0.05, 20.0, tolerance=1e-9)
    hot, interface, cold = heats(solver)
    why = "double precision, steady: harmonic conductances are exact for piecewise linear T"
    yield run.row("heat through the interface / outer face", interface / hot, 1.0, "conservation", "X", 1e-6, why)
    yield run.row("heat into the cold side / outer face", cold / hot, 1.0, "conservation", "X", 1e-6, why)
    if not convection:
        # 1 K across the fluid alone would drive conductivity 1 x height 1 x depth 0.1
        yield run.row("Nu", hot / 0.1, exact.conduction_nusselt(0.2, conductivity), "1 / (1 + (t/L) (k_f/k_w))", "X",
                      1e-6, why)  # fmt: skip


_FOLDER = "conjugate_cavity"
STUDIES = tuple(
    Study(f"{_FOLDER}/{name}", "A", f"wall of {conductivity:g} x the conductivity of the fluid",
          partial(conducting_wall, f"{_FOLDER}/{name}", scenario, conductivity, convection))
    for name, scenario, conductivity, convection in (
        ("insulating", None, 0.1, False), ("conducting", "conducting", 10.0, False),
        ("insulating_ra1e5", "convection", 0.1, True), ("conducting_ra1e5", "convection_conducting", 10.0, True))
)  # fmt: skip
