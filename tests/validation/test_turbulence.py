"""Turbulent building blocks: the pieces they are measured by, and a few steps of every case on a coarse grid."""

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.validation import bench as bench_module
from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.eddies import Eddies, Stirring, isotropic_waves, periodic_waves
from benchmarks.validation.exact import emptying_box, plume_constant
from benchmarks.validation.families import jets, plumes, separation, turbulent_channel
from benchmarks.validation.friction import floor_stress
from benchmarks.validation.planes import PlaneMeans, plane_statistics

BENCH = Bench(say=lambda _: None)


def test_eddies_have_no_divergence_and_fit_a_periodic_box():
    lengths = (4.0, 2.0, 3.0)
    eddies = Eddies.of_waves(periodic_waves(lengths, (4, 3, 2), 40, seed=3), seed=4)
    assert np.abs(np.sum(eddies.waves * eddies.amplitudes, axis=1)).max() < 1e-12
    lines = [length * (np.arange(16) + 0.5) / 16 for length in lengths]
    squares = 0.0
    for component in range(3):
        inside = eddies(component, *lines)
        assert inside.shape == (16, 16, 16)
        squares += (inside**2).mean() / 3.0
        ahead = [line + length for line, length in zip(lines, lengths, strict=True)]
        assert eddies(component, *ahead) == pytest.approx(inside, abs=1e-10)
    assert squares == pytest.approx(1.0, abs=0.2)


def test_eddies_drift_unchanged():
    eddies = Eddies.of_waves(isotropic_waves(0.5, 20), drift=(2.0, 0.0, -1.0))
    x, y, z = (np.linspace(0.0, 1.0, 5) for _ in range(3))
    assert eddies(1, x + 0.6, y, z - 0.3, 0.3) == pytest.approx(eddies(1, x, y, z), abs=1e-10)


def test_stresses_of_a_channel_add_up_to_the_momentum_that_passes():
    """Between two moments the mean velocity of every layer changes by the stresses around it and the force.

    The stresses of a step are taken at its ends, so what is left shrinks with the step.
    """
    overrides = ["mesh.cells = [16, 16, 16]", "mesh.stretching.factor = [0, 0, 1.0]", "run.turbulence = 'les'"]
    left = []
    for dt in (2e-3, 1e-3):
        run = CaseRun(BENCH, "channel", "turbulent_channel", overrides=[*overrides, f"run.dt = {dt}"],
                      functions=turbulent_channel.beginning())  # fmt: skip
        run.to(0.2)
        before = plane_statistics(run.solver, 20.0)
        run.to(0.2 + dt)
        after = plane_statistics(run.solver, 20.0)
        stress = 0.5 * sum(planes["viscous"] - planes["uw"] for planes in (before, after))[1:-1]
        force = run.solver.readings()["body_force_n_m3"]["x"]
        gained = (after["u"] - before["u"])[1:-1] / dt
        widths = run.solver.mesh.z.widths[1:-1]
        left.append(np.abs(gained - np.diff(stress) / widths - force).max() / np.abs(gained - force).max())
    assert left[1] < 0.05
    assert left[1] < 0.7 * left[0]


def test_channel_keeps_its_mean_velocity():
    run = CaseRun(BENCH, "channel", "turbulent_channel", "coarse", ["mesh.cells = [16, 16, 16]"],
                  functions=turbulent_channel.beginning())  # fmt: skip
    run.to(0.05)
    planes = PlaneMeans(plane_statistics(run.solver, turbulent_channel.WALL))
    assert planes.means["u"] @ run.solver.mesh.z.widths / 2.0 == pytest.approx(15.679, rel=1e-4)
    assert planes.deviation("uu").max() > 1.0


def test_theory_of_the_emptying_box_gives_the_published_numbers():
    """Linden's C = 0.142 is the top-hat entrainment of 0.117; worked values of the reference table."""
    assert plume_constant(0.117) == pytest.approx(0.14221, rel=1e-4)
    for entrainment, share, opening in ((0.083, 0.50, 0.006747), (0.1, 0.45, 0.007176), (0.117, 0.45, 0.009823)):
        interface, flow, lift = emptying_box(4.0 * opening, 2.0, 0.03, entrainment)
        assert interface / 2.0 == pytest.approx(share, abs=2e-4)
        assert flow == pytest.approx(4.0 * opening * (lift * (2.0 - interface)) ** 0.5, rel=1e-3)


def test_virtual_origin_of_a_plume_of_known_momentum_flux():
    """A similar plume from 0.4 m below the floor, with uniform w over its width; and the theory of such a source."""
    run = CaseRun(BENCH, "box", "emptying_box", "coarse")
    mesh, buoyancy = run.solver.mesh, 0.03
    x, y, z = mesh.x.centres, mesh.y.centres[:, None], mesh.z.centres[:, None, None] + 0.4
    flux = np.pi * (0.9 * plumes.ENTRAINMENT * buoyancy / np.pi) ** (2 / 3) * z ** (4 / 3)
    inside = np.hypot(x - 1.8, y - 1.8) < 0.5
    area = (mesh.x.widths * mesh.y.widths[:, None] * inside).sum()
    velocity = np.zeros((*mesh.shape, 3))
    velocity[..., 2] = inside * np.sqrt(flux / area)
    run.solver = SimpleNamespace(mesh=mesh, average=lambda field: velocity)
    assert plumes.virtual_origin(run, 1.5, buoyancy) == pytest.approx(0.4, rel=1e-6)
    depth, opening, height = 0.4, 0.1, 3.0
    share = (emptying_box(opening, height + depth, buoyancy, 0.117)[0] - depth) / height
    law = plume_constant(0.117) ** 1.5 * ((share + depth / height) ** 5 / (1.0 - share)) ** 0.5
    assert law == pytest.approx(opening / height**2, rel=1e-6)  # Hunt and Kaye 2001


def test_room_with_a_plume_stays_in_two_layers():
    """A few seconds on cells of H/12.5: the flow through the openings is that of their heads, by their coefficients."""
    run = CaseRun(BENCH, "box", "emptying_box", "coarse", ["mesh.cells = [20, 20, 25]", "mesh.snap_tolerance = 0.06"],
                  functions=plumes.two_layers(1.45, 0.3))  # fmt: skip
    report = run.averaged(15.0, 20.0)
    found = plumes.measured(run, plumes.openings(report), 0.0278)
    assert found["interface"] == pytest.approx(1.45, abs=0.1)
    assert found["top"] == pytest.approx(0.6, rel=0.1)
    assert found["flow"] == pytest.approx((0.3 * 1.55) ** 0.5 * found["opening"] * 9.0, rel=0.1)


def test_stirring_gives_what_passes_the_strength_asked_for():
    """The force along the path of what drifts along, times its time in the stretch: rho times the eddies' velocity."""
    eddies = Eddies.of_waves(isotropic_waves(0.5, 30), (2.0, 0.0, 0.0))
    stirring = Stirring(eddies, 1.0, 3.0, lambda y, z: 0.1 * z + 0.0 * y, 1.2)
    x, y, z = (
        np.linspace(0.9, 3.1, 441)[None, None, :],
        np.array([0.3])[None, :, None],
        np.array([0.0, 2.0])[:, None, None],
    )
    times = (x.ravel() - 1.0) / 2.0
    along = np.stack([stirring.force(1, x, y, z, time)[:, 0, n] for n, time in enumerate(times)], axis=1)
    given = along.sum(axis=1) * (times[1] - times[0])
    carried = eddies(1, np.array([1.0]), y, z, 0.0)[:, 0, 0]
    assert given == pytest.approx(1.2 * 0.1 * z.ravel() * carried, rel=1e-3, abs=1e-12)
    assert np.all(along[:, times < 0.0] == 0.0)


def test_friction_on_the_floor_of_a_laminar_and_of_a_turbulent_flow():
    """Uniform flow over a floor: viscosity over half a cell, and where that is thin the law of the wall is the same."""
    for model in ("laminar", "les"):
        run = CaseRun(
            BENCH,
            "channel",
            "turbulent_channel",
            overrides=[
                "mesh.cells = [8, 8, 32]",
                "mesh.stretching.factor = [0, 0, 2.0]",
                f"run.turbulence = '{model}'",
            ],
        )
        run.solver.initialise(velocity=(15.679, 0.0, 0.0))
        half = 0.5 * run.solver.mesh.z.widths[0]
        stress = floor_stress(run.solver)
        assert stress.shape == (8, 8)
        assert stress == pytest.approx(15.679 / 178.12 / half, rel=0.05)


@pytest.mark.parametrize("model", ["les", "k-epsilon"])
def test_turbulent_step_runs(model):
    """A few steps on cells of h/4: what the measured profile brings in goes out, and eddies are made upstream."""
    fine = "[{ at = [[-0.098, 0, 0], [0.196, 0.0392, 0.0196]], size = 2.45e-3, axes = 'z' }]"
    scenario, functions = ("coarse", separation.inflow_eddies()) if model == "les" else ("flat", None)
    run = CaseRun(BENCH, "step", "jovic_step", scenario, [f"run.turbulence = '{model}'", f"mesh.refine = {fine}",
                  *(["mesh.size = 4.9e-3"] if model == "les" else [])], functions=functions)  # fmt: skip
    balance = run.averaged(1e-3, 2e-3)["balance"]
    width = run.solver.mesh.y.length
    assert balance["mass_in_kg_s"] == pytest.approx(1.2 * 7.4 * 0.049 * width, rel=0.03)
    assert balance["mass_imbalance_kg_s"] == pytest.approx(0.0, abs=1e-4 * balance["mass_in_kg_s"])
    if model == "les":
        w = run.solver.field("velocity")[..., 2]
        stirred = (run.solver.mesh.x.centres > -9.0 * 0.0098) & (run.solver.mesh.x.centres < -8.0 * 0.0098)
        assert 0.05 < w[:, :, stirred].std(axis=1).max() < 1.5


@pytest.mark.parametrize(("scenario", "model"), [("coarse", "les"), ("half", "k-epsilon")])
def test_cube_in_a_channel_runs(scenario, model):
    """A few steps on cells of H/4: the air stops before the cube, speeds up over it and turns back behind it."""
    functions = separation.channel_eddies() if model == "les" else None
    run = CaseRun(BENCH, "cube", "surface_cube", scenario, [f"run.turbulence = '{model}'", "mesh.size = 6.25e-3",
                  "mesh.refine = []"], functions=functions)  # fmt: skip
    balance = run.averaged(2e-3, 4e-3)["balance"]
    mesh = run.solver.mesh
    area = mesh.y.length * 0.05
    assert balance["mass_in_kg_s"] == pytest.approx(1.2 * separation.BULK * area, rel=0.05)
    u = run.solver.average("velocity")[:, np.abs(mesh.y.centres - separation.MIDDLE).argmin(), :, 0]
    at = lambda x, z: u[np.abs(mesh.z.centres - z).argmin(), np.abs(mesh.x.centres - x).argmin()]  # noqa: E731
    assert at(-0.003, 0.01) < 0.5 * at(-0.07, 0.01)
    assert at(0.012, 0.04) > 1.1 * at(-0.07, 0.04)
    assert floor_stress(run.solver)[:, mesh.x.centres > 0.025].min() < 0.0


def test_half_widths_and_rings_of_a_known_profile():
    lines = [np.linspace(-2.0, 2.0, 81), np.linspace(-2.0, 2.0, 81)]
    z = np.array([1.0, 2.0])
    field = np.exp(-(lines[0][:, None, None] ** 2 + lines[1][None, :, None] ** 2) / (0.1 * z) ** 2) / z
    radii = np.linspace(0.0, 1.0, 401)
    profiles = jets.ring_mean(lines, field, radii, np.pi / 8.0 * np.arange(16))
    assert profiles[:, 0] == pytest.approx(1.0 / z)
    assert jets.half_widths(radii, profiles) == pytest.approx(0.1 * z * np.log(2.0) ** 0.5, rel=0.02)


@pytest.mark.parametrize("case", ["round_jet", "round_jet_mean", "round_plume"])
def test_jet_and_plume_run(case):
    """A few steps on coarse cells: the jet brings its flow, the plume all heat that it is given."""
    scenario, functions, end = {
        "round_jet": ("coarse", jets.nozzle_eddies(), 0.01),
        "round_jet_mean": (None, None, 0.005),
        "round_plume": ("coarse", plumes.starting_eddies(), 0.5),
    }[case]
    size = 0.25 if case == "round_plume" else 0.2
    run = CaseRun(BENCH, "jet", case, scenario, [f"mesh.size = {size}", "mesh.growth = 1.3"], functions=functions)
    report = run.averaged(0.5 * end, end)
    assert report["balance"]["mass_imbalance_kg_s"] == pytest.approx(0.0, abs=1e-5)
    if case == "round_plume":
        assert report["balance"]["heat_in_w"] == pytest.approx(2000.0, rel=1e-3)
        assert report["balance"]["heat_imbalance_w"] == pytest.approx(0.0, abs=1.0)
        assert plumes.buoyancy_through_planes(run.solver)[2] > 0.0
    else:
        share = 1.0 if case == "round_jet" else 0.25
        area = report["devices"][0]["flow_m3_s"] / jets.SPEED / share
        assert area == pytest.approx(np.pi / 4.0 * jets.NOZZLE**2, rel=0.1)


def test_interrupted_sampling_goes_on_to_the_same_means(tmp_path, monkeypatch):
    """Stopped on the way to the start, and again among the samples: bit for bit as without."""

    def march(bench, give_up_at=np.inf):
        def read(solver):
            if solver.time > give_up_at:
                raise KeyboardInterrupt
            return turbulent_channel.readings(solver)

        run = CaseRun(bench, "channel/short", "turbulent_channel", "coarse", ["mesh.cells = [16, 16, 16]"],
                      functions=turbulent_channel.beginning())  # fmt: skip
        return run.sampled(0.02, 0.06, 4, read, "channel/short"), run.solver.average("velocity")

    monkeypatch.setattr(bench_module, "SAVE_EVERY", 0.0)
    means, velocity = march(BENCH)
    for moment in (0.025, 0.045):
        with pytest.raises(KeyboardInterrupt):
            march(Bench(states=tmp_path, say=lambda _: None), moment)
    kept = Bench(states=tmp_path, say=lambda _: None)
    again, same = march(kept)
    assert means.keys() == again.keys()
    assert all(np.array_equal(means[name], again[name]) for name in means)
    assert np.array_equal(velocity, same)
    kept.forget()
    assert not list(tmp_path.iterdir())
