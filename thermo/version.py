"""Name and version of the installed distribution."""

from importlib.metadata import PackageNotFoundError, version

# Not "thermo": that name belongs to another project on the Python package index.
DISTRIBUTION = "thermo-airflow"


def program_version() -> str:
    """The version, or "not installed" when the program runs from its sources alone."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "not installed"
