"""The lead: of several processes on one folder, the one that does what nobody asks.

Every process writes what it is asked to, inside the fence.  What happens by itself
(changes that go live at their moment, branches, checkpoints, mirrors, notices) is done
by the one that leads; it would come out the same if two did it, but be done twice.

The lead is a lock on a file: whoever dies gives it back, however they die, and
whoever waits for it looks every half second.
"""

import fcntl
from pathlib import Path
from typing import BinaryIO

LOOKS_S = 0.5


class Lead:
    """Args:
    path: The file that the process which leads has locked.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def held(self) -> bool:
        """Whether this process leads."""
        return self._file is not None

    def take(self) -> bool:
        """Lead, if nobody else does.

        Raises:
            OSError: The file cannot be opened.
        """
        if self._file is not None:
            return True
        file = self._path.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def give_back(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
