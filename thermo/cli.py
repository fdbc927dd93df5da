"""The command line: parses, calls, and turns every way a run can end into its exit code.

0 done, 1 a validation row with an exact reference is red, 2 bad input (nothing was written), 3 the run failed,
130 interrupted with a checkpoint.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from benchmarks.arguments import add_arguments as add_bench_arguments
from benchmarks.validation.arguments import add_arguments as add_validation_arguments
from thermo.version import program_version

if TYPE_CHECKING:
    from thermo.case import Case

DONE, BAD_INPUT, FAILED, INTERRUPTED = 0, 2, 3, 130
NOT_YET = {"compare": "compare two runs"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. ``arguments`` defaults to those of the process."""
    options = _parser().parse_args(arguments)
    # imported here: --help and --version answer at once
    from kernels import BackendUnavailable
    from thermo.case import CaseError
    from thermo.simulation import RunFailed, RunInterrupted, RunRefused

    errors = Console(stderr=True)

    def complain(error: BaseException) -> None:
        errors.print(f"[bold red]error:[/bold red] {escape(str(error))}", highlight=False, soft_wrap=True)

    try:
        return options.command(options, Console()) or DONE
    except (CaseError, RunRefused, BackendUnavailable) as error:
        complain(error)
        return BAD_INPUT
    except RunFailed as error:
        complain(error)
        return FAILED
    except RunInterrupted:
        # the run has said so itself, in its log and on the console
        return INTERRUPTED
    except KeyboardInterrupt:
        errors.print("interrupted")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="thermo", description="Airflow and heat in data-centre rooms.")
    parser.add_argument("--version", action="version", version=program_version())
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="carry out a case")
    run.set_defaults(command=_run)
    _add_case_arguments(run)
    scenarios = run.add_mutually_exclusive_group()
    _add_scenario_argument(scenarios)
    scenarios.add_argument("--all", action="store_true", help="the case itself and every scenario, one after another")
    run.add_argument("-o", dest="directory", metavar="DIR", type=Path, help="run directory (default runs/<case id>)")
    run.add_argument("--resume", action="store_true", help="continue from the last checkpoint in the run directory")
    _add_backend_arguments(run)

    check = commands.add_parser("check", help="validate a case; show mesh, memory, expected time, hand calculation")
    check.set_defaults(command=_check)
    _add_case_arguments(check)
    _add_scenario_argument(check)
    _add_backend_arguments(check)

    doctor = commands.add_parser("doctor", help="show what the program finds on this machine")
    doctor.set_defaults(command=_doctor)

    report = commands.add_parser("report", help="show the report of a run")
    report.set_defaults(command=_report)
    report.add_argument("directory", metavar="DIR", type=Path, help="run directory")

    bench = commands.add_parser("bench", help="measure speed: bandwidth, kernels, whole steps, headline, OpenFOAM")
    bench.set_defaults(command=_bench)
    _add_backend_arguments(bench)
    add_bench_arguments(bench)

    validate = commands.add_parser("validate", help="run the validation cases and write the scorecard")
    validate.set_defaults(command=_validate)
    add_validation_arguments(validate)

    for name, purpose in NOT_YET.items():
        later = commands.add_parser(name, help=f"{purpose} (not yet supported)")
        later.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
        later.set_defaults(command=_refuse, name=name)
    return parser


def _add_case_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", type=Path, help="case file (TOML)")
    parser.add_argument(
        "--set", dest="overrides", metavar="KEY=VALUE", action="append", default=[],
        help="replace a value of the case, e.g. racks.A03.power='30 kW'; may be repeated",
    )  # fmt: skip


def _add_scenario_argument(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--scenario", metavar="NAME", help="a scenario of the case")


def _add_backend_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--backend", choices=("auto", "cuda", "native", "numpy"), default="auto",
        help="what computes (default auto: the first that is found of cuda, native, numpy)",
    )  # fmt: skip
    parser.add_argument("--precision", choices=("single", "double"), default="single")


def _run(options: argparse.Namespace, console: Console) -> None:
    from thermo.loading import load_case
    from thermo.report.tables import print_report
    from thermo.simulation import run

    base = load_case(options.case, overrides=options.overrides)
    names = [None, *base.scenarios] if options.all else [options.scenario or _affordable(base, options, console)]
    for name in names:
        case = load_case(options.case, overrides=options.overrides, scenario=name)
        result = run(
            case,
            options.backend,
            _run_directory(options, case.id, name),
            precision=options.precision,
            resume=options.resume,
            console=console,
        )
        print_report(console, result.report)
        console.print(f"results in {escape(str(result.directory.path))}", highlight=False, soft_wrap=True)


def _affordable(case: Case, options: argparse.Namespace, console: Console) -> str | None:
    """The scenario a case names for machines where nothing but NumPy is found, with a word about it; else None."""
    import kernels

    scenario = case.run.without_compiler
    if scenario is None or options.backend != "auto" or kernels.open_backend("auto").name != "numpy":
        return None
    console.print(
        f"no GPU and no C++ compiler found: running the smaller scenario '{scenario}'. For the whole case install g++ "
        "or clang++ (thermo doctor says what is missing), or be patient with --backend numpy.",
        soft_wrap=True,
    )
    return scenario


def _run_directory(options: argparse.Namespace, case_id: str, scenario: str | None) -> Path:
    """DIR, or runs/<case id>; a scenario has its own directory, beside the base case's or, with --all, inside DIR."""
    if options.directory is None:
        return Path("runs") / (f"{case_id}-{scenario}" if scenario else case_id)
    return options.directory / (scenario or "base") if options.all else options.directory


def _check(options: argparse.Namespace, console: Console) -> None:
    from thermo.check import print_check
    from thermo.loading import load_case

    case = load_case(options.case, overrides=options.overrides, scenario=options.scenario)
    print_check(console, case, options.backend, options.precision)


def _doctor(_options: argparse.Namespace, console: Console) -> None:
    from thermo.doctor import print_doctor

    print_doctor(console)


def _report(options: argparse.Namespace, console: Console) -> None:
    from thermo.report.tables import print_report
    from thermo.results import Run
    from thermo.simulation import RunRefused

    try:
        report = Run(options.directory).report
    except FileNotFoundError as error:
        raise RunRefused(f"{options.directory} holds no report; is it a run directory?") from error
    print_report(console, report)


def _bench(options: argparse.Namespace, console: Console) -> None:
    from benchmarks.suite import run_suite
    from thermo.simulation import RunRefused

    def say(line: str) -> None:
        console.print(escape(line), highlight=False, soft_wrap=True)

    try:
        run_suite(
            options.backend, options.precision, options.quick, options.directory, options.parts, options.limit, say
        )
    except ValueError as error:
        raise RunRefused(str(error)) from error


def _validate(options: argparse.Namespace, console: Console) -> int:
    from benchmarks.validation.command import validate
    from thermo.simulation import RunRefused

    def say(line: str) -> None:
        console.print(escape(line), highlight=False, soft_wrap=True)

    def alarm(line: str) -> None:
        console.print(escape(line), style="bold red", highlight=False, soft_wrap=True)

    try:
        return validate(options, say, alarm)
    except ValueError as error:
        raise RunRefused(str(error)) from error


def _refuse(options: argparse.Namespace, _console: Console) -> None:
    from thermo.simulation import RunRefused

    raise RunRefused(f"'thermo {options.name}' is not yet supported")
