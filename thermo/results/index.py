"""Indexes that present the field files of a run as one time series.

``run.xdmf``: text, for ParaView 5.11 and later. Whole 3-D arrays only: hyperslabs and leading axes of length one are
each refused by some reader. ``run.vtkhdf``: HDF5 virtual datasets, for VTK 9.7 / ParaView 6.2 and later, and xarray.

Both are derived from the files in ``fields/``: they can be rebuilt at any time, and never name a file that is absent.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

import h5py
import numpy as np

from thermo.results.atomic import write_text
from thermo.results.directory import RunDirectory
from thermo.results.fields import Grid, attach_scales, create_vtkhdf_group, set_text, write_axes, write_root_attributes
from thermo.results.hdf5 import new_hdf5
from thermo.results.quantities import describe

GHOST = "vtkGhostType"


@dataclass(frozen=True)
class FieldFile:
    """What the indexes need to know of one output: where, when, and the shape and type of each cell array."""

    path: Path
    time: float
    arrays: dict[str, tuple[tuple[int, ...], np.dtype]]


def inspect(path: Path) -> FieldFile:
    """Read the index entry of a field file."""
    with h5py.File(path, "r") as file:
        arrays = {name: (data.shape, data.dtype) for name, data in file["VTKHDF/CellData"].items()}
        return FieldFile(path, float(file["time"][()]), arrays)


class Indexes:
    """The two indexes of one run directory, rewritten after each output."""

    def __init__(self, directory: RunDirectory, grid: Grid):
        self._directory = directory
        self._grid = grid
        self._outputs = [inspect(path) for path in directory.field_files()]

    @property
    def count(self) -> int:
        """Number of outputs indexed."""
        return len(self._outputs)

    def append(self, path: Path) -> None:
        """Add a finished field file and rewrite both indexes."""
        self._outputs.append(inspect(path))
        self.write()

    def write(self) -> None:
        write_xdmf(self._directory.xdmf, self._grid, self._outputs)
        write_virtual(self._directory.vtkhdf, self._grid, self._outputs)


def write_xdmf(path: Path, grid: Grid, outputs: Sequence[FieldFile]) -> None:
    """Temporal collection of rectilinear grids with cell arrays, by paths relative to the index."""
    points = " ".join(str(n + 1) for n in grid.shape)
    lines = [
        '<?xml version="1.0" ?>',
        '<Xdmf Version="2.0">',
        "  <Domain>",
        '    <Grid Name="run" GridType="Collection" CollectionType="Temporal">',
    ]
    for output in outputs:
        file = os.path.relpath(output.path, path.parent)
        lines += [
            f'      <Grid Name="{output.path.stem}" GridType="Uniform">',
            f'        <Time Value="{output.time!r}"/>',
            f'        <Topology TopologyType="3DRectMesh" Dimensions="{points}"/>',
            '        <Geometry GeometryType="VXVYVZ">',
        ]
        for name, faces in (("xf", grid.x), ("yf", grid.y), ("zf", grid.z)):
            lines.append("          " + _data_item((len(faces),), np.dtype(np.float64), f"{file}:/{name}"))
        lines.append("        </Geometry>")
        for name, (shape, dtype) in output.arrays.items():
            kind = "Vector" if len(shape) == 4 else "Scalar"
            lines += [
                f'        <Attribute Name="{name}" AttributeType="{kind}" Center="Cell">',
                "          " + _data_item(shape, dtype, f"{file}:/VTKHDF/CellData/{name}"),
                "        </Attribute>",
            ]
        lines.append("      </Grid>")
    lines += ["    </Grid>", "  </Domain>", "</Xdmf>", ""]
    write_text(path, "\n".join(lines))


def _data_item(shape: tuple[int, ...], dtype: np.dtype, source: str) -> str:
    kinds = {"f": "Float", "i": "Int" if dtype.itemsize > 1 else "Char", "u": "UInt" if dtype.itemsize > 1 else "UChar"}
    attributes = {
        "Dimensions": " ".join(map(str, shape)),
        "NumberType": kinds[dtype.kind],
        "Precision": str(dtype.itemsize),
        "Format": "HDF",
    }
    text = " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<DataItem {text}>{source}</DataItem>"


def write_virtual(path: Path, grid: Grid, outputs: Sequence[FieldFile]) -> None:
    """Index of virtual datasets (time, z, y, x[, component]) over the field files.

    An array that some outputs lack (averages before averaging began) is NaN there. With a single output the arrays
    have no time axis and there are no ``Steps``: VTK 9.7 takes NSteps = 1 for a static file and would fail on the
    extra axis.
    """
    times = np.array([output.time for output in outputs])
    names = dict.fromkeys(name for output in outputs for name in output.arrays)
    with new_hdf5(path, {"time": times}) as file:
        write_root_attributes(file)
        write_axes(file, grid)
        file["time"] = times if len(outputs) > 1 else times[0]
        set_text(file["time"], units="s", long_name="simulated time", axis="T")
        if len(outputs) > 1:
            file["time"].make_scale("time")
        group = create_vtkhdf_group(file, grid)
        for name in names:
            dataset = _create_virtual_array(file, path.parent, name, outputs)
            group["CellData"][name] = dataset
            if name == GHOST:
                # for VTK alone: as a CF variable it would only puzzle
                del file[name]
        if len(outputs) > 1:
            _write_steps(group, times, names)


def _create_virtual_array(file: h5py.File, folder: Path, name: str, outputs: Sequence[FieldFile]) -> h5py.Dataset:
    holders = [(n, output) for n, output in enumerate(outputs) if name in output.arrays]
    shape, dtype = holders[0][1].arrays[name]
    temporal = len(outputs) > 1
    layout = h5py.VirtualLayout((len(outputs), *shape) if temporal else shape, dtype)
    for n, output in holders:
        source = os.path.relpath(output.path, folder)
        layout[n if temporal else ...] = h5py.VirtualSource(source, f"/VTKHDF/CellData/{name}", shape, dtype)
    # a source that is missing reads as the fill value, without an error
    dataset = file.create_virtual_dataset(name, layout, fillvalue=np.nan if dtype.kind == "f" else None)
    attach_scales(file, dataset, (*(("time",) if temporal else ()), "z", "y", "x", "component"))
    if name not in (GHOST, "solid"):
        quantity = describe(name)
        set_text(dataset, units=quantity.units, long_name=quantity.long_name)
    return dataset


def _write_steps(group: h5py.Group, times: np.ndarray, names: Sequence[str]) -> None:
    """Time values, and where in each array a step begins; the axes are stored once (offset 0)."""
    steps = group.create_group("Steps", track_order=True)
    steps.attrs["NSteps"] = np.int64(len(times))
    steps["Values"] = times
    for axis in "XYZ":
        steps[f"{axis}CoordinatesOffsets"] = np.zeros(len(times), dtype=np.int64)
    steps.create_group("PointDataOffsets")
    offsets = steps.create_group("CellDataOffsets")
    for name in names:
        offsets[name] = np.arange(len(times), dtype=np.int64)
