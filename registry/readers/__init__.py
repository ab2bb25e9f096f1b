"""Readers: what a server needs that answers chatbots, beside a database that it only
reads: who may come in, which moments are over, and what it keeps for when the
database is away.
"""

from registry.readers.kept import Kept
from registry.readers.known import Known
from registry.readers.settled import Settled
from registry.readers.shelf import Shelf

__all__ = ["Kept", "Known", "Settled", "Shelf"]
