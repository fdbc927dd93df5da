"""The flow solver as the run loop, the tests and Python see it: initial state, march, results, state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from math import inf

import numpy as np

from thermo.flow import initial, output, report, state
from thermo.flow.march import March
from thermo.flow.part import FLUXES
from thermo.flow.points import Field
from thermo.flow.scalars import balance
from thermo.flow.setup import TEMPERATURE_ZERO
from thermo.flow.surfaces import by_object
from thermo.flow.turbulence.resolved import resolved_shares


class Solver(March):
    """A march that can be started, read and continued.

        solver = Solver(mesh, setup, backend)
        solver.initialise(temperature=293.15)
        while solver.time < end:
            solver.advance(end)
        solver.field("temperature")
    """

    # ------------------------------------------------------------------ initial state

    def initialise(
        self, temperature: Field = TEMPERATURE_ZERO, velocity: tuple[Field, Field, Field] = (0.0, 0.0, 0.0),
        pressure: Field | None = None, project: bool = True, sealed_pressure: float | np.ndarray | None = None,
        scalars: Mapping[str, Field] | None = None,
    ) -> None:  # fmt: skip
        """Set the fields at time 0 and make them consistent (devices running, mass conserved, p hydrostatic).

        temperature in K and pressure in Pa: a number or f(x, y, z) on the cell centres; velocity in m/s: numbers or
        f(x, y, z), each component on its own faces. Across periodic sides the values inside are continued. `project`
        False leaves the velocity as given. sealed_pressure: thermodynamic pressure of sealed regions, Pa, or of each of
        them; None: that of the outside air. scalars: those that do not begin as they are defined.
        """
        self.time, self.step, self.dt, self.level = 0.0, 0, 0.0, 0
        self.pressure_known = pressure is not None
        self.pace.reset()
        self.bulk_velocity.begin()
        initial.fill(self, temperature, velocity, pressure, sealed_pressure)
        for part in self.parts:
            self.backend.upload(part.increment, np.zeros(part.increment.shape))
        self._write_scalars(1.0, 0.0, 0.0, 0.0)
        self.boundaries.reset_betas()
        self.passages.begin()
        self.humidity.begin()
        self.pressure.update_coefficients()
        self.transported.initialise(scalars)
        first = self._exchange([part.theta[0] for part in self.parts], 2)
        first += self._exchange([part.p for part in self.parts], 1)
        if self.setup.density_varies:
            first += self._exchange([part.rho for part in self.parts], 1)
        first += self.boundaries.devices(0)
        for name in FLUXES:
            first += self._exchange([part.flux[0][name] for part in self.parts], 1)
        first += [self._defect(part, 0) for part in self.parts]
        first += self.fluid_fields.lighten([part.defect for part in self.parts])
        self.backend.program(first).run()
        if project:
            scheme = self.setup.scheme
            self.pressure.solve(1.0 / self.setup.fluid.still_density, scheme.tolerance, scheme.relative_tolerance)
            nodes = self.fluid_fields.weigh([part.phi for part in self.parts])
            nodes += [
                self._bind("correct", part, phi=part.phi, flags=part.flags, **part.flux[0],
                           p=part.defect)
                for part in self.parts
            ]  # fmt: skip
            self.backend.program(nodes + self.boundaries.correct(0)).run()
        self.backend.program(self._velocity(0) + self._eddy_now(0)).run()
        self._read_rate(at_once=True)
        self._begin_ledger()

    def advance(self, limit_time: float = inf) -> None:
        """One step, never beyond `limit_time` (s). Raises FlowError when the fields are no longer finite."""
        if self.step == 0 and not self.pressure_known:
            self._find_pressure(limit_time)
        super().advance(limit_time)

    def _find_pressure(self, limit_time: float) -> None:
        """Take the pressure that the first step begins with from that step itself, made once and undone.

        The stages of a step need the pressure that carries the flow: with the hydrostatic one the velocity of a stage
        would be off by the order of the step, and the flow would lose kinetic energy of the order of its square.
        """
        begin = self.state()
        super().advance(limit_time)
        found = [self.backend.to_host(part.p) for part in self.parts]
        self.restore(begin)
        for part, pressure in zip(self.parts, found, strict=True):
            self.backend.upload(part.p, pressure)

    def _begin_ledger(self) -> None:
        self.ledger.begin()
        self.transported.ledger.begin()
        self.contents_at_begin = report.contents(self)
        self.scalars_at_begin = balance.contents(self)

    # ------------------------------------------------------------------ what the run loop reads

    @property
    def written_fields(self) -> tuple[str, ...]:
        """Names of what `field` and `average` know and a run writes."""
        return ("temperature", "pressure", "velocity", *self.transported.written)

    @property
    def written_averages(self) -> tuple[str, ...]:
        """Names of what `average` knows and a run writes."""
        return (*self.written_fields, *(output.RMS_FIELDS if self.averages.moments is not None else ()))

    def start_average(self) -> None:
        """Begin the time averages, and the ledger anew, at this moment."""
        self.averages.begin()
        self.prepare_averages()
        self._begin_ledger()

    def field(self, name: str) -> np.ndarray:
        """"temperature" degC, "pressure" Pa, "density" kg/m3, "velocity" m/s of the whole grid; see `output.field`."""
        return output.field(self, name)

    def average(self, name: str) -> np.ndarray:
        """The time average of "temperature", "pressure" or "velocity" since `start_average`."""
        return output.average(self, name)

    def report(self) -> dict:
        """Balances, devices, openings, scalars, as means since the ledger began, and y+ at walls; see `flow.report`.

        Walls and surfaces are those of this moment.
        """
        return {
            "balance": report.balance(self),
            "devices": report.devices(self),
            "openings": report.openings(self),
            "regions": report.regions(self),
            "scalars": balance.balances(self),
            "turbulence": None if self.setup.turbulence is None else asdict(self.setup.turbulence),
            "walls": report.walls(self),
            "surfaces": by_object(self),
            "resolved_share": resolved_shares(self),
        }

    def readings(self) -> dict:
        """Time, step, Courant number, residual, p0, inlets and probes of this moment."""
        return report.readings(self)

    def state(self) -> dict[str, np.ndarray | float | int]:
        """Everything a bit-exact continuation needs; see `thermo.flow.state`."""
        return state.state(self)

    def restore(self, found: dict) -> None:
        """Back to a `state` of the same mesh, backend and precision. Raises ValueError where it does not fit."""
        state.restore(self, found)

    # ------------------------------------------------------------------ sources from Python

    def source(self, field: str, function: Callable) -> None:
        """A source given by a function of (x, y, z, t), evaluated at every step on the host; `state` does not hold it.

        field "temperature": W/m3 on cell centres; "ux", "uy", "uz": N/m3 on the faces of that component.
        """
        self.functions.add(field, function)
        self._bind_steps()
