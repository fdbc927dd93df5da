"""The case of the tests, and changes to it."""

from pathlib import Path

from thermo.case import Case, load_case
from thermo.devices.registry import default_registry

FOLDER = Path(__file__).parent
HALL = FOLDER / "hall.toml"
REGISTRY = default_registry()


def load(path: Path = HALL, *overrides: str, scenario: str | None = None) -> Case:
    return load_case(path, REGISTRY, overrides, scenario)


def changed_hall(folder: Path, old: str, new: str) -> Path:
    """A copy of the hall in `folder` with one line changed; `old` must stand there exactly once."""
    text = HALL.read_text()
    assert text.count(old) == 1, old
    (folder / "jet.csv").write_text((FOLDER / "jet.csv").read_text())
    path = folder / "hall.toml"
    path.write_text(text.replace(old, new))
    return path
