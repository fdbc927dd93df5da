"""Run by pvpython: print as JSON what ParaView's XDMF reader delivers at each time of an index.

usage: pvpython read_in_paraview.py run.xdmf READER
"""

import json
import sys

from paraview import simple
from paraview.vtk.util.numpy_support import vtk_to_numpy

path, reader_name = sys.argv[1:3]
arguments = {
    "XDMFReader": {"FileNames": [path]},
    "Xdmf3ReaderS": {"FileName": [path]},
    "Xdmf3ReaderT": {"FileName": path},
}
reader = getattr(simple, reader_name)(**arguments[reader_name])
reader.UpdatePipelineInformation()
answer = []
for time in reader.TimestepValues:
    reader.UpdatePipeline(time)
    # servermanager.Fetch is wrong for rectilinear grids in ParaView 5.11
    output = reader.GetClientSideObject().GetOutputDataObject(0)
    while not output.IsA("vtkRectilinearGrid"):
        output = output.GetBlock(0)
    data = output.GetCellData()
    answer.append(
        {
            "time": time,
            "x": vtk_to_numpy(output.GetXCoordinates()).tolist(),
            "y": vtk_to_numpy(output.GetYCoordinates()).tolist(),
            "z": vtk_to_numpy(output.GetZCoordinates()).tolist(),
            "temperature": vtk_to_numpy(data.GetArray("temperature")).tolist(),
            "velocity": vtk_to_numpy(data.GetArray("velocity")).ravel().tolist(),
            "visible": [output.IsCellVisible(cell) for cell in range(output.GetNumberOfCells())],
        }
    )
print(json.dumps({"version": str(simple.GetParaViewVersion()), "outputs": answer}))
