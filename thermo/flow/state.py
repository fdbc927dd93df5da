"""The complete state of a solver as raw arrays and numbers: what a bit-exact continuation needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from thermo.flow.march import March
from thermo.flow.part import suffixed


def _arrays(solver: March) -> Iterator[tuple[str, Any]]:
    """Every device array that the next step depends on, by name."""
    now = solver.level
    for number, (part, lists) in enumerate(zip(solver.parts, solver.boundaries.lists, strict=True)):
        own = {
            "theta": part.theta[now], **part.flux[now], **part.velocity, "p": part.p,
            **suffixed(part.flux[1 - now], "last"),
            "coefficient": lists.operator.coefficient,
        }  # fmt: skip
        if solver.setup.density_varies:
            own |= {"rho": part.rho, "increment": part.increment}
        for name, array in own.items():
            yield f"part.{number}.{name}", array
    sealed, boundaries = solver.sealed, solver.boundaries
    shared = {
        "pressure": sealed.pressure, "pressure_old": sealed.pressure_old, "rate": sealed.rate, "mass": sealed.mass,
        "energy_pressure": sealed.energy_pressure, "vapour_pressure": sealed.vapour_pressure,
        **solver.humidity.arrays(), **({"zone_sums": sealed.sums} if sealed.moving else {}),
        **boundaries.state, **suffixed(boundaries.last, "last"),
        **solver.bulk_velocity.arrays(), **solver.transported.arrays(now), **solver.transported.ledger.arrays(),
        **solver.solids.arrays(),
    }  # fmt: skip
    for name, array in shared.items():
        yield f"shared.{name}", array


def state(solver: March) -> dict[str, np.ndarray | float | int]:
    """Arrays as stored, ghost layers included; reading them changes nothing."""
    found: dict[str, np.ndarray | float | int] = {
        "time": solver.time, "step": solver.step, "dt": solver.dt, "solids.elapsed": solver.solids.elapsed,
        "passages": solver.passages.state(),
        "functions.expansion_rate": solver.functions.expansion_rate,
        "pressure_known": int(solver.pressure_known),
        "mass_at_begin": solver.contents_at_begin[0], "heat_at_begin": solver.contents_at_begin[1],
    }  # fmt: skip
    found |= {f"scalar_at_begin.{name}": value for name, value in solver.scalars_at_begin.items()}
    found |= {name: solver.backend.to_host(array) for name, array in _arrays(solver)}
    return found | solver.pace.state() | solver.ledger.state() | solver.averages.state()


def restore(solver: March, found: dict) -> None:
    """Back to the moment at which `state` was taken, on the same mesh, backend and precision.

    Raises ValueError where the state does not fit the solver.
    """
    solver.level = 0
    solver.passages.restore(found["passages"])
    for name, array in _arrays(solver):
        values = found.get(name)
        if values is None or values.shape != array.shape or values.dtype != array.dtype:
            raise ValueError(f"the checkpoint does not fit this solver: {name}")
        solver.backend.upload(array, values)
    solver.time, solver.step, solver.dt = float(found["time"]), int(found["step"]), float(found["dt"])
    solver.solids.elapsed = float(found["solids.elapsed"])
    solver.pressure_known = bool(found["pressure_known"])
    solver.functions.expansion_rate = float(found["functions.expansion_rate"])
    solver.pace.restore(found)
    solver.contents_at_begin = (float(found["mass_at_begin"]), float(found["heat_at_begin"]))
    solver.scalars_at_begin = {
        name: float(found[f"scalar_at_begin.{name}"]) for name in (*solver.transported.scalars, "")
        if f"scalar_at_begin.{name}" in found
    }  # fmt: skip
    solver.ledger.restore(found)
    solver.averages.restore(found)
    if solver.boundaries.changes_operator:
        solver.pressure.update_coefficients()
    solver.prepare_averages()
