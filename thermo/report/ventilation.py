"""How well the air of a room is renewed, from its age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from thermo.results.quantities import AGE_OF_AIR

STEADY = 0.02  # share of the source of age that may still go into storage


def ventilation(scalars: Sequence[Mapping], balance: Mapping[str, float]) -> tuple[dict[str, float], list[str]]:
    """Metrics and warnings; both empty where the age is not carried or no air leaves.

    age_of_air_mean_s: over the mass of the air; age_of_air_exhaust_s: of the air that leaves, which in the steady state
    is the nominal time nominal_time_s, mass of the air over its outflow; air_change_efficiency: nominal over twice the
    mean age (Sandberg 1981), 1 in piston flow and 1/2 in mixed air.
    """
    ages = [scalar for scalar in scalars if scalar["name"] == AGE_OF_AIR]
    outflow = balance["mass_out_kg_s"] if ages else 0.0
    if outflow <= 0.0:
        return {}, []
    (age,) = ages
    air = age["sources_kg_s"]  # the age grows by one second per second: this is the mass of the air
    nominal = air / outflow
    found = {
        "age_of_air_mean_s": age["mean"], "age_of_air_exhaust_s": age["exhaust_mean"], "nominal_time_s": nominal,
        "air_change_efficiency": nominal / (2.0 * age["mean"]),
    }  # fmt: skip
    share = age["storage_kg_s"] / air
    if age.get("settled", abs(share) < STEADY):
        return found, []
    return found, [f"the age of air is not steady yet: it grows by {share:.2g} s per second; run for longer"]
