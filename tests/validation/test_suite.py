"""What `thermo validate` does: rows and scorecard on disk, resumption, selection, exit codes."""

from dataclasses import replace

import pytest

from benchmarks.validation import suite
from benchmarks.validation.bench import StudySkipped
from benchmarks.validation.book import Book
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study
from thermo import cli

ROW = Row("ducts/narrow", "flow, kg/s", "8 x 8", 1.01, 1.0, "mass", "X", 0.02, "two cells", wall_s=2.0)


def study(name, *found, tier="A"):
    def measure(bench):
        measure.runs += 1
        for each in found:
            if isinstance(each, BaseException):
                raise each
            yield each

    measure.runs = 0
    return Study(name, tier, "flow of a duct", measure)


@pytest.fixture
def studies(monkeypatch):
    picture = Picture("ducts_profile", "Profile", "x", "u", [Curve("ours", [0, 1], [0, 1])])
    found = (
        study("ducts/narrow", ROW, picture),
        study("ducts/wide", replace(ROW, case="ducts/wide", value=1.5, evidence="F"), tier="B"),
        study("halls/real", StudySkipped("no data")),
    )
    monkeypatch.setattr(suite, "STUDIES", found)
    return found


def test_rows_and_plots_are_kept_and_finished_studies_not_repeated(studies, tmp_path, capsys):
    command = ["validate", "ducts", "-o", str(tmp_path)]
    assert cli.main(command) == 0  # the red row is not exact
    assert "1 green, 1 red" in capsys.readouterr().out
    text = (tmp_path / "scorecard.md").read_text(encoding="utf-8")
    assert "| A | 1 | 1 | 0 | 0 |" in text
    assert text.index("**RED**") < text.index("## ducts"), "red rows come first"
    assert "![ducts_profile](ducts_profile.png)" in text
    assert (tmp_path / "ducts_profile.png").stat().st_size < 40_000
    assert cli.main(command) == 0
    assert [each.measure.runs for each in studies] == [1, 1, 0]
    assert cli.main([*command, "--again"]) == 0
    assert studies[0].measure.runs == 2


def test_rows_found_before_an_interruption_stay(monkeypatch, tmp_path):
    second = replace(ROW, quantity="loss, Pa")
    broken = study("ducts/narrow", ROW, second, KeyboardInterrupt())
    monkeypatch.setattr(suite, "STUDIES", (broken,))
    assert cli.main(["validate", "-o", str(tmp_path)]) == 130
    book = Book(tmp_path)
    assert [row.quantity for row in book.rows] == ["flow, kg/s", "loss, Pa"]
    assert book.finished == []
    monkeypatch.setattr(suite, "STUDIES", (study("ducts/narrow", second),))
    assert cli.main(["validate", "-o", str(tmp_path)]) == 0
    assert [row.quantity for row in Book(tmp_path).rows] == ["loss, Pa"], "what is not found any more is dropped"


def test_an_exact_row_that_is_red_is_exit_code_1(monkeypatch, tmp_path):
    monkeypatch.setattr(suite, "STUDIES", (study("ducts/narrow", replace(ROW, value=1.03)),))
    assert cli.main(["validate", "-o", str(tmp_path)]) == 1


def test_selection(studies, tmp_path, capsys):
    assert [each.name for each in suite.selected(["*/wide", "halls"])] == ["ducts/wide", "halls/real"]
    assert [each.name for each in suite.selected((), ["B"])] == ["ducts/wide"]
    assert cli.main(["validate", "cathedrals", "-o", str(tmp_path)]) == 2
    assert "no validation study cathedrals" in capsys.readouterr().err
    assert cli.main(["validate", "--list", "-o", str(tmp_path)]) == 0
    assert "halls/real (tier A)" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_skipped_study_says_why_and_stays_open(studies, tmp_path, capsys):
    assert cli.main(["validate", "halls", "-o", str(tmp_path)]) == 0
    assert "skipped: no data" in capsys.readouterr().out
    assert Book(tmp_path).finished == []


@pytest.mark.parametrize(("kind", "value", "error"), [
    ("relative", 1.9, 0.05), ("absolute", 1.9, 0.1), ("at_least", 1.9, 0.1), ("at_least", 2.3, 0.0),
])  # fmt: skip
def test_errors(kind, value, error):
    row = replace(ROW, reference=2.0, kind=kind, value=value)
    assert row.error == pytest.approx(error)
    assert not replace(row, value=float("nan"), band=10.0).passed or kind == "at_least"


def test_a_row_outside_a_reference_from_memory_is_unconfirmed(monkeypatch, tmp_path, capsys):
    off = replace(ROW, evidence="M", value=2.0 * ROW.reference)
    monkeypatch.setattr(suite, "STUDIES", (study("ducts/narrow", off),))
    assert cli.main(["validate", "-o", str(tmp_path)]) == 0
    assert "0 green, 0 red, 1 outside a reference from memory" in capsys.readouterr().out
    text = (tmp_path / "scorecard.md").read_text(encoding="utf-8")
    assert "## Outside a reference from memory" in text and "RED" not in text
    assert replace(off, evidence="M+F").verdict == "red", "a copy confirms it"
