"""The writer: the one place that holds both the ledger and the tables."""

from registry.clock import Clock, now
from registry.ledger import (
    Clone,
    Commit,
    Fetch,
    Mirror,
    Serving,
    parse_commit,
    parse_mirror,
)
from registry.writer.afterwards import Afterwards
from registry.writer.answers import Written
from registry.writer.clock import Monotonic
from registry.writer.database_lead import DatabaseLead
from registry.writer.exchange import Exchange
from registry.writer.fence import Fence
from registry.writer.head_keys import HeadKey, HeadKeys
from registry.writer.head_signing import HeadSigning
from registry.writer.home import Home, Open, opened
from registry.writer.lead import LOOKS_S, Lead
from registry.writer.mirrors import Mirroring, MirrorState
from registry.writer.timer import Timer
from registry.writer.writer import Writer

__all__ = [
    "LOOKS_S",
    "Afterwards",
    "Clock",
    "Clone",
    "Commit",
    "DatabaseLead",
    "Exchange",
    "Fence",
    "Fetch",
    "HeadKey",
    "HeadKeys",
    "HeadSigning",
    "Home",
    "Lead",
    "Mirror",
    "MirrorState",
    "Mirroring",
    "Monotonic",
    "Open",
    "Serving",
    "Timer",
    "Writer",
    "Written",
    "now",
    "opened",
    "parse_commit",
    "parse_mirror",
]
