"""The error of an object that cannot stand where it was put."""

from __future__ import annotations


class PlacementError(ValueError):
    """``address`` names the object as in the case file ("racks.A03"), ``reason`` says what is wrong."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason
