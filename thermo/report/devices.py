"""Devices of the report from the instances of the solver: a rack of four slots is one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

SUMS = ("flow_m3_s", "heat_w", "power_w")
FLOW_MEANS = ("inlet_mean_c", "outlet_mean_c")
MAXIMA = ("inlet_max_c",)


def by_device(instances: Iterable[Mapping]) -> list[dict]:
    """One line per device; instances belong together if the first two words of their names agree.

    ``racks.A03.U3-U12`` and ``racks.A03.U13-U22`` become ``racks.A03``: flows, heat and power are summed, temperatures
    are means weighted by flow, and maxima. A quantity that an instance lacks is lacking in the sum.
    """
    groups: dict[str, list[Mapping]] = {}
    for instance in instances:
        groups.setdefault(".".join(instance["name"].split(".")[:2]), []).append(instance)
    return [_merge(name, members) for name, members in groups.items()]


def _merge(name: str, members: Sequence[Mapping]) -> dict:
    line = {"name": name, "kind": members[0]["kind"]}
    for key in SUMS:
        line[key] = _if_complete(members, key, sum)
    for key in FLOW_MEANS:
        line[key] = _flow_mean(members, key)
    for key in MAXIMA:
        line[key] = _if_complete(members, key, max)
    return line


def _if_complete(members: Sequence[Mapping], key: str, combine) -> float | None:
    values = [member.get(key) for member in members]
    return None if None in values else combine(values)


def _flow_mean(members: Sequence[Mapping], key: str) -> float | None:
    if len(members) == 1:
        return members[0].get(key)
    flows = [member["flow_m3_s"] for member in members]
    values = [member.get(key) for member in members]
    if None in values or sum(flows) == 0.0:
        return None
    return sum(flow * value for flow, value in zip(flows, values, strict=True)) / sum(flows)
