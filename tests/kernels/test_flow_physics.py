"""What the flow kernels must hold whatever their formulas: conservation of energy, pressure loss at rest."""

import numpy as np
import pytest

from kernels import BackendUnavailable, Extent, open_backend
from kernels.flags import Flag
from kernels.reference import along, at
from kernels.scalars import Scalar
from tests.kernels.air import scalars
from tests.kernels.room import metrics, room_flags

EXTENT = Extent(11, 12, 13)


@pytest.fixture(params=["native", "numpy"])
def backend(request):
    try:
        return open_backend(request.param, "double")
    except BackendUnavailable as error:
        pytest.skip(str(error))


def solenoidal_flux(rng, extent, flags, grid):
    """Mass flux through the open faces only, as much into every cell as out of it: the curl of a random potential.

    The potential lives on edges; where an edge borders a closed face it is zero, so nothing crosses that face.
    """
    steps = (2, 1, 0)  # array axis of x, y, z
    is_open = [(flags & bit) != 0 for bit in (Flag.OPEN_X, Flag.OPEN_Y, Flag.OPEN_Z)]
    potential = [rng.normal(size=extent.shape) for _ in range(3)]
    for along_edge in range(3):
        u, v = (axis for axis in range(3) if axis != along_edge)
        # the low edge of a cell borders the low faces of this cell and of the one before it along the other axis
        for face, across in ((u, v), (v, u)):
            potential[along_edge] *= is_open[face] & np.roll(is_open[face], 1, steps[across])
    flux = []
    for n in range(3):
        u, v = (n + 1) % 3, (n + 2) % 3
        flow = np.roll(potential[v], -1, steps[u]) - potential[v] - np.roll(potential[u], -1, steps[v]) + potential[u]
        area = np.multiply(*(grid[f"d{'xyz'[t]}"].reshape(np.roll((-1, 1, 1), 2 - t)) for t in (u, v)))
        flux.append(flow / area)
    return flux


def test_convection_neither_makes_nor_takes_kinetic_energy(backend):
    rng = np.random.default_rng(11)
    flags, grid = room_flags(EXTENT), metrics(rng, EXTENT, np.float64)
    flux = solenoidal_flux(rng, EXTENT, flags, grid)
    constants = scalars()
    for scalar in (Scalar.VISCOSITY, Scalar.BUOYANCY, Scalar.FORCE_X, Scalar.FORCE_Y, Scalar.FORCE_Z):
        constants[scalar] = 0
    names = {name: backend.zeros(EXTENT.shape) for name in (
        "p", "lift", "mx_begin", "my_begin", "mz_begin", "mx_new", "my_new", "mz_new"
    )}  # fmt: skip
    unread = {name: backend.zeros(1) for name in ("rho", "increment", "mu")}
    given = {name: grid[name] for axis in "xyz" for name in (f"d{axis}", f"rd{axis}", f"rd{axis}f")}
    given["scalars"] = constants
    given |= {f"m{axis}": m for axis, m in zip("xyz", flux, strict=True)}
    given |= {f"u{axis}": m / constants[Scalar.DENSITY] for axis, m in zip("xyz", flux, strict=True)}
    switches = {"LOW_MACH": 0, "VARIABLE": 0, "LIMITER": 0, "VELOCITY": 0}
    uploaded = {name: backend.array(value) for name, value in given.items()}
    uploaded["flags"] = backend.array(flags, backend.mark)
    backend.program([backend.bind("momentum", EXTENT, switches, divisor=1, **uploaded, **names, **unread)]).run()

    power, size = 0.0, 0.0
    for axis in "xyz":
        lengths = [along(other, grid[f"d{other}"]) for other in "xyz" if other != axis]
        volume = lengths[0] * lengths[1] / along(axis, grid[f"rd{axis}f"])
        work = at(given[f"u{axis}"]) * at(backend.to_host(names[f"m{axis}_new"])) * volume
        power, size = power + work.sum(), size + np.abs(work).sum()
    assert size > 1
    assert abs(power) <= 1e-12 * size


def _face_of(backend, value):
    fields = {name: backend.zeros(EXTENT.shape) for name in ("mx", "my", "mz")}
    place = EXTENT.sz * 5 + EXTENT.sy * 5 + 5
    fields["mx"].reshape(-1)[place] = value
    return fields, place


@pytest.mark.parametrize("drop", [3.0, -3.0])
def test_a_resisting_face_comes_to_rest_at_its_pressure_drop(backend, drop):
    constants = scalars()
    forward, backward, linear, distance = 7.0, 13.0, 0.8, 0.2
    flux, place = _face_of(backend, 0.1)
    real = {"forward": forward, "backward": backward, "linear": linear, "distance": distance, "area": 0.04}
    arguments = {name: backend.array([value]) for name, value in real.items()}
    arguments |= {name: backend.array([0], "int32") for name in ("axis", "low")}
    arguments |= {"high": backend.array([1], "int32"), "stride": backend.array([1], "int64")}
    arguments |= {"face": backend.array([place], "int64"), "rho": backend.zeros(1), "scalars": backend.array(constants)}
    arguments |= {f"m{axis}_new": backend.zeros(EXTENT.shape) for axis in "xyz"}
    arguments |= {"beta": backend.zeros(1), "coefficients": backend.zeros(2)}
    switches = {"LOW_MACH": 0, "VARIABLE": 0, "VELOCITY": 0}
    node = backend.bind("resistance_predict", EXTENT, switches, count=1, divisor=1, **flux, **arguments)
    program = backend.program([node])
    m = 0.1
    for _ in range(200):
        flux["mx"].reshape(-1)[place] = m
        arguments["mx_new"].reshape(-1)[place] = m + constants[Scalar.DT] * drop / distance
        program.run()
        m = float(arguments["mx_new"].reshape(-1)[place])
    density = constants[Scalar.DENSITY]
    loss = (forward if m > 0 else backward) * m * abs(m) / (2 * density) + linear * m / density
    assert np.sign(m) == np.sign(drop)
    assert loss == pytest.approx(drop, rel=1e-9)


@pytest.mark.parametrize("drop", [2.0, -2.0])
@pytest.mark.parametrize("outward", [1.0, -1.0])
def test_a_pressure_opening_comes_to_rest_at_its_pressure_drop(backend, drop, outward):
    constants = scalars()
    flux, place = _face_of(backend, 0.0)
    cell = place if outward < 0 else place - 1
    loss_out, loss_in, outside_density = 2.4, 1.7, 1.31
    real = {
        "outward": outward, "loss_out": loss_out, "loss_in": loss_in, "outside_density": outside_density,
        "outside_pressure": -0.5, "distance": 0.1, "area": 0.04,
    }  # fmt: skip
    arguments = {name: backend.array([value]) for name, value in real.items()}
    arguments |= {name: backend.array([0], "int32") for name in ("axis", "position")}
    arguments |= {"face": backend.array([place], "int64"), "cell": backend.array([cell], "int64")}
    arguments |= {name: backend.zeros(EXTENT.shape) for name in ("p", "lift")}
    arguments |= {f"m{axis}_ahead": flux[f"m{axis}"] for axis in "xyz"}
    arguments |= {name: backend.zeros(1) for name in ("rho", "beta", "coefficients", "drag", "pull")}
    arguments |= {f"m{axis}_new": backend.zeros(EXTENT.shape) for axis in "xyz"}
    arguments["p"].reshape(-1)[cell] = drop - 0.5
    arguments["scalars"] = backend.array(constants)
    node = backend.bind("opening_predict", EXTENT, {"LOW_MACH": 0, "VARIABLE": 0}, count=1, **flux, **arguments)
    program = backend.program([node])
    for _ in range(200):
        program.run()
        flux["mx"][...] = arguments["mx_new"]
    q = outward * float(flux["mx"].reshape(-1)[place])
    assert np.sign(q) == np.sign(drop)
    # the cell's other faces are at rest: the air at its centre has half the speed
    head = (q / 2) ** 2 / (2 * constants[Scalar.DENSITY]) if q > 0 else 0.0
    found = loss_out * q**2 / (2 * constants[Scalar.DENSITY]) if q > 0 else -loss_in * q**2 / (2 * outside_density)
    assert found == pytest.approx(drop + head, rel=1e-9)
