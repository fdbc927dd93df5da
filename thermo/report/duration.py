"""Wall time for people."""


def clock_text(seconds: float) -> str:
    """``4:10`` or ``1:04:10``."""
    minutes, second = divmod(int(seconds + 0.5), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
