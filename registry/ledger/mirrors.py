"""Mirrors: copies of the ledger's branches elsewhere, which are only ever continued.

* A mirror is named by whoever runs the server: `https://`, `ssh://`, or a folder of
  this machine.  Git may speak exactly that protocol, and follows nobody elsewhere.
* Branches are pushed all together or not at all, and never forced.  A mirror that
  has something else than the ledger had is said to have diverged, and is left alone.
* A password in an address is taken out of it: git is told it by another way, and
  nobody is shown it.
"""

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Timer
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from registry.errors import Invalid, Unavailable
from registry.ledger.entries import Commit
from registry.ledger.gitpython import GitCommandError
from registry.ledger.processes import FAILURES, Process, Processes, reason

LONGEST_S = 600.0
"""The first push carries everything; a later one takes a moment."""

_HOST = re.compile(r"([A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\](:[0-9]+)?)\Z")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_PATH = re.compile(r"/[A-Za-z0-9_.~%+@,/-]+\Z")
_REJECTED = re.compile(rb"^!\t[^\t]*:(refs/heads/[^\t]+)\t\[rejected\] \((.+)\)$", re.M)
_REFUSED = re.compile(rb"^!\t[^\t]*:(refs/heads/[^\t]+)\t(\[.+)$", re.M)
_STDERR = re.compile(r"\A\s*stderr: '")
_OTHERS = b"atomic push failed"
_HINT = (
    "Write https://HOST/PATH, ssh://USER@HOST/PATH, or the path of a bare repository "
    "of this machine."
)
_SLOW = {
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "1",
    "http.lowSpeedTime": "60",
    "push.followTags": "false",
    "push.gpgSign": "false",
    "push.recurseSubmodules": "no",
}
_SSH = (
    "ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 "
    "-o ServerAliveCountMax=4"
)


class Scheme(StrEnum):
    """What git speaks with a mirror."""

    FILE = "file"
    HTTPS = "https"
    SSH = "ssh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """Where a copy of the ledger is.

    Attributes:
        address: As git is told it, without a password; safe to show.
        password: What goes with it, for nobody to see.
    """

    address: str
    scheme: Scheme
    password: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diverged:
    """The mirror has something else.

    Attributes:
        branch: The first one of which that is so.
    """

    branch: str


def parse_mirror(text: str) -> Mirror:
    """Raises:
    Invalid: It is not an address that a mirror may have; the message has no password.
    """
    if "://" not in text:
        return _folder(text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Invalid("this cannot be the address of a mirror", hint=_HINT) from None
    if parts.scheme == Scheme.FILE and not parts.netloc:
        return _folder(unquote(parts.path))
    shown = urlunsplit((parts.scheme, _place(parts, port), parts.path, "", ""))
    if parts.scheme not in (Scheme.HTTPS, Scheme.SSH) or not _is_plain(parts):
        raise Invalid(f"{shown[:200]!r} cannot be a mirror", hint=_HINT)
    scheme = Scheme(parts.scheme)
    if scheme is Scheme.SSH and parts.password is not None:
        raise Invalid(
            f"{shown[:200]!r} cannot be given a password",
            hint="Give the server's account a key: ssh reads it as always.",
        )
    if scheme is Scheme.SSH and parts.username is not None:
        shown = shown.replace("://", f"://{parts.username}@", 1)
    return Mirror(address=shown, scheme=scheme, password=_credentials(scheme, parts))


def push(
    path: Path,
    mirror: Mirror,
    branches: Mapping[str, Commit],
    *,
    longest_s: float = LONGEST_S,
    running: list[Process],
) -> Diverged | None:
    """Bring *branches* of the ledger at *path* to *mirror*.

    Args:
        branches: Where each is to be, by its whole name.
        running: Has the process while it runs, for somebody else to stop it.

    Returns:
        None if they are there, or why they may not be.

    Raises:
        Unavailable: They could not be brought there now.
    """
    words = [f"{commit}:{branch}" for branch, commit in branches.items()]
    options = ["push", "--porcelain", "--atomic", "--no-verify", "--no-progress"]
    processes = Processes(
        path, settings=_settings(mirror), variables=_variables(mirror)
    )
    try:
        with processes.start(*options, mirror.address, *words) as process:
            running.append(process)
            watch = Timer(longest_s, process.stop)
            watch.daemon = True
            watch.start()
            try:
                process.answer()
            finally:
                watch.cancel()
                running.remove(process)
    except GitCommandError as error:
        return _judged(error)
    except FAILURES as error:
        raise _away(reason(error)) from error
    return None


def _judged(error: GitCommandError) -> Diverged:
    """Raises:
    Unavailable: It was something else.
    """
    said = str(error.stdout).encode()
    for branch, why in _REJECTED.findall(said):
        if why != _OTHERS:
            return Diverged(branch=_text(branch))
    for branch, why in _REFUSED.findall(said):
        if _OTHERS not in why:
            raise _away(f"it refuses {_text(branch)}: {_text(why)}") from error
    if isinstance(error.status, int) and error.status < 0:
        raise _away("it did not answer in time") from error
    raise _away(_first_words(error)) from error


def _first_words(error: GitCommandError) -> str:
    """What git, or ssh, said first; later lines only add that it did not work."""
    lines = _STDERR.sub("", error.stderr or "").splitlines()
    said = (line.removeprefix("fatal: ").removeprefix("error: ") for line in lines)
    return next((line for line in said if line.strip(" '")), reason(error))


def _away(why: str) -> Unavailable:
    shown = "".join(c if c.isprintable() else " " for c in why)
    return Unavailable(
        shown[:300],
        hint="It is tried again by itself; see that the address is right, and that "
        "this account may push there.",
    )


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace")


def _folder(text: str) -> Mirror:
    path = os.path.abspath(text)  # noqa: PTH100 (pathlib keeps `..`)
    if not text or not text.isprintable() or ":" in path:
        raise Invalid(f"{text[:200]!r} cannot be a mirror", hint=_HINT)
    return Mirror(address=path, scheme=Scheme.FILE, password=None)


def _is_plain(parts: SplitResult) -> bool:
    """Whether nothing in the address could be taken for something else."""
    host = parts.netloc.rpartition("@")[2]
    if host.count(":") == 1:
        host = host.partition(":")[0]
    return (
        (parts.username is None or _USER.match(unquote(parts.username)) is not None)
        and _HOST.match(host) is not None
        and _PATH.match(parts.path) is not None
        and not parts.query
        and not parts.fragment
        and "/-" not in parts.path
    )


def _place(parts: SplitResult, port: int | None) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if port is None else f"{host}:{port}"


def _credentials(scheme: Scheme, parts: SplitResult) -> str | None:
    if scheme is not Scheme.HTTPS or parts.username is None:
        return None
    return f"{unquote(parts.username)}:{unquote(parts.password or '')}"


def _settings(mirror: Mirror) -> dict[str, str]:
    settings = {**_SLOW, "credential.helper": "", "core.askPass": ""}
    if mirror.password is not None:
        basic = base64.b64encode(mirror.password.encode()).decode()
        settings["http.extraHeader"] = f"Authorization: Basic {basic}"
    return settings


def _variables(mirror: Mirror) -> dict[str, str]:
    return {"GIT_ALLOW_PROTOCOL": mirror.scheme, "GIT_SSH_COMMAND": _SSH}
