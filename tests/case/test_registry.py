"""Devices of this package and of others."""

from importlib import metadata
from types import SimpleNamespace

import pytest

from thermo.devices.registry import ENTRY_POINTS, default_registry


def entry_points_of(monkeypatch, *names):
    module = SimpleNamespace(Model=object)
    points = [SimpleNamespace(name=name, load=lambda: module) for name in names]
    monkeypatch.setattr(metadata, "entry_points", lambda group: points if group == ENTRY_POINTS else [])
    return module


def test_devices_of_other_packages_join(monkeypatch):
    module = entry_points_of(monkeypatch, "fans")
    assert default_registry()["fans"] is module
    assert {"racks", "supplies", "extracts", "openings", "coolers"} < set(default_registry())


def test_a_table_has_one_device(monkeypatch):
    entry_points_of(monkeypatch, "racks")
    with pytest.raises(ValueError, match=r"two packages register a device for the table \[racks\]"):
        default_registry()
