"""Loss coefficients K of openings: dp = K rho V^2/2, V = flow / gross area, the dynamic head at the exit left out."""

from __future__ import annotations


def loss_from_open_fraction(open_fraction: float) -> float:
    """K of a thin perforated plate with open fraction 0 < F <= 1 of its gross area, out of which the air flows freely.

    K = [1 + 0.5 (1-F)^0.75 + 1.414 (1-F)^0.375] / F^2 (Fried and Idelchik, Flow Resistance: A Design Guide, 1989): the
    pressure before the plate over that of the still air behind it, so the head of the jets, lost there, is counted.
    """
    closed = 1.0 - open_fraction
    return (1.0 + 0.5 * closed**0.75 + 1.414 * closed**0.375) / open_fraction**2


def loss_from_discharge_coefficient(discharge_coefficient: float) -> float:
    """K = 1/C_d^2 - 1 of the element alone; the discharge coefficient 0 < C_d <= 1 counts the exit head too."""
    return 1.0 / discharge_coefficient**2 - 1.0


def panel_loss(loss_coefficient: float | None, open_fraction: float | None) -> float:
    """K of a resisting panel from the one of these keys that is written; 0 where none is."""
    return loss_coefficient or 0.0 if open_fraction is None else loss_from_open_fraction(open_fraction)


def opening_loss(
    loss_coefficient: float | None, open_fraction: float | None, discharge_coefficient: float | None
) -> float:
    """K of the element in an opening from the one of these keys that is written; 0 where none is.

    The flow that leaves an opening carries its head on, so that is no part of K: an open hole (F = 1) has none.
    """
    if discharge_coefficient is not None:
        return loss_from_discharge_coefficient(discharge_coefficient)
    if open_fraction is not None:
        return loss_from_open_fraction(open_fraction) - 1.0
    return loss_coefficient or 0.0
