"""The door to git: the branch that is the registry, and nothing else in git.

A caller appends an entry on top of the commit that it knows, and reads from the
first commit to the last.  Nothing outside this folder runs git or knows where the
objects are; nothing inside it knows what an event means.  Whoever clones or pushes
with git is served here as well: from copies, and into a place that is gone
afterwards.
"""

from registry.ledger.archives import read_archive, write_archive
from registry.ledger.arrivals import Arrival, arriving, sweep
from registry.ledger.checkpoints import Stored
from registry.ledger.clones import Clone
from registry.ledger.copies import Copy
from registry.ledger.entries import Commit, Entry, Step, parse_commit
from registry.ledger.files import Files, Place
from registry.ledger.ledger import Ledger
from registry.ledger.mirrors import Diverged, Mirror, parse_mirror, push
from registry.ledger.processes import flush
from registry.ledger.references import MAIN
from registry.ledger.serving import Fetch, Serving

__all__ = [
    "MAIN",
    "Arrival",
    "Clone",
    "Commit",
    "Copy",
    "Diverged",
    "Entry",
    "Fetch",
    "Files",
    "Ledger",
    "Mirror",
    "Place",
    "Serving",
    "Step",
    "Stored",
    "arriving",
    "flush",
    "parse_commit",
    "parse_mirror",
    "push",
    "read_archive",
    "sweep",
    "write_archive",
]
