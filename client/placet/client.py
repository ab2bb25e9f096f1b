"""The client: reads what is live from memory, and keeps it fresh behind the scenes.

The rules that a chatbot can rely on:

 * Only the first read of a name may wait, for at most two questions of `timeout_s`;
   every later one is a look-up in memory. With `cache_dir`, a first read takes what
   the disk has, without waiting for the network.
 * An outage changes nothing but `stale`: the last good copy stays. A stop and a
   deletion are no outage, and are never papered over.
 * Nothing is read from the process's environment.

In a child after a fork, the client goes on with connections and a thread of its
own. (A fork while other threads are reading for the first time is as risky as
Python says it is; fork first, read later.)
"""

import logging
import os
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit
from weakref import WeakSet

from placet.bundles import Bundle
from placet.cache import Cache
from placet.copies import BOTS, PROMPTS, Source
from placet.errors import Deleted, Misconfigured, TooStale
from placet.fetch import Fetcher
from placet.folder import Folder
from placet.keeper import Health, Keeper
from placet.names import check_environment, check_name
from placet.prompts import Prompt
from placet.refreshing import Refreshing
from placet.remote import Registry
from placet.reports import Reports, reports_to
from placet.shelf import Shelf
from placet.verification import Verifier

FOLDER = "dir:"

_log = logging.getLogger("placet")


class Client:
    """Reads bots and prompts of one environment; threads may share it.

    Args:
        url: Where the registry is, `https://registry.internal`; or `dir:` and a
            folder that `placet bundle` wrote.
        token: May read the environment or bots of it. Not needed for a folder.
        environment: Such as `production`; for a folder, only a label in logs.
        cache_dir: Where the last good copies are kept for the next start.
        poll_s: Seconds between two looks at what is live, give or take a fifth, while
            there are no events.
        timeout_s: Seconds that one question may take.
        max_stale_s: Seconds after which a copy that nobody has confirmed is
            refused; None if an old prompt is better than none.
        refresh: `manual` for no thread: call `refresh` yourself.
        events: Whether to listen for news as well, on a connection that stays open,
            in a thread of its own; then it is there at once.
        tls: What certificates to trust; None for what the system trusts.
        verify_keys: Lines that `placet keys show` prints; only what one of them has
            signed is believed then. Needs the extra `placet[verify]`.
        repository: The registry's id; without it that of the first good answer.
        clock: Seconds since 1970, which heads expire by; for tests.

    Raises:
        Misconfigured: An argument cannot be used.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        environment: str | None = None,
        cache_dir: str | os.PathLike[str] | None = None,
        poll_s: float = 5.0,
        timeout_s: float = 5.0,
        max_stale_s: float | None = None,
        refresh: Literal["background", "manual"] = "background",
        events: bool = True,
        tls: ssl.SSLContext | None = None,
        verify_keys: Sequence[str] | None = None,
        repository: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        _check_seconds(poll_s=poll_s, timeout_s=timeout_s, max_stale_s=max_stale_s)
        if refresh not in {"background", "manual"}:
            raise Misconfigured("`refresh` is neither 'background' nor 'manual'")
        self._url = url
        self._max_stale_s = max_stale_s
        self._shelf = Shelf()
        cache: Cache | None = None
        self._reports: Reports | None = None
        source: Source
        self._verifier = None if verify_keys is None else Verifier(verify_keys, clock)
        if url.startswith(FOLDER):
            _check_unsigned(verify_keys)
            self._environment = check_environment(environment or "local")
            source = Folder(Path(url.removeprefix(FOLDER)))
            fetcher = None
        else:
            self._environment = check_environment(environment or "")
            fetcher = Fetcher(url, token or "", timeout_s, tls)
            _warn_of_plain_text(url)
            source = Registry(
                fetcher, self._environment, self._verifier, repository or ""
            )
            self._reports = reports_to(fetcher, self._environment)
            if cache_dir is not None:
                place = Path(cache_dir), url.rstrip("/"), self._environment
                cache = Cache(*place, self._verifier, repository or "")
        self._keeper = Keeper(
            self._shelf, source, cache, self._environment, max_stale_s, self._reports
        )
        self._refreshing: Refreshing | None = None
        if refresh == "background":
            self._refreshing = Refreshing(
                self._keeper, poll_s, ask=self._round, between=self._report
            )
            if events and fetcher is not None:
                self._refreshing.listen_to(fetcher, self._environment)
        _CLIENTS.add(self)

    def bot(self, name: str) -> Bundle:
        """Return what is live for a bot; a conversation keeps it.

        Raises:
            Deleted: The bot was deleted.
            TooStale: Nobody has confirmed it within `max_stale_s`.
            RegistryUnavailable: It was never read, and cannot be now.
            Unsupported: It needs more than this installation has.
        """
        try:
            bundle, until = self._shelf.bots[name]
        except KeyError:
            self._first(BOTS, name)
            return self.bot(name)
        if until is not None and time.monotonic() > until:
            raise self._too_stale(BOTS + name)
        return bundle

    def prompt(self, name: str) -> Prompt:
        """Return one live prompt by itself.

        Raises:
            Deleted: The prompt was deleted.
            Misconfigured: The client has keys: only bots are signed.
            TooStale: Nobody has confirmed it within `max_stale_s`.
            RegistryUnavailable: It was never read, and cannot be now.
            Unsupported: It needs more than this installation has.
        """
        try:
            prompt, until = self._shelf.prompts[name]
        except KeyError:
            self._first(PROMPTS, name)
            return self.prompt(name)
        if until is not None and time.monotonic() > until:
            raise self._too_stale(PROMPTS + name)
        return prompt

    def continues(self, bundle: Bundle) -> bool:
        """Whether a conversation may go on with the *bundle* that it keeps.

        False once the bot was stopped after it, what it says was recalled, the
        bot was deleted, or nobody has confirmed anything within `max_stale_s`.
        Then end the conversation, or go on with what `bot` returns or raises.

        Raises:
            RegistryUnavailable: This client has never read the bot, and cannot.
        """
        try:
            live = self.bot(bundle.name)
        except (Deleted, TooStale):
            return False
        return (bundle.epoch, bundle.seq) >= (live.epoch, live.floor)

    def refresh(self) -> Health:
        """Ask now for everything that was read before, and wait for the answers.

        What waits to be reported is sent as well. An outage is no error: it is in
        the result, and the last good copies stay.
        """
        self._round(all_reports=True)
        return self.health()

    def health(self) -> Health:
        listens = self._refreshing is not None and self._refreshing.connected
        return replace(self._keeper.health(), events=listens)

    @property
    def stale_s(self) -> float | None:
        """Seconds since the registry last confirmed all that this client serves."""
        return self._keeper.health().stale_s

    def close(self) -> None:
        """Stop refreshing, and end connections; reading then raises `Closed`.

        In the background what waits to be reported is sent first, if it can be.
        Bundles and prompts that were read stay usable.
        """
        if self._refreshing is not None:
            self._refreshing.stop()
            if self._reports is not None:
                self._reports.send(all_of_them=True)
        self._keeper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<placet.Client {self._url} {self._environment}>"

    def _first(self, kind: str, name: str) -> None:
        if kind == PROMPTS and self._verifier is not None:
            raise Misconfigured(
                "a prompt by itself is not signed",
                hint="Read it with its bot: `client.bot(...).prompt(...)`.",
            )
        is_confirmed = self._keeper.first(kind + check_name(name))
        if self._refreshing is not None:
            self._refreshing.start(now=not is_confirmed)

    def _too_stale(self, ref: str) -> TooStale:
        return TooStale(f"{ref} was not confirmed for {self._max_stale_s:g} seconds")

    def _round(self, *, all_reports: bool = False) -> None:
        if self._keeper.round():
            self._report(all_of_them=all_reports)

    def _report(self, *, all_of_them: bool = False) -> None:
        if self._reports is not None:
            self._reports.send(all_of_them=all_of_them)

    def _reopen_in_child(self) -> None:
        if self._reports is not None:
            self._reports.reopen_in_child()
        self._keeper.reopen_in_child()
        if self._refreshing is not None:
            self._refreshing.restart_in_child()


def _check_unsigned(verify_keys: Sequence[str] | None) -> None:
    if verify_keys is not None:
        raise Misconfigured(
            "a folder is not signed",
            hint="Leave `verify_keys` out where there is no server.",
        )


def _check_seconds(**numbers: float | None) -> None:
    for name, value in numbers.items():
        if value is not None and not value > 0:
            raise Misconfigured(f"`{name}` is not a number of seconds above 0")


def _warn_of_plain_text(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in {
        "localhost",
        "127.0.0.1",
        "::1",
    }:
        _log.warning("the token is sent without encryption: %s is not https", url)


_CLIENTS: WeakSet[Client] = WeakSet()


def _after_fork() -> None:
    for client in list(_CLIENTS):
        client._reopen_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
