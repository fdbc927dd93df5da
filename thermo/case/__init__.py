"""What the engineer writes: the case file, its units, its defaults and its messages."""

from thermo.case.errors import CaseError
from thermo.case.load import load_case
from thermo.case.model import Case
from thermo.case.schedule import Schedule

__all__ = ["Case", "CaseError", "Schedule", "load_case"]
