"""Texts: the bytes of a digest, and documents that are parsed once."""

import sys
from threading import Thread

import pytest
from sqlalchemy import delete, update

from registry.db import texts
from registry.db.engine import reading, writing
from registry.db.projection import TEXT
from registry.db.texts import ParsedDocuments, StoredDocuments, read_text
from registry.errors import LedgerBroken
from registry.names import digest_of
from tests.writer.acts import prompt

DOCUMENT = prompt("1.0.0")


def test_a_text_is_read_by_its_digest(lived):
    with reading(lived.engine) as connection:
        assert read_text(connection, DOCUMENT.digest) == DOCUMENT.source


def test_a_text_that_is_missing_is_told(lived):
    with writing(lived.engine) as connection:
        connection.execute(delete(TEXT))

    missing = pytest.raises(LedgerBroken, match="missing")
    with reading(lived.engine) as connection, missing:
        read_text(connection, DOCUMENT.digest)


def test_a_text_that_is_not_its_digest_is_told(lived):
    with writing(lived.engine) as connection:
        connection.execute(update(TEXT).values(body=b"something else"))

    damaged = pytest.raises(LedgerBroken, match="damaged")
    with reading(lived.engine) as connection, damaged:
        read_text(connection, DOCUMENT.digest)


def test_documents_are_found_by_digest(lived):
    with reading(lived.engine) as connection:
        documents = StoredDocuments(connection, ParsedDocuments(), {})

        assert documents[DOCUMENT.digest] == DOCUMENT
        assert set(documents) >= {DOCUMENT.digest}
        assert len(documents) == len(set(documents))


def test_a_document_that_is_not_written_yet_is_found(lived):
    new = prompt("7.0.0")
    with reading(lived.engine) as connection:
        documents = StoredDocuments(
            connection, ParsedDocuments(), {new.digest: new.source}
        )

        assert documents[new.digest] == new


def test_what_was_parsed_is_not_parsed_again(lived):
    parsed = ParsedDocuments()
    with reading(lived.engine) as connection:
        first = StoredDocuments(connection, parsed, {})[DOCUMENT.digest]
        again = StoredDocuments(connection, parsed, {})[DOCUMENT.digest]

    assert again is first


def test_only_so_many_are_kept_and_the_ones_in_use_stay():
    parsed = ParsedDocuments()
    parsed.put(DOCUMENT)
    for number in range(texts.MAX_KEPT):
        assert parsed.get(DOCUMENT.digest) is DOCUMENT
        parsed.put(named(number))

    assert parsed.get(digest_of(b"0")) is None
    assert parsed.get(digest_of(b"%d" % (texts.MAX_KEPT - 1))) is not None


def named(number):
    class Named:
        digest = digest_of(b"%d" % number)

    return Named


@pytest.mark.slow
def test_many_may_read_and_add_at_once():
    """One that is about to be dropped is asked for at that very moment."""
    parsed, failed = ParsedDocuments(), []
    documents = [named(number) for number in range(texts.MAX_KEPT + 50)]

    def use(offset):
        try:
            for number in range(20_000):
                each = documents[(number * 7 + offset) % len(documents)]
                if parsed.get(each.digest) is None:
                    parsed.put(each)
        except KeyError as error:
            failed.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [Thread(target=use, args=(n * 300,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)

    assert failed == []
