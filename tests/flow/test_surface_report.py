"""What the report says of surfaces: temperature, heat into the air, radiation."""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.test_radiation import furnished, solver_of
from thermo.flow.surfaces import ADIABATIC
from thermo.mesh.builder import Side


def test_lines_of_all_surfaces():
    room = furnished({"west": Side(thermal=("temperature", 320.0)), "ceiling": Side(thermal=("u_value", 2.0, 280.0))})
    solver = solver_of(room, open_backend("native", "double"))
    solver.initialise(300.0)
    solver.advance()
    lines = {line["name"]: line for line in solver.report()["surfaces"]}
    assert set(lines) == {"walls.west", "walls.ceiling", "solids", ADIABATIC}
    west, ceiling = lines["walls.west"], lines["walls.ceiling"]
    assert west["temperature_mean_c"] == pytest.approx(46.85)
    assert west["radiation_absorbed_w"] < -100.0, "the warm wall does not radiate"
    assert 0.0 < ceiling["radiation_absorbed_w"] < -west["radiation_absorbed_w"]
    assert sum(line["radiation_absorbed_w"] for line in lines.values()) == pytest.approx(0.0, abs=1e-9)
    radiation = solver.solids.radiation
    assert sum(line["area_m2"] for line in lines.values()) == pytest.approx(radiation.surfaces.faces.area.sum())
    given = np.sum([line["heat_to_air_w"] for line in lines.values()])
    rows = solver.backend.to_host(solver.boundaries.row_heat).sum()  # of the last stage, half a step before
    assert given == pytest.approx(rows, rel=0.02)
