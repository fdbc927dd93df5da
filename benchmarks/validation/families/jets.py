"""Round jet: growth of its half width and decay of its velocity, far from the nozzle."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.eddies import Eddies, Stirring, isotropic_waves
from benchmarks.validation.measures import reference
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study
from thermo.simulation.functions import Functions

HUSSEIN = "Hussein, Capp and George 1994"
NOZZLE, SPEED, DENSITY = 0.1, 20.0, 1.2  # m, m/s, kg/m3
WAVES = 60
SAVED = 50  # moments at which a long run may be saved
SLOPE_BAND = 0.15  # the spread of the experiments


def nozzle_eddies() -> Functions:
    """Eddies of half the nozzle and a twentieth of its velocity, in the jet from 0.2 to 1 D."""
    eddies = Eddies.of_waves(isotropic_waves(0.5 * NOZZLE, WAVES), (0.7 * SPEED, 0.0, 0.0))
    inside = lambda y, z: 0.05 * SPEED * (np.hypot(y, z) < 0.6 * NOZZLE)  # noqa: E731
    return Functions(sources=Stirring(eddies, 0.2 * NOZZLE, NOZZLE, inside, DENSITY).sources())


def ring_mean(lines: list[np.ndarray], field: np.ndarray, radii: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Means on rings about the third axis of a field (n0, n1, n2) given on lines: (n2, radii)."""
    inside = RegularGridInterpolator(lines[:2], field, bounds_error=False, fill_value=None)
    ring = np.stack(np.broadcast_arrays(radii[:, None] * np.sin(angles), radii[:, None] * np.cos(angles)), axis=-1)
    return inside(ring).mean(axis=1).T


def half_widths(radii: np.ndarray, profiles: np.ndarray) -> np.ndarray:
    """Radius where each of the profiles (n, radii) first falls to half of its value on the axis, the first."""
    found = []
    for profile in profiles:
        n = int(np.argmax(profile < 0.5 * profile[0]))
        found.append(np.interp(-0.5 * profile[0], -profile[n - 1 : n + 1], radii[n - 1 : n + 1]) if n else np.nan)
    return np.array(found)


def round_jet(
    name: str, case: str, scenario: str | None, reach: tuple[float, float], growth: tuple[float, float | None, str],
    gated: bool, bench: Bench,
) -> Iterator[Row | Picture]:  # fmt: skip
    """Growth of the half width, and B_u of U_c/U_0 = B_u D/(x - x_0), from straight lines through means.

    reach: of these lines, x/D. growth: expected, its band, and why.
    """
    large_eddies = case == "round_jet"
    run = CaseRun(bench, name, case, scenario, functions=nozzle_eddies() if large_eddies else None)
    run.sampled(run.case.run.average_from, run.case.run.until, SAVED, lambda _: {}, name)
    mesh = run.solver.mesh
    u = run.solver.average("velocity")[..., 0].astype(np.float64)
    angles = np.pi * (np.arange(16) / 8.0 if large_eddies else (np.arange(9) / 16.0))
    radii = np.linspace(0.0, 0.6 * mesh.y.faces[-1], 481)
    x = mesh.x.centres / NOZZLE
    profiles = ring_mean([mesh.z.centres, mesh.y.centres], u, radii, angles)
    widths = half_widths(radii, profiles) / NOZZLE
    flow = run.solver.report()["devices"][0]["flow_m3_s"]
    share = 1.0 if large_eddies else 4.0  # the nozzle of the mean flow is a quarter
    diameter = (4.0 / np.pi * share * flow / SPEED) ** 0.5 / NOZZLE  # of the steps that the nozzle is made of
    far = (x > reach[0]) & (x < reach[1])
    slope, start = np.polyfit(x[far], widths[far], 1)
    decay = np.polyfit(x[far], SPEED / profiles[far, 0], 1)
    value, band, why = growth
    yield run.row("growth of the half width", slope, value, HUSSEIN, "M", band, why)
    table = {row["quantity"]: float(row["value"]) for row in reference("round_jet")}
    yield run.row("B_u", 1.0 / decay[0] / diameter, table["B_u"], HUSSEIN, "M", SLOPE_BAND if gated else None,
                  "the spread of the experiments")  # fmt: skip
    yield Picture(
        name.replace("/", "_"),
        f"Round jet, {name.split('/')[1]}, {run.grid}",
        "x / D",
        "half width / D, and U_0 / (10 U_c)",
        [
            Curve("half width", x, widths),
            Curve("U_0 / (10 U_c)", x, 0.1 * SPEED / profiles[:, 0]),
            Curve(
                "0.094 (x - x_0), x_0 ours",
                x[far][::4],
                table["half-width growth"] * (x[far][::4] + start / slope),
                True,
            ),
            Curve(
                "(x - x_0) / 58 D, x_0 ours",
                x[far][::4],
                0.1 / table["B_u"] * (x[far][::4] + decay[1] / decay[0]),
                True,
            ),
        ],
    )


_FOLDER = "plume_and_jet_laws"
_SPREAD = "the spread of the experiments"
_ANOMALY = "(!) what the standard model is known for; measured 0.094"
STUDIES = (
    Study(f"{_FOLDER}/jet_k-epsilon", "B", "round jet, a quarter of it, D/10", partial(
        round_jet, f"{_FOLDER}/jet_k-epsilon", "round_jet_mean", None, (20.0, 36.0), (0.12, 0.10, _ANOMALY), False)),
    Study(f"{_FOLDER}/jet_les_coarse", "B", "round jet, LES, D/8: coarse", partial(
        round_jet, f"{_FOLDER}/jet_les_coarse", "round_jet", "coarse", (12.0, 26.0), (0.094, None, _SPREAD), False)),
    Study(f"{_FOLDER}/jet_les", "C", "round jet, LES, D/16", partial(
        round_jet, f"{_FOLDER}/jet_les", "round_jet", None, (20.0, 45.0), (0.094, SLOPE_BAND, _SPREAD), True)),
)  # fmt: skip
