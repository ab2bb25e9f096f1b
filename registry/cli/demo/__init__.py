"""The demonstration: a registry in which half a year has happened.

It is the example library's two bots, of an airline and of a bank, in three
environments, and what people did with them: proposed, agreed, refused, forgot, mended
in the night.  `story/` tells it, one file after another, act by act; everything else
here plays it.  It always ends now, so that something waits for everybody.

    acts          the words of the story: who does what, and when
    moments       when: so many working days before today
    texts         the library's texts, and small edits of them
    stage         a registry with a clock to set, and the people on it
    commanding    the command that each act is
    operating     what no command is for: passwords, what chatbots report
    playing       act by act
    building      begin, play, and leave nothing half begun
    accounts      who signs in with which password
    summary       what there is to see
"""

from registry.cli.demo.accounts import (
    FILE,
    JOINED,
    PEOPLE,
    READS,
    Demo,
    accounts_of,
    read_demo,
    write_demo,
)
from registry.cli.demo.building import PURPOSE, Built, build, is_there
from registry.cli.demo.story import A_MINUTE, HALF_A_YEAR
from registry.cli.demo.texts import library_folder

__all__ = [
    "A_MINUTE",
    "FILE",
    "HALF_A_YEAR",
    "JOINED",
    "PEOPLE",
    "PURPOSE",
    "READS",
    "Built",
    "Demo",
    "accounts_of",
    "build",
    "is_there",
    "library_folder",
    "read_demo",
    "write_demo",
]
