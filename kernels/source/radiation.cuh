// Radiation between grey patches, in double precision. Patches are rows of faces; a face has a temperature of its own, and
// every patch emits the mean of its faces.

// Emission over the emissivity, s T^4, of every patch: the mean over the area of its faces, W/m2. theta: of the faces.
BODY void radiative_emission(const Extent, const int n, const int* start, const int* face, const double* face_area,
                             const double* surface, const double* scalars, double* emission)
{
    const double boltzmann = 5.670374419e-8;  // W/(m2 K4), CODATA 2018
    double sum = 0.0, area = 0.0;
    for (int m = start[n]; m < start[n + 1]; ++m) {
        const double t = surface[face[m]] + scalars[TEMPERATURE_ZERO];
        sum += face_area[face[m]] * (t * t) * (t * t);
        area += face_area[face[m]];
    }
    emission[n] = boltzmann * sum / area;
}

// Irradiation of every patch, W/m2: what it emits and what it receives from each of the others, K_ij (E_j - E_i) with K
// symmetric, so that what one gains the other loses. absorbing: area times emissivity. direct: W that each absorbs of what
// radiates within the room.
BODY void radiative_irradiation(const Extent, const int n, const double* exchange, const double* emission,
                                const double* absorbing, const double* direct, const int patches, double* irradiation)
{
    const double own = emission[n];
    double sum = direct[n];
    for (int m = 0; m < patches; ++m) sum += exchange[(index)patches * n + m] * (emission[m] - own);
    irradiation[n] = own + sum / absorbing[n];
}

// Heat balance of the surfaces, which have no capacity: film (T_air - T) + back (T_beyond - T) + e A (H - s T^4) = 0, of
// which the last term is the heat. With `move` one Newton step of T; without, T stays, and `heat` is what the face absorbs.
// node: of the network of solids beyond, or -1 where `beyond` is the temperature there. entry: of the heat rows of the air,
// whose film a wall law may renew (link_film); -1 where the face has none: then `film`.
BODY void radiative_surfaces(const Extent, const int n, const index* cell, const int* patch, const double* absorbing,
                             const double* film, const double* back, const int* node, const double* beyond,
                             const int* entry, const real* link_film, const double* solid_theta, const real* theta, const double* irradiation,
                             const double* scalars, const int move, double* surface, double* heat)
{
    const double boltzmann = 5.670374419e-8;  // W/(m2 K4), CODATA 2018
    const double own = surface[n], t = own + scalars[TEMPERATURE_ZERO];
    const double received = absorbing[n] * (irradiation[patch[n]] - boltzmann * (t * t) * (t * t));
    const double behind = node[n] < 0 ? beyond[n] : solid_theta[node[n]];
    const double towards_air = entry[n] < 0 ? film[n] : (double)link_film[entry[n]];
    const double balance = towards_air * ((double)theta[cell[n]] - own) + back[n] * (behind - own) + received;
    const double slope = towards_air + back[n] + 4.0 * boltzmann * absorbing[n] * t * t * t;
    surface[n] = move != 0 ? own + balance / slope : own;
    heat[n] = received;
}

// Radiation that contacts absorb, for the network of solids.
BODY void radiative_contacts(const Extent, const int n, const int* face, const double* heat, double* absorbed)
{
    absorbed[n] = heat[face[n]];
}

// Links to given temperatures behind a resistance: radiation raises the temperature that the air finds behind its film.
BODY void radiative_links(const Extent, const int n, const int* entry, const int* face, const double* beyond,
                          const double* heat, const real* back, real* fixed)
{
    const int m = entry[n];
    fixed[m] = R(beyond[n] + heat[face[n]] * (double)back[m]);
}

// Radiation on surfaces that do not conduct goes into the air before them, by rows of it.
BODY void radiative_rows(const Extent, const int n, const int* start, const int* face, const double* heat,
                         double* given)
{
    double sum = 0.0;
    for (int m = start[n]; m < start[n + 1]; ++m) sum += heat[face[m]];
    given[n] = sum;
}
