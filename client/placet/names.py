"""What may be asked for, checked before it becomes part of an address or a path.

A name is one to six segments of lower-case letters, digits, `.`, `_` and `-`,
joined by `/`; a segment begins with a letter or digit, so `..` is none.
"""

import hashlib
import re

from placet.errors import Misconfigured

MAX_NAME_CHARS = 200

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*){0,5}\Z")
_ENVIRONMENT = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")


def check_name(name: str) -> str:
    """Return *name* if a bot or prompt may be called so.

    Raises:
        Misconfigured: It breaks the rule above.
    """
    if len(name) > MAX_NAME_CHARS or not _NAME.match(name):
        raise Misconfigured(
            f"{name[:60]!r} is not the name of a bot or prompt",
            hint="Write it like `acme-air/support`, without its kind or a version.",
        )
    return name


def check_environment(name: str) -> str:
    """Return *name* if an environment may be called so.

    Raises:
        Misconfigured: It is not one segment of letters, digits and hyphens.
    """
    if not _ENVIRONMENT.match(name):
        raise Misconfigured(
            f"{name[:60]!r} is not the name of an environment",
            hint="Name one of the registry's environments, such as `production`.",
        )
    return name


def is_digest(text: str) -> bool:
    return _DIGEST.match(text) is not None


def digest_of(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()
