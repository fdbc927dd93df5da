"""The report as tables on a console."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from thermo.report.duration import clock_text

DEVICE_COLUMNS = (
    ("name", "device", ""),
    ("flow_m3_s", "m3/s", ".3f"),
    ("inlet_mean_c", "inlet °C", ".2f"),
    ("inlet_max_c", "max °C", ".2f"),
    ("outlet_mean_c", "outlet °C", ".2f"),
    ("heat_w", "heat W", ".0f"),
    ("power_w", "power W", ".0f"),
)
OPENING_COLUMNS = (
    ("name", "opening", ""),
    ("flow_in_kg_s", "in kg/s", ".4f"),
    ("flow_out_kg_s", "out kg/s", ".4f"),
    ("temperature_c", "°C", ".2f"),
    ("pressure_pa", "Pa", ".3f"),
)
REGION_COLUMNS = (
    ("name", "spaces", ""),
    ("liquid", "liquid", ""),
    ("volume_m3", "m3", ".4g"),
    ("temperature_mean_c", "mean °C", ".2f"),
    ("temperature_min_c", "min °C", ".2f"),
    ("temperature_max_c", "max °C", ".2f"),
    ("pressure_pa", "p0 Pa", ".1f"),
)
STEADY_COLUMNS = (
    ("name", "monitor", ""),
    ("mean", "mean", ".3f"),
    ("interval", "±", ".3f"),
    ("change", "change", ".3f"),
    ("state", "state", ""),
)
WALL_COLUMNS = (
    ("name", "y+ of the first cells", ""),
    ("y_plus_min", "least", ".3g"),
    ("y_plus_q1", "quartile", ".3g"),
    ("y_plus_median", "median", ".3g"),
    ("y_plus_q3", "quartile", ".3g"),
    ("y_plus_max", "largest", ".3g"),
)
SURFACE_COLUMNS = (
    ("name", "surface", ""),
    ("area_m2", "m2", ".1f"),
    ("temperature_mean_c", "mean °C", ".2f"),
    ("temperature_max_c", "max °C", ".2f"),
    ("heat_to_air_w", "to air W", ".1f"),
    ("radiation_absorbed_w", "radiation W", ".1f"),
)
LIMIT_COLUMNS = (
    ("name", "limit", ""),
    ("of", "on", ""),
    ("value", "value", ".3f"),
    ("limit", "bound", ".3f"),
    ("margin", "margin", ".3f"),
    ("pass", "pass", ""),
)


def print_report(console: Console, report: Mapping) -> None:
    """Print what a run found: how it went, turbulence model, balance, devices, openings, walls, limits, warnings."""
    steady = report.get("steady")
    state = "finished" if report["converged"] else "stopped before its end"
    state = steady["state"] if steady else state
    speed = report["mcell_steps_per_s"]
    console.print(f"[bold]{escape(report['title'] or report['case'])}[/bold]: {state}")
    console.print(
        f"{report['simulated_s']:.5g} s simulated in {clock_text(report['wall_s'])}, {report['cells']:,} cells, "
        f"{report['steps']} steps, backend {report['backend']} ({report['precision']})"
        + (f", {speed:.3g} Mcell-steps/s" if speed else ""),
        highlight=False,
    )
    if model := report.get("turbulence"):
        constants = ", ".join(f"{name} {value:g}" for name, value in model.items() if name != "model")
        console.print(f"turbulence: {escape(model['model'])} ({escape(constants)})", highlight=False)
    console.print(
        _table("Balance", [("quantity", "quantity", ""), ("value", "value", ".6g")], _pairs(report["balance"]))
    )
    if steady:
        _print_steady(console, steady)
    for title, columns, key in (
        ("Devices", DEVICE_COLUMNS, "devices"),
        ("Pressure openings", OPENING_COLUMNS, "openings"),
        ("Regions", REGION_COLUMNS, "regions"),
        ("Walls", WALL_COLUMNS, "walls"),
        ("Surfaces", SURFACE_COLUMNS, "surfaces"),
        ("Limits", LIMIT_COLUMNS, "limits"),
    ):
        if report.get(key):
            console.print(_table(title, columns, report[key]))
    for title, key in (("Metrics", "metrics"), ("Monitors", "monitors")):
        if report[key]:
            console.print(_table(title, [("quantity", "name", ""), ("value", "value", ".6g")], _pairs(report[key])))
    for warning in report["warnings"]:
        console.print(f"[yellow]note:[/yellow] {escape(warning)}")


def _print_steady(console: Console, steady: Mapping) -> None:
    """The monitors of a run to the steady state with their confidence intervals, and what is still open."""
    units = {"degC": "°C"}
    lines = [
        {**line, "name": f"{line['name']}, {units.get(line['unit'], line['unit'])}"} for line in steady["monitors"]
    ]
    if lines:
        console.print(_table("Means, 95 % intervals, and what they may still change by", STEADY_COLUMNS, lines))
    console.print(
        f"means over the last {steady['averaged_s']:.5g} s, window {steady['window_s']:.4g} s", highlight=False
    )
    for line in steady["unsettled"]:
        console.print(f"[yellow]open:[/yellow] {escape(line)}", highlight=False)
    if steady["needed_s"]:
        console.print(f"about {steady['needed_s']:.3g} s more would be needed", highlight=False)


def _pairs(values: Mapping) -> list[dict]:
    return [{"quantity": name, "value": value} for name, value in values.items()]


def _table(title: str, columns: Sequence[tuple[str, str, str]], lines: Sequence[Mapping]) -> Table:
    """A table of the columns (key, heading, format) that at least one line fills."""
    shown = [column for column in columns if any(line.get(column[0]) is not None for line in lines)]
    table = Table(title=title, title_justify="left")
    for _, heading, form in shown:
        table.add_column(heading, justify="right" if form else "left", no_wrap=not form)
    for line in lines:
        table.add_row(*(_cell(line.get(key), form) for key, _, form in shown))
    return table


def _cell(value: object, form: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return format(value, form) if form else escape(str(value))
