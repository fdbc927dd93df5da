"""Copy bandwidth: bytes per second, read and written, of copying one field into another beyond the caches."""

from __future__ import annotations

from benchmarks.report import table
from benchmarks.session import Session, thread_counts, threads, threads_text

TITLE = "Copy bandwidth"


def measure(session: Session) -> dict:
    """Bytes per second for one thread and for all."""
    rows = []
    for count in thread_counts(session.backend):
        with threads(session.backend, count):
            rows.append({"threads": count, "bytes_per_s": session.backend.copy_bandwidth()})
        session.say(f"threads {threads_text(count)}: {rows[-1]['bytes_per_s'] / 1e9:.1f} GB/s")
    return {"rows": rows}


def tables(found: dict) -> str:
    """Markdown."""
    rows = [[threads_text(row["threads"]), f"{row['bytes_per_s'] / 1e9:.1f}"] for row in found["rows"]]
    return table(["threads", "GB/s, read + written"], rows)


def costs(found: dict) -> dict[str, float]:
    """Nanoseconds per kB copied."""
    return {
        f"copy, threads {threads_text(row['threads'])}: ns per kB": 1e12 / row["bytes_per_s"] for row in found["rows"]
    }
