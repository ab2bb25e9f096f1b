"""Proofs of many events at once: a Merkle tree that remembers its nodes.

`registry.merkle` makes one proof from a list; this makes thousands of the same ones
from one tree.
"""

from collections.abc import Sequence

from registry.merkle import EMPTY_ROOT, node_of


class Tree:
    """Args:
    leaves: Their hashes, in order.
    """

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.size = len(leaves)
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            pairs = zip(below[::2], below[1::2], strict=False)
            self._levels.append([node_of(left, right) for left, right in pairs])

    def root(self) -> bytes:
        return self._root(0, self.size) if self.size else EMPTY_ROOT

    def proof(self, index: int) -> list[bytes]:
        """What shows that leaf *index* (from 0) is in the tree."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        proof: list[bytes] = []
        begin, end = 0, self.size
        while end - begin > 1:
            middle = begin + _split(end - begin)
            if index < middle:
                proof.append(self._root(middle, end))
                end = middle
            else:
                proof.append(self._root(begin, middle))
                begin = middle
        return proof[::-1]

    def _root(self, begin: int, end: int) -> bytes:
        """Of some leaves; *begin* is where a perfect tree of that size can begin."""
        length = end - begin
        if length & (length - 1) == 0:
            level = length.bit_length() - 1
            return self._levels[level][begin >> level]
        middle = begin + _split(length)
        return node_of(self._root(begin, middle), self._root(middle, end))


def _split(size: int) -> int:
    """The largest power of two below *size*."""
    return 1 << (size - 1).bit_length() - 1
