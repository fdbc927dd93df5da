"""How a run can end other than well. The command line turns each into its exit code."""


class RunRefused(Exception):
    """The run was not started: directory, checkpoint, memory or a setting does not allow it (exit code 2)."""


class RunFailed(Exception):
    """The run broke off: diverged, out of memory, disk full. The text says what to do (exit code 3)."""


class RunInterrupted(Exception):
    """The run was stopped by a signal after writing a checkpoint (exit code 130)."""
