"""What verify.py computes: Ed25519, Merkle proofs (RFC 9162) and review digests.

It is slow and short, so that it can be read; it holds no secret that time could tell.
"""

import hashlib
import json
from datetime import datetime, timezone
from typing import Any

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether *signature* is right (RFC 8032, section 5.1.7)."""
    a, r = point(public), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or len(signature) != 64 or s >= L:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(hashed, "little") % L
    y = 4 * pow(5, P - 2, P) % P
    left = times(s, point(y.to_bytes(32, "little")))
    right = plus(r, times(h, a))
    (x1, y1, z1, _), (x2, y2, z2, _) = left, right
    return bool((x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0)


def point(data: bytes) -> Any:
    """A point of the curve in extended coordinates; None if it is none."""
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


def plus(one: Any, other: Any) -> Any:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, one: Any) -> Any:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = plus(total, one)
        one = plus(one, one)
        number >>= 1
    return total


def included(
    entry: bytes, index: int, size: int, proof: list[bytes], root: bytes
) -> bool:
    """RFC 9162, section 2.1.3.2."""
    position, last = index, size - 1
    node = hashlib.sha256(b"\0" + entry).digest()
    for other in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = hashlib.sha256(b"\1" + other + node).digest()
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + other).digest()
        position, last = position >> 1, last >> 1
    return 0 <= index < size and last == 0 and node == root


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def review_digest(repository: str, payload: Any, revision: Any) -> str:
    """What a vote says yes to, as canonical JSON (RFC 8785), hashed."""
    strict = revision["strict"]
    reads = (revision["reads"] if strict else []) + revision.get("compared", [])
    resumed, proposed = revision["resumption"], revision["proposed_policy"]
    effect = sorted(revision["effect"], key=lambda a: a["document"])
    edits = sorted(revision["edits"], key=lambda e: e["document"])
    earliest = revision.get("earliest")
    bound = {
        "format": "placet-review-1",
        "repository": repository,
        "environment": payload["environment"],
        "change": payload["change"],
        "revision": revision["number"],
        "edits": [[e["document"], base(e["base"]), e["digest"]] for e in edits],
        "effect": [
            [a["document"], a["tier"], a["owners"]]
            + ([base(a["before"]), a["after"]] if strict else [])
            for a in effect
        ],
        "reads": [[r["document"], base(r["base"])] for r in reads],
        "policy": [revision["policy"]["digest"], revision["policy"]["since"]],
        "proposed_policy": proposed and proposed["digest"],
        "resumption": resumed
        and [resumed["bot"], resumed["stopped"], resumed["bundle"]],
        "earliest": earliest and utc(earliest),
        "expires": utc(revision["expires"]),
    }
    canonical = json.dumps(
        bound, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return sha256(canonical.encode())


def base(said: Any) -> Any:
    return said and [said["digest"], said["since"]]


def utc(text: str) -> str:
    time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return time.astimezone(timezone.utc).isoformat()  # noqa: UP017 # Python 3.9
