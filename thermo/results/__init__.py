"""What a run leaves behind: fields, indexes, checkpoints, history, and reading them back."""

from thermo.results.reading import Run

__all__ = ["Run"]
