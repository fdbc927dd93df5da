"""How much of the turbulence a large-eddy simulation resolves, where it matters."""

from __future__ import annotations

import numpy as np

from thermo.flow.march import March
from thermo.flow.output import root_mean_square
from thermo.mesh.mesh import Mesh

SUBGRID_CONSTANT = 0.094  # nu_t = C width k_sgs^(1/2): Yoshizawa (1982), Phys. Fluids 25, 1532
AROUND = 0.5  # m from the ports of a rack
WANTED = 0.7  # share below which a report warns; Pope (2004), New J. Phys. 6, 35, asks for 0.8


def resolved_shares(solver: March) -> dict[str, float]:
    """k_res / (k_res + k_sgs), summed over the air "around_racks" (where there are any) and of the whole "room".

    k_res from the averages of the squares; k_sgs = (nu_t/(C width))^2, the width being the cube root of the volume.
    Empty before averages have begun, without a subgrid model, and where nothing fluctuates.
    """
    averages, mesh = solver.averages, solver.mesh
    if averages.moments is None or averages.duration == 0.0:
        return {}
    resolved = 0.5 * (root_mean_square(solver, "velocity_rms") ** 2).sum(axis=-1)
    volumes = mesh.volumes()
    eddy = solver.decomposition.gather(averages.mean("sum_eddy"))
    subgrid = eddy / (SUBGRID_CONSTANT * np.cbrt(volumes)) ** 2
    air = mesh.in_room
    places = {"room": air}
    if (near := around_racks(mesh)).any():
        places["around_racks"] = air & near
    found = {}
    for name, place in places.items():
        of_cells, all_of_it = (volumes * resolved)[place].sum(), (volumes * (resolved + subgrid))[place].sum()
        if all_of_it > 0.0:
            found[name] = float(of_cells / all_of_it)
    return found


def around_racks(mesh: Mesh) -> np.ndarray:
    """Cells within AROUND of the box that the intake or the exhaust of a rack fills; bool[nz, ny, nx]."""
    found = np.zeros(mesh.shape, bool)
    for exchange in mesh.exchanges:
        for patch in (exchange.intake, exchange.discharge) if exchange.kind == "rack" else ():
            if patch is None:
                continue
            inside = []
            for axis, line in enumerate(mesh.axes):
                cells = patch.cells[:, 2 - axis]
                low, high = line.faces[cells.min()] - AROUND, line.faces[cells.max() + 1] + AROUND
                inside.append((line.centres > low) & (line.centres < high))
            found |= inside[2][:, None, None] & inside[1][None, :, None] & inside[0][None, None, :]
    return found
