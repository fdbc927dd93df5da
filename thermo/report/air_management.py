"""How well cold air reaches the racks and hot air the coolers: indices of the whole room.

    SHI = sum_i m_i (T_in,i - T_s) / sum_i m_i (T_out,i - T_s)        supply heat index, racks i
    RHI = sum_k M_k (T_r,k - T_s) / sum_i m_i (T_out,i - T_s)         return heat index, returns k
          R. K. Sharma, C. E. Bash, C. D. Patel, AIAA 2002-3091
    RTI = (T_r - T_s) / (T_out - T_in) of the racks, %                return temperature index; M. K. Herrlin (2007)
    RCI = 100 (1 - sum of what intakes exceed the recommended bound by / (n (allowable - recommended))) %
          rack cooling index, HI above and LO below; M. K. Herrlin, ASHRAE Trans. 111 (2) (2005) 725

T_s is the mean by mass flow of the air that supplies and coolers give, T_r that of the air that coolers, extracts and
pressure openings take in. SHI + RHI = 1 where racks give all heat, and mass and heat are in balance; RTI is then the
air that racks move over that of the cooling equipment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

GIVING, TAKING = ("supply", "cooler"), ("extract", "cooler")
RECOMMENDED, ALLOWABLE = (18.0, 27.0), (15.0, 32.0)  # degC at the intakes: ASHRAE thermal guidelines, class A1

Streams = list[tuple[float, float]]  # mass flow, kg/s, and temperature, degC


def air_management(instances: Sequence[Mapping], openings: Sequence[Mapping]) -> dict[str, float]:
    """Indices of a room from the lines of its device instances and openings.

    Each is left out where it has no meaning: SHI, RHI and RTI without racks that warm the air, or without a supply or
    cooler; RHI and RTI without air that returns; RCI, whose n counts the slots of racks, without racks.
    """
    racks = [line for line in instances if line["kind"] == "rack"]
    drawn, blown = _streams(racks, "inlet_mean_c"), _streams(racks, "outlet_mean_c")
    found = rack_cooling_index([temperature for _, temperature in drawn])
    given = _streams((line for line in instances if line["kind"] in GIVING), "outlet_mean_c")
    taken = _streams((line for line in instances if line["kind"] in TAKING), "inlet_mean_c")
    taken += [(line["flow_out_kg_s"], line["temperature_c"]) for line in openings
              if line["flow_out_kg_s"] > line["flow_in_kg_s"]]  # fmt: skip
    if not given or _over(blown, 0.0) <= _over(drawn, 0.0):
        return found
    supply = _mean(given)
    if (exhausted := _over(blown, supply)) <= 0.0:
        return found
    found["shi"] = _over(drawn, supply) / exhausted
    if taken:
        found["rhi"] = _over(taken, supply) / exhausted
        found["rti"] = 100.0 * (_mean(taken) - supply) / (_mean(blown) - _mean(drawn))
    return found


def rack_cooling_index(intakes: Sequence[float]) -> dict[str, float]:
    """RCI of intake temperatures, degC; not below 0. Empty without intakes."""
    if not intakes:
        return {}
    low, high = RECOMMENDED
    above = sum(max(0.0, temperature - high) for temperature in intakes) / (ALLOWABLE[1] - high)
    below = sum(max(0.0, low - temperature) for temperature in intakes) / (low - ALLOWABLE[0])
    return {f"rci_{name}": max(0.0, 100.0 * (1.0 - excess / len(intakes)))
            for name, excess in (("hi", above), ("lo", below))}  # fmt: skip


def _streams(lines: Iterable[Mapping], temperature: str) -> Streams:
    return [(line["flow_kg_s"], line[temperature]) for line in lines if line[temperature] is not None]


def _over(streams: Streams, reference: float) -> float:
    return sum(flow * (temperature - reference) for flow, temperature in streams)


def _mean(streams: Streams) -> float:
    return _over(streams, 0.0) / sum(flow for flow, _ in streams)
