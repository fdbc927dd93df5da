"""The options of `thermo validate`. Imports nothing slow: --help answers at once."""

from __future__ import annotations

import argparse
from pathlib import Path

BACKENDS = ("auto", "cuda", "native", "numpy")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Names of studies and how to run them."""
    parser.add_argument("names", metavar="NAME", nargs="*", help="studies, with * and ?, or a folder (default all)")
    parser.add_argument("--tier", choices=("A", "B", "C"), action="append", help="only this tier; may be repeated")
    parser.add_argument("--list", action="store_true", help="show the studies, and which are finished")
    parser.add_argument("--again", action="store_true", help="run finished studies again")
    parser.add_argument("--finest", metavar="N", type=int, help="leave out grids with more cells along a side")
    parser.add_argument("--backend", choices=BACKENDS, default="auto", help="what computes (default auto)")
    parser.add_argument(
        "-o", dest="directory", metavar="DIR", type=Path, default=Path("runs", "validation"),
        help="rows, scorecard.md and plots (default runs/validation); what is finished there is not run again",
    )  # fmt: skip
