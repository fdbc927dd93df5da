"""`python -m benchmarks.validation`: `thermo validate` where the package is not installed."""

from __future__ import annotations

import argparse
import sys

from benchmarks.validation.arguments import add_arguments


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation", description=__doc__)
    add_arguments(parser)
    options = parser.parse_args()
    from benchmarks.validation.command import validate

    try:
        return validate(options, lambda text: print(text, flush=True))
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
