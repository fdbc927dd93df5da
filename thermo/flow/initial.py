"""Initial fields on the host: values given by numbers or functions, density, and the hydrostatic pressure."""

from __future__ import annotations

import numpy as np

from kernels import GHOST
from kernels.flags import Flag
from thermo.flow.march import March
from thermo.flow.part import FLUXES, OPEN, Part
from thermo.flow.points import Field, evaluate
from thermo.flow.scalars.humidity import virtual_theta
from thermo.flow.setup import HUMIDITY, TEMPERATURE_ZERO
from thermo.mesh.mesh import Mesh


def fill(
    solver: March, temperature: Field, velocity: tuple[Field, Field, Field], pressure: Field | None,
    sealed_pressure: float | np.ndarray | None,
) -> None:  # fmt: skip
    """Write temperature (K), density, mass flux, and pressure (Pa; None: hydrostatic) of level 0 on all parts.

    sealed_pressure: thermodynamic pressure of the sealed regions, Pa, one or of each; None: that of the outside air.
    The mass flux of a closed face is zero: ports set theirs afterwards.
    """
    fluid, backend = solver.setup.fluid, solver.backend
    theta_of, warm_of, rho_of = [], [], []
    of_region = np.full(max(1, len(solver.mesh.regions)), fluid.pressure)
    if sealed_pressure is not None:
        of_region[list(solver.sealed.labels)] = sealed_pressure
    for part in solver.parts:
        theta = evaluate(part, temperature, None) - TEMPERATURE_ZERO
        warm = _virtual(solver, part, theta)
        rho = of_region[part.labels] / (fluid.gas_constant * (TEMPERATURE_ZERO + warm))
        rho = np.where(solver.fluids.gas[part.labels], rho, solver.fluids.values("still_density")[part.labels])
        theta_of.append(theta)
        warm_of.append(warm)
        rho_of.append(rho)
        for level in part.theta:
            backend.upload(level, theta)
        if solver.setup.density_varies:
            backend.upload(part.rho, rho)
        for axis, name in enumerate(FLUXES):
            u = evaluate(part, velocity[axis], axis)
            density = _face_density(part, rho, axis) if solver.setup.density_varies else fluid.still_density
            flux = np.where(part.marks & OPEN[axis], u * density, 0.0)
            for level in part.flux:
                backend.upload(level[name], flux)
        for array in (*part.velocity.values(), *part.ahead.values(), part.theta_stage):
            backend.upload(array, np.zeros(array.shape))
    if pressure is None:
        profiles = _hydrostatic(solver, warm_of, rho_of)
        for part in solver.parts:
            start, n = part.subdomain.offset[0], part.subdomain.shape[0]
            columns = np.zeros((len(profiles), n + 2 * GHOST))
            columns[:, GHOST:-GHOST] = profiles[:, start : start + n]
            values = columns[part.labels, np.arange(n + 2 * GHOST)[:, None, None]]
            backend.upload(part.p, np.where(part.marks & Flag.FLUID, values, 0.0))
    else:
        for part in solver.parts:
            backend.upload(part.p, evaluate(part, pressure, None))
    solver.solids.begin(theta_of)
    for part, warm in zip(solver.parts, warm_of, strict=True):
        backend.upload(part.theta_stage, warm)
    solver.sealed.set_mass(of_region, [part.theta_stage for part in solver.parts])
    for part in solver.parts:
        backend.upload(part.theta_stage, np.zeros(part.theta_stage.shape))


def _virtual(solver: March, part: Part, theta: np.ndarray) -> np.ndarray:
    """theta of dry air as light as that at the beginning."""
    vapour = solver.transported.scalars.get(HUMIDITY)
    return theta if vapour is None else virtual_theta(theta, evaluate(part, vapour.initial, None), TEMPERATURE_ZERO)


def _face_density(part: Part, rho: np.ndarray, axis: int) -> np.ndarray:
    """Density of the momentum volumes of the low faces along `axis`: half of each cell, by width."""
    line = part.axes[axis]
    widths = np.pad(line.widths, GHOST, mode="wrap" if line.periodic else "edge")
    start, n = part.subdomain.offset[2 - axis], part.subdomain.shape[2 - axis]
    w = widths[start : start + n + 2 * GHOST]
    along = np.moveaxis(rho, 2 - axis, -1)
    mean = along.copy()
    mean[..., 1:] = (w[:-1] * along[..., :-1] + w[1:] * along[..., 1:]) / (w[:-1] + w[1:])
    return np.moveaxis(mean, -1, 2 - axis)


def _hydrostatic(solver: March, theta_of: list[np.ndarray], rho_of: list[np.ndarray]) -> np.ndarray:
    """Pressure of still fluid with the mean temperature of every layer, Pa, float64[regions, nz].

    All regions of the room's fluid have one profile, 0 at the openings' mean height; every liquid has its own.
    """
    fluids, mesh = solver.fluids, solver.mesh
    per_kelvin, still = fluids.lift_per_kelvin(), fluids.values("still_virtual_temperature") - TEMPERATURE_ZERO
    lift = np.zeros(mesh.shape)
    for part, theta, rho in zip(solver.parts, theta_of, rho_of, strict=True):
        of_cell = rho * per_kelvin[part.labels] * (theta - still[part.labels])
        lift[part.subdomain.box] = of_cell[(slice(GHOST, -GHOST),) * 3]
    profiles = np.tile(_profile(mesh, lift, ~mesh.in_liquid), (len(still), 1))
    profiles += _at_openings(mesh, lift, profiles[0])
    for region in mesh.regions:
        if region.liquid:
            profiles[region.label] = _profile(mesh, lift, mesh.region == region.label)
    return profiles


def _profile(mesh: Mesh, lift: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Pressure of the cells `inside`, Pa, float64[nz], from 0 at the floor.

    Summed over the faces between layers just as the solver weighs a column, so that stratified air stays at rest.
    """
    open_faces = ~mesh.closed[2]
    open_faces[1:-1] &= inside[:-1] & inside[1:]
    widths = mesh.z.widths
    pressure = np.zeros(mesh.shape[0])
    for k in range(1, mesh.shape[0]):
        faces = open_faces[k]
        chosen = faces if faces.any() else np.ones_like(faces)
        mean = (widths[k - 1] * lift[k - 1][chosen] + widths[k] * lift[k][chosen]) / (widths[k - 1] + widths[k])
        # a layer of one temperature has one lift: take it as it is, a mean would round it
        force = mean[0] if np.all(mean == mean[0]) else mean.mean()
        pressure[k] = pressure[k - 1] + force * mesh.z.centre_distances[k]
    return pressure


def _at_openings(mesh: Mesh, lift: np.ndarray, pressure: np.ndarray) -> float:
    """What a profile lacks of the pressure outside the openings in the mean, Pa; 0 where there are none."""
    offsets = []
    for opening in mesh.openings:
        patch = opening.patch
        for face, cell in zip(patch.index, patch.cells, strict=True):
            height = 0.0
            if patch.axis == 2:
                outward = -patch.inward
                height = outward * lift[tuple(cell)] * mesh.z.centre_distances[face[0]]
            offsets.append(opening.pressure - height - pressure[cell[0]])
    return float(np.mean(offsets)) if offsets else 0.0
