"""What told.py is made of: one event as a row, and rows that belong together.

Everything is taken from events.  Where the registry's rules concluded something that
stands in no event, it is taken as it is told; `CONCLUDED` names all of that.
"""

import json
from typing import Any

CONCLUDED = (
    "which votes and checks count, and which requirements were met by whom",
    "which act completed an approval, and in which change a live text was agreed to",
    "what stands as status, and what became of what went live",
    "that nothing is missing of who held what, which policies were in force, what was "
    "live, what bots were told and what stood open",
    "when clients were last seen, which is in no event",
)
LATER: Any = (None, [], "", False, 0, 60, 72)
"""What fields mean that older events lack."""

NOT_APPROVED = (
    "It needed no agreement beforehand.",
    "It was not agreed to when it went live.",
)
ASKED = ("by", "count", "documents", "met", "requirement", "seat")


NOTHING = "\0"
"""What stands in JSON for a member that is not there; nobody writes it."""


class Wrong(Exception):
    """Something does not hold; the text names the file."""


def act(events: Any, number: Any) -> Any:
    """What a row says of the event with this number."""
    if number not in events:
        raise Wrong(f"evidence.json: it names event {number}, which is not here")
    event = events[number]
    actor, payload = event["actor"], event["payload"]
    words = [payload[name] for name in ("reason", "text", "note") if name in payload]
    return {
        "event": number,
        "event_digest": event["digest"],
        "type": event["type"],
        "at": event["at"],
        "by": actor["handle"],
        "via": actor["via"],
        "roles": actor["roles"],
        "seats": actor["seats"],
        "limits": actor.get("limits", []),
        "password_reset_at": actor.get("reset_at"),
        "environment": payload.get("environment"),
        "change": payload.get("change"),
        "seq": payload.get("seq"),
        "what": event["message"].split("\n")[0],
        "answers": payload.get("proposed"),
        "reason": next(filter(None, words), ""),
    }


def row(events: Any, told: Any) -> Any:
    """The same for a row that is told; there may be none."""
    return told and act(events, told["event"])


def acts(events: Any, types: Any, **members: Any) -> Any:
    """Every event of these types that is here, and whose payload has these members."""
    return [
        act(events, number)
        for number, event in sorted(events.items())
        if event["type"] in types
        and all(event["payload"].get(name) == want for name, want in members.items())
    ]


def went_live(number: int, told: Any, events: Any) -> Any:
    payload, times = events[number]["payload"], told["times"]
    approved = row(events, times["approved"])
    why = f"{approved['what']} ({approved['by']})" if approved else None
    if why is None and times["approved_told"] in NOT_APPROVED:
        why = times["approved_told"]
    if approved and approved["event"] >= number:
        raise Wrong(f"evidence.json: event {number} was not approved by a later one")
    return {
        "act": act(events, number),
        "documents": [
            f"{one['document']} {one['version']} {one['digest']}"
            for one in payload.get("documents", [])
        ],
        "deleted": payload.get("deleted", []),
        "incident": (payload.get("ratification") or {}).get("incident"),
        "restored": payload.get("restored"),
        "times": {
            "approved": approved,
            "approved_told": why,
            "live": events[number]["at"],
            "last_seen_before": times["last_seen_before"],
        },
        "asked": asked(told["asked"]),
    }


def asked(told: Any) -> Any:
    """Requirements, as the registry's rules found them."""
    return [{name: one[name] for name in ASKED} for one in told]


def judged(number: int, events: Any) -> Any:
    """Every vote on a ratification, and when one of them decided it."""
    votes = acts(events, ("judged",), ratification=number)
    ends = [one["at"] for one in votes if events[one["event"]]["payload"]["outcome"]]
    return votes, next(iter(ends), None)


def in_force(told: Any, events: Any) -> Any:
    """A policy, which the event has that began it."""
    since, until = row(events, told["since"]), row(events, told["until"])
    payload = events[since["event"]]["payload"]
    begun = [payload, *payload.get("environments", [])]
    digests = [
        one["digest"]
        for one in begun
        if one.get("environment") == told["environment"] and "digest" in one
    ]
    if since["type"] not in ("registry-created", "policy-activated") or not digests:
        raise Wrong(f"evidence.json: the policy that event {since['event']} began")
    if until and (until["type"], until["environment"]) != (
        "policy-activated",
        told["environment"],
    ):
        raise Wrong(f"evidence.json: the policy that event {until['event']} ended")
    return {
        "environment": told["environment"],
        "digest": digests[0],
        "since": since,
        "until": until,
    }


def held(told: Any, events: Any) -> Any:
    """Who held something, as the event says that gave it."""
    since, until = row(events, told["since"]), row(events, told["until"])
    payload, name = events[since["event"]]["payload"], told["held"]
    given = person(payload, told["handle"])
    kind = "seat" if name in given["seats"] else "role"
    if not given["active"] or name not in [*given["seats"], *given["roles"]]:
        raise Wrong(f"evidence.json: who holds what from event {since['event']}")
    if until:
        person(events[until["event"]]["payload"], told["handle"])
    limits = [one for one in given.get("limits", []) if one["held"] == name]
    return {
        "handle": told["handle"],
        "held": name,
        "kind": kind,
        "limit": limits[0] if limits else None,
        "since": since,
        "asked": act(events, since["answers"]) if since["answers"] else None,
        "until": until,
    }


def person(payload: Any, handle: str) -> Any:
    for one in [payload.get("person"), *payload.get("people", [])]:
        if one and one["handle"] == handle:
            return one
    raise Wrong(f"evidence.json: an event that is not about {handle}")


def filled(event: Any, told: Any) -> Any:
    """What an event says, with the members that older ones lack, as they are told."""
    if isinstance(event, dict) and isinstance(told, dict):
        later = {k: v for k, v in told.items() if k not in event and v in LATER}
        return {**later, **{k: filled(v, told.get(k)) for k, v in event.items()}}
    if isinstance(event, list) and isinstance(told, list) and len(event) == len(told):
        return [filled(one, each) for one, each in zip(event, told)]  # noqa: B905 # Python 3.9
    return event


def paired(made: Any, told: Any) -> Any:
    """What is told beside the event of each; all of them, and in their order."""
    if [one["event"] for one in made] != [one["act"]["event"] for one in told]:
        raise Wrong(
            "evidence.json: a row of an event that is here is missing, or twice"
        )
    return zip(made, told)  # noqa: B905 # Python 3.9


def difference(told: Any, made: Any, where: str, event: Any) -> Any:
    """Where the two first differ, in words; None if they do not."""
    if json.dumps(told, sort_keys=True) == json.dumps(made, sort_keys=True):
        return None
    for name, one, other in members(told, made):
        if NOTHING in (one, other):
            return f"{where}{name} is {'missing' if one == NOTHING else 'not known'}"
        about = event
        if isinstance(made, dict):
            about = made.get("event", (made.get("act") or {}).get("event", event))
        found = difference(one, other, f"{where}{name}.", about)
        if found is not None:
            return found
    of = "the events say" if event is None else f"event {event} says"
    return f"{where.rstrip('.')} is not what {of}"


def members(told: Any, made: Any) -> Any:
    """What two values have in the same places; none where they cannot be compared."""
    if isinstance(told, dict) and isinstance(made, dict):
        for name in sorted({*told, *made}):
            yield name, told.get(name, NOTHING), made.get(name, NOTHING)
    if isinstance(told, list) and isinstance(made, list) and len(told) == len(made):
        for number, one in enumerate(told):
            yield number, one, made[number]
