"""Signed notes: what others have published, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import signed_notes
from registry.errors import Invalid
from registry.signed_notes import (
    COSIGNATURE,
    Signature,
    VerifierKey,
    cosigned,
    dump,
    dump_signing,
    dump_verifier,
    parse,
    parse_signing,
    parse_verifier,
    sign,
    signing_key,
    verified_by,
)

# From the tests of Go's golang.org/x/mod/sumdb/note.
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNER = (
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
)
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = (
    f"{TEXT}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUg"
    "YN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
KEY = signing_key("placet/tested", b"\x07" * 32)


def test_a_published_note_is_verified():
    note = parse(NOTE)

    (signer,) = verified_by(note, [parse_verifier(VERIFIER)])

    assert note.text == TEXT
    assert (signer.name, signer.id) == ("PeterNeumann", "c74f20a3")
    assert dump(note) == NOTE


def test_the_published_key_signs_the_published_note():
    key = parse_signing(SIGNER)

    assert dump(sign(TEXT, key)) == NOTE
    assert dump_verifier(key.verifier) == VERIFIER
    assert dump_signing(key) == SIGNER


def test_a_signing_key_is_not_in_what_is_printed_of_it():
    assert SIGNER.rpartition("+")[2][1:] not in repr(parse_signing(SIGNER))


def test_an_altered_text_is_refused():
    altered = NOTE.replace(b"answer", b"ANSWER")

    with pytest.raises(Invalid, match=r"signature of PeterNeumann\+c74f20a3 is not"):
        verified_by(parse(altered), [parse_verifier(VERIFIER)])


def test_signatures_of_others_are_kept_and_mean_nothing():
    other = signing_key("witness.example", b"\x08" * 32)
    (signature,) = sign(TEXT, other).signatures

    note = parse(dump(cosigned(parse(NOTE), signature)))

    assert [one.name for one in note.signatures] == ["PeterNeumann", "witness.example"]
    assert verified_by(note, [KEY.verifier]) == []
    assert verified_by(note, [other.verifier, parse_verifier(VERIFIER)]) == [
        parse_verifier(VERIFIER),
        other.verifier,
    ]


def test_a_key_of_the_same_name_is_another_key():
    namesake = signing_key("PeterNeumann", b"\x09" * 32)

    assert verified_by(parse(NOTE), [namesake.verifier]) == []


def test_a_witness_signs_the_time_as_well():
    at = 1_700_000_000
    message = f"cosignature/v1\ntime {at}\n{TEXT}".encode()
    witness = VerifierKey(
        name="witness.example", type=COSIGNATURE, public=KEY.verifier.public
    )
    signature = Signature(
        name=witness.name,
        id=witness.id,
        data=at.to_bytes(8, "big") + KEY.private.sign(message),
    )
    note = cosigned(parse(NOTE), signature)
    later = signature.data[:7] + bytes([signature.data[7] ^ 1]) + signature.data[8:]

    assert verified_by(note, [parse_verifier(dump_verifier(witness))]) == [witness]
    forged = cosigned(
        parse(NOTE), Signature(name=witness.name, id=witness.id, data=later)
    )
    with pytest.raises(Invalid, match="is not right"):
        verified_by(forged, [witness])


def test_a_text_may_have_empty_lines():
    note = sign("a\n\nb\n", KEY)

    assert parse(dump(note)) == note


LINE = NOTE.decode().splitlines(keepends=True)[-1]
WRONG = {
    "nothing": b"",
    "no signature": TEXT.encode(),
    "no empty line": (TEXT + LINE).encode(),
    "no last newline": NOTE[:-1],
    "a tab": NOTE.replace(b" ", b"\t", 1),
    "a carriage return": NOTE.replace(b"\n", b"\r\n", 1),
    "a zero": NOTE.replace(b" ", b"\0", 1),
    "not UTF-8": NOTE.replace(b"I", b"\xff", 1),
    "a hyphen": NOTE.replace("\u2014".encode(), b"-"),
    "two spaces": NOTE.replace(b" x08go", b"  x08go"),
    "no base64": NOTE.replace(b"x08go/", b"x08go_"),
    "other base64 of the same": NOTE.replace(b"nAM=\n", b"nAN=\n"),
    "a plus in the name": NOTE.replace(
        "\u2014 Peter".encode(), "\u2014 Pe+er".encode()
    ),
    "an id alone": f"{TEXT}\n\u2014 PeterNeumann x08gow==\n".encode(),
    "text after the signatures": NOTE + b"more\n",
    "too many signatures": NOTE + LINE.encode() * 100,
    "too large": b"a" * (1 << 17) + NOTE,
    "only empty lines": f"\n\n{LINE}".encode(),
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_what_is_no_note_is_refused(data):
    with pytest.raises(Invalid, match="not a signed note"):
        parse(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        VERIFIER.replace("c74f20a3", "c74f20a4"),
        VERIFIER.replace("Peter", "Beter"),
        VERIFIER.replace("+A", "+B"),
        VERIFIER[:-4],
        SIGNER,
    ],
)
def test_what_is_no_verifier_key_is_refused(text):
    with pytest.raises(Invalid, match="is not a verifier key"):
        parse_verifier(text)


@pytest.mark.parametrize(
    "text", ["", VERIFIER, SIGNER[:-4], SIGNER.replace("c7", "c8")]
)
def test_what_is_no_signing_key_is_refused_without_being_shown(text):
    with pytest.raises(Invalid) as found:
        parse_signing(text)

    assert text == "" or text[-10:] not in str(found.value)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb", "a\u2003b"])
def test_a_name_that_a_note_could_not_hold_is_refused(name):
    with pytest.raises(Invalid, match="name of a key"):
        signing_key(name, b"\x07" * 32)


@given(text=st.text(min_size=1, max_size=200))
def test_whatever_is_signed_can_be_read_again(text):
    try:
        note = sign(f"{text}\n", KEY)
        data = dump(note)
        again = parse(data)
    except (Invalid, UnicodeEncodeError):
        return

    assert again == note
    assert verified_by(again, [KEY.verifier]) == [KEY.verifier]


@given(place=st.integers(0, len(NOTE) - 1), bit=st.integers(0, 7))
def test_no_flipped_bit_leaves_a_note_verified(place, bit):
    data = bytearray(NOTE)
    data[place] ^= 1 << bit

    try:
        signers = verified_by(parse(bytes(data)), [parse_verifier(VERIFIER)])
    except Invalid:
        return

    assert signers == []


def test_limits_hold_what_witnesses_need():
    assert signed_notes.MAX_SIGNATURES >= 16
