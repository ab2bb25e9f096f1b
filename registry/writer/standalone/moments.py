"""The evidence of a moment, made again from the events that are here."""

from datetime import datetime
from typing import Any

from rows import (  # type: ignore[import-not-found]
    Wrong,
    asked,
    filled,
    held,
    in_force,
    row,
    went_live,
)


def of_moment(told: Any, events: Any, size: int) -> Any:
    at, place = moment(told["at"]), told["environment"]
    last, following = row(events, told["last"]), row(events, told["following"])
    after = following["event"] if following else size + 1
    if not (
        moment(last["at"]) <= at
        and last["event"] + 1 == after
        and (following is None or moment(following["at"]) > at)
    ):
        raise Wrong("evidence.json: which event was the last one up to then")
    moved = row(events, told["moved"])
    policy = in_force(told["policy"], events)
    documents = [live_then(one, events) for one in told["documents"]]
    evidence = {
        "environment": place,
        "at": told["at"],
        "seq": moved["seq"],
        "moved": moved,
        "last": last,
        "following": following,
        "policy": policy,
        "documents": documents,
        "bots": [bot(one, events) for one in told["bots"]],
        "stops": [stop(one, events) for one in told["stops"]],
        "ratifications": [open_then(one, events) for one in told["ratifications"]],
        "holders": [held(one, events) for one in told["holders"]],
    }
    check_place(evidence)
    return evidence, {
        policy["digest"],
        *(one["document"]["digest"] for one in documents),
    }


def check_place(made: Any) -> None:
    """All of it is of one environment, and of the time up to the moment."""
    here = [made["moved"], *(one["brought"]["act"] for one in made["documents"])]
    here += [one["since"] for one in made["stops"]]
    here += [one["act"] for one in made["bots"] + made["ratifications"]]
    places = {one["environment"] for one in here} | {made["policy"]["environment"]}
    if places != {made["environment"]}:
        raise Wrong(f"evidence.json: something is not of {made['environment']}")
    if max(one["event"] for one in here) > made["last"]["event"]:
        raise Wrong("evidence.json: something happened later")


def stop(told: Any, events: Any) -> Any:
    payload = events[told["since"]["event"]]["payload"]
    return {
        "bot": payload["bundle"]["bot"],
        "reason": payload["reason"],
        "since": row(events, told["since"]),
    }


def open_then(told: Any, events: Any) -> Any:
    payload = events[told["act"]["event"]]["payload"]
    return {
        "act": row(events, told["act"]),
        "status": told["status"],
        "due": payload["ratification"]["due"],
    }


def live_then(told: Any, events: Any) -> Any:
    brought = went_live(told["brought"]["act"]["event"], told["brought"], events)
    number = brought["act"]["event"]
    named = [
        one
        for one in events[number]["payload"]["documents"]
        if one["document"] == told["document"]["document"]
    ]
    if not named:
        raise Wrong(f"evidence.json: what event {number} brought")
    return {
        "document": filled(named[0], told["document"]),
        "since": brought["act"]["seq"],
        "brought": brought,
        "agreed_in": brought["act"]["change"] or told["agreed_in"],
        "agreed": asked(told["agreed"]),
    }


def bot(told: Any, events: Any) -> Any:
    found = row(events, told["act"])
    payload = events[found["event"]]["payload"]
    bundles = payload.get("bundles") or [payload["bundle"]]
    named = [one for one in bundles if one["bot"] == told["bot"]]
    if not named:
        raise Wrong(f"evidence.json: what event {found['event']} told {told['bot']}")
    return {
        "bot": told["bot"],
        "bundle": named[0]["bundle"],
        "since": found["seq"],
        "act": found,
    }


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
