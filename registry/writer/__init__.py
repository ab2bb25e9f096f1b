"""The writer: the one place that holds both the ledger and the tables."""

from registry.writer.afterwards import Afterwards
from registry.writer.answers import Written
from registry.writer.clock import Clock, Monotonic, now
from registry.writer.fence import Fence
from registry.writer.home import Home, Open, opened
from registry.writer.writer import Writer

__all__ = [
    "Afterwards",
    "Clock",
    "Fence",
    "Home",
    "Monotonic",
    "Open",
    "Writer",
    "Written",
    "now",
    "opened",
]
