// Film of turbulent natural convection, W/K: the larger of `least` and scale (rayleigh dT)^(1/3), with dT the part of the
// difference between the cell and what lies beyond that falls off in the film, in two steps. rayleigh: Ra per K and m3;
// scale: area, conductivity and the constant of Nu = C Ra^(1/3); back: resistance behind the film, K/W; alike: there is a
// film like this one behind that.
BODY real natural_film_over(const real least, const real scale, const real rayleigh, const real difference,
                            const real back, const bool alike)
{
    real found = least;
    for (int step = 0; step < 2; ++step) {
        const real near = R(1) / found;
        const real at_surface = rabs(difference) * near / (near + back + (alike ? near : R(0)));
        found = rmax(least, scale * cube_root(rayleigh * at_surface));
    }
    return found;
}
