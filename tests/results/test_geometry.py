"""Surfaces of objects, read back by VTK."""

from __future__ import annotations

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet
from vtkmodules.vtkFiltersCore import vtkMassProperties, vtkTriangleFilter
from vtkmodules.vtkIOXML import vtkXMLMultiBlockDataReader

from thermo.results.geometry import COLOURS, CORNERS, FACES, write_parts

BOXES = {
    "racks.A01": ((1.0, 2.0, 0.0), (1.6, 3.2, 2.0)),
    "racks.A02": ((1.6, 2.0, 0.0), (2.2, 3.2, 2.0)),
    "panels.x": ((1.0, 0.0, 0.0), (1.0, 2.0, 3.0)),
    "panels.y": ((0.0, 2.0, 0.0), (2.0, 2.0, 3.0)),
    "openings.z": ((0.0, 0.0, 3.0), (0.5, 0.4, 3.0)),
}


@pytest.fixture
def blocks(tmp_path):
    """Address -> surface as VTK reads it."""
    write_parts(tmp_path / "geometry", BOXES)
    reader = vtkXMLMultiBlockDataReader()
    reader.SetFileName(str(tmp_path / "geometry" / "parts.vtm"))
    reader.Update()
    tree, found = reader.GetOutput(), {}
    for number in range(tree.GetNumberOfBlocks()):
        group = tree.GetMetaData(number).Get(vtkCompositeDataSet.NAME())
        block = tree.GetBlock(number)
        for leaf in range(block.GetNumberOfBlocks()):
            found[f"{group}.{block.GetMetaData(leaf).Get(vtkCompositeDataSet.NAME())}"] = block.GetBlock(leaf)
    return found


def test_every_object_is_found_under_its_name_with_bounds_and_colour(blocks):
    assert list(blocks) == list(BOXES)
    for address, (low, high) in BOXES.items():
        bounds = np.reshape(blocks[address].GetBounds(), (3, 2))
        np.testing.assert_allclose(bounds.T, [low, high])
        colours = vtk_to_numpy(blocks[address].GetCellData().GetArray("rgb"))
        assert colours.shape == (blocks[address].GetNumberOfCells(), 3)
        assert (colours == COLOURS[address.split(".")[0]]).all()


def test_faces_of_a_box_are_turned_outwards():
    for face in CORNERS[FACES]:
        normal = np.cross(face[1] - face[0], face[2] - face[1])
        assert normal @ (face.mean(axis=0) - CORNERS.mean(axis=0)) > 0.0


def test_boxes_are_closed_and_panels_are_single_rectangles(blocks):
    triangles, mass = vtkTriangleFilter(), vtkMassProperties()
    triangles.SetInputData(blocks["racks.A01"])
    mass.SetInputConnection(triangles.GetOutputPort())
    assert mass.GetVolume() == pytest.approx(0.6 * 1.2 * 2.0)
    assert mass.GetSurfaceArea() == pytest.approx(2.0 * (0.6 * 1.2 + 0.6 * 2.0 + 1.2 * 2.0))
    for address, area in (("panels.x", 6.0), ("panels.y", 6.0), ("openings.z", 0.2)):
        triangles.SetInputData(blocks[address])
        assert blocks[address].GetNumberOfCells() == 1
        assert mass.GetSurfaceArea() == pytest.approx(area)
