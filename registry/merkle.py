"""Merkle trees: one hash over a list, and short proofs about it (RFC 6962, RFC 9162).

 * A leaf is SHA-256 of a zero byte and the entry; a node is SHA-256 of a one byte
   and its two children.  No entry can pass for a node.
 * The tree of n leaves splits at the largest power of two below n.  Its root stands
   for every leaf and their order.  The root of no leaf is SHA-256 of nothing.
 * A *frontier* is what a list needs of a tree to grow on: the roots of the perfect
   trees that it is made of, one for each bit of its size.
 * An *inclusion proof* shows that a leaf is in a tree, a *consistency proof* that
   a larger tree begins with all of a smaller one.  Both are short lists of hashes,
   and are checked with the roots alone.

Entries are whatever the caller takes for one; the ledger's are the canonical bytes
of its events.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_of(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """What has to be known of a tree to add leaves to it.

    Attributes:
        size: How many leaves the tree has.
        roots: Of the perfect trees that it is made of, the largest first.
    """

    size: int
    roots: tuple[bytes, ...]

    def add(self, leaf: bytes) -> "Frontier":
        """The frontier with one more leaf; it costs two hashes on average."""
        roots = self.roots
        carried = self.size
        while carried & 1:  # joins perfect trees of one size, as adding carries ones
            leaf = node_of(roots[-1], leaf)
            roots = roots[:-1]
            carried >>= 1
        return Frontier(self.size + 1, (*roots, leaf))

    def root(self) -> bytes:
        if not self.roots:
            return EMPTY_ROOT
        root = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            root = node_of(left, root)
        return root


NO_LEAVES = Frontier(0, ())


def frontier_of(leaves: Iterable[bytes]) -> Frontier:
    frontier = NO_LEAVES
    for leaf in leaves:
        frontier = frontier.add(leaf)
    return frontier


def root_of(leaves: Iterable[bytes]) -> bytes:
    return frontier_of(leaves).root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What shows that leaf *index* (from 0) is in the tree of *leaves*."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    proof: list[bytes] = []
    begin, end = 0, len(leaves)
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            proof.append(root_of(leaves[middle:end]))
            end = middle
        else:
            proof.append(root_of(leaves[begin:middle]))
            begin = middle
    return proof[::-1]


def consistency_proof(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """What shows that the tree of *leaves* begins with its first *size* leaves."""
    if not 0 < size <= len(leaves):
        raise IndexError(size)
    proof: list[bytes] = []
    begin, end = 0, len(leaves)
    while size != end:
        middle = begin + _split(end - begin)
        if size <= middle:
            proof.append(root_of(leaves[middle:end]))
            end = middle
        else:
            proof.append(root_of(leaves[begin:middle]))
            begin = middle
    if begin:  # else it is the smaller tree itself, which the reader knows
        proof.append(root_of(leaves[begin:end]))
    return proof[::-1]


def proves_inclusion(
    proof: Sequence[bytes], *, leaf: bytes, index: int, size: int, root: bytes
) -> bool:
    """Whether *proof* shows that *leaf* stands at *index* in the tree of *root*."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_of(sibling, found)
            position, last = _up_to_right_child(position, last)
        else:
            found = node_of(found, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and found == root


def proves_consistency(
    proof: Sequence[bytes],
    *,
    old_size: int,
    old_root: bytes,
    new_size: int,
    new_root: bytes,
) -> bool:
    """Whether *proof* shows that the new tree begins with all of the old one."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    whole = old_size & (old_size - 1) == 0
    path = [old_root, *proof] if whole else list(proof)
    if not path:
        return False
    position, last = _up_to_left_child(old_size - 1, new_size - 1)
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_of(sibling, old), node_of(sibling, new)
            position, last = _up_to_right_child(position, last)
        else:
            new = node_of(new, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and old == old_root and new == new_root


def _split(size: int) -> int:
    """The largest power of two below *size*."""
    return 1 << (size - 1).bit_length() - 1


def _up_to_right_child(position: int, last: int) -> tuple[int, int]:
    """Pass the levels on which the node at the right edge has no sibling."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _up_to_left_child(position: int, last: int) -> tuple[int, int]:
    """Pass the levels on which the old tree's last node is a right child."""
    while position & 1:
        position, last = position >> 1, last >> 1
    return position, last
