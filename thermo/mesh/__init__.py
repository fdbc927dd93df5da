"""From a scene to a tensor-product grid: axes, cell and face marks, patches, connected regions."""

from thermo.mesh.axis import Axis
from thermo.mesh.builder import SIDES, MeshBuilder, MeshError, Side, box_mesh
from thermo.mesh.mesh import ADIABATIC, Material, Mesh, Region
from thermo.mesh.patch import Exchange, FacePatch, HeatSource, MomentumSource, Opening, Resistance, WallPatch

__all__ = [
    "ADIABATIC", "SIDES", "Axis", "Exchange", "FacePatch", "HeatSource", "Material", "Mesh", "MeshBuilder", "MeshError",
    "MomentumSource", "Opening", "Region", "Resistance", "Side", "WallPatch", "box_mesh",
]
