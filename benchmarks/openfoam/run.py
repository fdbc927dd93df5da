"""Runs the case with an installed OpenFOAM, for a bounded wall time, and reads its log and its rack inlets."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.openfoam.case import Control, write_case
from benchmarks.rack_room import RACKS

SOLVER = "buoyantBoussinesqPimpleFoam"
SETTINGS = ("/usr/share/openfoam/etc/bashrc", "/usr/lib/openfoam/openfoam*/etc/bashrc", "/opt/openfoam*/etc/bashrc")
# Large fields are otherwise given back to the system and cleared anew in every step (29 % slower at 0.5 M cells).
MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
          "MALLOC_TOP_PAD_": str(256 << 20)}  # fmt: skip
SETUP_SECONDS = 300.0
STOP_SECONDS = 10.0  # for the solver to end after it was told to
CELSIUS_ZERO = 273.15  # K


class OpenFoamError(RuntimeError):
    """A program of OpenFOAM failed; the message holds the end of its log."""


@dataclass(frozen=True)
class Installation:
    """An OpenFOAM that runs here: its environment and version."""

    environment: dict[str, str]
    version: str


def find_openfoam() -> Installation | None:
    """The OpenFOAM of this machine, or None."""
    root = os.environ.get("WM_PROJECT_DIR")
    places = [f"{root}/etc/bashrc"] if root else []
    for pattern in (*places, *SETTINGS):
        for file in sorted(Path("/").glob(pattern.lstrip("/"))):
            environment = _sourced(file)
            if shutil.which(SOLVER, path=environment.get("PATH")):
                return Installation(environment | MALLOC, environment.get("WM_PROJECT_VERSION", "unknown"))
    return None


def _sourced(file: Path) -> dict[str, str]:
    """The environment after a shell has read `file`."""
    script = f'. "{file}" >/dev/null 2>&1; env -0'
    output = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False).stdout
    pairs = (entry.partition("=") for entry in output.split("\0") if entry)
    return {name: value for name, _, value in pairs}


@dataclass
class Progress:
    """What the log of the solver tells; fed line by line with the wall time at which each came, s.

    times: simulated, s; stamps: wall time at the end of each step; pressure: iterations of every corrector of a step.
    """

    times: list[float] = field(default_factory=list)
    stamps: list[float] = field(default_factory=list)
    courant: list[float] = field(default_factory=list)
    pressure: list[list[int]] = field(default_factory=list)
    residual: list[float] = field(default_factory=list)  # final, of the last corrector of each step
    cpu: list[float] = field(default_factory=list)  # s of processor time of the first process at the end of each step

    def feed(self, line: str, stamp: float) -> None:
        """Take one line."""
        if found := re.match(r"Courant Number mean: \S+ max: (\S+)", line):
            self._courant = float(found[1])
        elif found := re.match(r"Time = (\S+)", line):
            self._time, self._iterations = float(found[1]), []
        elif found := re.search(r"Solving for p_rgh, .*Final residual = (\S+), No Iterations (\d+)", line):
            self._iterations.append(int(found[2]))
            self._residual = float(found[1])
        elif found := re.match(r"ExecutionTime = (\S+) s", line):
            self.times.append(self._time)
            self.stamps.append(stamp)
            self.courant.append(self._courant)
            self.pressure.append(self._iterations)
            self.residual.append(self._residual)
            self.cpu.append(float(found[1]))

    @property
    def steps(self) -> int:
        """Steps that were finished."""
        return len(self.times)

    @property
    def seconds_per_step(self) -> float:
        """Median wall time of a step, the first one left out: it also starts up."""
        return median(after - before for before, after in pairwise(self.stamps))

    @property
    def processor_seconds_per_step(self) -> float:
        """Mean processor time of a step, which other work on the machine disturbs less."""
        return (self.cpu[-1] - self.cpu[0]) / (self.steps - 1)

    def mean_iterations(self) -> list[float]:
        """Pressure iterations of the first, second ... corrector."""
        return [sum(column) / len(column) for column in zip(*self.pressure, strict=True)]


@dataclass(frozen=True)
class FoamRun:
    """A run: its log, and every rack's inlet (degC) at the sampled times (s). failed: it ended early by itself."""

    control: Control
    cells: int
    progress: Progress
    failed: bool
    times: list[float]
    inlets: dict[str, list[float]]

    def summary(self) -> dict:
        """Figures for the result file."""
        progress = self.progress
        return {
            **asdict(self.control), "cells": self.cells, "steps": progress.steps, "simulated_s": progress.times[-1],
            "s_per_step": progress.seconds_per_step, "wall_s": progress.stamps[-1],
            "processor_s_per_step": progress.processor_seconds_per_step,
            "mcell_steps_per_s": self.cells / progress.seconds_per_step / 1e6,
            "pressure_iterations": progress.mean_iterations(), "residual": progress.residual[-1],
            "courant_first": progress.courant[0], "courant_last": progress.courant[-1],
        }  # fmt: skip


def run_foam(installation: Installation, control: Control, limit: float) -> FoamRun:
    """Mesh, potential-flow start and march in a temporary folder; the solver is stopped after `limit` s of wall time.

    Raises OpenFoamError where a program fails or not two steps were made.
    """
    with tempfile.TemporaryDirectory(prefix="rack_room_") as name:
        folder = Path(name)
        write_case(folder, control)
        cells = _prepare(installation, folder, control)
        progress, begin = Progress(), perf_counter()
        for line, stamp in _lines(installation, folder, control, limit):
            progress.feed(line, stamp)
        stopped = perf_counter() - begin >= limit
        if progress.steps < 2:
            raise OpenFoamError(f"{SOLVER} made {progress.steps} steps:\n{_tail(folder / 'log')}")
        failed = not stopped and progress.times[-1] < control.end * (1.0 - 1e-6)
        times, inlets = read_inlets(folder)
    return FoamRun(control, cells, progress, failed, times, inlets)


def _prepare(installation: Installation, folder: Path, control: Control) -> int:
    """Everything before the march; returns the number of cells."""
    _tool(installation, folder, "blockMesh")
    _tool(installation, folder, "renumberMesh", "-overwrite")
    found = re.search(r"^\s+cells:\s+(\d+)", _tool(installation, folder, "checkMesh"), re.MULTILINE)
    if found is None:
        raise OpenFoamError("checkMesh does not tell the number of cells")
    _tool(installation, folder, "potentialFoam", "-pName", "p_rgh", "-writephi")
    if control.cores > 1:
        _tool(installation, folder, "decomposePar")
    return int(found[1])


def _tool(installation: Installation, folder: Path, *command: str) -> str:
    """Output of a program of OpenFOAM; raises OpenFoamError."""
    program = shutil.which(command[0], path=installation.environment["PATH"]) or command[0]
    try:
        result = subprocess.run(
            [program, *command[1:]], cwd=folder, env=_environment(installation, folder), timeout=SETUP_SECONDS,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OpenFoamError(f"{command[0]}: {error}") from None
    if result.returncode:
        raise OpenFoamError(f"{command[0]} failed:\n{result.stdout[-2000:]}")
    return result.stdout


def _environment(installation: Installation, folder: Path) -> dict[str, str]:
    return installation.environment | {"PWD": str(folder)}  # it warns where PWD is another folder


def _lines(
    installation: Installation, folder: Path, control: Control, limit: float
) -> Iterator[tuple[str, float]]:
    """Lines of the solver's output with the wall time since its start, s."""
    environment = _environment(installation, folder)
    command = [shutil.which(SOLVER, path=environment["PATH"])]
    if control.cores > 1:
        command = ["mpirun", "-np", str(control.cores), *command, "-parallel"]
        if os.geteuid() == 0:  # Open MPI asks twice
            environment |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    begin = perf_counter()
    solver = subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    stop = threading.Timer(limit, solver.terminate)
    stop.start()
    try:
        with (folder / "log").open("w", encoding="utf-8") as log:
            for line in solver.stdout:
                log.write(line)
                yield line, perf_counter() - begin
        solver.wait(STOP_SECONDS)
    finally:
        stop.cancel()
        if solver.poll() is None:
            solver.kill()
            solver.wait()


def _tail(file: Path) -> str:
    return file.read_text(encoding="utf-8")[-2000:]


def read_inlets(folder: Path) -> tuple[list[float], dict[str, list[float]]]:
    """Sampled times, s, and the mean inlet temperature of every rack, degC, as far as all racks have them."""
    series = {}
    for rack in RACKS:
        files = sorted((folder / "postProcessing" / f"inlet_{rack.name}").glob("*/surfaceFieldValue*.dat"))
        series[rack.name] = list(_values(line for file in files for line in file.read_text().splitlines()))
    length = min(len(values) for values in series.values())
    times = [time for time, _ in next(iter(series.values()))[:length]]
    return times, {name: [value - CELSIUS_ZERO for _, value in values[:length]] for name, values in series.items()}


def _values(lines: Iterable[str]) -> Iterator[tuple[float, float]]:
    for line in lines:
        if not line.startswith("#"):
            time, value = line.split()
            yield float(time), float(value)
