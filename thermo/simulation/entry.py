"""``thermo.run``: a case from its start, or from its last checkpoint, to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from thermo.case.model import Case
from thermo.flow import FlowError
from thermo.results.checkpoint import Checkpoint, CheckpointError, CheckpointSlots
from thermo.results.directory import RunDirectory
from thermo.results.geometry import write_parts
from thermo.results.reading import Run
from thermo.simulation.assembly import Assembly, assemble
from thermo.simulation.functions import Functions, InSpace, InTime
from thermo.simulation.geometry import object_boxes
from thermo.simulation.identity import case_identity
from thermo.simulation.ladder import Ladder
from thermo.simulation.march import Solver
from thermo.simulation.outcome import RunRefused
from thermo.simulation.session import Session


def run(
    case: Case,
    backend: str = "auto",
    directory: str | Path | None = None,
    controllers: Sequence | None = None,
    *,
    initial: Mapping[str, InSpace] | None = None,
    sources: Mapping[str, InTime] | None = None,
    precision: str = "single",
    resume: bool = False,
    console: Console | None = None,
) -> Run:
    """Carry out a case and return the run, open for reading.

    ``directory`` defaults to ``runs/<case id>``. ``resume`` continues from the newest intact checkpoint there. Progress
    and notes go to ``console``, if there is one.

    ``initial`` replaces the initial state of the case field by field: "temperature", K, of air and solids, on the cell
    centres, and "ux", "uy", "uz", m/s, each on its own faces (what does not conserve mass is taken out); a number or
    f(x, y, z). ``sources`` adds to the air: "temperature", W/m3, and "ux", "uy", "uz", N/m3; f(x, y, z, t) or a number.
    Functions take arrays that broadcast to the grid, only places in the building (m) and times from 0 (s), and return
    arrays or numbers. Sources are evaluated on the host at every step. Functions cannot be stored: whoever resumes a
    run must give the same sources again (for the same fields, else it is refused; a resumed run ignores ``initial``).

    Raises CaseError, RunRefused or kernels.BackendUnavailable before anything is written, RunFailed if the run breaks
    off, RunInterrupted after SIGINT or SIGTERM (a checkpoint has been written).
    """
    if controllers:
        raise RunRefused("controllers are not yet supported")
    place = RunDirectory(Path(directory) if directory is not None else Path("runs") / case.id)
    slots = CheckpointSlots(place.checkpoints)
    functions = Functions.of(initial, sources)
    identity = {
        "identity": case_identity(case.resolved_toml()), "precision": precision, "sources": functions.source_names,
    }  # fmt: skip
    checkpoint, notes = _find_checkpoint(place, slots, identity) if resume else (None, [])
    if not resume and place.holds_results():
        raise RunRefused(
            f"{place.path} already holds a run: continue it with --resume, or choose another directory with -o"
        )
    assembly = _assemble(case, backend, precision, functions)
    ladder = None
    if assembly.terms is not None:
        ladder = Ladder(case, assembly, lambda coarse: _assemble(coarse, backend, precision, functions))
        notes += ladder.notes
    if checkpoint is not None:
        _restore(ladder or assembly.solver, checkpoint, place)
    _create(place)
    write_parts(place.geometry, object_boxes(case))
    with Session(case, precision, assembly, place, console, checkpoint, ladder) as session:
        session.log(*notes, *assembly.description)
        session.carry_out(slots, identity)
    return Run(place.path)


def _find_checkpoint(place: RunDirectory, slots: CheckpointSlots, identity: dict) -> tuple[Checkpoint, list[str]]:
    """The checkpoint to continue from. Raises RunRefused if there is none for this case and precision."""
    try:
        checkpoint, notes = slots.read_latest()
    except CheckpointError as error:
        raise RunRefused(f"cannot resume: {error}") from error
    if checkpoint.header["identity"] != identity["identity"]:
        raise RunRefused(
            f"cannot resume: the checkpoint in {place.path} belongs to another case "
            f"(compare {place.case} with the case given; only [limits] and the control of the march may differ)"
        )
    if checkpoint.header["precision"] != identity["precision"]:
        raise RunRefused(
            f"cannot resume: {place.path} was run in {checkpoint.header['precision']} precision, "
            f"not {identity['precision']}; add --precision {checkpoint.header['precision']}"
        )
    if checkpoint.header["sources"] != identity["sources"]:
        before, now = (", ".join(header["sources"]) or "nothing" for header in (checkpoint.header, identity))
        raise RunRefused(f"cannot resume: the run in {place.path} had sources from Python for {before}, not for {now}")
    return checkpoint, notes


def _assemble(case: Case, backend: str, precision: str, functions: Functions) -> Assembly:
    try:
        return assemble(case, backend, precision, functions)
    except FlowError as error:
        raise RunRefused(str(error)) from error
    except MemoryError as error:
        raise RunRefused(f"the case does not fit in memory ({error}): use larger cells ([mesh] size)") from error


def _restore(restored: Solver | Ladder, checkpoint: Checkpoint, place: RunDirectory) -> None:
    try:
        restored.restore(checkpoint.state)
    except (KeyError, ValueError, TypeError) as error:
        raise RunRefused(
            f"cannot resume: the checkpoint in {place.path} does not fit this version of the program ({error})"
        ) from error


def _create(place: RunDirectory) -> None:
    try:
        place.create()
    except OSError as error:
        raise RunRefused(f"cannot write to {place.path}: {error.strerror}") from error
