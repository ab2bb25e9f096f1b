"""The form of secrets, as `registry/api/bearer.py` tells it."""

import re

import pytest

from registry.api.bearer import Scope, hash_of, is_whole, make_token


@pytest.mark.parametrize("scope", Scope)
def test_a_secret_says_its_scope_and_checks_itself(scope: Scope):
    secret = make_token(scope)

    assert re.fullmatch(rf"plc_{scope}_[0-9A-Za-z]{{49}}", secret)
    assert is_whole(secret)


def test_no_two_secrets_are_alike():
    secrets = {make_token(Scope.READ) for _ in range(1000)}

    assert len(secrets) == 1000


@pytest.mark.parametrize("place", [4, 12, 30, -1])
def test_a_mistyped_secret_is_recognised(place: int):
    secret = make_token(Scope.READ)
    wrong = "a" if secret[place] != "a" else "b"

    assert not is_whole(secret[:place] + wrong + secret[len(secret[:place]) + 1 :])


@pytest.mark.parametrize("text", ["", "plc_", "plc_read_", "x" * 57, "\udcff", "é"])
def test_other_text_is_no_secret_and_still_has_a_hash(text: str):
    assert not is_whole(text)
    assert len(hash_of(text)) == 64


def test_the_scope_is_covered_by_the_checksum():
    secret = make_token(Scope.READ)

    assert not is_whole(secret.replace("plc_read_", "plc_operate_"))
