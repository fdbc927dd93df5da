"""Everything that is wrong in a case gives one message with file, line, key and what is allowed."""

import pytest

from tests.case.helpers import changed_hall, load
from thermo.case import CaseError

# Text of the hall, what it is changed to, key of the message, words of the message, words of what is allowed, and a
# text on the line that the message must name where this is not the last line of the change.
CHANGES = {
    "unknown key with suggestion": (
        'until = "2 min"', 'untill = "2 min"', "run.untill", 'unknown key, did you mean "until"?', "until, courant"),
    "unknown table": ('[planes.breathing]', '[plane.breathing]', "plane", 'did you mean "planes"?', "building"),
    "unknown key in an inline table": (
        'fields_every = "60 s", planes', 'field_every = "60 s", planes', "run.outputs.field_every",
        'did you mean "fields_every"?', "history_every"),
    "unknown key of a part": ('populated = "U3-U42"', 'populatd = "U3-U42"', "parts.gpu10.populatd",
                              'did you mean "populated"?', "power"),
    "unknown side": ('[walls.ceiling]', '[walls.roof]', "walls.roof", "unknown key", "ceiling"),
    "wrong unit": ('power = "40 kW"', 'power = "40 Pa"', "parts.gpu40.power",
                   "'40 Pa' is a pressure, a power belongs here", '"10 kW"'),
    "no unit of that name": (
        'power = "40 kW"', 'power = "40 kw"', "parts.gpu40.power", "'kw' is not a known unit", "W"),
    "text for a number": ('altitude = "15 m"', 'altitude = "high"', "site.altitude", "'high'", "a number in m"),
    "true for a number": ('altitude = "15 m"', 'altitude = true', "site.altitude", "true/false", "a number in m"),
    "not a number": ('altitude = "15 m"', 'altitude = nan', "site.altitude", "not a finite number", "a number in m"),
    "temperature for a difference": (
        'temperature_rise = "11 K"', 'temperature_rise = "11 degC"', "racks.A02.temperature_rise",
        "'11 degC' is a temperature, a difference belongs here: write \"11 K\"", "a number in K"),
    "temperature for a height": ('at = [1, 2, "floor + 1.1 m"]', 'at = [1, 2, "20 degC"]', "probes.p1.at[2]",
                                 "is a temperature, a length belongs here", "600 mm"),
    "temperature out of range": ('dry_bulb = "34 degC"', 'dry_bulb = "34000 degC"', "weather.summer.dry_bulb",
                                 "out of range", "-90 to 400 degC"),
    "unstable time steps": (
        'until = "2 min"', 'until = "2 min"\ncourant = 1.6', "run.courant", "out of range", "at most 1.5"),
    "negative power": ('power = "40 kW"', 'power = "-40 kW"', "parts.gpu40.power", "out of range", "at least 0 W"),
    "negative flow": ('flow = "6000 m^3/h"', 'flow = "-1 kg/s"', "supplies.tile_supply.flow", "out of range",
                      "at least 0"),
    "power for a flow": ('flow = "6000 m^3/h"', 'flow = "6 kW"', "supplies.tile_supply.flow",
                         "is a power, a flow belongs here", "600 CFM"),
    "no such word": ('facing = "+x"', 'facing = "x"', "racks.Z1.facing", "'x' is not possible", "+x, -x, +y, -y"),
    "two of one": ('facing = "+x"', 'facing = "+x"\nairflow = 1\ntemperature_rise = 10', "racks.Z1.temperature_rise",
                   "cannot stand beside airflow", "one of airflow, temperature_rise"),
    "none of one": (
        'supply_temperature = "22 degC"', '', "coolers.U1", "needs one of supply_temperature, heat", "",
        "[coolers.U1]"),
    "missing key": ('until = "2 min"', '', "run.until", "missing", "a number in s", "[run]"),
    "too few entries": (
        'at = [1, 2, "floor + 1.1 m"]', 'at = [1, 2]', "probes.p1.at", "has only 2 entries", "[x, y, z]"),
    "a box upside down": ('box = [[11, 6, 1], [12, 7, 2]]', 'box = [[11, 6, 2], [12, 7, 1]]', "blocks.heater.box",
                          "must be higher", "[low corner, high corner]"),
    "a fraction of a slot": ('slots = 2', 'slots = 2.5', "racks.Z1.slots", "2.5 where a whole number belongs"),
    "a table for a number": ('slots = 2', 'power = { value = 3 }', "racks.Z1.power", "a table where a power belongs",
                             "a number in W"),
    "a number for a table": ('[planes.breathing]\nz = "floor + 1.1 m"', '[planes]\nbreathing = 3', "planes.breathing",
                             "3 where a table belongs", "a table"),
    "times that do not increase": ('["8 h", "2 kW"]]', '["0 h", "2 kW"]]', "blocks.heater.heat", "must increase"),
    "no such level": ('start = "E04"', 'start = "E04"\nbase = "flor"', "rows.A.base",
                      'names no level, did you mean "floor"?', "floor, ceiling"),
    "levels in a circle": ('floor = "0.8 m"', 'floor = "ceiling - 3 m"', "levels.floor", "in a circle"),
    "no such grid reference": ('start = "E04"', 'start = "4E"', "rows.A.start", "not a grid reference", '"I04"'),
    "no such part": ('racks = ["2*gpu10", "-", "blank", "gpu40"]', 'racks = ["2*gpu1O"]', "rows.A.racks[0]",
                     'names no part, did you mean "gpu10"?', "gpu10, gpu40"),
    "no place of a row": ('racks = ["2*gpu10", "-", "blank", "gpu40"]', 'racks = ["gpu10 * 2"]', "rows.A.racks[0]",
                          "is not a place", '"2*gpu10"'),
    "parts in a circle": ('power = "40 kW"', 'power = "40 kW"\n[parts.x]\nfrom = "y"\n[parts.y]\nfrom = "x"',
                          "parts.y.from", "in a circle: x -> y -> x"),
    "units above the rack": ('populated = "U3-U42"', 'populated = "U3-U60"', "racks.A01.populated",
                             "a height of 2.262 m holds 50 units (from parts.gpu10.populated)", "U1-U50"),
    "blanking missing where servers are": ('"U43-U47"', '"U40-U47"', "racks.A02.missing_blanking", "holds servers",
                                           "not populated"),
    "no such surface": ('in = "building.floor"', 'in = "building.flor"', "supplies.tile_supply.in",
                        'did you mean "floor"?', "west, east"),
    "no such panel": ('in = "raised_floor"', 'in = "raised_flor"', "openings.tile.in", 'did you mean "raised_floor"?',
                      "screen"),
    "a hole in a resisting panel": ('in = "raised_floor"', 'in = "screen"', "openings.tile.in", "not closed",
                                    "a closed panel"),
    "an opening that leads nowhere": (
        'to = "outside"', '', "openings.door.to", "missing", '"outside"', "[openings.door]"),
    "no outside temperature": (
        'weather = "summer"', '', "walls.west.outside_temperature", "run.weather names no weather", "", "[walls.west]"),
    "no such weather": ('weather = "summer"', 'weather = "sumer"', "run.weather", 'did you mean "summer"?', "winter"),
    "one periodic side": ('kind = "free_slip"\nheat_flux = "2 W/m^2"', 'kind = "periodic"', "walls.ceiling",
                          "floor must be periodic too", "", "[walls.ceiling]"),
    "a velocity that does not move": ('kind = "free_slip"', 'velocity = [1, 0, 0]', "walls.ceiling.velocity",
                                      "only a moving wall"),
    "a wall that leaves its plane": (
        'kind = "free_slip"\nheat_flux = "2 W/m^2"', 'kind = "moving"\nvelocity = [1, 0, 0.5]',
        "walls.ceiling.velocity", "leaves the plane", "z component 0"),
    "no cells": ('size = "150 mm"\n', 'cells = [10, 0, 10]\n', "mesh.cells[1]", "0 is too small", "at least 1"),
    "half a cell": ('size = "150 mm"\n', 'cells = [10, 2.5, 10]\n', "mesh.cells[1]", "2.5 where a whole number", ""),
    "a supply that sucks": (
        'profile = { csv = "jet.csv" }', 'velocity = "-1 m/s"', "supplies.jet.velocity", "out of range",
        "at least 0 m/s"),
    "an id that is no name": ('id = "hall"', 'id = "the hall"', "id", "cannot be a name", "letters, digits"),
    "no such monitor": ('of = "room"', 'of = "rom"', "limits.room.of", 'did you mean "room"?', "plenum"),
    "a limit in the wrong unit": ('min = "2 Pa"', 'min = "2 degC"', "limits.plenum.min",
                                  "is a temperature, a pressure belongs here", "a number in Pa"),
    "no such quantity": ('"racks.A*.inlet_max"', '"racks.A*.inlet"', "limits.inlets.of", "no quantity 'inlet'",
                         "inlet_mean"),
    "no such device": ('"racks.A*.inlet_max"', '"racks.B*.inlet_max"', "limits.inlets.of", "names no device"),
    "a monitor of nothing": ('"openings.ti*"', '"openings.x*"', "monitors.tiles.through", "names nothing"),
    "a monitor without a point": ('from = "underfloor", to = "p1"', 'from = "underfloor"', "monitors.plenum.to",
                                  "missing"),
    "refinement of nothing": ('at = "racks.A*"', 'at = "racks.B*"', "mesh.refine[0].at", "names nothing"),
    "no such plane": ('planes = ["breathing"]', 'planes = ["breath"]', "run.outputs.planes",
                      'did you mean "breathing"?'),
    "coarse grids that do not become finer": (
        'until = "2 min"', 'mode = "steady"\nsteady.coarse = [2, 4]', "run.steady.coarse", "does not fall", "[4, 2]"),
    "a coarse grid that is none": (
        'until = "2 min"', 'mode = "steady"\nsteady.coarse = [1]', "run.steady.coarse[0]", "", "above 1"),
    "a tolerance that is no difference": (
        'until = "2 min"', 'mode = "steady"\nstop = { inlets = "0.1 degC" }', "run.stop.inlets", "", "K"),
    "no such scenario": ('without_compiler = "small"', 'without_compiler = "smal"', "run.without_compiler",
                         'did you mean "small"?', "cold"),
    "a scenario that changes nothing": ('"mesh.size" = "300 mm"', '"racks.Q*.power" = "1 kW"',
                                        "racks.Q*.power", "'Q*' names nothing in [racks]", "A01"),
    "a scenario with an unknown key": ('"mesh.size" = "300 mm"', '"mesh.siz" = "300 mm"', "mesh.siz",
                                       'did you mean "size"?', "quality"),
    "an unknown key beside set": ('until = "90 s"', 'untill = "90 s"', "scenarios.small.untill",
                                  'did you mean "until"?', "set"),
    "an assumption about nothing": (
        '"openings.*.discharge_coefficient"', '"openings.*.discharge"', "assumed.openings.*.discharge",
                                    "is no value of this case", "address of a value"),
    "an unfit name": ('[blocks.column]', '[blocks."col umn"]', "blocks.col umn", "cannot be a name", "letters"),
    "another version of the format": ("schema = 1", "schema = 2", "schema", "2 is not possible", "1"),
    "two tables in time for one rack": (
        'slots = 2', 'power = [["0 h", 1], ["1 h", 2]]\nload = [["0 h", 0.1], ["1 h", 0.2]]', "racks.Z1.load",
        "not yet supported", "one of power, load"),
    "no file of the profile": (
        'csv = "jet.csv"', 'csv = "jett.csv"', "supplies.jet.profile.csv", "cannot read 'jett.csv'"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_message_names_file_line_key_and_what_is_allowed(name, tmp_path):
    old, new, key, words, allowed, on_line = (*CHANGES[name], "", "")[:6]
    path = changed_hall(tmp_path, old, new)
    with pytest.raises(CaseError) as caught:
        load(path)
    error = caught.value
    assert error.key == key
    assert words in error.message
    assert allowed in (error.allowed or "")
    assert error.file == str(path)
    assert (on_line or new.splitlines()[-1]) in path.read_text().splitlines()[error.line - 1]
    assert str(error).startswith(f"{path}:{error.line}: {key}: ")
    assert "\n" not in str(error)
