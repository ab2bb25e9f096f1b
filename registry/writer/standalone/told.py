"""What verify.py compares: evidence.json, made again from the events that are here.

What is told has to come out the same, word for word, but for `rows.CONCLUDED`.
"""

from typing import Any

from moments import moment, of_moment  # type: ignore[import-not-found]
from rows import (  # type: ignore[import-not-found]
    Wrong,
    act,
    acts,
    asked,
    difference,
    filled,
    held,
    in_force,
    judged,
    paired,
    row,
    went_live,
)

LISTS = {
    "activations": ("activated",),
    "policy changes": ("policy-activated",),
    "stops": ("stopped",),
    "resumptions": ("resumed",),
    "recalls": ("recalled",),
    "votes": ("voted",),
    "vetoes cleared": ("veto-cleared",),
    "votes on ratifications": ("judged",),
    "waivers": ("check-waived",),
    "people changes": (
        "registry-created", "person-set", "person-proposed", "person-refused",
    ),
    "proposals": ("submitted", "revised"),
    "changes that ended": ("closed",),
    "check results": ("check-attached",),
    "conditions met": ("condition-met",),
    "certifications": ("certified",),
    "comments": ("commented",),
    "restored backups": ("epoch-raised",),
}  # fmt: skip
PARTS: Any = {
    "emergencies": lambda p: (p.get("ratification") or {}).get("incident"),
    "rollbacks": lambda p: p.get("restored") is not None,
    "vetoes": lambda p: p.get("verdict") == "veto",
    "rejections": lambda p: p.get("verdict") == "reject",
    "requests for changes": lambda p: p.get("verdict") == "ask-for-changes",
}
PARTS_OF = {
    "activations": ("emergencies", "rollbacks"),
    "votes": ("vetoes", "rejections", "requests for changes"),
}
EVERY = sum(LISTS.values(), ())
WENT_LIVE = ("activated", "policy-activated", "resumed")
ASKED_FOR = {
    "change": ("change",),
    "moment": ("environment", "at"),
    "period": ("environment", "begin", "end"),
}


def check(told: Any, events: Any, ledger: Any) -> None:
    """Compare all of evidence.json.

    Args:
        ledger: What the checkpoint says.

    Raises:
        Wrong: It says something else than the events.
    """
    kind, evidence = told["kind"], told["evidence"]
    make = {"change": of_change, "moment": of_moment, "period": of_period}[kind]
    made, texts = make(evidence, events, ledger["events"])
    whole = {
        "format": "placet-evidence-1",
        "kind": kind,
        "question": {name: evidence[name] for name in ASKED_FOR[kind]},
        "ledger": ledger,
        "evidence": made,
        "events": sorted(events),
        "texts": {one: f"texts/{one.split(':')[1]}.yaml" for one in texts},
    }
    where = difference(told, whole, "", None)
    if where is not None:
        raise Wrong(f"evidence.json: {where}")


# A change


def of_change(told: Any, events: Any, _: int) -> Any:
    number = told["change"]
    every = acts(events, EVERY, change=number)
    said = {one["event"]: events[one["event"]]["payload"] for one in every}
    made = [one for one in every if one["type"] in LISTS["proposals"]]
    if not made:
        raise Wrong(f"evidence.json: change {number} is not proposed here")
    evidence = {
        "change": number,
        "environment": made[0]["environment"],
        "type": said[made[0]["event"]]["type"],
        "title": said[made[-1]["event"]]["revision"]["title"],
        "status": told["status"],
        "contributors": sorted(
            {who for one in said.values() for who in one.get("contributors", ())}
        ),
        "revisions": [
            revision(one, said[one["event"]], each)
            for one, each in paired(made, told["revisions"])
        ],
        "policies": [in_force(one, events) for one in told["policies"]],
        "asked": asked(told["asked"]),
        "votes": [
            vote(one, said[one["event"]], each, events)
            for one, each in paired(of(every, "voted"), told["votes"])
        ],
        "checks": [
            attached(one, said[one["event"]], each)
            for one, each in paired(of(every, "check-attached"), told["checks"])
        ],
        "waivers": [
            waived(one, said[one["event"]]) for one in of(every, "check-waived")
        ],
        "comments": of(every, "commented"),
        **became(told, every, events),
        "acts": every,
    }
    return evidence, {
        *(one["digest"] for one in evidence["policies"]),
        *(text for one in evidence["revisions"] for text in texts_of(one["revision"])),
    }


def became(told: Any, every: Any, events: Any) -> Any:
    """How it went live, if it did, and what became of it then."""
    live = [one["event"] for one in every if one["type"] in WENT_LIVE][:1]
    if bool(live) != bool(told["live"]):
        raise Wrong(f"evidence.json: whether change {told['change']} went live")
    after = told["ratification"]
    return {
        "live": went_live(live[0], told["live"], events) if live else None,
        "ratification": ratification(live[0], after, events) if live else None,
        "fate": [
            {"part": one["part"], "told": one["told"], "act": row(events, one["act"])}
            for one in told["fate"]
        ],
    }


def revision(one: Any, said: Any, told: Any) -> Any:
    return {"act": one, "revision": filled(said["revision"], told["revision"])}


def of(every: Any, type_: str) -> Any:
    return [one for one in every if one["type"] == type_]


def vote(one: Any, said: Any, told: Any, events: Any) -> Any:
    met = row(events, told["met"])
    about = met and (events[met["event"]]["payload"].get("voter"), met["change"])
    if met and about != (one["by"], one["change"]):
        raise Wrong(f"evidence.json: who met the condition of event {one['event']}")
    return {
        "act": one,
        "revision": said["revision"],
        "review_digest": said["review_digest"],
        "verdict": said["verdict"],
        "seat": said["seat"],
        "counts": told["counts"],
        "condition": said.get("condition"),
        "met": met,
    }


def attached(one: Any, said: Any, told: Any) -> Any:
    return {
        "act": one,
        "revision": said["revision"],
        "counts": told["counts"],
        "result": filled(said["result"], told["result"]),
    }


def waived(one: Any, said: Any) -> Any:
    names = ("check", "revision", "expires")
    return {"act": one, **{name: said[name] for name in names}}


def ratification(number: int, told: Any, events: Any) -> Any:
    opened = events[number]["payload"].get("ratification")
    if not opened:
        return None
    votes, closed = judged(number, events)
    return {
        "opened": filled(opened, told["opened"]),
        "votes": votes,
        "status": told["status"],
        "closed_at": closed,
    }


def texts_of(revision: Any) -> Any:
    for edit in revision["edits"]:
        yield from (edit["digest"],) if edit["digest"] else ()
        yield from (edit["base"]["digest"],) if edit["base"] else ()
    if revision["proposed_policy"]:
        yield revision["proposed_policy"]["digest"]


# A period


def of_period(told: Any, events: Any, size: int) -> Any:
    first, last, place = told["first"], told["last"], told["environment"]
    inside = range(first, last + 1)
    if not set(inside) <= set(events):
        raise Wrong("evidence.json: events of the period are missing")
    begin, end = moment(told["begin"]), moment(told["end"])
    for number in range(max(1, first - 1), min(size, last + 1) + 1):
        if (begin <= moment(events[number]["at"]) < end) != (number in inside):
            raise Wrong(f"evidence.json: whether event {number} is in the period")
    of_place = {n: events[n]["payload"].get("environment") for n in inside}
    wanted = [n for n in inside if place is None or of_place[n] in (None, place)]
    here = {number: events[number] for number in wanted}
    live = acts(here, WENT_LIVE)
    opened = [n for n in wanted if events[n]["payload"].get("ratification")]
    opened = [n for n in opened if events[n]["type"] == "activated"]
    evidence = {
        "environment": place,
        "begin": told["begin"],
        "end": told["end"],
        "first": first,
        "last": last,
        "events": len(wanted),
        "elsewhere": len(inside) - len(wanted),
        "lists": list(lists(here)),
        "live": [
            went_live(one["event"], each, events)
            for one, each in paired(live, told["live"])
        ],
        "ratifications": [
            to_ratify(one["event"], each, events)
            for one, each in paired(
                [act(events, n) for n in opened], told["ratifications"]
            )
        ],
        "policies": [in_force(one, events) for one in told["policies"]],
        "holders": [held(one, events) for one in told["holders"]],
    }
    return evidence, {one["digest"] for one in evidence["policies"]}


def lists(here: Any) -> Any:
    for name, types in LISTS.items():
        found = acts(here, types)
        yield {"name": name, "of": None, "count": len(found), "acts": found}
        for part in PARTS_OF.get(name, ()):
            some = [o for o in found if PARTS[part](here[o["event"]]["payload"])]
            yield {"name": part, "of": name, "count": len(some), "acts": some}


def to_ratify(number: int, told: Any, events: Any) -> Any:
    opened = events[number]["payload"]["ratification"]
    votes, closed = judged(number, events)
    return {
        "act": act(events, number),
        "incident": opened["incident"],
        "due": opened["due"],
        "status": told["status"],
        "closed_at": closed,
        "votes": votes,
    }
