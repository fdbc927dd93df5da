"""A solver without a flow: damped waves with two time levels, so that every part of its state matters on resume."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np

from thermo.flow.setup import Fluid
from thermo.mesh.builder import MeshBuilder
from thermo.simulation.assembly import Assembly
from thermo.simulation.timetable import Timetable

SHAPE = (3, 4, 5)


class FakeSolver:
    """``events``: step number -> function called before that step is made."""

    written_fields = ("temperature", "pressure", "velocity")
    written_averages = written_fields

    def __init__(self, events=None):
        self.events = events or {}
        self.time, self.step, self.dt = 0.0, 0, 0.0
        generator = np.random.default_rng(7)
        self._new = generator.standard_normal(SHAPE).astype(np.float32)
        self._old = generator.standard_normal(SHAPE).astype(np.float32)
        self._sum, self._weight, self._averaging = np.zeros(SHAPE), 0.0, False

    def advance(self, limit_time):
        self.events.get(self.step, lambda: None)()
        self.dt = min(0.11 + 0.07 * abs(float(self._new[0, 0, 0])), limit_time - self.time)
        change = np.float32(self.dt) * (np.roll(self._new, 1) - np.float32(0.9) * self._old)
        self._old, self._new = self._new, (self._new + change) / np.float32(1.0 + self.dt)
        reaches_limit = self.time + self.dt >= limit_time
        self.time = limit_time if reaches_limit else self.time + self.dt
        self.step += 1
        if self._averaging:
            self._sum += self.dt * self._new
            self._weight += self.dt

    def start_average(self):
        self._averaging = True

    def field(self, name):
        return np.stack([self._new] * 3, axis=-1) if name == "velocity" else self._new

    def average(self, name):
        mean = (self._sum / self._weight).astype(np.float32)
        return np.stack([mean] * 3, axis=-1) if name == "velocity" else mean

    def state(self):
        return {
            "new": self._new, "old": self._old, "sum": self._sum, "weight": self._weight, "averaging": self._averaging,
            "time": self.time, "step": self.step, "dt": self.dt,
        }  # fmt: skip

    def restore(self, state):
        self._new, self._old, self._sum = (state[name].copy() for name in ("new", "old", "sum"))
        self._weight, self._averaging = state["weight"], state["averaging"]
        self.time, self.step, self.dt = state["time"], state["step"], state["dt"]

    def readings(self):
        return {"time_s": self.time, "dt": self.dt, "step": self.step, "probes": {"corner": float(self._new[0, 0, 0])}}

    def report(self):
        balance = dict.fromkeys(
            (
                "mass_imbalance_kg_s",
                "heat_in_w",
                "heat_out_w",
                "heat_storage_w",
                "heat_imbalance_w",
                "projection_defect_w",
            ),
            0.0,
        )
        unknown = float("nan")
        rack = {"name": "racks.A01", "kind": "rack", "flow_m3_s": 0.5, "flow_kg_s": 0.6, "inlet_mean_c": unknown,
                "outlet_mean_c": unknown, "heat_w": 1e4}  # fmt: skip
        return {"balance": balance, "devices": [rack], "openings": [], "scalars": []}


@dataclass(frozen=True)
class FakeCase:
    id: str = "fake"
    title: str = "A fake"
    until: float = 6.3
    power: float = 1000.0
    scenario: str | None = None
    monitors: dict = field(default_factory=dict)
    limits: dict = field(default_factory=dict)
    planes: tuple[str, ...] = ()

    @property
    def run(self):
        outputs = SimpleNamespace(planes=self.planes)
        return SimpleNamespace(mode="transient", without_compiler=None, capture_index=None, outputs=outputs)

    def resolved_toml(self):
        return (
            f'id = "{self.id}"\ntitle = "{self.title}"\n[run]\nuntil = {self.until}\ncourant = 0.5\n'
            f"[racks.A01]\npower = {self.power}\n"
        )


def fake_assemble(events=None, checkpoint_every=None):
    """A stand-in for ``thermo.simulation.assembly.assemble`` around a FakeSolver."""

    def assemble(case, backend, precision, functions):
        mesh = MeshBuilder(*(np.linspace(0.0, 1.0, n + 1) for n in reversed(SHAPE))).build()
        mesh = replace(mesh, notes=("racks.A01 moved by 4 mm",), planes={"middle": (1, 2)})
        timetable = Timetable(case.until, 1.0, 0.5, checkpoint_every, average_from=2.5)
        return Assembly(mesh, Fluid(), SimpleNamespace(name="fake"), FakeSolver(events), timetable, ("built",))

    return assemble
