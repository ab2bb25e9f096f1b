"""What test runners wrote, as results of checks: bytes in, a result out.

Data only.  A file that is read names no other file, runs nothing and means nothing to
anybody but as numbers and texts.  Texts are cut, and examples left out, until what is
kept is little enough to stay in the ledger: those that fail are kept before others.
"""

from registry.check_formats.reading import Format, Reading, Told, read

__all__ = ["Format", "Reading", "Told", "read"]
