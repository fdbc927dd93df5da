"""Samples of a march: exact means over the time between them, points, parts, and a continued sampler."""

from __future__ import annotations

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import hall, solver_of
from thermo.flow.sampling import Sampler, moved_by_devices


def sampled(parts=(1, 1, 1)):
    """A solver, its sampler and the samples of some steps; a shorter interval ends the march."""
    solver = solver_of(hall(), open_backend("native", "double"), parts)
    sampler = Sampler(solver, {"probes.aisle": solver.mesh.probes["aisle"], "low": (0, 7, 0), "high": (7, 7, 11)})
    found = []
    for step in range(1, 13):
        solver.advance()
        if step % 5 == 0:
            sampler.take()
            found += sampler.arrived()
    sampler.take()
    return solver, sampler, found + sampler.arrived(everything=True)


def test_samples_add_up_to_the_means_of_the_report():
    solver, sampler, found = sampled()
    assert [sample.time for sample in found] == pytest.approx([0.25, 0.5, 0.6])
    names = [channel.name for channel in sampler.channels]
    assert names == ["A.inlet", "B.inlet", "supply.outlet", "extract.inlet", "door.flow", "louvre.flow",
                     "probes.aisle", "low", "high"]  # fmt: skip
    spans = np.diff([0.0, *(sample.time for sample in found)])
    means = dict(zip(names, spans @ [sample.values for sample in found] / 0.6, strict=True))
    devices = {device["name"]: device for device in solver.report()["devices"]}
    for name in ("A", "B", "extract"):
        # the flow of a device changes with its density: means by time and by mass differ in second order
        assert means[f"{name}.inlet"] == pytest.approx(devices[name]["inlet_mean_c"], abs=1e-5)
    assert means["supply.outlet"] == pytest.approx(289.0 - 273.15)
    for opening in solver.report()["openings"]:
        net = opening["flow_in_kg_s"] - opening["flow_out_kg_s"]
        assert means[f"{opening['name']}.flow"] == pytest.approx(net, rel=1e-12)
    temperature = solver.field("temperature")
    last = dict(zip(names, found[-1].values, strict=True))
    assert last["low"] == pytest.approx(temperature[0, 7, 0]) and last["high"] == pytest.approx(temperature[7, 7, 11])


def test_a_sample_is_waited_for_only_when_two_more_are_under_way():
    solver = solver_of(hall(), open_backend("native", "double"))
    sampler = Sampler(solver, {})
    counts = []
    for _ in range(4):
        solver.advance()
        sampler.take()
        counts.append(len(sampler.arrived()))
    assert counts == [0, 0, 1, 1] and len(sampler.arrived(everything=True)) == 2


def test_parts_see_the_same_samples():
    *_, whole = sampled()
    *_, parts = sampled((2, 1, 2))
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_allclose(other.values, one.values, rtol=1e-8)


def test_a_continued_sampler_loses_no_interval():
    solver, sampler, _ = sampled()
    solver.advance()  # the interval of the next sample has begun
    state = sampler.state()
    other = Sampler(solver, dict(solver.mesh.probes))
    other.restore(state)
    solver.advance()
    found = []
    for one in (sampler, other):
        one.take()
        found.append(one.arrived(everything=True)[0])
    np.testing.assert_array_equal(found[0].values[:6], found[1].values[:6])


def test_an_interval_may_begin_anew_with_the_averages():
    solver, sampler, _ = sampled()
    solver.start_average()
    sampler.begin()
    solver.advance()
    sampler.take()
    (sample,) = sampler.arrived(everything=True)
    inlet = next(device for device in solver.report()["devices"] if device["name"] == "A")["inlet_mean_c"]
    assert sample.values[0] == pytest.approx(inlet, rel=1e-12)


def test_the_devices_move_what_passes_through_them():
    solver = solver_of(hall(), open_backend("native", "double"))
    # two racks of 0.1 m3/s, a supply of 0.2 m3/s of cooler air
    assert moved_by_devices(solver) == pytest.approx(0.2 * 293.15 / 289.0, rel=2e-3)
