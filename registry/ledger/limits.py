"""Limits: what a git process may use that looks at what strangers have sent.

A few bytes of a pack can ask for gigabytes: a text of zeros, or a difference that
copies the same place again and again.  So whoever opens one gets only so much
memory, so much of a processor, and so much time; then it is gone, and the server
is not.
"""

from dataclasses import dataclass

_SCRIPT = 'ulimit -v "$0" 2>/dev/null; ulimit -t "$1" 2>/dev/null; shift; exec "$@"'
"""A system that cannot limit one of them runs without it; the time always holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Attributes:
    cpu_s: Seconds of a processor.
    longest_s: Seconds by the clock on the wall.
    """

    memory_bytes: int
    cpu_s: int
    longest_s: float

    @property
    def prefix(self) -> tuple[str, ...]:
        """The words of a command that run the words after them within the limits."""
        return ("sh", "-c", _SCRIPT, str(self.memory_bytes // 1024), str(self.cpu_s))
