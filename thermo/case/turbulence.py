"""Descriptions of the keys by which supplies and openings name the turbulence of the air that they let in."""

INTENSITY = "fluctuation of one component of the entering air over its speed, for k-epsilon, rng and sst; default 5 %"
EDDY_LENGTH = "of the eddies in it, k^1.5 times 0.09^0.75 over its dissipation; default 7 % of the root of the area"
