"""The session: which registry the command line talks to, and as whom.

`placet login` keeps it in `placet/session.json` in the user's configuration
folder, for nobody else to read.  PLACET_URL and PLACET_TOKEN come before it, for
pipelines.  A session's token goes only to the address that it was given by.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from registry.errors import Invalid, NotSignedIn, RegistryError

if TYPE_CHECKING:  # it brings an HTTP client, which `--help` does not need
    from registry.remote import Remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    url: str
    handle: str
    token: str
    ends: datetime


def place() -> Path:
    configured = os.environ.get("XDG_CONFIG_HOME")
    folder = Path(configured) if configured else Path.home() / ".config"
    return folder / "placet" / "session.json"


def read() -> Session | None:
    """Raises:
    Invalid: The file is not what `placet login` wrote.
    """
    import msgspec

    try:
        return msgspec.json.decode(place().read_bytes(), type=Session)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise Invalid(
            f"{place()} is damaged: {error}", hint="Sign in again: `placet login`."
        ) from error


def write(session: Session) -> None:
    import msgspec

    path = place()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(path, msgspec.json.encode(asdict(session)))


def forget() -> None:
    with suppress(FileNotFoundError):
        place().unlink()


@contextmanager
def connect(*, change: int | None = None) -> Iterator["Remote"]:
    """The registry, as PLACET_URL and PLACET_TOKEN or the session say.

    Args:
        change: What it is about; hints of errors then have its number.

    Raises:
        NotSignedIn: There is no address, or nothing to sign in with.
    """
    with _remote() as remote:
        try:
            yield remote
        except RegistryError as error:
            if change is not None:
                error.hint = error.hint.replace("show CHANGE", f"show {change}")
            raise


def _remote() -> "Remote":
    from registry.remote import Remote

    url, token = os.environ.get("PLACET_URL"), os.environ.get("PLACET_TOKEN")
    session = None if url and token else read()
    if session is not None:
        url = url or session.url
        if token is None and url.rstrip("/") == session.url:
            token = session.token
    if not url:
        raise NotSignedIn(
            "no registry is named",
            hint="Sign in with `placet login`, or set PLACET_URL and PLACET_TOKEN.",
        )
    if not token:
        raise NotSignedIn(
            f"nobody is signed in at {url}",
            hint="Sign in with `placet login`, or set PLACET_TOKEN.",
        )
    return Remote(url, token)


def write_private(path: Path, data: bytes) -> None:
    """Write *path*, whole or not at all, for its owner alone to read."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    beside.replace(path)
