"""Settings: where the registry is, for the console and for those who use it."""

import os
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import cookie_parser

REGISTRY = "PLACET_CONSOLE_REGISTRY"
PUBLIC = "PLACET_CONSOLE_PUBLIC_REGISTRY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Attributes:
    registry: Where the console asks it.
    public: Where a person's browser finds it: sign-in, and the pages of its own.
    """

    registry: str
    public: str

    def sign_in(self, back_to: str, *, again: bool = False) -> str:
        """Where a person signs in.

        Args:
            back_to: A path of the console, with its query.
            again: The password is asked for, although somebody is signed in.
        """
        asked = "again=true&" if again else ""
        return f"{self.public}/sign-in?{asked}next={quote(back_to, safe='')}"

    @property
    def sign_out(self) -> str:
        return f"{self.public}/sign-out"

    @property
    def cookie(self) -> str:
        """The session's cookie; browsers hold the prefix to `Secure` and one host."""
        secure = self.public.startswith("https:")
        return "__Host-placet_session" if secure else "placet_session"

    def secret_of(self, cookies: str) -> str | None:
        """The session's secret among *cookies*, a `Cookie` header.

        Others on this host set cookies too, and not all of them are well-formed: read
        as browsers do, one of those takes nothing from the others.
        """
        return cookie_parser(cookies).get(self.cookie) or None


def settings() -> Settings:
    """Those that the process was started with."""
    registry = os.environ.get(REGISTRY, "http://127.0.0.1:8000")
    return Settings(registry=registry, public=os.environ.get(PUBLIC, registry))
