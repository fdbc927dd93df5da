"""The rack room in OpenFOAM: its case, its runs, and the comparison with thermo."""
