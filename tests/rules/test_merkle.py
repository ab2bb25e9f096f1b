"""Merkle trees: the RFCs' own vectors, and another way to compute everything."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import merkle

ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""What Certificate Transparency's implementations are tested with."""
LEAVES = [merkle.leaf_of(b"entry %d" % number) for number in range(64)]


def root_of(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = root_of(leaves[:half]), root_of(leaves[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """The definition of RFC 6962, section 2.1.2, word by word."""
    if m == len(leaves):
        return [] if whole else [root_of(leaves)]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    if m <= half:
        return [*subproof(m, leaves[:half], whole), root_of(leaves[half:])]
    return [*subproof(m - half, leaves[half:], False), root_of(leaves[:half])]


def test_the_published_tree_of_eight_leaves_has_its_root():
    root = merkle.root_of(map(merkle.leaf_of, ENTRIES))

    assert root.hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


@pytest.mark.parametrize("size", range(65))
def test_a_root_is_what_the_definition_says(size):
    assert merkle.root_of(LEAVES[:size]) == root_of(LEAVES[:size])


def test_a_tree_that_grows_has_the_root_of_each_size():
    frontier = merkle.NO_LEAVES

    for size, leaf in enumerate(LEAVES, start=1):
        frontier = frontier.add(leaf)
        assert frontier.size == size
        assert frontier.root() == root_of(LEAVES[:size])
        assert len(frontier.roots) == size.bit_count()


@pytest.mark.parametrize("size", range(1, 65))
def test_each_smaller_tree_is_proved_to_be_the_beginning(size):
    root = root_of(LEAVES[:size])
    for old in range(1, size + 1):
        proof = merkle.consistency_proof(LEAVES[:size], old)

        assert proof == subproof(old, LEAVES[:size], True)
        told = {"old_size": old, "new_size": size, "new_root": root}
        assert merkle.proves_consistency(proof, old_root=root_of(LEAVES[:old]), **told)
        assert not merkle.proves_consistency(proof, old_root=LEAVES[-1], **told)


@pytest.mark.parametrize("size", range(1, 65))
def test_each_leaf_is_proved_to_be_in_the_tree(size):
    root = root_of(LEAVES[:size])
    for index in range(size):
        proof = merkle.inclusion_proof(LEAVES[:size], index)

        told = {"size": size, "root": root}
        assert merkle.proves_inclusion(proof, leaf=LEAVES[index], index=index, **told)
        assert not merkle.proves_inclusion(proof, leaf=b"", index=index, **told)


@given(
    sizes=st.tuples(st.integers(1, 64), st.integers(1, 64)),
    changed=st.integers(0, 7),
    bit=st.integers(0, 255),
    longer=st.booleans(),
)
def test_an_altered_proof_proves_nothing(sizes, changed, bit, longer):
    old, new = sorted(sizes)
    proof = merkle.consistency_proof(LEAVES[:new], old)
    if longer or not proof:
        proof = [*proof, LEAVES[0]]
    else:
        place = changed % len(proof)
        flipped = int.from_bytes(proof[place], "big") ^ 1 << bit
        proof[place] = flipped.to_bytes(32, "big")

    assert not merkle.proves_consistency(
        proof,
        old_size=old,
        old_root=root_of(LEAVES[:old]),
        new_size=new,
        new_root=root_of(LEAVES[:new]),
    )


@given(proof=st.lists(st.binary(min_size=32, max_size=32), max_size=8), data=st.data())
def test_a_made_up_proof_proves_nothing_and_breaks_nothing(proof, data):
    old, new = data.draw(st.integers(0, 70)), data.draw(st.integers(0, 70))

    assert not merkle.proves_consistency(
        proof, old_size=old, old_root=b"a" * 32, new_size=new, new_root=b"b" * 32
    )
    assert not merkle.proves_inclusion(
        proof, leaf=b"c" * 32, index=old, size=new, root=b"b" * 32
    )


def test_an_entry_cannot_pass_for_a_node():
    left, right = LEAVES[:2]

    assert merkle.leaf_of(b"\x01" + left + right) != merkle.node_of(left, right)


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0)])
def test_there_is_no_proof_of_what_is_not_there(index, size):
    with pytest.raises(IndexError):
        merkle.inclusion_proof(LEAVES[:size], index)


@pytest.mark.parametrize("old", [0, 5])
def test_there_is_no_proof_of_a_beginning_that_is_none(old):
    with pytest.raises(IndexError):
        merkle.consistency_proof(LEAVES[:4], old)
