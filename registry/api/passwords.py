"""Passwords: hashed with argon2id, a few at a time.

A hash takes 64 MiB and a tenth of a second, so four are made at once, a few more
wait in line, and the rest are told to come back: a crowd that signs in must not
keep everybody else from being answered.

Whoever tries a handle that does not exist waits as long as whoever tries a wrong
password: a hash is compared either way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import BoundedSemaphore

from pwdlib import PasswordHash

from registry.errors import Invalid, TooManyTries

MIN_CHARS = 12
MAX_CHARS = 1000
AT_ONCE = 4
IN_LINE = 8
WAIT_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Attributes:
    stronger: A hash to keep instead, when the old one is of weaker settings.
    """

    fits: bool
    stronger: str | None


class Passwords:
    """Makes and compares hashes; one for a process."""

    def __init__(self) -> None:
        self._hashing = PasswordHash.recommended()
        self._places = BoundedSemaphore(AT_ONCE + IN_LINE)
        self._at_once = BoundedSemaphore(AT_ONCE)

    def make_hash(self, password: str) -> str:
        """Raises:
        Invalid: Nobody should have such a password.
        TooManyTries: Too many are waiting already.
        """
        if not MIN_CHARS <= len(password) <= MAX_CHARS:
            raise Invalid(
                f"a password has at least {MIN_CHARS} characters",
                hint=f"Three or four random words do well; at most {MAX_CHARS}.",
            )
        with self._in_line():
            return self._hashing.hash(password)

    def compare(self, password: str, password_hash: str | None) -> Compared:
        """Args:
        password_hash: `None` when there is nothing to compare with; it fits
            nothing, and takes as long.

        Raises:
            TooManyTries: Too many are waiting already.
        """
        with self._in_line():
            if password_hash is None:
                self._hashing.verify(password, self._nobodys)
                return Compared(fits=False, stronger=None)
            fits, stronger = self._hashing.verify_and_update(password, password_hash)
        return Compared(fits=fits, stronger=stronger)

    @cached_property
    def _nobodys(self) -> str:
        return self._hashing.hash("nobody's password")

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TooManyTries(
                "too many people are signing in at this moment",
                hint=f"Try again in {WAIT_S} seconds.",
                retry_after_s=WAIT_S,
            )
        try:
            with self._at_once:
                yield
        finally:
            self._places.release()
