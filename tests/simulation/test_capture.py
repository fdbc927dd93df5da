"""Capture indices of six racks from the case to the report, on the mean flow and in the transient."""

from pathlib import Path

import pytest

import thermo

CASE = Path(__file__).with_name("capture.toml")


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, dict]:
    folder = tmp_path_factory.mktemp("capture")
    reports = {}
    for method in ("mean_flow", "transient"):
        case = thermo.load_case(CASE, overrides=[f'run.capture_index="{method}"'])
        reports[method] = thermo.run(case, backend="native", directory=folder / method).report
    return reports


@pytest.mark.parametrize("method", ["mean_flow", "transient"])
def test_air_of_every_rack_is_accounted_for(found, method):
    """All air that racks draw in comes from coolers, from outside or from racks; what coolers draw in is shared out."""
    lines = found[method]["capture"]
    assert [line["name"] for line in lines] == [f"racks.{row}0{n}" for row in "AB" for n in (1, 2, 3)]
    for line in lines:
        shares = [*line["sources"].values(), line["outside"], line["recirculated"]]
        assert min(shares) > -0.01 and sum(shares) == pytest.approx(1.0)
        assert line["cold"] == pytest.approx(sum(line["sources"].values()))
        assert 0.0 <= line["hot"] <= 1.001
    racks = [device for device in found[method]["devices"] if device["kind"] == "rack"]
    assert [rack["capture_cold"] for rack in racks] == [line["cold"] for line in lines]


def test_both_methods_agree_but_for_the_fluctuations(found):
    """The tracers on the mean flow lack what the fluctuations carry."""
    for mean, in_time in zip(found["mean_flow"]["capture"], found["transient"]["capture"], strict=True):
        assert mean["cold"] == pytest.approx(in_time["cold"], abs=0.1)
        assert mean["hot"] == pytest.approx(in_time["hot"], abs=0.1)


def test_mean_flow_of_resolved_eddies_is_doubted(tmp_path):
    overrides = ['run.turbulence="les"', 'run.until="4 s"', 'run.average_from="2 s"']
    report = thermo.run(thermo.load_case(CASE, overrides=overrides), backend="native", directory=tmp_path / "r").report
    assert len(report["capture"]) == 6
    assert any("leave out what resolved eddies carry" in warning for warning in report["warnings"])


def test_tracers_are_not_written(found):
    assert not [name for name in found["transient"]["scalars"] if "capture" in name["name"]]
