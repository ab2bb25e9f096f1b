"""Templates of the kind `jinja`: a safe part of Jinja, rendered by MiniJinja.

Reading one needs the standard library alone; rendering needs the extra
`placet[jinja]`.  What they can say, and which limits they have, stands in
docs/templates.md.
"""

from placet.jinja.expressions import FILTERS, OF_LOOP, TESTS, Part
from placet.jinja.syntax import Syntax, escape, read
from placet.jinja.tokens import MAX_CHARS

__all__ = [
    "FILTERS",
    "MAX_CHARS",
    "OF_LOOP",
    "TESTS",
    "Part",
    "Syntax",
    "escape",
    "read",
]
