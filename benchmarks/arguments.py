"""The options that `thermo bench` and `python -m benchmarks` share. Imports nothing slow: --help answers at once."""

from __future__ import annotations

import argparse
from pathlib import Path

PART_NAMES = ("bandwidth", "kernels", "sizes", "headline", "pressure", "memory", "openfoam")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what no other command has."""
    parser.add_argument("--quick", action="store_true", help="smaller rooms and fewer of them: about three minutes")
    parser.add_argument(
        "-o", dest="directory", metavar="DIR", type=Path,
        help="folder of the results (default benchmarks/results/<machine>)",
    )  # fmt: skip
    parser.add_argument(
        "--limit", metavar="S", type=float, help="seconds after which each part begins nothing long any more"
    )
    parser.add_argument("parts", metavar="PART", nargs="*", help=f"{', '.join(PART_NAMES)} (default: all)")
