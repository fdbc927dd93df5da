"""The page about the case format says what the models say."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_as_the_models_write_it():
    spec = importlib.util.spec_from_file_location("write_case_format", DOCS / "write_case_format.py")
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    written = (DOCS / "case_format.md").read_text(encoding="utf-8")
    assert written == writer.page(), "run `python docs/write_case_format.py`"
