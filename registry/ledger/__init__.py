"""The door to git: the branch that is the registry, and nothing else in git.

A caller appends an entry on top of the commit that it knows, and reads from the
first commit to the last.  Nothing outside this folder runs git or knows where the
objects are; nothing inside it knows what an event means.
"""

from registry.ledger.entries import Commit, Entry, Step, parse_commit
from registry.ledger.files import Files
from registry.ledger.ledger import Ledger

__all__ = ["Commit", "Entry", "Files", "Ledger", "Step", "parse_commit"]
