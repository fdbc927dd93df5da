"""Every kind of bad input ends `thermo run` with exit code 2 and one message that names file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.small_hall import CASE, small_hall
from thermo import cli
from thermo.simulation import memory

RACK = '[racks.A01]\nsize = ["600 mm", "800 mm", "1.6 m"]\nposition = [1.2, 0.6]'

# what is wrong: (text of the small hall, what it becomes, key, words of the message)
CHANGES = {
    "unknown key": ("power = \"3 kW\"", "powr = \"3 kW\"", "racks.A01.powr", 'did you mean "power"?'),
    "wrong unit": ("power = \"3 kW\"", "power = \"3 Pa\"", "racks.A01.power", "a power belongs here"),
    "temperature where a difference belongs": (
        'airflow = "0.2 m^3/s"', 'temperature_rise = "11 degC"', "racks.A01.temperature_rise", 'write "11 K"'),
    "negative power": ("power = \"3 kW\"", "power = \"-3 kW\"", "racks.A01.power", "at least 0"),
    "overlapping racks": (
        "[blocks.column]", RACK.replace("A01", "A02") + '\nfacing = "-y"\npower = 1\nairflow = 0.1\n[blocks.column]',
        "racks.A0", "overlap"),
    "rack outside the hall": ("position = [1.2, 0.6]", "position = [2.6, 0.6]", "racks.A01", "building"),
    "lost flow path": (
        "[panels.screen]", "[blocks.cupboard]\nbox = [[2.8, 0.4, 1.2], [3, 1.2, 1.6]]\n[panels.screen]",
        "openings.window", "lost flow path"),
    "no outlet": ('[openings.window]', '[openings.window]', "supplies.floor", "no outlet"),
    "unbalanced sealed region": ('[openings.window]', '[openings.window]', "supplies.floor", "unbalanced"),
    "not yet supported": ("[probes.corner]", "[crahs.U1]\nx = 1\n[probes.corner]", "crahs", "not yet supported"),
    "a model of turbulence to come": (
        "turbulence = { eddy_viscosity = 1e-3 }", 'turbulence = "k-omega"', "run.turbulence", "not yet supported"),
}  # fmt: skip


class Memory:
    """A machine with 100 GB."""

    available = 10**11
    total = 10**11


def refused(capsys, *arguments) -> str:
    """The one message of a refused run, without line breaks; nothing but the case lies in the working directory."""
    before = sorted(Path.cwd().iterdir())
    assert cli.main(["run", *arguments]) == 2
    assert sorted(Path.cwd().iterdir()) == before
    message = capsys.readouterr().err
    assert message.count("error:") == 1 and "Traceback" not in message
    return message.replace("\n", "")


@pytest.mark.parametrize("name", CHANGES)
def test_a_wrong_case_is_refused_with_file_line_and_key(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    old, new, key, words = CHANGES[name]
    text = small_hall(old, new)
    if name in ("no outlet", "unbalanced sealed region"):
        # the window becomes nothing, or an extract of another flow
        start, end = text.index("[openings.window]"), text.index("[probes.corner]")
        extract = '[extracts.e]\nin = "building.east"\nrect = [[0.4, 1.2], [1.2, 1.8]]\nflow = "0.3 m^3/s"\n'
        text = text[:start] + (extract if name.startswith("unbalanced") else "") + text[end:]
        text = "\n".join(line for line in text.split("\n") if not line.startswith("window ="))
    Path("case.toml").write_text(text)
    message = refused(capsys, "case.toml")
    assert "case.toml:" in message and key in message and words in message


def test_a_case_larger_than_memory_is_refused_before_anything_is_allocated(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(memory.psutil, "virtual_memory", Memory)
    Path("case.toml").write_text(small_hall())
    message = refused(capsys, "case.toml", "--set", "mesh.size=1 mm")
    assert "12,000,000,000 cells" in message and "GB of memory" in message and "larger cells" in message


def test_missing_truncated_and_binary_files(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "absent.toml" in refused(capsys, "absent.toml")
    text = CASE.read_text()
    Path("case.toml").write_text(text[: text.index("facing") + 10])
    assert "case.toml:" in refused(capsys, "case.toml")
    Path("case.toml").write_bytes(bytes(range(256)))
    assert "case.toml" in refused(capsys, "case.toml")
    assert "mesh.sise" in refused(capsys, str(CASE), "--set", "mesh.sise=1")
    assert "nowhere" in refused(capsys, str(CASE), "--scenario", "nowhere")
