"""One output time in one HDF5 file that is netCDF-4/CF for xarray and VTKHDF for ParaView and VTK.

Root: coordinates and fields as CF variables. Group ``/VTKHDF``: hard links to the same field arrays (no second copy)
and copies of the axes. The axes are copied because h5netcdf resolves a dimension by whichever name it meets first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from thermo.results.hdf5 import new_hdf5
from thermo.results.quantities import describe

FORMAT = "thermo fields 1.0"
# RectilinearGrid entered the VTKHDF format with 2.7.
VTKHDF_VERSION = (2, 7)
# vtkDataSetAttributes::HIDDENCELL: the cell is neither drawn nor integrated.
HIDDEN_CELL = 32


@dataclass(frozen=True)
class Grid:
    """Cell faces along x, y, z (m; n+1 values each) and the solid mask uint8 (nz, ny, nx)."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    solid: np.ndarray

    @classmethod
    def of(cls, mesh) -> Grid:
        """The grid of a ``thermo.mesh.Mesh``."""
        return cls(mesh.x.faces, mesh.y.faces, mesh.z.faces, mesh.solid)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(nz, ny, nx)"""
        return len(self.z) - 1, len(self.y) - 1, len(self.x) - 1


def write_fields(path: Path, grid: Grid, time: float, fields: Mapping[str, np.ndarray], case_text: str) -> None:
    """Write one output file atomically.

    ``fields`` maps names of ``thermo.results.quantities`` to arrays (nz, ny, nx) or (nz, ny, nx, 3).
    Raises ValueError if an array does not fit the grid, OSError if the disk is full.
    """
    for name, values in fields.items():
        if values.shape not in (grid.shape, (*grid.shape, 3)):
            raise ValueError(f"field {name!r} has shape {values.shape}; the grid has {grid.shape}")
    with new_hdf5(path, fields) as file:
        write_root_attributes(file)
        write_axes(file, grid)
        file["time"] = np.float64(time)
        set_text(file["time"], units="s", long_name="simulated time")
        # int8: ParaView's netCDF reader stops at an unsigned byte
        write_variable(file, "solid", grid.solid.astype(np.int8), units="1", long_name="1 in solid cells")
        for name, values in fields.items():
            quantity = describe(name)
            write_variable(file, name, values, units=quantity.units, long_name=quantity.long_name)
        file["case"] = np.bytes_(case_text.encode())
        _write_vtkhdf_group(file, grid, ["solid", *fields])


def write_root_attributes(file: h5py.File) -> None:
    set_text(file, Conventions="CF-1.11", format=FORMAT)


def write_axes(file: h5py.File, grid: Grid) -> None:
    """Cell centres x, y, z, faces xf, yf, zf and the vector component, as netCDF-4 dimension scales."""
    for name, faces in (("x", grid.x), ("y", grid.y), ("z", grid.z)):
        _write_scale(file, name, 0.5 * (faces[1:] + faces[:-1]), long_name=f"{name} of cell centres")
        set_text(file[name], axis=name.upper())
        _write_scale(file, f"{name}f", faces, long_name=f"{name} of cell faces")
    file["component"] = np.arange(3, dtype=np.int32)
    file["component"].make_scale("component")


def write_variable(file: h5py.File, name: str, values: np.ndarray, **attributes: str) -> None:
    """A cell variable (nz, ny, nx[, 3]) with its dimension scales."""
    attach_scales(file, file.create_dataset(name, data=values), ("z", "y", "x", "component"))
    set_text(file[name], grid_location="cell", **attributes)


def attach_scales(file: h5py.File, dataset: h5py.Dataset, dimensions: tuple[str, ...]) -> None:
    for axis, dimension in zip(range(dataset.ndim), dimensions, strict=False):
        dataset.dims[axis].attach_scale(file[dimension])


def set_text(target: h5py.HLObject, **attributes: str) -> None:
    """Fixed-length text attributes: ParaView 5.11 does not read variable-length ones."""
    for name, text in attributes.items():
        target.attrs[name] = np.bytes_(text.encode())


def create_vtkhdf_group(file: h5py.File, grid: Grid) -> h5py.Group:
    """``/VTKHDF`` of a RectilinearGrid with its axes and an empty ``CellData``."""
    group = file.create_group("VTKHDF", track_order=True)
    group.attrs["Version"] = np.array(VTKHDF_VERSION, dtype=np.int64)
    set_text(group, Type="RectilinearGrid")
    group.attrs["Dimensions"] = np.array([len(grid.x), len(grid.y), len(grid.z)], dtype=np.int64)
    for name, faces in (("X", grid.x), ("Y", grid.y), ("Z", grid.z)):
        group[f"{name}Coordinates"] = np.asarray(faces, dtype=np.float64)
    group.create_group("CellData", track_order=True)
    return group


def _write_scale(file: h5py.File, name: str, values: np.ndarray, long_name: str) -> None:
    file[name] = np.asarray(values, dtype=np.float64)
    file[name].make_scale(name)
    set_text(file[name], units="m", long_name=long_name)


def _write_vtkhdf_group(file: h5py.File, grid: Grid, names: list[str]) -> None:
    cell_data = create_vtkhdf_group(file, grid)["CellData"]
    for name in names:
        cell_data[name] = file[name]
    hidden = np.where(grid.solid != 0, np.uint8(HIDDEN_CELL), np.uint8(0))
    # almost always long runs of one value, and gzip is the one filter every reader has
    cell_data.create_dataset("vtkGhostType", data=hidden, compression="gzip", compression_opts=1, shuffle=False)
