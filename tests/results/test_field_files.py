"""Field files and indexes, read back by h5py, xarray and VTK."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
import xarray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline as Pipeline
from vtkmodules.vtkIOHDF import vtkHDFReader
from vtkmodules.vtkIOXdmf2 import vtkXdmfReader

from tests.results.known_fields import SHAPE, known_fields
from thermo.results.directory import RunDirectory
from thermo.results.fields import write_fields
from thermo.results.index import Indexes
from thermo.results.reading import Run

TIMES = (0.0, 2.5, 7.0)


def write_run(tmp_path, grid, times) -> RunDirectory:
    directory = RunDirectory(tmp_path / "run")
    directory.create()
    directory.case.write_text("id = 'test'\n")
    indexes = Indexes(directory, grid)
    for n, time in enumerate(times):
        fields = known_fields(grid, time)
        if n > 0:
            fields["mean_temperature"] = fields["temperature"] + 1
        write_fields(directory.field_file(n), grid, time, fields, "id = 'test'\n")
        indexes.append(directory.field_file(n))
    return directory


def read_vtk(reader, path, time):
    """The rectilinear grid a VTK reader delivers for a time, and the times it announces."""
    reader.SetFileName(str(path))
    reader.UpdateInformation()
    information = reader.GetOutputInformation(0)
    times = information.Get(Pipeline.TIME_STEPS())
    if time is None:
        reader.Update()
    else:
        reader.UpdateTimeStep(time)
    output = reader.GetOutputDataObject(0)
    while not output.IsA("vtkRectilinearGrid"):
        output = output.GetBlock(0) if output.IsA("vtkMultiBlockDataSet") else output.GetPartition(0)
    return output, times


def assert_shows(output, grid, time):
    for axis, faces in (("X", grid.x), ("Y", grid.y), ("Z", grid.z)):
        np.testing.assert_array_equal(vtk_to_numpy(getattr(output, f"Get{axis}Coordinates")()), faces)
    expected = known_fields(grid, time)
    data = output.GetCellData()
    temperature = vtk_to_numpy(data.GetArray("temperature")).reshape(SHAPE)
    np.testing.assert_array_equal(temperature, expected["temperature"])
    velocity = vtk_to_numpy(data.GetArray("velocity")).reshape(*SHAPE, 3)
    np.testing.assert_array_equal(velocity, expected["velocity"])
    hidden = [output.IsCellVisible(cell) == 0 for cell in range(output.GetNumberOfCells())]
    np.testing.assert_array_equal(np.reshape(hidden, SHAPE), grid.solid == 1)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_vtk_reads_the_virtual_index_at_every_time(tmp_path, grid, count):
    directory = write_run(tmp_path, grid, TIMES[:count])
    for time in TIMES[:count]:
        output, times = read_vtk(vtkHDFReader(), directory.vtkhdf, None if count == 1 else time)
        assert times is None if count == 1 else times == TIMES[:count]
        assert_shows(output, grid, time)


@pytest.mark.parametrize("count", [1, 3])
def test_vtk_reads_the_xdmf_index_at_every_time(tmp_path, grid, count):
    directory = write_run(tmp_path, grid, TIMES[:count])
    for time in TIMES[:count]:
        output, times = read_vtk(vtkXdmfReader(), directory.xdmf, time)
        assert times == TIMES[:count]
        assert_shows(output, grid, time)


def test_vtk_reads_a_field_file_alone(tmp_path, grid):
    directory = write_run(tmp_path, grid, TIMES)
    output, _ = read_vtk(vtkHDFReader(), directory.field_file(1), None)
    assert_shows(output, grid, TIMES[1])


def test_indexes_survive_moving_the_directory(tmp_path, grid, monkeypatch):
    directory = write_run(tmp_path, grid, TIMES)
    moved = directory.path.rename(tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    with h5py.File(moved / "run.vtkhdf") as file:
        np.testing.assert_array_equal(file["temperature"][2], known_fields(grid, TIMES[2])["temperature"])


def test_fields_are_stored_once(tmp_path, grid):
    directory = write_run(tmp_path, grid, TIMES)
    with h5py.File(directory.field_file(0)) as file:
        assert file["temperature"] == file["VTKHDF/CellData/temperature"]


def test_xarray_reads_one_output(tmp_path, grid):
    run = Run(write_run(tmp_path, grid, TIMES).path)
    last = run.fields()
    assert float(last.time) == 7.0
    assert last.temperature.dims == ("z", "y", "x")
    assert last.velocity.dims == ("z", "y", "x", "component")
    assert last.temperature.attrs["units"] == "degC"
    np.testing.assert_array_equal(last.temperature, known_fields(grid, 7.0)["temperature"])
    np.testing.assert_allclose(last.x, 0.5 * (grid.x[1:] + grid.x[:-1]), rtol=0, atol=0)
    np.testing.assert_array_equal(last.solid, grid.solid)


def test_outputs_are_chosen_by_number_or_by_time(tmp_path, grid):
    run = Run(write_run(tmp_path, grid, TIMES).path)
    np.testing.assert_array_equal(run.times, TIMES)
    assert float(run.fields(1).time) == 2.5
    assert float(run.fields(2.0).time) == 2.5
    with pytest.raises(IndexError):
        run.fields(3)


def test_xarray_reads_the_series_and_absent_averages_are_nan(tmp_path, grid):
    directory = write_run(tmp_path, grid, TIMES)
    with xarray.open_dataset(directory.vtkhdf, engine="h5netcdf") as series:
        np.testing.assert_array_equal(series.time, TIMES)
        assert series.temperature.dims == ("time", "z", "y", "x")
        np.testing.assert_array_equal(series.temperature[1], known_fields(grid, 2.5)["temperature"])
        assert np.isnan(series.mean_temperature[0]).all()
        np.testing.assert_array_equal(series.mean_temperature[2], known_fields(grid, 7.0)["temperature"] + 1)


def test_a_field_that_does_not_fit_is_refused(tmp_path, grid):
    with pytest.raises(ValueError, match="temperature"):
        write_fields(tmp_path / "f.vtkhdf", grid, 0.0, {"temperature": np.zeros((2, 2, 2))}, "")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_field_is_refused(tmp_path, grid):
    with pytest.raises(KeyError, match="enstrophy"):
        write_fields(tmp_path / "f.vtkhdf", grid, 0.0, {"enstrophy": np.zeros(SHAPE)}, "")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_without_a_run(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no run"):
        Run(tmp_path)
