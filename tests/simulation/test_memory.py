"""What does not fit is refused, on the host and on a device."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from thermo.simulation import memory
from thermo.simulation.outcome import RunRefused


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    """A machine with 10 GB free."""
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: SimpleNamespace(available=10 * 10**9))


def test_the_arrays_of_a_device_do_not_count_on_the_host():
    host, device = memory.estimate(10**6, 100, on_device=True)
    assert device == 10**8
    assert memory.estimate(10**6, 100, on_device=False) == (host + device, 0)


def test_the_host_is_the_limit_without_a_device():
    memory.require_memory(5 * 10**7, 100, None)
    with pytest.raises(RunRefused, match=r"100,000,000 cells need about 17 GB of memory, 10 GB are available"):
        memory.require_memory(10**8, 100, None)


def test_a_device_has_its_own_limit():
    memory.require_memory(10**8, 100, 12 * 10**9)
    with pytest.raises(RunRefused, match="10 GB of memory of the device, 8 GB are available"):
        memory.require_memory(10**8, 100, 8 * 10**9)
