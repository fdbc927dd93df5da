"""The objects of a case as coloured surfaces for ParaView: ``parts.vtm`` over one ``parts/<address>.vtp`` per object.

The multi-block file is the one form that keeps both the tree of names and the colours in ParaView 5.11. The files are
small XML texts, so nothing but this module is needed to write them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from thermo.results.atomic import write_text

# The corners of a unit box, and its six faces as corner numbers seen from outside.
CORNERS = np.array([(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)], dtype=np.float64)
FACES = np.array([(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)])

COLOURS = {
    "racks": (60, 60, 70),
    "coolers": (70, 110, 160),
    "blocks": (150, 140, 125),
    "panels": (200, 205, 210),
    "openings": (240, 200, 60),
    "supplies": (60, 130, 220),
    "extracts": (220, 90, 60),
}
OTHER = (120, 160, 120)

Box = tuple[tuple[float, float, float], tuple[float, float, float]]


def write_parts(folder: Path, boxes: Mapping[str, Box]) -> None:
    """Write ``folder/parts.vtm`` and what it names; ``boxes``: address (``racks.A03``) -> low and high corner, m.

    A box without thickness in one direction becomes a single rectangle.
    """
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    groups: dict[str, list[str]] = {}
    for address, box in boxes.items():
        group, _ = address.split(".", 1)
        groups.setdefault(group, []).append(address)
        write_text(folder / "parts" / f"{address}.vtp", _polygons(box, COLOURS.get(group, OTHER)))
    write_text(folder / "parts.vtm", _tree(groups))


def _polygons(box: Box, colour: tuple[int, int, int]) -> str:
    low, high = np.asarray(box, dtype=np.float64)
    points = low + CORNERS * (high - low)
    thin = np.flatnonzero(high - low == 0.0)
    # both faces across a direction without thickness are the same rectangle: keep one
    faces = FACES if thin.size == 0 else FACES[[{0: 4, 1: 2, 2: 0}[int(thin[0])]]]
    return "\n".join(
        [
            '<VTKFile type="PolyData" version="1.0" byte_order="LittleEndian">',
            "<PolyData>",
            f'<Piece NumberOfPoints="{len(points)}" NumberOfPolys="{len(faces)}">',
            f"<Points>{_array(points, 'Float64', 'points', 3)}</Points>",
            f"<Polys>{_array(faces, 'Int32', 'connectivity')}",
            f"{_array(4 * np.arange(1, len(faces) + 1), 'Int32', 'offsets')}</Polys>",
            f"<CellData>{_array(np.tile(colour, len(faces)), 'UInt8', 'rgb', 3)}</CellData>",
            "</Piece>",
            "</PolyData>",
            "</VTKFile>",
            "",
        ]
    )


def _array(values: np.ndarray, kind: str, name: str, components: int = 1) -> str:
    text = " ".join(repr(value) for value in values.ravel().tolist())
    return f'<DataArray type="{kind}" Name="{name}" NumberOfComponents="{components}" format="ascii">{text}</DataArray>'


def _tree(groups: Mapping[str, list[str]]) -> str:
    lines = ['<VTKFile type="vtkMultiBlockDataSet" version="1.0">', "<vtkMultiBlockDataSet>"]
    for number, (group, addresses) in enumerate(groups.items()):
        lines.append(f'<Block index="{number}" name={quoteattr(group)}>')
        for leaf, address in enumerate(addresses):
            name, file = quoteattr(address.split(".", 1)[1]), quoteattr(f"parts/{address}.vtp")
            lines.append(f'<DataSet index="{leaf}" name={name} file={file}/>')
        lines.append("</Block>")
    return "\n".join([*lines, "</vtkMultiBlockDataSet>", "</VTKFile>", ""])
