// Thermodynamic pressure of zones: regions that doors and dampers join and part, and open to the outside and shut. A group
// is a set of zones that air can pass between now; `group` holds the least of its zones. In a group that is shut the masses
// sum to what was shut in; in one that is vented p0 is that of the outside. What pressures differ by when a door opens or a
// vent does goes to zero with the time RELIEF, implicitly, and the air that this moves flows through the door.

// s; the sound would do it in milliseconds, which the air here cannot follow
#define RELIEF 0.25

// dp0/dt of every zone: (gamma - 1)/V (sum of q + enthalpy of ports) of a shut group, as in `region_pressure_rate`, and the
// relief. heat: of every zone, W. gained, stage, gas_of: as there, of a group the mean by volume.
BODY void zone_pressure_rates(const Extent, const double* row_heat, const int* row_region, const int rows,
                              const double* mass_flow, const double* theta_in, const double* theta_out,
                              const int* intake_region, const int* discharge_region, const int instances,
                              const double* given_heat, const int zones, const int* group, const int* vented,
                              const double* volume, const double* pressure, const double* outside,
                              const double* scalars, const int stage, const double* gas_of, double* heat,
                              double* gained, double* energy_pressure, double* pressure_rate)
{
    const double heat_capacity = scalars[HEAT_CAPACITY], zero = scalars[TEMPERATURE_ZERO];
    for (int z = 0; z < zones; ++z) heat[z] = given_heat[z];
    for (int row = 0; row < rows; ++row) heat[row_region[row]] += row_heat[row];
    for (int n = 0; n < instances; ++n) {
        const double enthalpy = mass_flow[n] * heat_capacity;
        if (discharge_region[n] >= 0) heat[discharge_region[n]] += enthalpy * (zero + theta_out[n]);
        if (intake_region[n] >= 0) heat[intake_region[n]] -= enthalpy * (zero + theta_in[n]);
    }
    for (int z = 0; z < zones; ++z) {
        double received = 0.0, space = 0.0, filled = 0.0, drift = 0.0, gas = 0.0;
        for (int other = 0; other < zones; ++other) {
            const bool joined = group[other] == group[z];
            received += joined ? heat[other] : 0.0;
            space += joined ? volume[other] : 0.0;
            filled += joined ? volume[other] * pressure[other] : 0.0;
            gas += joined ? volume[other] * gas_of[other] : 0.0;
            drift += joined ? volume[other] * (energy_pressure[other] - pressure[other]) : 0.0;
        }
        gas /= space;
        const bool open = vented[group[z]] != 0;
        const double target = open ? outside[0] : filled / space;
        const double relief = (target - pressure[z]) / (scalars[DT] + RELIEF);
        const double rate = open ? 0.0 : gas / (heat_capacity - gas) * received / space;
        const double back = open ? 0.0 : 0.1 * (drift / space) * scalars[RECIPROCAL_DT] * heat_capacity / gas;
        pressure_rate[z] = rate + back + relief;
    }
    for (int z = 0; z < zones; ++z) {
        double received = 0.0, space = 0.0, filled = 0.0, gas = 0.0;
        for (int other = 0; other < zones; ++other) {
            const bool joined = group[other] == group[z];
            received += joined ? heat[other] : 0.0;
            space += joined ? volume[other] : 0.0;
            filled += joined ? volume[other] * pressure[other] : 0.0;
            gas += joined ? volume[other] * gas_of[other] : 0.0;
        }
        gas /= space;
        const bool open = vented[group[z]] != 0;
        const double target = open ? outside[0] : filled / space;
        const double change = (target - pressure[z]) * scalars[DT] / (scalars[DT] + RELIEF);
        const double rate = gas / (heat_capacity - gas) * received / space;
        const double sum = (stage == 0 ? 0.0 : gained[z]) + scalars[DT] * (1.0 / 3.0) * rate;
        const double advanced = open ? pressure[z] + change : energy_pressure[z] + change + sum;
        gained[z] = sum;
        energy_pressure[z] = stage == 2 ? advanced : energy_pressure[z];
    }
}

// p0 of every zone. sums: of V/T per zone and part; mass: of the shut group that each zone belongs to, kg.
BODY void zone_pressures(const Extent, const double* sums, const int parts, const int zones, const int* group,
                         const int* vented, const double* mass, const double* outside, const double* scalars,
                         double* pressure, double* pressure_old)
{
    const double keep = RELIEF / (scalars[DT] + RELIEF);
    for (int z = 0; z < zones; ++z) pressure_old[z] = pressure[z];
    for (int z = 0; z < zones; ++z) {
        double sum = 0.0, held = 0.0;
        for (int other = 0; other < zones; ++other) {
            const bool joined = group[other] == group[z];
            for (int part = 0; part < parts; ++part) {
                const double own = sums[other * parts + part];
                sum += joined ? own : 0.0;
                held += joined ? own * pressure_old[other] : 0.0;
            }
        }
        const double before = vented[group[z]] != 0 ? outside[0] : held / sum;
        const double after = vented[group[z]] != 0 ? outside[0] : mass[z] * scalars[GAS_CONSTANT] / sum;
        pressure[z] = after + keep * (pressure_old[z] - before);
    }
}

// Faces that have just been shut: nothing flows through them any more.
BODY void shut_faces(const Extent, const int n, const int* axis, const index* face, real* mx, real* my, real* mz)
{
    real* m = axis[n] == 0 ? mx : axis[n] == 1 ? my : mz;
    m[face[n]] = R(0);
}
