"""The case that is written for OpenFOAM: blocks, patches and their areas; its log; the comparison of means."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest

from benchmarks.openfoam import run
from benchmarks.openfoam.case import LINES, Control, blocks, case_files, patches
from benchmarks.openfoam.compare import SETTLED, equal_confidence, group_means
from benchmarks.openfoam.statistics import Mean, batch_mean
from benchmarks.rack_room import RACKS, SYMMETRIC, rack_room

CONTROL = Control(cell=0.1, dt=0.02, end=0.1, sample=0.04, cores=2)


def _area(faces) -> float:
    total = 0.0
    for block, axis, _ in faces:
        total += np.prod([LINES[a][block[a] + 1] - LINES[a][block[a]] for a in range(3) if a != axis])
    return float(total)


def test_patches_have_the_areas_of_the_room():
    areas = {name: _area(faces) for name, faces in patches().items()}
    assert areas["supply"] == pytest.approx(4.32)
    assert [areas["return_south"], areas["return_north"]] == pytest.approx([2.16, 2.16])
    for rack in RACKS:
        assert [areas[f"{end}_{rack.name}"] for end in ("intake", "exhaust")] == pytest.approx([1.2, 1.2])
    sides, floor_and_ceiling = 2 * 3.0 * (6.0 + 4.8), 2 * 6.0 * 4.8
    racks = 2 * (2 * 1.2 * 2.0 + 2 * 3.6 * 2.0)  # sides; the tops replace the floor
    assert sum(areas.values()) == pytest.approx(sides + floor_and_ceiling + racks)


def test_blocks_hold_the_fluid_cells_of_our_room():
    volume = sum(np.prod([LINES[a][b[a] + 1] - LINES[a][b[a]] for a in range(3)]) for b in blocks())
    mesh = rack_room(0.2)
    assert volume / 0.2**3 == pytest.approx((mesh.solid == 0).sum())


def test_faces_of_the_mesh_point_out_of_their_block():
    text = case_files(CONTROL)["system/blockMeshDict"]
    points = [tuple(map(float, p)) for p in re.findall(r"^\((\S+) (\S+) (\S+)\)$", text, re.MULTILINE)]
    assert len(points) == np.prod([len(line) for line in LINES])
    faces = dict(re.findall(r"^(\w+) \{ type \w+; faces \( (.*) \); \}$", text, re.MULTILINE))
    for name, patch in patches().items():
        quadrangles = [[int(n) for n in q.split()] for q in re.findall(r"\(([\d ]+)\)", faces[name])]
        for (_, axis, side), corners in zip(patch, quadrangles, strict=True):
            a, b, c, _ = (np.array(points[n]) for n in corners)
            normal = np.cross(b - a, c - b)
            assert np.count_nonzero(normal) == 1
            assert np.sign(normal[axis]) == 2 * side - 1


def test_each_exhaust_blows_warmer_than_its_own_intake():
    files = case_files(CONTROL)
    for rack in RACKS:
        entry = re.search(rf"exhaust_{rack.name} {{ (.*) }}", files["0/T"])[1]
        assert f"patch'intake_{rack.name}" in entry and "11.06" in entry
    for name, field in product(patches(), ("U", "T", "p_rgh", "alphat")):
        assert re.search(rf"^    {name} {{", files[f"0/{field}"], re.MULTILINE)
    assert files["system/controlDict"].count("surfaceFieldValue") == len(RACKS)
    assert "writeInterval 2;" in files["system/controlDict"]


LOG = """Courant Number mean: 0.1 max: 1.5
Time = 0.02
GAMG:  Solving for p_rgh, Initial residual = 0.2, Final residual = 2e-4, No Iterations 3
GAMG:  Solving for p_rgh, Initial residual = 2e-3, Final residual = 8e-07, No Iterations 7
ExecutionTime = 0.5 s  ClockTime = 1 s
Courant Number mean: 0.1 max: 1.25
Time = 0.04
GAMG:  Solving for p_rgh, Initial residual = 0.2, Final residual = 2e-4, No Iterations 4
GAMG:  Solving for p_rgh, Initial residual = 2e-3, Final residual = 9e-07, No Iterations 8
ExecutionTime = 0.62 s  ClockTime = 1 s
Courant Number mean: 0.1 max: 1.25
Time = 0.06
GAMG:  Solving for p_rgh, Initial residual = 0.2, Final residual = 2e-4, No Iterations 100
"""


def test_the_log_is_read_up_to_the_last_finished_step():
    progress = run.Progress()
    for number, line in enumerate(LOG.splitlines()):
        progress.feed(line, 0.1 * number)
    assert progress.times == [0.02, 0.04]
    assert progress.mean_iterations() == [3.5, 7.5]
    assert progress.seconds_per_step == pytest.approx(0.5)
    assert progress.processor_seconds_per_step == pytest.approx(0.12)
    assert progress.courant == [1.5, 1.25] and progress.residual[-1] == 9e-07


def test_means_of_correlated_samples_and_their_confidence():
    rng, covered = np.random.default_rng(1), 0
    for _ in range(200):
        noise = rng.standard_normal(1200)
        smooth = np.convolve(noise, np.ones(10) / 10.0, "valid")  # integral time of five samples, batches of 119
        covered += abs(batch_mean(smooth).value) <= batch_mean(smooth).half_width
    assert 180 <= covered <= 199  # of 200, at 95 %
    assert Mean(1.0, 0.3).agrees_with(Mean(1.5, 0.4)) and not Mean(1.0, 0.3).agrees_with(Mean(1.6, 0.4))


def test_equal_confidence_weighs_the_averaging_and_not_the_start():
    row = lambda wall, half: {"simulated_s": SETTLED + 60.0, "wall_s": wall, "means": {"end": {"half_width": half}}}  # noqa: E731
    assert equal_confidence(row(10.0, 0.2), row(100.0, 0.2)) == pytest.approx(10.0)
    # ours is twice as sure: it could have averaged for 15 s instead of 60
    wanted = 10.0 * (SETTLED + 60.0) / (SETTLED + 15.0)
    assert equal_confidence(row(10.0, 0.1), row(100.0, 0.2)) == pytest.approx(wanted)
    assert equal_confidence({**row(10.0, 0.1), "means": {}}, row(1.0, 1.0)) is None


def test_groups_leave_out_the_start():
    times = [0.5 * n for n in range(1, 241)]
    series = {rack.name: [20.0 if time <= SETTLED else 25.0 for time in times] for rack in RACKS}
    means = group_means(times, series)
    assert set(means) == set(SYMMETRIC) and all(mean.value == 25.0 for mean in means.values())
    assert group_means(times[:70], {name: values[:70] for name, values in series.items()}) == {}


@pytest.mark.skipif(run.find_openfoam() is None, reason="OpenFOAM is not installed")
@pytest.mark.parametrize("cores", [1, 2])
def test_openfoam_runs_the_case(cores):
    control = Control(cell=0.2, dt=0.04, end=0.2, sample=0.04, cores=cores)
    found = run.run_foam(run.find_openfoam(), control, 60.0)
    assert found.cells == int((rack_room(0.2).solid == 0).sum())
    assert found.progress.steps == 5 and len(found.times) == 5
    assert all(abs(value - 18.0) < 0.1 for series in found.inlets.values() for value in series)
