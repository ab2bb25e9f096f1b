"""Checkpoints: their text, to the byte, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import checkpoints, signed_notes
from registry.checkpoints import Checkpoint, origin_of
from registry.errors import Invalid
from registry.signed_notes import signing_key

# The example of the specification, c2sp.org/tlog-checkpoint.
PUBLISHED = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
)


def test_the_published_checkpoint_is_read_and_written():
    checkpoint = checkpoints.parse(PUBLISHED)

    assert checkpoint.origin == "example.com/behind-the-sofa"
    assert checkpoint.size == 20_852_163
    assert checkpoint.root.hex().startswith("0ac5186a91863e8e")
    assert checkpoints.dump(checkpoint) == PUBLISHED


def test_further_lines_are_kept():
    text = PUBLISHED + "something else\n"

    checkpoint = checkpoints.parse(text)

    assert checkpoint.extensions == ("something else",)
    assert checkpoints.dump(checkpoint) == text


LINES = PUBLISHED.splitlines()
WRONG = {
    "two lines": "\n".join(LINES[:2]) + "\n",
    "no last newline": PUBLISHED[:-1],
    "an empty line": PUBLISHED + "\n",
    "an empty origin": PUBLISHED.replace(LINES[0], ""),
    "a leading zero": PUBLISHED.replace("20852163", "020852163"),
    "a sign": PUBLISHED.replace("20852163", "+20852163"),
    "a fraction": PUBLISHED.replace("20852163", "2.5"),
    "other digits": PUBLISHED.replace("20852163", "\u0662\u0660"),
    "a size beyond reason": PUBLISHED.replace("20852163", "9" * 5000),
    "no base64": PUBLISHED.replace("q2I=", "q2I*"),
    "a short root": PUBLISHED.replace(LINES[2], "CsUYapGGPo4="),
    "other base64 of the same": PUBLISHED.replace("q2I=", "q2J="),
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(Invalid, match="not a checkpoint"):
        checkpoints.parse(text)


@given(size=st.integers(0, 10**15 - 1), root=st.binary(min_size=32, max_size=32))
def test_what_is_written_is_read_again(size, root):
    made = Checkpoint(origin=origin_of("tested"), size=size, root=root, extensions=())

    assert checkpoints.parse(checkpoints.dump(made)) == made


def test_a_checkpoint_is_signed_under_its_origin():
    key = signing_key(origin_of("tested"), b"\x01" * 32)
    made = Checkpoint(origin=key.name, size=1, root=b"\x02" * 32, extensions=())

    note = signed_notes.parse(signed_notes.dump(checkpoints.sign(made, key)))

    assert checkpoints.parse(note.text) == made
    assert signed_notes.verified_by(note, [key.verifier]) == [key.verifier]
    assert note.signatures[0].name == "placet/tested"
