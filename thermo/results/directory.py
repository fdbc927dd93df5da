"""The names inside a run directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from thermo.results.atomic import sweep


@dataclass(frozen=True)
class RunDirectory:
    """One run on disk; every other module asks here where a file belongs.

    ``case.toml`` resolved case, ``fields/NNNNNN.vtkhdf`` one file per output time, ``run.xdmf`` and ``run.vtkhdf``
    indexes over them, ``checkpoint/A.h5`` and ``B.h5``, ``history.csv``, ``report.json``, ``run.log``,
    ``geometry/parts.vtm``, ``pictures/<plane>.png``.
    """

    path: Path

    @property
    def case(self) -> Path:
        return self.path / "case.toml"

    @property
    def fields(self) -> Path:
        return self.path / "fields"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoint"

    @property
    def geometry(self) -> Path:
        return self.path / "geometry"

    @property
    def pictures(self) -> Path:
        return self.path / "pictures"

    @property
    def xdmf(self) -> Path:
        return self.path / "run.xdmf"

    @property
    def vtkhdf(self) -> Path:
        return self.path / "run.vtkhdf"

    @property
    def history(self) -> Path:
        return self.path / "history.csv"

    @property
    def report(self) -> Path:
        return self.path / "report.json"

    @property
    def log(self) -> Path:
        return self.path / "run.log"

    def field_file(self, output: int) -> Path:
        """The file of output number ``output`` (0, 1, 2 …)."""
        return self.fields / f"{output:06d}.vtkhdf"

    def field_files(self) -> list[Path]:
        """All complete field files in order of output number."""
        return sorted(self.fields.glob("[0-9]" * 6 + ".vtkhdf"))

    def holds_a_run(self) -> bool:
        return self.case.exists()

    def holds_results(self) -> bool:
        """Whether there is something that can be continued or was finished: a new run must not overwrite it."""
        return self.report.exists() or any(self.checkpoints.glob("*.h5"))

    def create(self) -> None:
        """Make the folders and delete what a killed writer left behind."""
        for folder in (self.path, self.fields, self.checkpoints, self.pictures):
            folder.mkdir(parents=True, exist_ok=True)
            sweep(folder)
