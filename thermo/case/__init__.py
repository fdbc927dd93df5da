"""What the engineer writes: the case file, its units, its defaults and its messages."""

from thermo.case.errors import CaseError
from thermo.case.schedule import Schedule

__all__ = ["CaseError", "Schedule"]
