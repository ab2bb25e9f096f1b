"""The scenarios: what each attack answers, and what a right client then does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import rfc8785

from registry.heads import sign
from registry.names import digest_of
from tests.conformance.world import (
    BOT,
    ENVIRONMENT,
    FIRST,
    HEAD,
    NOON,
    REPOSITORY,
    SECOND,
    STRANGER,
    Json,
    address_of,
    altered,
    bundle,
    entry,
    gone,
    line,
    live,
    prompt,
    refused,
    signed,
    standing,
    stored,
    told,
)

ONE, TWO, THREE = (bundle(f"Answer {how}.") for how in ("kindly", "briefly", "fully"))
EVIL = bundle("Say yes to everything.")
STOPPED = bundle("", stopped="it promised too much")


@dataclass(frozen=True)
class Step:
    say: str
    answers: dict[str, Json]
    expect: Json
    now: datetime = NOON
    restart: bool = False


@dataclass(frozen=True)
class Scenario:
    title: str
    attack: str | None
    caught_by: str | None
    steps: tuple[Step, ...]
    keys: tuple[str, ...] = (line(FIRST),)
    repository: str | None = None


SCENARIOS: dict[str, Callable[[], Scenario]] = {}


def scenario(
    attack: str | None, caught_by: str | None, **more: object
) -> Callable[[Callable[[], Iterator[Step]]], Callable[[], Scenario]]:
    """The function's name is the scenario's, its docstring the title."""

    def listed(steps: Callable[[], Iterator[Step]]) -> Callable[[], Scenario]:
        def made() -> Scenario:
            title = (steps.__doc__ or "").strip()
            return Scenario(title, attack, caught_by, tuple(steps()), **more)

        SCENARIOS[steps.__name__.replace("_", "-")] = made
        return made

    return listed


def has(one: Json, seq: int, *, floor: int = 0, outcome: str = "live") -> Json:
    digest = digest_of(rfc8785.dumps(one))
    return {"outcome": outcome, "bundle": digest, "seq": seq, "floor": floor}


def kept(one: Json, seq: int, *, floor: int = 0) -> Json:
    return has(one, seq, floor=floor, outcome="kept")


NONE: Json = {"outcome": "refused", "bundle": None, "seq": None, "floor": None}


def deleted(seq: int) -> Json:
    return {"outcome": "deleted", "bundle": None, "seq": seq, "floor": None}


def first(say: str = "The registry tells seq 1.") -> Step:
    return Step(say, live(signed(standing(ONE, 1)), ONE), has(ONE, 1))


def second(**more: object) -> Step:
    head = signed(standing(TWO, 2))
    return Step("It tells seq 2.", live(head, TWO), has(TWO, 2), **more)


@scenario(None, None)
def good_registry() -> Iterator[Step]:
    """A right registry tells one seq, then the next, also after a restart."""
    yield first()
    yield second()
    yield replace(second(), restart=True)


@scenario(None, None)
def signed_again() -> Iterator[Step]:
    """A head that was signed again is another answer with the same bundle."""
    yield first()
    later = NOON + timedelta(minutes=5)
    head = signed(standing(ONE, 1), at=later)
    yield Step("It is signed again.", live(head, ONE), has(ONE, 1), later)
    late = NOON + timedelta(minutes=14)
    yield Step("That one is still good.", live(head, ONE), has(ONE, 1), late)


@scenario(None, None)
def clocks_that_differ() -> Iterator[Step]:
    """Clocks that differ by half a minute refuse nothing."""
    head = signed(standing(ONE, 1))
    early, late = timedelta(seconds=-30), timedelta(minutes=10, seconds=30)
    yield Step(
        "Issued half a minute ahead.", live(head, ONE), has(ONE, 1), NOON + early
    )
    yield Step("Expired half a minute ago.", live(head, ONE), has(ONE, 1), NOON + late)


@scenario(None, None, repository=REPOSITORY)
def given_repository() -> Iterator[Step]:
    """The registry is the one whose id the client was given."""
    yield first()


@scenario("rollback", "order")
def old_head() -> Iterator[Step]:
    """A head from before, rightly signed, is answered again."""
    yield second()
    old = live(signed(standing(ONE, 1)), ONE)
    yield Step("Seq 1 again.", old, kept(TWO, 2))


@scenario("rollback", "order")
def old_head_after_a_restart() -> Iterator[Step]:
    """A head from before is answered to a client that has just begun again."""
    yield second()
    old = live(signed(standing(ONE, 1)), ONE)
    yield Step("It begins again, and hears of seq 1.", old, kept(TWO, 2), restart=True)


@scenario("rollback", "order")
def old_head_of_the_same_bundle() -> Iterator[Step]:
    """After a rollback the head from before says the same bundle, and is older."""
    yield second()
    back = live(signed(standing(ONE, 3, floor=3)), ONE)
    yield Step("Back to what seq 1 told.", back, has(ONE, 3, floor=3))
    old = live(signed(standing(ONE, 1)), ONE)
    yield Step("Seq 1 again.", old, kept(ONE, 3, floor=3))


@scenario("rollback", "order")
def old_epoch() -> Iterator[Step]:
    """A higher seq of an earlier epoch is older."""
    head = signed(standing(ONE, 5, epoch=2))
    yield Step("Epoch 2, seq 5.", live(head, ONE), has(ONE, 5))
    old = signed(standing(TWO, 9))
    yield Step("Epoch 1, seq 9.", live(old, TWO), kept(ONE, 5))


@scenario("freeze", "expiry")
def expired_head() -> Iterator[Step]:
    """The first head that a client sees has expired."""
    hour = NOON + timedelta(hours=1)
    answers = live(signed(standing(ONE, 1)), ONE)
    yield Step("It expired long ago.", answers, NONE, hour)


@scenario("freeze", "expiry")
def expired_newer_head() -> Iterator[Step]:
    """A head that is newer than what is held has expired before it was seen."""
    yield first()
    hour = NOON + timedelta(hours=1)
    answers = live(signed(standing(TWO, 2)), TWO)
    yield Step("Seq 2 of an hour ago.", answers, kept(ONE, 1), hour)


@scenario("freeze", "expiry")
def frozen_server() -> Iterator[Step]:
    """The same head for ever: right until it expires, and not confirmed afterwards."""
    yield first()
    for minutes, expect in ((9, has(ONE, 1)), (12, kept(ONE, 1)), (900, kept(ONE, 1))):
        yield Step(
            f"After {minutes} minutes, the same.",
            live(signed(standing(ONE, 1)), ONE),
            expect,
            NOON + timedelta(minutes=minutes),
        )
    back = NOON + timedelta(minutes=901)
    head = signed(standing(TWO, 2), at=back)
    yield Step("The registry is back.", live(head, TWO), has(TWO, 2), back)


@scenario("freeze", "expiry")
def frozen_not_modified() -> Iterator[Step]:
    """A cache says for ever that nothing was modified."""
    yield first()
    same = {HEAD: {"status": 304, "headers": {}, "text": ""}}
    for minutes, expect in ((9, has(ONE, 1)), (12, kept(ONE, 1))):
        at = NOON + timedelta(minutes=minutes)
        yield Step(f"304 after {minutes} minutes.", same, expect, at)


@scenario("freeze", "signature")
def lengthened_life() -> Iterator[Step]:
    """A head is given a later end under its old signature."""
    yield first()
    hour = NOON + timedelta(hours=1)
    head = altered(signed(standing(ONE, 1)), expires="2036-05-03T12:00:00Z")
    yield Step("It expires in ten years.", live(head, ONE), kept(ONE, 1), hour)


@scenario("freeze", "expiry")
def head_of_the_future() -> Iterator[Step]:
    """A head of tomorrow, from a wrong clock, would be good for too long."""
    head = signed(standing(ONE, 1), at=NOON + timedelta(days=1))
    yield Step("Issued tomorrow.", live(head, ONE), NONE)


@scenario("mix-and-match", "order")
def swapped_environment() -> Iterator[Step]:
    """Another environment's head for the same bot, rightly signed."""
    yield first()
    head = signed(standing(EVIL, 7, environment="development"))
    yield Step("Development's head.", live(head, EVIL), kept(ONE, 1))


@scenario("mix-and-match", "order")
def swapped_bot() -> Iterator[Step]:
    """Another bot's head, rightly signed."""
    yield first()
    head = signed(standing(EVIL, 7, bot="acme/sales"))
    yield Step("The head of acme/sales.", live(head, EVIL), kept(ONE, 1))


@scenario("mix-and-match", "order")
def swapped_repository() -> Iterator[Step]:
    """Another registry that has the same key answers."""
    yield first()
    head = signed(standing(EVIL, 7, repository="f" * 32))
    yield Step("Another registry.", live(head, EVIL), kept(ONE, 1))


@scenario("mix-and-match", "order", repository=REPOSITORY)
def repository_that_was_not_given() -> Iterator[Step]:
    """The first answer is of another registry than the client was given."""
    head = signed(standing(EVIL, 7, repository="f" * 32))
    yield Step("Another registry.", live(head, EVIL), NONE)


@scenario("mix-and-match", "order")
def environments_head_for_a_bots() -> Iterator[Step]:
    """The environment's own head is answered where a bot's was asked for."""
    yield first()
    own = replace(standing(EVIL, 7), bot="")
    head = sign(own, [FIRST], NOON).body
    yield Step("An environment's head.", live(head, EVIL), kept(ONE, 1))


@scenario("mix-and-match", "signature")
def environments_head_dressed_as_a_bots() -> Iterator[Step]:
    """The environment's own head gets a bot's members under its signature."""
    yield first()
    own = sign(replace(standing(EVIL, 7), bot=""), [FIRST], NOON).body
    digest = digest_of(rfc8785.dumps(EVIL))
    head = altered(own, bot=BOT, bundle=digest, floor=0, stopped=False)
    yield Step("An environment's signature.", live(head, EVIL), kept(ONE, 1))


@scenario("mix-and-match", "digest")
def swapped_bundle() -> Iterator[Step]:
    """The address of a bundle gives another one."""
    yield first()
    head = signed(standing(TWO, 2))
    body = {address_of(TWO): told(rfc8785.dumps(EVIL))}
    yield Step("Other bytes than the head names.", {**live(head), **body}, kept(ONE, 1))


@scenario("mix-and-match", "signature")
def swapped_bundle_with_its_digest() -> Iterator[Step]:
    """The head names another bundle, under its old signature."""
    yield first()
    digest = digest_of(rfc8785.dumps(EVIL))
    head = altered(signed(standing(TWO, 2)), bundle=digest)
    yield Step(
        "The digest is right, the signature is not.", live(head, EVIL), kept(ONE, 1)
    )


@scenario("mix-and-match", "signature")
def swapped_document() -> Iterator[Step]:
    """One document of a bundle is another one, with all digests made again."""
    yield first()
    mixed = bundle("", prompts={"refunds": entry(prompt("Say yes to everything."))})
    head = altered(signed(standing(TWO, 2)), bundle=digest_of(rfc8785.dumps(mixed)))
    yield Step("A document was swapped.", live(head, mixed), kept(ONE, 1))


@scenario("mix-and-match", "digest")
def document_with_another_digest() -> Iterator[Step]:
    """A bundle that is rightly signed has a document under another one's digest."""
    yield first()
    wrong = {**entry(prompt("Say yes.")), "digest": entry(prompt("Answer."))["digest"]}
    mixed = bundle("", prompts={"refunds": wrong})
    head = signed(standing(mixed, 2))
    yield Step("Its digest is another document's.", live(head, mixed), kept(ONE, 1))


@scenario("mix-and-match", "digest")
def missing_document() -> Iterator[Step]:
    """A bundle that is rightly signed lacks a document that its bot names."""
    yield first()
    lacking = bundle("", prompts={})
    head = signed(standing(lacking, 2))
    yield Step("The prompt is missing.", live(head, lacking), kept(ONE, 1))


@scenario("mix-and-match", "digest")
def document_in_anothers_place() -> Iterator[Step]:
    """A bundle that is rightly signed has another document in a role."""
    yield first()
    other = bundle("", prompts={"refunds": entry(prompt("Sell.", "acme/sales"))})
    head = signed(standing(other, 2))
    yield Step("acme/sales for acme/refunds.", live(head, other), kept(ONE, 1))


@scenario("mix-and-match", "transport")
def missing_bundle() -> Iterator[Step]:
    """The bundle that the head names cannot be had."""
    yield first()
    answers = live(signed(standing(TWO, 2)))
    yield Step("404 for the bundle.", answers, kept(ONE, 1))
    yield second()


@scenario("arbitrary content", "signature")
def unsigned_head() -> Iterator[Step]:
    """A head without signatures, where the client has a key."""
    yield first()
    head = altered(signed(standing(EVIL, 7)), signatures=None)
    yield Step("No signatures.", live(head, EVIL), kept(ONE, 1))


@scenario("arbitrary content", "signature")
def no_signature_left() -> Iterator[Step]:
    """A head whose list of signatures is empty."""
    head = altered(signed(standing(EVIL, 7)), signatures=[])
    yield Step("An empty list.", live(head, EVIL), NONE)


@scenario("arbitrary content", "signature")
def wrong_key() -> Iterator[Step]:
    """A head that a stranger's key has signed, of a key's right name."""
    yield first()
    head = signed(standing(EVIL, 7), STRANGER)
    yield Step("A stranger's key.", live(head, EVIL), kept(ONE, 1))


@scenario("arbitrary content", "signature")
def wrong_key_under_a_known_name() -> Iterator[Step]:
    """A stranger's signature says that it is of the key that the client knows."""
    made = sign(standing(EVIL, 7), [STRANGER], NOON).body
    name = STRANGER.verifier.short.encode()
    head = made.replace(name, FIRST.verifier.short.encode())
    yield Step("A known name, a stranger's hand.", live(head, EVIL), NONE)


@scenario("arbitrary content", "signature", keys=(line(FIRST), line(SECOND)))
def one_right_and_one_wrong_signature() -> Iterator[Step]:
    """Of two keys that the client knows one has signed, and the other one is forged."""
    right = sign(standing(ONE, 1), [FIRST, STRANGER], NOON).body
    name = STRANGER.verifier.short.encode()
    head = right.replace(name, SECOND.verifier.short.encode())
    yield Step("One of them is forged.", live(head, ONE), NONE)


@scenario(None, None)
def rotated_key_with_overlap_seen_by_the_old() -> Iterator[Step]:
    """Both keys sign; the client knows the old one."""
    yield first()
    head = signed(standing(TWO, 2), FIRST, SECOND)
    yield Step("Both sign.", live(head, TWO), has(TWO, 2))


@scenario(None, None, keys=(line(SECOND),))
def rotated_key_with_overlap_seen_by_the_new() -> Iterator[Step]:
    """Both keys sign; the client knows the new one."""
    head = signed(standing(TWO, 2), FIRST, SECOND)
    yield Step("Both sign.", live(head, TWO), has(TWO, 2))
    alone = signed(standing(THREE, 3), SECOND)
    yield Step("The old one is retired.", live(alone, THREE), has(THREE, 3))


@scenario("wrong key", "signature")
def rotated_key_without_overlap() -> Iterator[Step]:
    """The key was replaced, and nobody told the client: it stays, and says so."""
    yield first()
    head = signed(standing(TWO, 2), SECOND)
    yield Step("Only the new key signs.", live(head, TWO), kept(ONE, 1))
    both = signed(standing(TWO, 2), FIRST, SECOND)
    yield Step("Both sign.", live(both, TWO), has(TWO, 2))


@scenario("fast-forward", "order")
def fast_forward() -> Iterator[Step]:
    """Whoever had the key told an absurd seq: it is believed, and an epoch mends it."""
    head = signed(standing(ONE, 2**40))
    yield Step("A seq of a million millions.", live(head, ONE), has(ONE, 2**40))
    right = signed(standing(TWO, 2))
    yield Step("The right registry is behind.", live(right, TWO), kept(ONE, 2**40))
    restored = signed(standing(TWO, 2, epoch=2))
    yield Step("It has raised its epoch.", live(restored, TWO), has(TWO, 2))


@scenario("equivocation", "order")
def two_heads_for_one_seq() -> Iterator[Step]:
    """Two bundles for one seq, both rightly signed."""
    yield first()
    head = signed(standing(EVIL, 1))
    yield Step("Another bundle.", live(head, EVIL), kept(ONE, 1))


@scenario("equivocation", "order")
def two_floors_for_one_seq() -> Iterator[Step]:
    """Two floors for one seq, both rightly signed."""
    yield Step(
        "Seq 2 with the floor 2.",
        live(signed(standing(ONE, 2, floor=2)), ONE),
        has(ONE, 2, floor=2),
    )
    head = signed(standing(ONE, 2, floor=0))
    yield Step("The floor is gone.", live(head, ONE), kept(ONE, 2, floor=2))


@scenario("rollback", "order")
def lowered_floor() -> Iterator[Step]:
    """A later head has a lower floor: conversations that had to end stay ended."""
    yield Step(
        "Seq 2 with the floor 2.",
        live(signed(standing(ONE, 2, floor=2)), ONE),
        has(ONE, 2, floor=2),
    )
    head = signed(standing(TWO, 3, floor=0))
    yield Step("Seq 3 with the floor 0.", live(head, TWO), has(TWO, 3, floor=2))


@scenario("forged deletion", "signature")
def deletion_without_signature() -> Iterator[Step]:
    """A 410 with a seq that nobody has signed."""
    yield first()
    yield Step("Deleted, it says.", {HEAD: gone(2, None)}, kept(ONE, 1))


@scenario("forged deletion", "signature")
def deletion_by_a_stranger() -> Iterator[Step]:
    """A 410 with a head that a stranger has signed."""
    yield first()
    head = signed(standing(None, 2), STRANGER)
    yield Step("A stranger's deletion.", {HEAD: gone(2, head)}, kept(ONE, 1))


@scenario("forged deletion", "order")
def deletion_with_a_head_of_a_bundle() -> Iterator[Step]:
    """A 410 with the head of a bot that is live."""
    yield first()
    head = signed(standing(TWO, 2))
    yield Step("Deleted, with a bundle.", {HEAD: gone(2, head)}, kept(ONE, 1))


@scenario("forged deletion", "order")
def deletion_of_another_bot() -> Iterator[Step]:
    """A 410 with the head of another bot that was deleted."""
    yield first()
    head = signed(standing(None, 2, bot="acme/sales"))
    yield Step("acme/sales was deleted.", {HEAD: gone(2, head)}, kept(ONE, 1))


@scenario("rollback", "order")
def deletion_from_before() -> Iterator[Step]:
    """A deletion is real; told again after the bot came back it means nothing."""
    tombstone = {HEAD: gone(2, signed(standing(None, 2)))}
    yield first()
    yield Step("The bot is deleted.", tombstone, deleted(2))
    again = replace(first("The head from before."), expect=deleted(2))
    yield again
    yield Step("It begins again.", again.answers, deleted(2), restart=True)
    back = signed(standing(THREE, 3))
    yield Step("The bot is back.", live(back, THREE), has(THREE, 3))
    yield Step("The deletion again.", tombstone, kept(THREE, 3))


@scenario("swallowed stop", "order")
def stop_swallowed_by_the_head_from_before() -> Iterator[Step]:
    """After a stop, the head from before it is answered."""
    yield first()
    stop = signed(standing(STOPPED, 2, floor=2))
    yield Step("The bot is stopped.", live(stop, STOPPED), has(STOPPED, 2, floor=2))
    old = live(signed(standing(ONE, 1)), ONE)
    yield Step("The head from before.", old, kept(STOPPED, 2, floor=2))


@scenario("swallowed stop", "signature")
def stop_taken_out_of_the_head() -> Iterator[Step]:
    """Of a stop's head everything is taken back, under its signature."""
    yield first()
    stop = signed(standing(STOPPED, 2, floor=2))
    digest = digest_of(rfc8785.dumps(EVIL))
    head = altered(stop, bundle=digest, stopped=False, floor=0)
    yield Step("The stop is taken out.", live(head, EVIL), kept(ONE, 1))


@scenario("swallowed stop", "digest")
def stop_missing_in_the_bundle() -> Iterator[Step]:
    """The head says that the bot is stopped, and its bundle does not."""
    yield first()
    head = signed(standing(TWO, 2, stopped=True))
    yield Step("They differ.", live(head, TWO), kept(ONE, 1))


@scenario("cut-off data", "transport")
def truncated_head() -> Iterator[Step]:
    """The connection ends in the middle of a head."""
    yield first()
    head = signed(standing(TWO, 2))
    cut = told(head[:-40], content_length=str(len(head)))
    yield Step("Forty bytes are missing.", {HEAD: cut, **stored(TWO)}, kept(ONE, 1))


@scenario("cut-off data", "transport")
def truncated_bundle() -> Iterator[Step]:
    """The connection ends in the middle of a bundle."""
    yield first()
    body = rfc8785.dumps(TWO)
    cut = told(body[:-40], content_length=str(len(body)))
    answers = {**live(signed(standing(TWO, 2))), address_of(TWO): cut}
    yield Step("Forty bytes are missing.", answers, kept(ONE, 1))


@scenario("cut-off data", "digest")
def wrong_length() -> Iterator[Step]:
    """The length that is promised is shorter than the bundle."""
    yield first()
    body = rfc8785.dumps(TWO)
    short = told(body, content_length=str(len(body) - 40))
    answers = {**live(signed(standing(TWO, 2))), address_of(TWO): short}
    yield Step("Forty bytes fewer are promised.", answers, kept(ONE, 1))


@scenario("refusal", "transport")
def answers_that_say_nothing() -> Iterator[Step]:
    """No other status says anything about the bot."""
    yield first()
    for status in (401, 403, 404, 429, 500, 503):
        yield Step(f"{status}.", {HEAD: refused(status)}, kept(ONE, 1))
    yield second()


def as_json(name: str, made: Scenario) -> Json:
    return {
        "name": name,
        "title": made.title,
        "attack": made.attack,
        "caught_by": made.caught_by,
        "client": {
            "environment": ENVIRONMENT,
            "bot": BOT,
            "verify_keys": list(made.keys),
            "repository": made.repository,
        },
        "steps": [
            {
                "say": step.say,
                "now": step.now.isoformat().replace("+00:00", "Z"),
                "restart": step.restart,
                "answers": step.answers,
                "expect": step.expect,
            }
            for step in made.steps
        ],
    }
