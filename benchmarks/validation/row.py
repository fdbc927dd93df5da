"""A row of the validation scorecard: one number against its reference."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One number against its reference.

    case: name of the study. source: citation of the reference; evidence: how sure that number is, "X" exact, "F" read
    in a source, "M" from memory, "M+F" from memory and confirmed by a copy. kind "relative": error =
    |value/reference - 1|; "absolute": |value - reference|; "at_least": what value lacks of the reference. band: largest
    error that passes, None where nothing is asked; why: what the band rests on. settings: in what the run differs from
    the settings common to all. steps, wall_s: cost of the solution that the number was taken from.
    """

    case: str
    quantity: str
    grid: str
    value: float
    reference: float
    source: str
    evidence: str
    band: float | None
    why: str
    kind: str = "relative"
    tier: str = "A"
    settings: str = ""
    steps: int = 0
    wall_s: float = 0.0

    @property
    def error(self) -> float:
        if self.kind == "at_least":
            return max(0.0, self.reference - self.value)
        difference = abs(self.value - self.reference)
        return difference / abs(self.reference) if self.kind == "relative" else difference

    @property
    def passed(self) -> bool:
        """Whether the error is within the band; a NaN is not."""
        return self.band is None or self.error <= self.band

    @property
    def exact(self) -> bool:
        return self.evidence.startswith("X")

    @property
    def verdict(self) -> str:
        """"green" or "red"; "unconfirmed" outside the band of a reference from memory alone; "" without a band."""
        if self.band is None:
            return ""
        if self.passed:
            return "green"
        return "unconfirmed" if self.evidence == "M" else "red"

    @property
    def key(self) -> tuple[str, str, str]:
        return self.case, self.quantity, self.grid

    def __str__(self) -> str:
        return (
            f"{self.case} {self.quantity} on {self.grid}: {self.value:.7g}, "
            f"reference {self.reference:.7g} ({self.source}), error {self.error:.3g}, band {self.band}"
        )
