"""The case files of the validation: all load, with every scenario, and every study has its place in the list."""

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.validation.bench import CASES, Bench, CaseRun, StudySkipped
from benchmarks.validation.families import halls, rooms
from benchmarks.validation.means import along
from benchmarks.validation.suite import STUDIES
from thermo.loading import load_case
from thermo.mesh.build import build_mesh

FILES = sorted(CASES.glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_case_loads_with_every_scenario(file):
    case = load_case(file)
    assert case.id == file.stem
    assert case.title
    for scenario in case.scenarios:
        load_case(file, scenario=scenario)


def test_every_case_file_belongs_to_a_study():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(rooms.__file__).parent.glob("*.py"))
    unused = [file.stem for file in FILES if not re.search(rf'"{file.stem}"', source)]
    assert unused == []


def test_names_of_studies_are_unique_and_have_a_folder():
    names = [study.name for study in STUDIES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[\w.]+/[\w-]+", name) for name in names)


def test_what_is_not_built_yet_skips_its_study():
    with pytest.raises(StudySkipped, match="not yet supported"):
        CaseRun(Bench(), "room", "annex20_room", "flat", ["run.turbulence = 'k-omega'"])


def test_mean_fields_between_cell_centres():
    """A linear temperature is interpolated exactly, in a flat case too."""
    run = CaseRun(Bench(), "hall", "heated_cavity", overrides=["mesh.cells = [8, 1, 8]"])
    run.solver.initialise(lambda x, y, z: 293.15 + x + 2.0 * z + 0.0 * y)
    run.solver.start_average()
    run.solver.advance(1e-6)
    points = np.array([[0.3, 0.05, 0.6], [0.71, 0.05, 0.29]])
    assert along(run, "temperature", points) == pytest.approx(20.0 + points @ [1.0, 0.0, 2.0], abs=1e-4)


def test_configurations_of_the_solar_chimney_keep_their_openings():
    """Slot and cavity of the widest configuration, and the panels on both sides of the cavity."""
    overrides = [*rooms.chimney_overrides(0.4, 0.3, 60.0), "mesh.size = 0.1", "mesh.refine = []"]
    mesh = CaseRun(Bench(), "chimney", "solar_chimney", overrides=overrides).solver.mesh
    x, y, z = (axis.centres for axis in mesh.axes)
    slot = mesh.solid[:, :, np.abs(x - 1.7).argmin()] == 0
    area = (mesh.z.widths[:, None] * mesh.y.widths)[slot].sum()
    assert area == pytest.approx(0.4 * 0.7)
    cavity = mesh.solid[np.abs(z - 1.0).argmin(), np.abs(y + 0.1).argmin()] == 0
    assert mesh.x.widths[cavity & (x > 1.8)].sum() == pytest.approx(0.3)


def test_grates_and_tiles_of_the_mockup_resist_as_their_true_areas():
    """Grates of 6.50 m2; tiles of 4.85 m2 with K = 4.74, seams of 0.27 and 0.352 m2 with K = 1 and their exit head."""
    mesh = build_mesh(load_case(CASES / "fm_mockup.toml"))
    areas = {resistance.name: resistance.patch.area.sum() for resistance in mesh.resistances}
    assert sum(area for name, area in areas.items() if "grate" in name) == pytest.approx(6.503, abs=1e-3)

    def conductance(name: str, head: float) -> float:
        """Sum of A / sqrt(K + head)."""
        return sum(r.patch.area.sum() / (r.loss_forward + head) ** 0.5 for r in mesh.resistances if name in r.name)

    assert conductance("tile", 0.0) == pytest.approx(4.852 / 4.74**0.5, rel=1e-3)
    assert conductance("seam_ceiling", 1.0) == pytest.approx(0.270, rel=0.01)
    assert conductance("seam_floor", 1.0) == pytest.approx(0.352, rel=0.01)
    assert (mesh.solid == 0).all()
    assert len(mesh.regions) == 1


def test_hall_without_its_measurements_is_skipped(monkeypatch, tmp_path):
    monkeypatch.setenv(halls.VARIABLE, str(tmp_path))
    study = next(study for study in STUDIES if study.name == f"{halls.FOLDER}/idle")
    with pytest.raises(StudySkipped, match="may not be redistributed"):
        next(iter(study.measure(Bench())))


def test_racks_of_the_hall_are_where_their_numbers_say():
    """Rack 7 and rack 6 stand at y = 0, rack 12 and rack 1 at the far end; ten chassis each, from the bottom."""
    case = load_case(CASES / "rise_hall.toml")
    assert len(case.racks) == 120
    place = {rack: case.racks[halls.device(rack, 1).removeprefix("racks.")].position for rack in (7, 12, 6, 1)}
    assert place == {7: (1.79, 0.0), 12: (1.79, pytest.approx(3.1)), 6: (4.37, 0.0), 1: (4.37, pytest.approx(3.1))}
    heights = [case.racks[halls.device(3, n).removeprefix("racks.")].base for n in halls.CHASSIS]
    assert heights == sorted(heights)
