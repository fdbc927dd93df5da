"""Writes the rack room as a case of OpenFOAM 1912: files of buoyantBoussinesqPimpleFoam with an expert's settings.

The racks are left out of a multi-block mesh, so that each intake and exhaust is a patch of its own. The exhaust of a
rack blows at the mean temperature of its intake, of the last iteration, plus the temperature rise.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path

from benchmarks.rack_room import (
    EDDY_VISCOSITY,
    PRANDTL,
    RACK_FLOW,
    RACK_SIZE,
    RACKS,
    RETURN_RECTS,
    SIZE,
    SUPPLY,
    SUPPLY_FLOW,
    SUPPLY_RECT,
)

TEMPERATURE_RISE = 11.06  # K: 10 kW in 0.75 m3/s of air with 1.2 kg/m3 and 1005 J/(kg K)
LINES = ((0.0, 1.2, 1.8, 2.4, 3.0, 3.6, 4.2, 4.8, 6.0), (0.0, 0.6, 1.8, 3.0, 4.2, 4.8), (0.0, 2.0, 3.0))  # of blocks, m
NEAR = 1e-6  # m

Point = tuple[float, float, float]
Index = tuple[int, int, int]


@dataclass(frozen=True)
class Control:
    """dt, end, sample: s; sample is the interval of the rack inlets. cores: number of parts of the mesh."""

    cell: float
    dt: float
    end: float
    sample: float
    cores: int = 1


def write_case(folder: Path, control: Control) -> None:
    """All files of the case below `folder`."""
    for name, text in case_files(control).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_header(file) + text, encoding="ascii")


def case_files(control: Control) -> dict[str, str]:
    """Text of every file by its path in the case."""
    return {
        "system/blockMeshDict": block_mesh(control.cell),
        "system/controlDict": _control(control),
        "system/fvSchemes": SCHEMES,
        "system/fvSolution": SOLUTION,
        "system/decomposeParDict": (
            f"numberOfSubdomains {control.cores};\nmethod simple;\ncoeffs {{ n ({control.cores} 1 1); }}\n"
        ),
        "constant/g": "dimensions [0 1 -2 0 0 0 0];\nvalue (0 0 -9.81);\n",
        "constant/transportProperties": (
            f"transportModel Newtonian;\nnu {EDDY_VISCOSITY};\nbeta {1.0 / SUPPLY:.9g};\nTRef {SUPPLY};\n"
            f"Pr {PRANDTL};\nPrt {PRANDTL};\n"
        ),
        "constant/turbulenceProperties": "simulationType laminar;\n",
        **_initial_fields(),
    }


# ---------------------------------------------------------------------------------------------------------------- mesh


def blocks() -> list[Index]:
    """Blocks of air: the boxes between the lines, without those inside racks."""
    every = product(*(range(len(lines) - 1) for lines in LINES))
    return [block for block in every if not any(_inside(_centre(block), *rack.box) for rack in RACKS)]


def patches() -> dict[str, list[tuple[Index, int, int]]]:
    """Faces of blocks by the name of their patch; a face is (block, axis, 0 low side | 1 high side)."""
    air = set(blocks())
    found: dict[str, list[tuple[Index, int, int]]] = {}
    for block in sorted(air):
        for axis, side in product(range(3), (0, 1)):
            neighbour = tuple(n + (2 * side - 1) * (a == axis) for a, n in enumerate(block))
            if neighbour not in air:
                found.setdefault(_patch(_face_centre(block, axis, side)), []).append((block, axis, side))
    return found


def block_mesh(cell: float) -> str:
    """The dictionary of blockMesh for uniform cells of `cell` metres."""
    vertices = list(product(*(range(len(lines)) for lines in reversed(LINES))))  # z, y, x: x fastest
    number = {(x, y, z): n for n, (z, y, x) in enumerate(vertices)}
    points = "\n".join(f"({LINES[0][x]} {LINES[1][y]} {LINES[2][z]})" for z, y, x in vertices)

    def hexahedron(block: Index) -> str:
        corners = " ".join(str(number[_corner(block, offset)]) for offset in HEXAHEDRON)
        cells = " ".join(str(round(high - low)) for low, high in zip(*_in_cells(block, cell), strict=True))
        return f"hex ({corners}) ({cells}) simpleGrading (1 1 1)"

    def quadrangle(block: Index, axis: int, side: int) -> str:
        ring = [list(pair) for pair in ((0, 0), (1, 0), (1, 1), (0, 1))]
        if side == 0:
            ring.reverse()  # the normal points out of the block
        if axis == 1:
            ring.reverse()  # x, z are the remaining axes in the order that is not cyclic
        return f"({' '.join(str(number[_corner(block, (*c[:axis], side, *c[axis:]))]) for c in ring)})"

    boundary = "\n".join(
        f"{name} {{ type {'wall' if name == 'walls' else 'patch'}; "
        f"faces ( {' '.join(quadrangle(*face) for face in faces)} ); }}"
        for name, faces in patches().items()
    )
    every = "\n".join(hexahedron(block) for block in blocks())
    return (
        f"convertToMeters 1;\nvertices\n(\n{points}\n);\nblocks\n(\n{every}\n);\nedges ();\n"
        f"boundary\n(\n{boundary}\n);\nmergePatchPairs ();\n"
    )


HEXAHEDRON = ((0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1))


def _corner(block: Index, offset: tuple[int, ...]) -> Index:
    return tuple(n + o for n, o in zip(block, offset, strict=True))


def _ends(block: Index) -> tuple[Point, Point]:
    """Low and high corner of a block, m."""
    return tuple(tuple(line[n + side] for line, n in zip(LINES, block, strict=True)) for side in (0, 1))


def _in_cells(block: Index, cell: float) -> tuple[Point, Point]:
    return tuple(tuple(x / cell for x in end) for end in _ends(block))


def _centre(block: Index) -> Point:
    return tuple(0.5 * (low + high) for low, high in zip(*_ends(block), strict=True))


def _face_centre(block: Index, axis: int, side: int) -> Point:
    centre = list(_centre(block))
    centre[axis] = _ends(block)[side][axis]
    return tuple(centre)


def _inside(point: Point, low: Point, high: Point) -> bool:
    return all(a - NEAR < x < b + NEAR for a, x, b in zip(low, point, high, strict=True))


def _patch(point: Point) -> str:
    """Name of the patch on which the centre of a boundary face lies."""
    x, y, z = point
    if z < NEAR and _inside((x, y, 0.0), (*SUPPLY_RECT[0], 0.0), (*SUPPLY_RECT[1], 0.0)):
        return "supply"
    if z > SIZE[2] - NEAR:
        for name, (low, high) in RETURN_RECTS.items():
            if _inside((x, y, 0.0), (*low, 0.0), (*high, 0.0)):
                return name
    for rack in RACKS:
        low, high = rack.box
        if low[0] < x < high[0] and low[2] < z < high[2]:
            for end, plane in (("intake", rack.intake), ("exhaust", rack.exhaust)):
                if abs(y - plane) < NEAR:
                    return f"{end}_{rack.name}"
    return "walls"


# -------------------------------------------------------------------------------------------------------------- fields


def _initial_fields() -> dict[str, str]:
    """Fields at time 0: still air at the temperature of the supply, and what blows in and out."""
    supply = SUPPLY_FLOW / _area(SUPPLY_RECT)
    returns = {"p_rgh": "type fixedValue; value uniform 0;",
               "U": "type pressureInletOutletVelocity; value uniform (0 0 0);",
               "T": f"type inletOutlet; inletValue uniform {SUPPLY}; value uniform {SUPPLY};"}  # fmt: skip
    pressure, still = "type fixedFluxPressure; value uniform 0;", "type zeroGradient;"
    velocity = {"walls": "type noSlip;", "supply": f"type fixedValue; value uniform (0 0 {supply:.9g});"}
    temperature = {"walls": still, "supply": f"type fixedValue; value uniform {SUPPLY};"}
    potential = {name: still for name in ("walls", "supply")}
    gauge = {name: pressure for name in ("walls", "supply")}
    for name in RETURN_RECTS:
        velocity[name], temperature[name], gauge[name] = returns["U"], returns["T"], returns["p_rgh"]
        potential[name] = "type fixedValue; value uniform 0;"
    speed = RACK_FLOW / (RACK_SIZE[0] * RACK_SIZE[2])
    for rack in RACKS:
        along = speed if rack.exhaust > rack.intake else -speed
        intake, exhaust = f"intake_{rack.name}", f"exhaust_{rack.name}"
        for patch in (intake, exhaust):
            velocity[patch] = f"type fixedValue; value uniform (0 {along:.9g} 0);"
            gauge[patch], potential[patch] = pressure, still
        temperature[intake] = still
        mean = "sum(T*mag(face()))/sum(mag(face()))"
        temperature[exhaust] = (
            f'type exprFixedValue; variables ("drawn{{patch\'{intake}}}={mean}"); '
            f'valueExpr "drawn + {TEMPERATURE_RISE}"; value uniform {SUPPLY + TEMPERATURE_RISE};'
        )
    nothing = {name: "type calculated; value uniform 0;" for name in velocity}
    return {
        "0/U": _field("[0 1 -1 0 0 0 0]", "(0 0 0)", velocity),
        "0/T": _field("[0 0 0 1 0 0 0]", str(SUPPLY), temperature),
        "0/p_rgh": _field("[0 2 -2 0 0 0 0]", "0", gauge),
        "0/alphat": _field("[0 2 -1 0 0 0 0]", "0", nothing),
        "0/Phi": _field("[0 2 -1 0 0 0 0]", "0", potential),  # velocity potential of the start
    }


def _field(dimensions: str, value: str, boundary: dict[str, str]) -> str:
    entries = "\n".join(f"    {name} {{ {entry} }}" for name, entry in boundary.items())
    return f"dimensions {dimensions};\ninternalField uniform {value};\nboundaryField\n{{\n{entries}\n}}\n"


def _area(rect: tuple[tuple[float, float], tuple[float, float]]) -> float:
    (x0, y0), (x1, y1) = rect
    return (x1 - x0) * (y1 - y0)


# ------------------------------------------------------------------------------------------------------------ settings


def _control(control: Control) -> str:
    every = max(1, round(control.sample / control.dt))
    inlets = "\n".join(
        f"    inlet_{rack.name} {{ type surfaceFieldValue; libs (fieldFunctionObjects); writeControl timeStep; "
        f"writeInterval {every}; log no; writeFields no; regionType patch; name intake_{rack.name}; "
        "operation areaAverage; fields (T); }"
        for rack in RACKS
    )
    return (
        "application buoyantBoussinesqPimpleFoam;\nstartFrom startTime;\nstartTime 0;\nstopAt endTime;\n"
        f"endTime {control.end};\ndeltaT {control.dt};\nadjustTimeStep no;\nwriteControl runTime;\n"
        f"writeInterval {2.0 * control.end};\nwritePrecision 8;\ntimePrecision 8;\nrunTimeModifiable no;\n"
        f"functions\n{{\n{inlets}\n}}\n"
    )


SCHEMES = """ddtSchemes { default Euler; }
gradSchemes { default Gauss linear; }
divSchemes
{
    default none;
    div(phi,U) Gauss linearUpwind grad(U);
    div(phi,T) Gauss limitedLinear 1;
    div((nuEff*dev2(T(grad(U))))) Gauss linear;
    div(div(phi,U)) Gauss linear;
}
laplacianSchemes { default Gauss linear corrected; }
interpolationSchemes { default linear; }
snGradSchemes { default corrected; }
"""

# smoothSolver diverges for T from a Courant number of 4.8 on
SOLUTION = """solvers
{
    p_rgh
    {
        solver GAMG;
        smoother GaussSeidel;
        agglomerator faceAreaPair;
        nCellsInCoarsestLevel 50;
        tolerance 1e-5;
        relTol 0.01;
    }
    p_rghFinal { $p_rgh; tolerance 1e-6; relTol 0; }
    "U.*" { solver smoothSolver; smoother symGaussSeidel; tolerance 1e-6; relTol 0; }
    "T.*" { solver PBiCGStab; preconditioner DILU; tolerance 1e-6; relTol 0; }
    Phi { $p_rgh; tolerance 1e-8; relTol 0; }
}
PIMPLE { momentumPredictor yes; nOuterCorrectors 1; nCorrectors 2; nNonOrthogonalCorrectors 0; }
potentialFlow { nNonOrthogonalCorrectors 0; }
"""


def _header(file: Path) -> str:
    kinds = {"U": "volVectorField", "g": "uniformDimensionedVectorField"}
    fields = {"T", "p_rgh", "alphat", "Phi"}
    kind = "volScalarField" if file.name in fields else kinds.get(file.name, "dictionary")
    return f"FoamFile {{ version 2.0; format ascii; class {kind}; object {file.name}; }}\n"
