"""Radiation between the surfaces of a room, beside the steps of its solids.

At the end of every interval of the solids the balance of the surfaces

    film (T_air - T) + back (T_beyond - T) + e A (H - s T^4) = 0

is taken closer to its solution by a few sweeps: emission of the patches, their irradiation H by all others through one
dense product, with what sources within the room radiate to each, a Newton step of each face. The heat e A (H - s T^4)
of the last temperatures is then held for the next interval. Without sources it sums to zero over the room to round-off
wherever the sweeps stand, since it is made of exchanges between pairs; what the sweeps leave is a lag of the surface
temperature. Diagonal Newton steps converge from anywhere, because the slope of a surface exceeds the sum of what it
receives of the others.

Of a face that conducts, the heat raises the temperature that the air meets behind its film, and the rest goes inwards;
other faces give it to the air before them. Pressure openings are black at the temperature outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernels import Backend, Node
from thermo.case.schedule import value_at
from thermo.flow.binding import Binder
from thermo.flow.heat import HeatLinks
from thermo.flow.part import Part
from thermo.flow.radiation.emitters import arriving_shares
from thermo.flow.radiation.enclosure import absorbed_of, exchange_matrix, seen_areas
from thermo.flow.radiation.surfaces import Faces, faces_of, patches_of
from thermo.flow.setup import STEFAN_BOLTZMANN, TEMPERATURE_ZERO, Setup
from thermo.flow.turbulence.model import LARGEST_LIQUID_FILM
from thermo.mesh.mesh import Mesh

SWEEPS = 4  # per step
FIRST_SWEEPS = 200  # at the beginning
HELD = 1e15  # W/K, from a face to the temperature that it is held at
HOTTEST = 340.0  # K: the linear coefficient 4 e s T^3 at which a step is still stable


class Surfaces:
    """What radiates in a mesh: faces, their links and the exchange between their patches (host).

    direct: float[patches] per source of heat that radiates (`emitters`), the share of its heat that patches absorb.
    cell: int64[n, 3], whose temperature each face meets and which receives what it does not conduct: the air before it,
    but the liquid behind a bare surface. film_link: the link with the film between both, -1 where `film` holds.
    """

    def __init__(self, mesh: Mesh, setup: Setup, links: HeatLinks) -> None:
        radiation, n = setup.radiation, 0
        self.faces: Faces = faces_of(mesh, radiation.emissivity, dict(radiation.of_side))
        faces, n = self.faces, len(self.faces.cell)
        self.link = _links_of(mesh, faces, links)
        linked = self.link >= 0
        link = self.link[linked]
        wall = np.full(n, -2)
        wall[linked] = links.wall[link]
        patches = patches_of(mesh, faces, wall, radiation.patches)
        self.patches = patches
        seen = seen_areas(mesh, patches)
        self.exchange = exchange_matrix(seen, patches.area, patches.emissivity)
        self.emitters = [source for source in mesh.heat_sources if source.radiant_fraction]
        arriving = [source.radiant_fraction * arriving_shares(mesh, patches, source) for source in self.emitters]
        self.direct = (
            list(absorbed_of(seen, patches.area, patches.emissivity, np.stack(arriving, axis=1)).T) if arriving else []
        )
        half = np.empty(n)
        for axis, line in enumerate(mesh.axes):
            mine = faces.axis == axis
            half[mine] = 0.5 * line.widths[faces.cell[mine, 2 - axis]]
        self.film = setup.fluid.wall_conductivity * faces.area / half
        self.node, self.back, self.beyond = np.full(n, -1), np.zeros(n), np.zeros(n)
        self.node[linked] = links.node[link]
        # between two airs a panel has a link too, but its faces give their radiation to the air
        through = links.twin[link] < 0
        resistance = np.maximum(links.back[link], 1.0 / HELD)
        self.back[linked] = np.where(through, 1.0 / resistance, 0.0)
        self.beyond[linked] = links.fixed[link] - TEMPERATURE_ZERO
        open_face = faces.opening >= 0
        outside = np.array([opening.temperature - TEMPERATURE_ZERO for opening in mesh.openings] + [0.0])
        self.back[open_face] = HELD
        self.beyond[open_face] = outside[faces.opening[open_face]]
        self.to_air = (self.back == 0.0) & ~open_face
        # the bare surface of a liquid has the temperature of the liquid, which receives the radiation
        bare = linked.copy()
        bare[linked] = (links.twin[link] >= 0) & (links.back[link] == 0.0)
        bare[bare] = mesh.in_liquid[tuple(links.other[self.link[bare]].astype(np.int64).T)]
        self.cell = faces.cell.copy()
        self.cell[bare] = links.other[self.link[bare]]
        self.film[bare] = LARGEST_LIQUID_FILM * faces.area[bare]
        self.film_link = np.where(bare, -1, self.link)

    def direct_heat(self, time: float) -> np.ndarray:
        """What the patches absorb of the sources within the room at `time` (s), W."""
        found = np.zeros(len(self.patches.area))
        for source, share in zip(self.emitters, self.direct, strict=True):
            found += value_at(source.power, time) * share
        return found

    @property
    def cells(self) -> np.ndarray:
        """Cells that receive the radiation of surfaces that do not conduct, int64[n, 3]."""
        return self.cell[self.to_air]

    def _radiative(self) -> np.ndarray:
        """Linear coefficient of every face, W/K."""
        return 4.0 * STEFAN_BOLTZMANN * HOTTEST**3 * self.faces.emissivity * self.faces.area

    def conductance_of_links(self, links: np.ndarray) -> np.ndarray:
        """Through which what lies beyond these links radiates, W/K."""
        linked = self.link >= 0
        found = np.zeros(int(max(self.link.max(initial=-1), links.max(initial=-1))) + 1)
        radiative, back = self._radiative()[linked], self.back[linked]
        found[self.link[linked]] = radiative * back / (radiative + back)
        return found[links]

    def exchange_rate(self, mesh: Mesh, capacity: float) -> float:
        """Largest rate at which the air of a cell follows the surfaces around it by radiation, 1/s.

        capacity: of the air, J/(m3 K).
        """
        radiative = self._radiative()
        both = np.where(self.to_air, radiative * self.film / (radiative + self.film), 0.0)
        sums = np.bincount(np.ravel_multi_index(tuple(self.cell.T), mesh.shape), both, mesh.cells)
        return float((sums / (capacity * mesh.volumes().ravel())).max())


def _links_of(mesh: Mesh, faces: Faces, links: HeatLinks) -> np.ndarray:
    """Number of the heat link of every face, -1 where it has none."""
    def key(cell: np.ndarray, axis: np.ndarray, side: np.ndarray) -> np.ndarray:
        place = np.ravel_multi_index(tuple(np.asarray(cell, np.int64).T), mesh.shape)
        return (place * 3 + axis.astype(np.int64)) * 2 + (side > 0)

    of_links, of_faces = key(links.receiver, links.axis, links.side), key(faces.cell, faces.axis, faces.side)
    order = np.argsort(of_links, kind="stable")
    at = np.searchsorted(of_links[order], of_faces)
    found = np.append(order, -1)[np.minimum(at, len(order))]
    same = np.append(of_links, -1)[found] == of_faces
    return np.where(same, found, -1)


class Radiation:
    """The surfaces on the device. solid_theta: of the nodes; absorbed: of the contacts, with links contact_link."""

    def __init__(
        self, backend: Backend, surfaces: Surfaces, parts: Sequence[Part],
        rows: Sequence[tuple[dict[str, np.ndarray], dict[str, Any]]], bind: Binder, solid_theta: Any, absorbed: Any,
        contact_link: np.ndarray,
    ) -> None:  # fmt: skip
        self.backend, self.surfaces, self.parts, self.bind = backend, surfaces, parts, bind
        faces, patches = surfaces.faces, surfaces.patches
        self.solid_theta, self.absorbed = solid_theta, absorbed
        holding = [part.holds(part.local(surfaces.cell)) for part in parts]
        order = np.concatenate([np.flatnonzero(mine) for mine in holding])  # faces by part
        self.order, place = order, np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        self.surface, self.heat = (backend.zeros(len(order), np.float64) for _ in range(2))
        absorbing = faces.area * faces.emissivity
        start, member = _grouped(patches.of_face[order], len(patches.area))
        zeros = lambda: backend.zeros(len(patches.area), np.float64)  # noqa: E731
        self.patch = {
            "start": backend.array(start), "face": backend.array(member.astype(np.int32)),
            "face_area": backend.array(faces.area[order]), "exchange": backend.array(surfaces.exchange.ravel()),
            "absorbing": backend.array(patches.area * patches.emissivity), "direct": zeros(), "emission": zeros(),
            "irradiation": zeros(),
        }  # fmt: skip
        self._direct_host = np.zeros(len(patches.area))
        by_link = np.full(len(surfaces.link) and int(max(surfaces.link.max(), contact_link.max(initial=-1))) + 1, -1)
        linked = surfaces.link >= 0
        by_link[surfaces.link[linked]] = place[np.flatnonzero(linked)]
        self.contact_face = backend.array(by_link[contact_link].astype(np.int32))
        self.contacts = len(contact_link)
        self._parts = []
        end = 0
        for part, mine, (host, device) in zip(parts, holding, rows, strict=True):
            own = np.flatnonzero(mine)
            begin, end = end, end + len(own)
            self._parts.append(self._of_part(part, own, slice(begin, end), host, device, absorbing, place, by_link))

    def _of_part(self, part, own, window, host, device, absorbing, place, by_link) -> dict[str, Any]:
        backend, surfaces = self.backend, self.surfaces
        cell = part.flat(part.local(surfaces.cell))[own]
        entries = np.full(max(surfaces.link.max(), host["link"].max(initial=-1)) + 2, -1, np.int32)  # the last: no link
        entries[host["link"]] = np.arange(len(host["link"]))
        lists = {
            "count": len(own), "cell": backend.array(cell),
            "patch": backend.array(surfaces.patches.of_face[own].astype(np.int32)),
            "absorbing": backend.array(absorbing[own]), "film": backend.array(surfaces.film[own]),
            "back": backend.array(surfaces.back[own]), "node": backend.array(surfaces.node[own].astype(np.int32)),
            "beyond": backend.array(surfaces.beyond[own]), "entry": backend.array(entries[surfaces.film_link[own]]),
            "link_film": device["film"], "surface": self.surface[window], "heat": self.heat[window],
        }  # fmt: skip
        # links to given temperatures behind a resistance
        entry = np.flatnonzero((host["node"] < 0) & (host["other"] < 0) & (host["back"] > 0.0))
        face = by_link[host["link"][entry]]
        entry, face = entry[face >= 0], face[face >= 0]
        lists["links"] = {
            "count": len(entry), "entry": backend.array(entry.astype(np.int32)),
            "face": backend.array(face.astype(np.int32)), "beyond": backend.array(host["fixed"][entry]),
            "back": device["back"], "fixed": device["fixed"],
        }  # fmt: skip
        to_air = own[surfaces.to_air[own]]
        row = np.searchsorted(host["cell"], part.flat(part.local(surfaces.cell[to_air])))
        start, member = _grouped(row, len(host["cell"]))
        lists["rows"] = {
            "count": len(host["cell"]), "start": backend.array(start),
            "face": backend.array(place[to_air][member].astype(np.int32)),
            "given": backend.zeros(max(1, len(host["cell"])), np.float64)[: len(host["cell"])],
        }  # fmt: skip
        return lists

    def nodes(self, level: int, sweeps: int = SWEEPS) -> list[Node]:
        """The sweeps, from the temperatures of the air of `level` and of the nodes, and the heat of every surface."""
        nodes = []
        for sweep in range(sweeps + 1):
            nodes += self._sweep(level, move=int(sweep < sweeps))
        first = self.parts[0]
        if self.contacts:
            nodes.append(
                self.bind("radiative_contacts", first, count=self.contacts, face=self.contact_face, heat=self.heat,
                          absorbed=self.absorbed)
            )  # fmt: skip
        for part, lists in zip(self.parts, self._parts, strict=True):
            for kernel, of in (("radiative_links", lists["links"]), ("radiative_rows", lists["rows"])):
                if of["count"]:
                    nodes.append(self.bind(kernel, part, **of, heat=self.heat))
        return nodes

    def _sweep(self, level: int, move: int) -> list[Node]:
        patch, first = self.patch, self.parts[0]
        count = len(self.surfaces.patches.area)
        nodes = [
            self.bind("radiative_emission", first, count=count, surface=self.surface, emission=patch["emission"],
                      **{k: patch[k] for k in ("start", "face", "face_area")}),
            self.bind("radiative_irradiation", first, count=count, patches=count,
                      **{k: patch[k] for k in ("exchange", "emission", "absorbing", "direct", "irradiation")}),
        ]  # fmt: skip
        names = ("count", "cell", "patch", "absorbing", "film", "back", "node", "beyond", "entry", "link_film")
        for part, lists in zip(self.parts, self._parts, strict=True):
            if lists["count"]:
                nodes.append(
                    self.bind("radiative_surfaces", part, **{k: lists[k] for k in (*names, "surface", "heat")},
                              theta=part.theta[level], solid_theta=self.solid_theta, irradiation=patch["irradiation"],
                              move=move)
                )  # fmt: skip
        return nodes

    def add_to_air(self, part_number: int, row_heat: Any) -> list[Node]:
        """Add to the rows of a part what its surfaces give to the air."""
        rows = self._parts[part_number]["rows"]
        part = self.parts[part_number]
        return [self.bind("add_to_rows", part, count=rows["count"], given=rows["given"], row_heat=row_heat)] * bool(
            rows["count"]
        )

    def write_sources(self, time: float) -> None:
        """What sources within the room radiate at `time` (s), the middle of the coming interval."""
        direct = self.surfaces.direct_heat(time)
        if not np.array_equal(direct, self._direct_host):
            self.backend.upload(self.patch["direct"], direct)
            self._direct_host = direct

    def begin(self, middle: float) -> None:
        """Surface temperatures at time 0, in balance, and their heat; `middle` (s): of the first interval."""
        self.write_sources(middle)
        surface = np.concatenate([
            self.backend.to_host(part.theta[0]).ravel()[self.backend.to_host(lists["cell"])]
            for part, lists in zip(self.parts, self._parts, strict=True)
        ])  # fmt: skip
        self.backend.upload(self.surface, surface.astype(np.float64))
        self.backend.program(self.nodes(0, FIRST_SWEEPS)).run()

    def heat_of_faces(self) -> np.ndarray:
        """Radiation that every face of `surfaces.faces` absorbs net, W."""
        found = np.empty(len(self.order))
        found[self.order] = self.backend.to_host(self.heat)
        return found

    def temperatures(self) -> np.ndarray:
        """Of the faces, K."""
        found = np.empty(len(self.order))
        found[self.order] = self.backend.to_host(self.surface) + TEMPERATURE_ZERO
        return found

    def arrays(self) -> dict[str, Any]:
        """What the next step depends on, by name."""
        given = {f"radiated.{n}": lists["rows"]["given"] for n, lists in enumerate(self._parts)}
        return {"surface_theta": self.surface, "surface_heat": self.heat} | given


def _grouped(receivers: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Starts of rows 0 ... count, int32, and the order that sorts entries with these receivers into them."""
    lengths = np.bincount(receivers, minlength=count)
    return np.append(0, np.cumsum(lengths)).astype(np.int32), np.argsort(receivers, kind="stable")
