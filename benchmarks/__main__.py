"""`python -m benchmarks`: the suite of `thermo bench`, on machines that lack what the case files need."""

import argparse
import sys

from benchmarks.arguments import add_arguments
from benchmarks.suite import run_suite
from kernels import BACKENDS, BackendUnavailable


def main() -> int:
    """Command line; returns 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--backend", choices=("auto", *BACKENDS), default="auto")
    parser.add_argument("--precision", choices=("single", "double"), default="single")
    add_arguments(parser)
    options = parser.parse_args()
    try:
        run_suite(options.backend, options.precision, options.quick, options.directory, options.parts, options.limit,
                  lambda line: print(line, flush=True))  # fmt: skip
    except (ValueError, BackendUnavailable) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
