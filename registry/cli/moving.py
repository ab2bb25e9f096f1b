"""`placet stop`, `resume` and `recall`."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import asking, screen
from registry.cli.changes import tell_opened
from registry.cli.options import (
    AsJson,
    At,
    Bot,
    Digests,
    Environment,
    ExpectedSeq,
    Reason,
    Yes,
)
from registry.cli.session import connect
from registry.cli.times import parse_schedule
from registry.errors import Invalid, NotAllowed, RegistryError

if TYPE_CHECKING:  # slow to import
    from registry.remote import Remote
    from registry.remote.changes import Done
    from registry.remote.documents import LiveUse, Recalled


def stop(
    environment: Environment,
    bot: Bot,
    reason: Reason = "",
    yes: Yes = False,  # noqa: ARG001
    as_json: AsJson = False,
) -> None:
    """Have a bot answer with its fallback, at once, until it is resumed.

    It takes the bot's owner, deputy or on-call, an operator, or any seat-holder.
    It never asks first, with --yes or without: somebody is in a hurry.

    Examples:
      placet stop production acme-air/support --reason "It promises refunds"
    """
    reason = asking.given_reason(reason, "stop it")
    with connect() as remote:
        done = remote.environments.stop(environment, bot_name(bot), reason)
        tell_done(done, f"Stopped {bot_name(bot)}", as_json=as_json)
        again = f"placet resume {environment} {bot_name(bot)}"
        screen.note(f"To bring it back, an author or operator proposes it: {again}")
        _tell_asked(remote, environment, bot_name(bot))


def _tell_asked(remote: "Remote", environment: str, bot: str) -> None:
    """Whom it takes to bring it back; it is stopped, whoever may read that."""
    try:
        found = remote.environments.preview_resumption(environment, bot)
    except NotAllowed:
        return
    except RegistryError as error:
        screen.note(screen.line(f"It cannot come back as it is: {error}"), "yellow")
        return
    for one in found.requirements:
        style = "yellow" if one.stalled else ""
        screen.note(screen.line(f"  {one.name}: {one.why}"), style)
    if found.is_stalled:
        screen.note("As things stand nobody could bring it back.", "yellow")


def resume(
    environment: Environment,
    bot: Bot,
    title: Annotated[
        str | None, typer.Option("--title", help="What the change is called.")
    ] = None,
    at: At = None,
    expected_seq: ExpectedSeq = None,
    as_json: AsJson = False,
) -> None:
    """Propose that a stopped bot answers again; it needs the environment's approval.

    Examples:
      placet resume production acme-air/support
      placet resume production acme-air/support --expected-seq 41
      placet resume production acme-air/support --at 2026-12-01T08:00
    """
    title = title or f"Resume {bot_name(bot)}"
    earliest = parse_schedule(at)
    with connect() as remote:
        change = remote.environments.resume(
            environment,
            bot_name(bot),
            title,
            earliest=earliest,
            expected_seq=expected_seq,
        )
    tell_opened(change, as_json=as_json)
    screen.note(
        f"It says its fallback until that is agreed to and made live: placet activate "
        f"{change.id}"
    )


def recall(
    digest: Annotated[
        str | None, typer.Argument(metavar="DIGEST", help="sha256: and 64 digits.")
    ] = None,
    reason: Reason = "",
    listed: Annotated[
        bool, typer.Option("--list", help="What was recalled, and where it is live.")
    ] = False,
    yes: Yes = False,
    digests: Digests = False,
    as_json: AsJson = False,
) -> None:
    """Say that a text is harmful: it can never be activated again, by anyone.

    A recall takes nothing away by itself. It lists where the text is live still;
    stop the bots there, or roll them back. `placet asof ENV --digests` lists
    the digests that are live. There is no way back, so it asks first.

    Examples:
      placet recall sha256:0f3c... --reason "Names a customer"
      placet recall sha256:0f3c... --reason "Names a customer" --yes
      placet recall --list
    """
    if listed == (digest is not None):
        raise Invalid(
            "a recall is of one digest",
            hint="Give a digest, or --list to see those that were recalled.",
        )
    if digest is not None:
        reason = asking.given_reason(reason, "recall it")
        asking.confirm(f"Recall {digest}, for good?", yes=yes)
    with connect() as remote:
        if digest is None:
            found = list(remote.recalls.list())
        else:
            found = [remote.recalls.recall(digest, reason)]
    if as_json:
        screen.print_json(found)
        return
    if not found:
        screen.note("Nothing was recalled.")
        return
    _show_recalled(found, str if digests else screen.short)


def _show_recalled(found: list["Recalled"], shown: Callable[[str], str]) -> None:
    rows = [
        (
            shown(one.digest),
            one.reason,
            live.environment,
            live.document,
            ", ".join(live.bots),
        )
        for one in found
        for live in one.live
    ] + [
        (shown(one.digest), one.reason, "nowhere", "", "")
        for one in found
        if not one.live
    ]
    screen.show(screen.table(("digest", "reason", "live in", "as", "bots"), rows))
    for one in found:
        for live in one.live:
            _show_ways_off(live)
    gone = {one.digest for one in found}
    for one in found:
        _show_itself(one, gone)


def _show_itself(recalled: "Recalled", gone: set[str]) -> None:
    """A text as served is one composition: the document itself may come back.

    Args:
        gone: What was recalled, as far as it is shown.
    """
    for served in recalled.served_for:
        if served.digest in gone:
            continue
        screen.say()
        screen.say(
            f"{screen.short(recalled.digest)} is {served.document} {served.version} as "
            "it was served, with what it included then. The document itself is another "
            "digest: recall that to keep it out everywhere:"
        )
        screen.say(f"  placet recall {served.digest} --reason 'WHY'")


def _show_ways_off(live: "LiveUse") -> None:
    """The commands that have a chatbot say it no more, the quickest first."""
    screen.say()
    screen.say(f"{live.document} in {live.environment}:", "bold")
    for bot in live.answering:
        screen.say(f"  placet stop {live.environment} {bot} --reason 'It was recalled'")
    for bot in live.bots:
        if bot not in live.answering:
            screen.say(f"  bots/{bot} is stopped already")
    if live.back_to is None:
        screen.say(
            f"  placet pull {live.environment} {live.document} --to work/"
            "   then edit, and placet submit work/"
        )
        return
    screen.say(
        f"  placet rollback {live.environment} --document {live.document} "
        f"--to {live.back_to} --reason 'It was recalled'"
    )


def ref_of(text: str) -> str:
    """*text* as a document; a name without a kind is a bot's."""
    plurals = {"bots", "prompts", "fragments", "guardrails", "bindings", "glossaries"}
    return text if text.partition("/")[0] in plurals else f"bots/{text}"


def bot_name(bot: str) -> str:
    """*bot* without the kind, which people may write or leave out."""
    return bot.removeprefix("bots/")


def tell_done(done: "Done", what: str, *, as_json: bool) -> None:
    """Print what happened, and where the environment is now."""
    if as_json:
        screen.print_json(done)
    else:
        screen.say(f"{what}: {done.environment} is at seq {done.seq}.")


def tell_stopped(remote: "Remote", environment: str, touched: Collection[str]) -> None:
    """What goes live has no stopped bot answer again, which one may expect of it.

    Args:
        touched: Every document that reads differently now.
    """
    try:
        bots = remote.environments.live(environment).bots
    except RegistryError as error:
        untold("which bots are stopped still", error)
        return
    for bot in bots:
        if bot.stopped and f"bots/{bot.bot}" in touched:
            again = f"placet resume {environment} {bot.bot}"
            screen.note(
                f"{bot.bot} is stopped still; propose that it answers again: {again}",
                "yellow",
            )


def untold(what: str, error: RegistryError) -> None:
    """Say that something could not be told: it keeps nobody from acting."""
    screen.note(screen.line(f"  {what} could not be told: {error}"), "yellow")


def tell_to_ratify(done: "Done") -> None:
    """Say so if people are asked to agree to it afterwards."""
    if done.ratification is not None:
        told = f"placet ratifications {done.ratification}"
        screen.note(f"It has to be ratified by others: {told}")
