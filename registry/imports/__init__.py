"""What other projects wrote, as documents: text in, YAML and leftovers out.

Data only.  A file that is imported reads no variable of the environment and no
other file, runs no code and renders no template; no tag or alias of YAML in it
means anything.  What comes out has been parsed and checked as every document is.
"""

from registry.imports.detection import detect
from registry.imports.naming import name_from
from registry.imports.reading import read
from registry.imports.results import Asked, Format, Imported, Leftover, UnknownFormat

__all__ = [
    "Asked",
    "Format",
    "Imported",
    "Leftover",
    "UnknownFormat",
    "detect",
    "name_from",
    "read",
]
