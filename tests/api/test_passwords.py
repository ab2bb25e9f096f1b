"""The rules at the top of `registry/api/passwords.py`."""

from threading import Thread

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from registry.api.passwords import AT_ONCE, IN_LINE, Passwords
from registry.errors import Invalid, TooManyTries

PASSWORD = "correct horse battery"


def test_a_hash_fits_its_password_and_no_other():
    passwords = Passwords()
    made = passwords.make_hash(PASSWORD)

    assert made.startswith("$argon2id$v=19$m=65536,")
    assert passwords.compare(PASSWORD, made).fits
    assert not passwords.compare("wrong horse battery", made).fits


def test_a_weaker_hash_is_replaced_when_its_password_is_seen():
    weaker = Argon2Hasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    passwords = Passwords()

    compared = passwords.compare(PASSWORD, weaker)

    assert compared.fits
    assert compared.stronger is not None
    assert passwords.compare(PASSWORD, compared.stronger).stronger is None


def test_without_a_hash_nothing_fits():
    assert not Passwords().compare("nobody's password", None).fits


def test_a_crowd_is_told_to_come_back_and_everybody_in_line_is_served():
    passwords, served, refused = Passwords(), [], []

    def try_one() -> None:
        try:
            served.append(passwords.make_hash(PASSWORD))
        except TooManyTries as error:
            refused.append(error)

    crowd = [Thread(target=try_one) for _ in range(2 * (AT_ONCE + IN_LINE))]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()

    assert len(served) >= AT_ONCE + IN_LINE
    assert len(served) + len(refused) == len(crowd)
    assert refused


@pytest.mark.parametrize("length", [0, 11, 1001])
def test_a_password_is_neither_short_nor_endless(length: int):
    with pytest.raises(Invalid):
        Passwords().make_hash("a" * length)
