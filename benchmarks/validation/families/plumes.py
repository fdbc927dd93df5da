"""Turbulent plumes: in still air, and the room that a plume fills and its openings empty."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.eddies import Eddies, isotropic_waves
from benchmarks.validation.exact import GRAVITY, emptying_box
from benchmarks.validation.families.jets import half_widths, ring_mean
from benchmarks.validation.measures import columns, openings, reference
from benchmarks.validation.refinement import low_face_velocity
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study
from thermo.flow import Solver
from thermo.simulation.functions import Functions

LINDEN = "Linden, Lane-Serff and Smeed 1990"
HUNT = "Hunt and Kaye 2001"
ENTRAINMENT = 0.117  # top-hat; measured values lie at 0.10 to 0.13
AMBIENT = 293.15  # K
HEIGHT, TOP, SLOTS = 3.0, 0.36**2, 2 * 3.6 * 0.24  # m, m2
POWERS = (1000.0, 4000.0)  # W
APART = 1.2  # m from the axis: beyond the plume
SOURCE_WIDTH = 0.24  # m
DENSITY, HEAT_CAPACITY = 1.2, 1006.0
SHABBIR = "Shabbir and George 1994"
PLATE, PLUME_POWER, DRAUGHT, WAVES = 0.25, 2000.0, 0.05, 40  # m, W, m/s; of the plume in still air
SPREAD, FLUX_SAMPLES = 0.15, 600


def effective_opening(top: float, slots: float) -> float:
    """A* of two openings in a row with these discharge coefficients, m2: flow A* (g' (H - h))^(1/2)."""
    return 2.0**0.5 / (1.0 / (top * TOP) ** 2 + 1.0 / (slots * SLOTS) ** 2) ** 0.5


def two_layers(interface: float, lift: float) -> Functions:
    """Air that begins with a warm layer of this reduced gravity (m/s2) above a height (m)."""
    return Functions(initial={
        "temperature": lambda x, y, z: AMBIENT * (1.0 + lift / GRAVITY * (z > interface)) + 0.0 * (x + y)
    })  # fmt: skip


def filled_box(bench: Bench, name: str, scenario: str | None, power: float) -> tuple[CaseRun, dict[str, float]]:
    """The run with means since `average_from`, and what theory says of it.

    The air begins in the two layers of the theory; times follow the flow, thus the cube root of the power.
    """
    buoyancy = GRAVITY * power / (DENSITY * HEAT_CAPACITY * AMBIENT)
    interface, _, lift = emptying_box(effective_opening(0.6, 0.6), HEIGHT, buoyancy, ENTRAINMENT)
    run = CaseRun(bench, name, "emptying_box", scenario, [f"sources.fire.heat = {power}"],
                  functions=two_layers(interface, lift))  # fmt: skip
    pace = (POWERS[0] / power) ** (1.0 / 3.0)
    report = run.averaged(pace * run.case.run.average_from, pace * run.case.run.until)
    return run, measured(run, openings(report), buoyancy)


def measured(run: CaseRun, ports: dict[str, dict], buoyancy: float) -> dict[str, float]:
    """Interface, flow and discharge coefficients of the means, and what theory gives with these openings."""
    mesh = run.solver.mesh
    warmth, pressure = (_around(run, field) for field in ("temperature", "pressure"))
    z, widths = mesh.z.centres, mesh.z.widths
    middle = 0.5 * (warmth[0] + warmth[-1])
    k = int(np.flatnonzero(warmth > middle)[0])
    interface = float(np.interp(middle, warmth[k - 1 : k + 1], z[k - 1 : k + 1]))
    flow = ports["top"]["flow_out_kg_s"] / DENSITY
    # pressure at the ceiling, half a cell above the last layer, and across the slots at their middle
    lift = GRAVITY * DENSITY * (warmth[-1] + 273.15 - AMBIENT) / AMBIENT
    above = pressure[-1] + 0.5 * lift * widths[-1]
    below = float(np.interp(0.12, z, pressure))
    coefficient = lambda area, head: flow / (area * (2.0 * head / DENSITY) ** 0.5)  # noqa: E731
    found = {"interface": interface, "flow": flow, "top": coefficient(TOP, above), "slots": coefficient(SLOTS, -below)}
    opening = effective_opening(found["top"], found["slots"])
    found["opening"] = opening / HEIGHT**2
    found["theory"], found["theory flow"], _ = emptying_box(opening, HEIGHT, buoyancy, ENTRAINMENT)
    found["origin"] = depth = virtual_origin(run, interface, buoyancy)
    # (xi + z_v/H)^5 in place of xi^5 (Hunt and Kaye 2001) is the room of a point source with its floor z_v lower
    found["theory from there"] = emptying_box(opening, HEIGHT + depth, buoyancy, ENTRAINMENT)[0] - depth
    return found


def virtual_origin(run: CaseRun, interface: float, buoyancy: float) -> float:
    """Depth below the floor of the point source with the momentum flux of the plume, m.

    A plume of top-hat profiles has M = pi (9 alpha B / (10 pi))^(2/3) (z + z_v)^(4/3) (Morton, Taylor and Turner 1956).
    The mean over the heights from two widths of the source to nine tenths of the layer; M of the mean velocity, in
    which the air beside the plume, that drifts, hardly counts.
    """
    mesh = run.solver.mesh
    heights = mesh.z.centres
    plume = (heights > 2.0 * SOURCE_WIDTH) & (heights < 0.9 * interface)
    near = np.hypot(mesh.x.centres[None, :] - 1.8, mesh.y.centres[:, None] - 1.8) < APART
    area = mesh.y.widths[:, None] * mesh.x.widths * near
    momentum = (run.solver.average("velocity")[plume, ..., 2].astype(np.float64) ** 2 * area).sum(axis=(1, 2))
    similar = np.pi * (0.9 * ENTRAINMENT * buoyancy / np.pi) ** (2.0 / 3.0)
    return float(((momentum / similar) ** 0.75 - heights[plume]).mean())


def _around(run: CaseRun, field: str) -> np.ndarray:
    """Mean field of every layer of cells away from the plume."""
    mesh = run.solver.mesh
    away = np.hypot(mesh.x.centres[None, :] - 1.8, mesh.y.centres[:, None] - 1.8) > APART
    return run.solver.average(field).astype(np.float64)[:, away].mean(axis=1)


def box(name: str, scenario: str | None, gated: bool, bench: Bench) -> Iterator[Row | Picture]:
    """Interface and flow of two powers, a factor 4 apart."""
    band = lambda value: value if gated else None  # noqa: E731
    why = f"top-hat entrainment {ENTRAINMENT:g}; 0.10 to 0.13 moves the interface by 0.05 H"
    shares, curves = [], []
    for power in POWERS:
        run, found = filled_box(bench, name, scenario, power)
        what = f"{power:g} W"
        shares.append(found["interface"] / HEIGHT)
        yield run.row(f"interface / H, {what}", shares[-1], found["theory"] / HEIGHT, LINDEN, "X", band(0.05), why,
                      "absolute")  # fmt: skip
        yield run.row(f"virtual origin below the floor / H, {what}", found["origin"] / HEIGHT, 0.0, "point source", "X",
                      None, "from the momentum flux of the plume below the interface", "absolute")  # fmt: skip
        yield run.row(f"interface / H, {what}, of a source there", shares[-1], found["theory from there"] / HEIGHT,
                      HUNT, "X", None, why, "absolute")  # fmt: skip
        yield run.row(f"flow, {what}, m3/s", found["flow"], found["theory flow"], LINDEN, "X", band(0.10), why)
        for port in ("top", "slots"):
            yield run.row(f"discharge coefficient measured, {port}, {what}", found[port], 0.6, "of the openings", "X",
                          None, "pressure of the air apart from the plume against outside")  # fmt: skip
        warmth = _around(run, "temperature") - 20.0
        curves.append(Curve(what, warmth / warmth[-1], run.solver.mesh.z.centres / HEIGHT))
        curves.append(Curve(f"{what}, theory", [0.0, 0.0, 1.0, 1.0],
                            np.array([0.0, found["theory"], found["theory"], HEIGHT]) / HEIGHT, True))  # fmt: skip
    yield run.row("change of the interface with the power / H", abs(shares[1] - shares[0]), 0.0, LINDEN, "X",
                  band(0.03), "the theory knows no power", "absolute")  # fmt: skip
    yield Picture(name.replace("/", "_"), f"Emptying-filling box, {run.grid}", "T / T of the top", "z / H", curves)


def starting_eddies() -> Functions:
    """Air that begins with weak eddies of the size of the source."""
    eddies = Eddies.of_waves(isotropic_waves(PLATE, WAVES))
    return Functions(initial={
        name: lambda x, y, z, component=component: DRAUGHT * eddies(component, x, y, z)
        for component, name in enumerate(("ux", "uy", "uz"))
    })  # fmt: skip


def buoyancy_through_planes(solver: Solver) -> np.ndarray:
    """Integral of w g' over the lower faces of every layer of cells but the first, at this moment, m4/s3."""
    mesh = solver.mesh
    theta = solver.field("temperature").astype(np.float64) + 273.15 - AMBIENT
    w = low_face_velocity(solver, 2).astype(np.float64)
    area = mesh.y.widths[:, None] * mesh.x.widths
    return GRAVITY / AMBIENT * (w[1:] * 0.5 * (theta[1:] + theta[:-1]) * area).sum(axis=(1, 2))


def plume(name: str, scenario: str | None, gated: bool, bench: Bench) -> Iterator[Row | Picture]:
    """Coefficients of the far field, from straight lines through means between 10 and 20 D, and the buoyancy flux."""
    band = SPREAD if gated else None
    run = CaseRun(bench, name, "round_plume", scenario, functions=starting_eddies())
    solver, start, end = run.solver, run.case.run.average_from, run.case.run.until
    read = lambda solver: {"flux": buoyancy_through_planes(solver)}  # noqa: E731
    flux = run.sampled(start, end, FLUX_SAMPLES, read, name)["flux"]
    mesh, source = solver.mesh, GRAVITY * PLUME_POWER / (DENSITY * HEAT_CAPACITY * AMBIENT)
    far = (mesh.z.centres > 10.0 * PLATE) & (mesh.z.centres < 20.0 * PLATE)
    radii, angles, lines = np.linspace(0.0, 1.5, 601), np.pi / 8.0 * np.arange(16), [mesh.x.centres, mesh.y.centres]
    velocity = ring_mean(lines, solver.average("velocity")[..., 2].T.astype(np.float64), radii, angles)
    warmth = ring_mean(lines, solver.average("temperature").T.astype(np.float64), radii, angles) + 273.15 - AMBIENT
    z, w, lift = mesh.z.centres[far], velocity[far, 0], GRAVITY / AMBIENT * warmth[far, 0]
    rise = np.polyfit(z, (w / source ** (1.0 / 3.0)) ** -3.0, 1)
    fade = np.polyfit(z, (lift / source ** (2.0 / 3.0)) ** -0.6, 1)
    growth = [np.polyfit(z, half_widths(radii, profiles[far]), 1)[0] for profiles in (velocity, warmth)]
    table = {key: float(value) for key, value in reference("round_plume")[0].items() if key != "source"}
    for quantity, ours, theirs in (
        ("c_w: W_c = c_w F^1/3 (z - z_0)^-1/3", rise[0] ** (-1.0 / 3.0), table["c_w"]),
        ("c_g: g'_c = c_g F^2/3 (z - z_0)^-5/3", fade[0] ** (-5.0 / 3.0), table["c_g"]),
        ("growth of the half width of w", growth[0], (np.log(2.0) / table["B"]) ** 0.5),
        ("growth of the half width of g'", growth[1], (np.log(2.0) / table["B_T"]) ** 0.5),
    ):
        yield run.row(quantity, ours, theirs, SHABBIR, "M", band, "the spread of the experiments")
    passing = flux[(mesh.z.faces[1:-1] > 10.0 * PLATE) & (mesh.z.faces[1:-1] < 20.0 * PLATE)] / source
    yield run.row("buoyancy flux through planes over that of the source, largest difference",
                  np.abs(passing - 1.0).max(), 0.0, "conservation of heat", "X", 0.01 if gated else None,
                  "mean and turbulent, of samples", "absolute")  # fmt: skip
    heights = z / PLATE
    experiments = columns("round_plume", text=("source",))
    for what, ours, power, key in (("W_c / F^(1/3)", w / source ** (1.0 / 3.0), 1.0 / 3.0, "c_w"),
                                   ("g'_c / F^(2/3)", lift / source ** (2.0 / 3.0), 5.0 / 3.0, "c_g")):  # fmt: skip
        zero = (rise if key == "c_w" else fade)[1] / (rise if key == "c_w" else fade)[0]
        yield Picture(f"{name.replace('/', '_')}_{key}", f"Round plume, {run.grid}", "z / D", what, [
            Curve("thermo", heights, ours),
            *(Curve(str(who), heights[::4], value * (z[::4] + zero) ** -power, True)
              for who, value in zip(experiments["source"], experiments[key], strict=True))])  # fmt: skip


STUDIES = (
    Study("plume_and_jet_laws/plume_les_coarse", "B", "plume in still air, LES, D/8: coarse",
          partial(plume, "plume_and_jet_laws/plume_les_coarse", "coarse", False)),
    Study("plume_and_jet_laws/plume_les", "C", "plume in still air, LES, D/16",
          partial(plume, "plume_and_jet_laws/plume_les", None, True)),
    Study("emptying_filling_box/les_coarse", "B", "room emptied and filled by a plume, cells of H/25: coarse",
          partial(box, "emptying_filling_box/les_coarse", "coarse", False)),
    Study("emptying_filling_box/les_refined", "B", "room emptied and filled by a plume, H/50 across it: coarse",
          partial(box, "emptying_filling_box/les_refined", "refined", False)),
    Study("emptying_filling_box/les", "C", "room emptied and filled by a plume, cells of H/50",
          partial(box, "emptying_filling_box/les", None, True)),
)  # fmt: skip
