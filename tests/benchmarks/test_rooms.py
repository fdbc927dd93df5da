"""The closed hall over an hour and the rack room with two models, for moments of them."""

import json

import numpy as np
import pytest

from benchmarks import rack_room_models, sealed_hour


def test_all_heat_of_the_closed_hall_is_found_again(monkeypatch):
    monkeypatch.setattr(sealed_hour, "HOUR", 2.0)
    monkeypatch.setattr(sealed_hour, "LOOK", 1.0)
    found, errors = sealed_hour.measure("native", "double")
    assert [line["time_s"] for line in found] == [0.0, 1.0, 2.0]
    assert errors["left over by racks and coolers, J"] == 2000.0
    assert errors["in the walls, J"] > 10.0
    assert errors["the same over all heat that racks gave"] == pytest.approx(0.0, abs=1e-4)
    expected = errors["(gamma - 1) Q / V of the heat of the air, Pa"]
    assert errors["rise of p0, Pa"] == pytest.approx(expected, rel=1e-6)


def slot(name, inlet, hottest, outlet, flow=0.1):
    return {"name": f"racks.{name}", "kind": "rack", "flow_kg_s": flow, "inlet_mean_c": inlet, "inlet_max_c": hottest,
            "outlet_mean_c": outlet}  # fmt: skip


def test_means_of_racks_and_ceiling(tmp_path):
    """End racks by flow; both halves of the ceiling count alike, what lies beyond the rows does not."""
    racks = [slot("A01.U1-U22", 18.0, 19.0, 29.0, 0.3), slot("A01.U23-U44", 22.0, 25.0, 33.0),
             *(slot(f"A0{n}.U23-U44", 20.0, 20.0, 31.0) for n in (2, 3))]  # fmt: skip
    found = rack_room_models.rack_means(racks)
    assert found["end racks"] == {"inlet": pytest.approx(19.0), "inlet of the upper slots": 22.0,
                                  "hottest inlet cell": 25.0, "exhaust": pytest.approx(30.0)}  # fmt: skip
    x, y = np.linspace(0.05, 5.95, 60), np.linspace(0.05, 4.75, 48)
    ceiling = np.where(np.abs(y - 2.4) > 1.8, 30.0, 20.0)[:, None] + np.where((x > 1.2) & (x < 4.8), 0.0, 100.0)
    fields = {"x": x, "y": y, "z": np.array([0.5, 1.0]), "ceiling": ceiling, "temperature": np.full((2, 48), 20.0),
              "velocity": np.zeros((2, 48, 3)), "solid": np.zeros((2, 48))}  # fmt: skip
    means = rack_room_models.ceiling_means(fields)
    assert means == {"over the cold aisle": 20.0, "over the racks": 20.0, "over their backs": 30.0}
    for model in rack_room_models.MODELS:
        np.savez(tmp_path / f"{model}.npz", **fields)
        report = {"devices": racks, "openings": [{"name": "openings.return", "temperature_c": 29.0}], "steps": 7}
        (tmp_path / f"{model}.json").write_text(json.dumps(report))
    table = rack_room_models.tables(tmp_path)
    assert "| end racks: exhaust | 30.00 | 30.00 | +0.00 |" in table
    rack_room_models.draw(tmp_path)
    assert (tmp_path / "means.png").exists()
