"""If it were live: what would be served of a document, or told a bot, after a change.

* An open change is laid over what is live now, stale or not: what else went live since
  it was made is in it.
* A change that is decided has nothing more to try: what came of it was live, or was
  never to be.
* A stopped bot says its fallback, whatever would go live, but for the change that lets
  it answer again.  What lies beneath the stop can be read without such a change.
"""

from registry.changes import Change
from registry.composition import Composed, compose, compose_bundle
from registry.effects import Documents, overlay, stopped_reason
from registry.errors import Conflict, NotFound, NotOpen
from registry.going_live import replacements_of
from registry.names import Kind, Ref, kind_of, name_of
from registry.state import Environment


def served_if_live(
    environment: Environment, change: Change, documents: Documents, name: Ref
) -> Composed:
    """What would be served of *name*; of a bot its bundle.

    Raises:
        NotOpen: The change is decided.
        NotFound: There would be no such document.
        InvalidDocument: What is live by now does not go with the change.
    """
    if change.outcome is not None:
        raise NotOpen(
            f"change {change.id} was {change.outcome}, so that there is nothing to try",
            hint="Read what was live, with `?seq=` or `?at=`.",
        )
    get = overlay(environment, replacements_of(change.revision, documents), documents)
    try:
        document = get(name)
    except NotFound:
        raise NotFound(
            f"{name} would not be live in {environment.name} with change {change.id}",
            hint="Check the spelling; `placet show CHANGE` lists what it touches.",
        ) from None
    if kind_of(name) is not Kind.BOT:
        return compose(name, get)
    resumption = change.revision.resumption
    answers = resumption is not None and resumption.bot == name_of(name)
    stopped = None if answers else stopped_reason(environment, name_of(name))
    return compose_bundle(document, lambda ref: compose(ref, get), stopped=stopped)


def served_beneath(
    environment: Environment, documents: Documents, bot: Ref
) -> Composed:
    """The bundle that a stopped bot would be told if it answered again now.

    Raises:
        NotFound: It is not live.
        Conflict: It is not stopped.
    """
    held = environment.bots.get(name_of(bot)) if bot in environment.live else None
    if held is None:
        raise NotFound(
            f"{bot} is not live in {environment.name}",
            hint=f"`placet asof {environment.name}` shows what is.",
        )
    if held.told.stopped is None:
        raise Conflict(f"{bot} is not stopped", hint="Read what is live.")
    get = overlay(environment, {}, documents)
    return compose_bundle(get(bot), lambda ref: compose(ref, get), stopped=None)
