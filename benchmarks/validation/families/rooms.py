"""Rooms with measured flows: ceiling jet, tall cavity, solar chimney, age of air."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.means import along, averaged, interpolated, points
from benchmarks.validation.measures import openings, reference
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study
from thermo.flow.scalars.mean_flow import present_flow, solve


def annex20(
    name: str, scenario: str | None, model: str, band: float | None, why: str, bench: Bench
) -> Iterator[Row | Picture]:
    """Mean velocity on two lines over the velocity of the supply."""
    run = averaged(bench, name, "annex20_room", scenario, [f"run.turbulence = {model!r}"])
    middle = 0.5 * run.solver.mesh.y.length
    found, curves = [], []
    for file, key in (("annex20_vertical", "y_m"), ("annex20_ceiling", "x_m")):
        rows = reference(file)
        place, table = (np.array([float(row[column]) for row in rows]) for column in (key, "u_over_U0"))
        x, z, length, label = (3.0, place, 3.0, "x = H") if key == "y_m" else (place, 2.916, 9.0, "under the ceiling")
        ours = along(run, "velocity", points(len(rows), x=x, y=middle, z=z))[:, 0] / 0.455
        found.append(np.abs(ours - table))
        curves += [Curve(f"{label}, {model}", place / length, ours),
                   Curve(f"{label}, Restivo", place / length, table, True)]  # fmt: skip
    yield run.row("mean |u - measured| / U0", np.concatenate(found).mean(), 0.0, "Restivo 1979", "F", band, why,
                  "absolute")  # fmt: skip
    yield Picture(name.replace("/", "_"), f"Annex 20 room, {model}, {run.grid}", "z / H (x = H), x / L (ceiling)",
                  "u / U0", curves)  # fmt: skip


def tall_cavity(
    name: str, scenario: str | None, model: str, gated: bool, bench: Bench, peak: float | None = None
) -> Iterator[Row | Picture]:
    """Profiles of temperature and vertical velocity between the plates.

    peak: of the model, what its largest velocity is expected to be over the measured one.
    """
    run = averaged(bench, name, "betts_cavity", scenario, [f"run.turbulence = {model!r}"])
    middle, height = 0.5 * run.solver.mesh.y.length, run.solver.mesh.z.length
    why = "twice the error of the measurement; losses of the ends act at 0.1 and 0.9"
    for quantity, file, column, unit, band in (
        ("temperature", "betts_temperature", "T_C", "K", 1.0),
        ("velocity", "betts_vertical_velocity", "v_m_s", "m/s", 0.012),
    ):
        curves = []
        for share in ("0.1", "0.5", "0.9"):
            rows = [row for row in reference(file) if row["y_over_H"] == share]
            x, table = (np.array([float(row[key]) for row in rows]) for key in ("x_from_cold_plate_mm", column))
            values = along(run, quantity, points(len(rows), x=1e-3 * x, y=middle, z=float(share) * height))
            ours = values[:, 2] if quantity == "velocity" else values
            yield run.row(f"{quantity} at z/H {share}, largest difference, {unit}", np.abs(ours - table).max(), 0.0,
                          "Betts and Bokhari 2000", "F", band if gated and share == "0.5" else None,
                          why, "absolute")  # fmt: skip
            if quantity == "velocity" and share == "0.5":
                yield run.row("largest velocity at z/H 0.5 / measured", np.abs(ours).max() / np.abs(table).max(),
                              peak or 1.0, "Betts and Bokhari 2000", "F", 0.15 if peak else None,
                              "k-epsilon with wall functions: 15 % low is expected, of its profiles nothing is asked"
                              if peak else "as above")  # fmt: skip
            curves += [Curve(f"z/H {share}", x, ours), Curve(f"z/H {share}, measured", x, table, True)]
        yield Picture(f"{name.replace('/', '_')}_{quantity}", f"Tall cavity, {model}, {run.grid}", "x, mm",
                      f"{quantity}, {unit}", curves)  # fmt: skip


def chimney_overrides(slot: float, gap: float, panel: float) -> list[str]:
    """The case of one configuration: height of the slot and gap of the cavity, m, temperature of the panels, degC."""
    far = 1.8 + gap
    return [
        f"building.box = [[0, -0.9, 0], [{far + 0.05}, 0, 2.3]]",
        f"blocks.wall.box = [[1.65, -0.9, {slot}], [1.75, 0, 2.0]]",
        f"blocks.panel.box = [[1.75, -0.9, {slot}], [1.8, 0, 2.0]]", f"blocks.panel.temperature = {panel}",
        f"blocks.beside_slot.box = [[1.65, -0.9, 0], [1.8, -0.7, {slot}]]",
        f"blocks.beside_cavity.box = [[1.8, -0.9, 0], [{far}, -0.75, 2.0]]",
        f"blocks.far_panel.box = [[{far}, -0.9, 0], [{far + 0.05}, 0, 2.0]]", f"blocks.far_panel.temperature = {panel}",
        f"openings.top.rect = [[1.8, -0.9], [{far + 0.05}, 0]]",
    ]  # fmt: skip


def solar_chimney(
    name: str, cell: float, near: float, axes: str, temperatures: tuple[float, ...], gated: bool, bench: Bench
) -> Iterator[Row]:
    """Mass flow of the configurations with panels of some temperatures, degC, and its mean bias.

    near, axes: size of the cells about the cavity, m, along those axes.
    """
    ratios, last = [], None
    for row in reference("bouchair"):
        if float(row["panel_temperature_C"]) not in temperatures:
            continue
        slot, gap, panel, measured = (
            float(row[key]) for key in ("inlet_height_m", "cavity_gap_m", "panel_temperature_C",
                                        "mass_flow_per_width_kg_s_m")
        )  # fmt: skip
        cavity = f"[[1.75, -0.9, 0], [{1.8 + gap + 0.05}, 0, 2.05]]"
        refine = f"mesh.refine = [{{ at = {cavity}, size = {near}, axes = '{axes}' }}]"
        overrides = [*chimney_overrides(slot, gap, panel), f"mesh.size = {cell}", refine]
        run = CaseRun(bench, name, "solar_chimney", overrides=overrides)
        report = run.averaged(run.case.run.average_from, run.case.run.until)
        flow = openings(report)["window"]["flow_in_kg_s"] / 0.75  # half the width of the cavity
        ratios.append(flow / measured)
        last = run
        yield run.row(f"flow, slot {slot:g} m, gap {gap:g} m, {panel:g} degC, kg/(s m)", flow, measured,
                      "Bouchair 1989, 1994", "F", 0.25 if gated else None,
                      "error of the measurement assumed 10 %; a published LES at 2.5 cm is a quarter low")  # fmt: skip
    yield last.row("mean flow / measured", np.mean(ratios), 1.0, "Bouchair 1989, 1994", "F", 0.15 if gated else None,
                   "as above")  # fmt: skip


def age_of_air(name: str, scenario: str | None, model: str, gated: bool, bench: Bench) -> Iterator[Row | Picture]:
    """Age of the air that leaves, exact, and on a vertical.

    With resolved eddies the mean of the march; else the steady age on the flow at its end.
    """
    run = averaged(bench, name, "room_age", scenario, [f"run.turbulence = {model!r}"])
    mesh, supplied = run.solver.mesh, 1.68 * 0.3 * 0.2
    volume = 4.2 * 3.6 * 3.0
    nominal = volume / supplied
    patch = mesh.openings[0].patch
    if model == "les":
        age = run.solver.average("age_of_air").astype(np.float64)
    else:
        scalar = run.solver.transported.scalars["age_of_air"]
        age = solve(run.solver, present_flow(run.solver), [scalar])["age_of_air"].field.astype(np.float64)
    # The outlet is wider than the stream through it: some air of age nought enters beside what leaves.
    through = -patch.inward * run.solver.average("velocity")[tuple(patch.cells.T)][:, patch.axis] * patch.area
    out = np.maximum(through, 0.0)
    leaving = float((age[tuple(patch.cells.T)] * out).sum() / out.sum())
    entering = supplied + np.maximum(-through, 0.0).sum()
    yield run.row("age of the air that leaves / volume per flow of all that enters", leaving * entering / volume, 1.0,
                  "V/Q, steady", "X", 0.05, "means of a finite time; exact once they are steady")  # fmt: skip
    rows = reference("room_age")
    z, table = (np.array([float(row[key]) for row in rows]) for key in ("z_m", "age_over_nominal"))
    ours = interpolated(mesh, age, points(len(rows), x=1.13, y=1.8, z=z)) / nominal
    why = "tracer decay 10 %, and the digitisation"
    yield run.row("age on x = 1.13 m, mean difference / nominal", np.abs(ours - table).mean(), 0.0,
                  "Bartak et al. 2001", "F", 0.1 if gated else None, why, "absolute")  # fmt: skip
    yield run.row("age on x = 1.13 m, largest difference / nominal", np.abs(ours - table).max(), 0.0,
                  "Bartak et al. 2001", "F", 0.25 if gated else None, why, "absolute")  # fmt: skip
    heights = np.linspace(0.05, 2.95, 59)
    yield Picture(name.replace("/", "_"), f"Age of air, {model}, {run.grid}", "age / nominal", "z, m", [
        Curve("thermo", interpolated(mesh, age, points(59, x=1.13, y=1.8, z=heights)) / nominal, heights),
        Curve("Bartak et al. 2001", table, z, True)])  # fmt: skip


_JET = "digitisation and the jet's uncertainty are 0.03; published k-epsilon results lie at 0.04 to 0.08"
_POOR = "k-omega SST is reported to do badly in this room"
_PANELS = (30.0, 40.0, 50.0, 60.0)  # degC
_COARSE = "half resolution: coarse"


def _study(folder: str, variant: str, tier: str, what: str, measure, *arguments) -> Study:
    name = f"{folder}/{variant}"
    return Study(name, tier, what, partial(measure, name, *arguments))


STUDIES = (
    _study("bouchair_solar_chimney", "les_coarse", "B", "solar chimney, cells of 5 and 2.5 cm",
           solar_chimney, 0.05, 0.025, "xyz", _PANELS, False),
    _study("bouchair_solar_chimney", "les_walls", "B", "solar chimney, cells of 5 cm, of 1 cm across the cavity",
           solar_chimney, 0.05, 0.01, "x", (60.0,), False),
    _study("bouchair_solar_chimney", "les", "C", "solar chimney, cells of 2.5 and 1 cm",
           solar_chimney, 0.025, 0.01, "xyz", _PANELS, True),
    _study("annex20_room_2d_isothermal", "les_coarse", "B", "Annex 20 room, cells of 10 cm",
           annex20, "coarse", "les", None, _COARSE),
    _study("annex20_room_2d_isothermal", "les", "C", "Annex 20 room, cells of 5 cm", annex20, None, "les", 0.05, _JET),
    _study("annex20_room_2d_isothermal", "k-epsilon", "B", "Annex 20 room, flat",
           annex20, "flat", "k-epsilon", 0.08, _JET),
    _study("annex20_room_2d_isothermal", "sst", "B", "Annex 20 room, flat", annex20, "flat", "sst", None, _POOR),
    _study("betts_bokhari_tall_cavity", "les_coarse", "B", "tall cavity, 32 x 24 x 160",
           tall_cavity, "coarse", "les", False),
    _study("betts_bokhari_tall_cavity", "les", "C", "tall cavity, 64 x 64 x 400", tall_cavity, None, "les", True),
    _study("betts_bokhari_tall_cavity", "k-epsilon_coarse", "A", "tall cavity, flat, 20 x 75",
           tall_cavity, "flat_coarse", "k-epsilon", False),
    _study("betts_bokhari_tall_cavity", "k-epsilon", "B", "tall cavity, flat",
           partial(tall_cavity, peak=0.85), "flat", "k-epsilon", False),
    _study("betts_bokhari_tall_cavity", "sst_coarse", "A", "tall cavity, flat, 20 x 75",
           tall_cavity, "flat_coarse", "sst", False),
    _study("betts_bokhari_tall_cavity", "sst", "B", "tall cavity, flat", tall_cavity, "flat", "sst", True),
    _study("room_age_of_air", "les_coarse", "B", "age of air, cells of 15 cm", age_of_air, "coarse", "les", False),
    _study("room_age_of_air", "les", "C", "age of air, cells of 6 cm", age_of_air, None, "les", True),
    _study("room_age_of_air", "k-epsilon_coarse", "B", "age of air, cells of 10 cm",
           age_of_air, "mean_flow", "k-epsilon", False),
    _study("room_age_of_air", "k-epsilon", "B", "age of air, cells of 6 cm",
           age_of_air, "mean_flow_fine", "k-epsilon", True),
)
