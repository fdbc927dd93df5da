"""Loss coefficients K of openings: dp = K rho V^2/2, V = flow / gross area, the dynamic head at the exit left out."""

from __future__ import annotations


def loss_from_open_fraction(open_fraction: float) -> float:
    """K of a thin perforated plate with open fraction 0 < F <= 1 of its gross area.

    K = [1 + 0.5 (1-F)^0.75 + 1.414 (1-F)^0.375] / F^2 (Fried and Idelchik, Flow Resistance: A Design Guide, 1989).
    """
    closed = 1.0 - open_fraction
    return (1.0 + 0.5 * closed**0.75 + 1.414 * closed**0.375) / open_fraction**2


def loss_from_discharge_coefficient(discharge_coefficient: float) -> float:
    """K = 1/C_d^2 - 1 of the element alone; the discharge coefficient 0 < C_d <= 1 counts the exit head too."""
    return 1.0 / discharge_coefficient**2 - 1.0


def element_loss(
    loss_coefficient: float | None, open_fraction: float | None, discharge_coefficient: float | None = None
) -> float:
    """K of an element from the one of these keys that is written; 0 where none is."""
    if discharge_coefficient is not None:
        return loss_from_discharge_coefficient(discharge_coefficient)
    if open_fraction is not None:
        return loss_from_open_fraction(open_fraction)
    return loss_coefficient or 0.0
