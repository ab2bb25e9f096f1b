"""A small model of the whole workflow: what may happen, and what comes of it.

It is written from what the design says, not from the rules under test: plain
dictionaries, slow and simple on purpose.  Of those it uses nothing but the values
that commands and events are made of, and policies it knows as plain data.

Its documents are always the same four in two environments, so that who uses what
never changes: a bot uses a prompt, the prompt includes a fragment, and another
prompt stands alone.  Only that one is ever deleted.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from registry.changes import Verdict
from registry.events import Event
from tests.rules.texts import BOT, PROMPT, TONE

OTHER = "prompts/beta/other"
USES = {TONE: (), PROMPT: (TONE,), BOT: (PROMPT,), OTHER: ()}
USED_BY = {TONE: (PROMPT, BOT), PROMPT: (BOT,), BOT: (), OTHER: ()}
BUILT_FROM = {TONE: (), PROMPT: (TONE,), BOT: (PROMPT, TONE), OTHER: ()}
ANSWERING = {"product", "editor", "promoter"}
"""Owner, deputy and on-call of the bot."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DEFAULTS = {
    "change_days": 30,
    "rollback_days": 30,
    "rejecters": [],
    "veto_clearers": [],
    "authors_activate": False,
    "vote_days": None,
    "freezes": [],
    "emergency": None,
    "checks": [],
    "separate_tiers": [],
    "late_minutes": 60,
    "policy_hours": 0,
    "seat_hours": 0,
}


@dataclass(frozen=True)
class Text:
    """As much of a document as matters here."""

    digest: str
    major: int
    tier: str


@dataclass
class Draft:
    """A revision.

    Attributes:
        made: The number of its event.
        seq: Where its environment was then.
        edits: By document; `None` deletes.
        bases: What is live of each, or was last.
        effect: The tier that counts of each document that reads differently.
        policy: The one in force; `proposed` the one that it would put in force.
    """

    made: int
    by: str
    at: datetime
    expires: datetime
    digest: str
    content: object
    seq: int
    edits: dict = field(default_factory=dict)
    bases: dict = field(default_factory=dict)
    effect: dict = field(default_factory=dict)
    policy: dict = field(default_factory=dict)
    proposed: dict | None = None
    stopped: int | None = None
    earliest: datetime | None = None

    @property
    def strict(self) -> bool:
        return "high" in self.effect.values()


@dataclass
class Proposal:
    """A change, with everything that was said about it."""

    id: int
    environment: str
    type: str
    drafts: list
    contributors: set
    votes: list = field(default_factory=list)  # (at, who, digest, verdict, seat)
    vetoes: set = field(default_factory=set)
    cleared: datetime | None = None  # when the last veto was
    conditions: dict = field(default_factory=dict)  # voter -> who answers for it
    attached: list = field(default_factory=list)  # (at, who, content, passed, vouches)
    waivers: list = field(default_factory=list)
    outcome: str | None = None

    @property
    def draft(self) -> Draft:
        return self.drafts[-1]


@dataclass
class Afterwards:
    """A ratification.

    Attributes:
        asked: Seat, count and documents of each requirement.
        votes: The last judgement of each person, and its seat.
    """

    id: int
    activated: str
    environment: str
    seq: int
    by: str
    asked: list
    excluded: set
    due: datetime
    votes: dict = field(default_factory=dict)
    outcome: str | None = None
    closed: datetime | None = None


class Place:
    """An environment."""

    def __init__(self, policy: dict, since: int) -> None:
        self.policy, self.policy_since = policy, since
        self.live: dict[str, Text] = {}
        self.gone: dict[str, Text] = {}
        self.moved = defaultdict(int)  # (document, what of it) -> last event
        self.moments = [(None, 0, {})]  # time, event, what was live; by seq
        self.read = {}  # (document, what it reads like) -> when that ended
        self.stopped: int | None = None
        self.brought = defaultdict(set)  # content -> the seqs people were asked about

    @property
    def seq(self) -> int:
        return len(self.moments) - 1


def dependents(edits, live) -> list:
    """What is edited, and what is live and uses it."""
    found = set(edits)
    for ref in edits:
        found |= {user for user in USED_BY[ref] if user in live}
    return sorted(found)


def reading(ref: str, live: dict) -> tuple | None:
    """What *ref* reads like: its own text, and of a prompt what it includes."""
    if ref not in live:
        return None
    return (live[ref].digest, *(live[u].digest for u in USES[ref] if ref == PROMPT))


def tier_of(ref: str, before: dict, after: dict) -> str:
    tiers = {held[ref].tier for held in (before, after) if ref in held}
    return "high" if "high" in tiers else "low"


def fits(names, what: str) -> bool:
    """Patterns here are all of the form `folder/**`."""
    name = what.partition("/")[2]
    return not names or any(name.startswith(p.removesuffix("**")) for p in names)


def matched(policy: dict, subjects: dict) -> tuple[list, set]:
    """Requirements as (seat, count, documents), and what nothing covers."""
    asked, covered = [], set()
    for one in policy["requirements"]:
        because = {
            what
            for what, tier in subjects.items()
            if ("kinds" not in one or what.partition("/")[0] in _plural(one["kinds"]))
            and fits(one.get("names"), what)
            and tier in one.get("tiers", ["low", "high"])
        }
        covered |= because
        if because:
            count = one.get("count", 1)
            asked.append((one.get("seat"), count, frozenset(because)))
    return asked, set(subjects) - covered


def _plural(kinds) -> set[str]:
    return {kind if kind == "policy" else f"{kind}s" for kind in kinds}


def frozen(policy: dict, names, at: datetime) -> bool:
    """Deny wins: one open window is enough.  All windows here are in UTC."""
    for window in policy["freezes"]:
        about = [n for n in names if fits(window.get("names"), n)]
        if about and _open(window, at):
            return True
    return False


def _open(window: dict, at: datetime) -> bool:
    if window["start"][0].isdigit():
        start, end = (
            datetime.fromisoformat(window[k]).replace(tzinfo=UTC)
            for k in ("start", "end")
        )
        return start <= at < end
    begin, finish = (_minute(window[k]) for k in ("start", "end"))
    now = at.weekday() * 1440 + at.hour * 60 + at.minute
    return (now - begin) % 10080 < (finish - begin) % 10080


def _minute(text: str) -> int:
    day, clock = text.split()
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return days.index(day) * 1440 + int(clock[:2]) * 60 + int(clock[3:])


class Model:
    """Hear every event; ask before each command whether it may happen."""

    def __init__(self, policies: dict[str, dict], people: dict) -> None:
        self.places = {name: Place(p, 1) for name, p in policies.items()}
        self.people = dict(people)
        self.asked_for = {}  # handle -> (event, by, person, at)
        self.held_since = {}
        self.resets = {}  # handle -> when somebody else set their password
        self.changes: dict[int, Proposal] = {}
        self.ratifications: dict[int, Afterwards] = {}
        self.made = defaultdict(set)  # (document, digest) -> (by, made from)
        self.claims = {}
        self.recalled = set()
        self.known = set()
        self.composed = {}  # what the registry calls a reading
        self.contents = {}  # and what it calls what a draft puts in place
        self.last = None

    def moment(self, now: datetime) -> datetime:
        """The time that an event of now has: later than the last one."""
        return max(now, self.last + timedelta(microseconds=1)) if self.last else now

    # Who may speak.

    def holds(self, handle, held, environment=None, what=()) -> bool:
        """Whether somebody holds a role or seat for all of *what*."""
        person = self.people.get(handle)
        if person is None or not person.active:
            return False
        if held not in {*map(str, person.roles), *person.seats}:
            return False
        if held in person.seats and "admin" in map(str, person.roles):
            return False
        for limit in person.limits:
            if limit.held == held:
                here = not limit.environments or environment in limit.environments
                return (
                    here
                    and (bool(what) or not limit.names)
                    and all(_named(limit, one) for one in what)
                )
        return True

    def cool(self, handle, seat, environment, at) -> bool:
        since = self.held_since.get((handle, seat))
        hours = self.places[environment].policy["seat_hours"]
        return since is None or at >= since + hours * HOUR

    def speaks(self, handle, seat, environment, what, at) -> bool:
        return self.holds(handle, seat, environment, [what]) and self.cool(
            handle, seat, environment, at
        )

    def any_seat(self, handle, environment, what) -> bool:
        seats = self.people[handle].seats
        return any(self.holds(handle, seat, environment, what) for seat in seats)

    # How a change stands.

    def is_open(self, change, at) -> bool:
        found = self.changes.get(change)
        return found is not None and not found.outcome and at < found.draft.expires

    def subjects(self, one: Proposal) -> dict:
        if one.type == "policy":
            return {f"policy/{one.environment}": "high"}
        return one.draft.effect

    def stale(self, one: Proposal) -> bool:
        place, draft = self.places[one.environment], one.draft
        if place.policy_since > draft.made:
            return True
        watched = {(ref, "bytes") for ref in draft.edits}
        if one.type == "resume":
            watched = {("", "stop"), *((ref, "reading") for ref in draft.effect)}
        else:
            watched |= {(ref, "tier") for ref in draft.effect if ref not in draft.edits}
        if draft.strict:
            watched |= {(ref, "reading") for ref in draft.effect}
            used = {u for ref in draft.effect for u in BUILT_FROM[ref]}
            watched |= {(ref, "bytes") for ref in used - draft.effect.keys()}
        return any(place.moved[key] > draft.made for key in watched)

    def said(self, one: Proposal) -> dict:
        """The last word of each person on exactly what is proposed now."""
        found = {v[1]: v for v in one.votes if v[2] == one.draft.digest}
        return {
            who: v
            for who, v in found.items()
            if v[3] is Verdict.ASK
            or (v[3] is not Verdict.RETRACT and who not in one.contributors)
        }

    def blocked(self, one: Proposal) -> bool:
        asks = (v for v in self.said(one).values() if v[3] is Verdict.ASK)
        return bool(one.vetoes) or any(asks)

    def approvals(self, one: Proposal, at) -> list:
        policies = [self.places[one.environment].policy, one.draft.proposed or {}]
        days = min(
            (p["vote_days"] for p in policies if p.get("vote_days")), default=9e4
        )
        return [
            v
            for v in self.said(one).values()
            if v[3] is Verdict.APPROVE and at < v[0] + days * DAY
        ]

    def agreed_since(self, one: Proposal, at) -> datetime | None:
        """Since when nothing is missing, and nothing that was in the way is."""
        policies = [p for p in (one.draft.policy, one.draft.proposed) if p is not None]
        times = [self.met_since(one, policy, at) for policy in policies]
        asked = [a for p in policies for a in matched(p, self.subjects(one))[0]]
        if one.environment == "production":
            alone = {what for seat, _, because in asked if seat for what in because}
            times += [
                self._somebody(one, what, at)
                for what in self.subjects(one).keys() - alone
            ]
        return None if None in times else max([*times, *self._content(one)])

    def _content(self, one: Proposal) -> list:
        """When somebody who stood in the way did not any more."""
        found, asking = [one.cleared] if one.cleared else [], set()
        for at, who, digest, verdict, _ in one.votes:
            if digest == one.draft.digest and verdict is Verdict.ASK:
                asking.add(who)
            elif digest == one.draft.digest and who in asking:
                asking.remove(who)
                found.append(at)
        return found

    def met_since(self, one: Proposal, policy: dict, at) -> datetime | None:
        """Since when everything that *policy* asks for is met."""
        asked, bare = matched(policy, self.subjects(one))
        if bare or not asked:
            return None
        times = [one.draft.at]
        for seat, count, because in asked:
            for what in because if seat else ():
                said = sorted(
                    v[0]
                    for v in self.approvals(one, at)
                    if v[4] == seat
                    and self.speaks(v[1], seat, one.environment, what, at)
                )
                if len(said) < count:
                    return None
                times.append(said[count - 1])
        return max(times)

    def _somebody(self, one: Proposal, what: str, at) -> datetime | None:
        """In production somebody has to agree, in any seat, however open it is."""
        said = (
            v[0]
            for v in self.approvals(one, at)
            if self.speaks(v[1], v[4], one.environment, what, at)
        )
        return min(said, default=None)

    def agreed(self, one: Proposal, at) -> bool:
        return self.agreed_since(one, at) is not None and not self.blocked(one)

    def cooled_down(self, one: Proposal, at) -> bool:
        hours = self.places[one.environment].policy["policy_hours"] * HOUR
        return one.type != "policy" or at >= self.agreed_since(one, at) + hours

    def frozen(self, one: Proposal, at) -> bool:
        if one.type in {"policy", "rollback"}:
            return False
        return frozen(self.places[one.environment].policy, one.draft.effect, at)

    def required(self, one: Proposal) -> dict:
        """The checks that apply, and the documents that they are asked for."""
        if one.type in {"policy", "resume"}:
            return {}
        checks = self.places[one.environment].policy["checks"]
        found = {}
        for check in checks:
            because = [w for w, t in one.draft.effect.items() if t in check["tiers"]]
            if because:
                found[check["name"]] = (check, because)
        return found

    def may_waive(self, one, check, because, handle, seat, at) -> bool:
        return (
            seat in check["waived_by"]
            and handle not in one.contributors
            and all(
                self.speaks(handle, seat, one.environment, what, at) for what in because
            )
        )

    def passed(self, one: Proposal, check: dict, because, at) -> bool:
        told = [a for a in one.attached if a[2] == one.draft.content]
        good = [a for a in told if a[4] and a[1] not in one.contributors]
        fresh = check["max_age_days"] * DAY
        if told and told[-1][3] and good and good[-1][3] and at - good[-1][0] <= fresh:
            return True
        return any(
            w["digest"] == one.draft.digest
            and at < w["expires"]
            and self.may_waive(one, check, because, w["by"], w["seat"], at)
            for w in one.waivers
        )

    def checked(self, one: Proposal, at) -> bool:
        return all(
            self.passed(one, *found, at) for found in self.required(one).values()
        )

    # What would go live.

    def after(self, place: Place, edits: dict) -> dict:
        live = {**place.live, **edits}
        return {ref: text for ref, text in live.items() if text is not None}

    def harmful(self, place: Place, edits: dict) -> bool:
        """Whether something recalled would begin to be served."""
        after = self.after(place, edits)
        for ref in dependents(edits, place.live):
            now = reading(ref, after)
            changes = now != reading(ref, place.live) or edits.get(ref)
            if now is not None and changes and self.is_recalled(ref, after):
                return True
        new = [ref for ref in edits if ref in after and ref not in place.live]
        return any(self.is_recalled(u, after) for ref in new for u in USES[ref])

    def is_recalled(self, ref: str, live: dict) -> bool:
        composed = self.composed.get((ref, reading(ref, live)))
        return bool({live[ref].digest, composed} & self.recalled)

    def taken(self, edits: dict) -> bool:
        return any(
            self.claims.get((ref, text.major), text.digest) != text.digest
            for ref, text in edits.items()
            if text is not None
        )

    def ready(self, one: Proposal, at) -> bool:
        """Whether it can go live, whoever asks for it."""
        draft, place = one.draft, self.places[one.environment]
        if not self.is_open(one.id, at) or self.stale(one):
            return False
        if not self.agreed(one, at) or not self.cooled_down(one, at):
            return False
        early = draft.earliest is not None and at < draft.earliest
        if early or self.frozen(one, at) or not self.checked(one, at):
            return False
        if one.type == "resume":
            return not any(self.is_recalled(ref, place.live) for ref in draft.effect)
        if draft.proposed is not None and draft.proposed["digest"] in self.recalled:
            return False
        return not self.harmful(place, draft.edits) and not self.taken(draft.edits)

    def overdue(self, at) -> list:
        return [r for r in self.ratifications.values() if not r.outcome and at >= r.due]

    # Learning.

    def lineage(self, ref, digest, stops) -> set:
        """Who has had a hand in a text, back to what it is to replace."""
        people, seen, waiting = set(), {*stops, None}, [digest]
        while waiting:
            text = waiting.pop()
            if text not in seen:
                seen.add(text)
                people |= {by for by, _ in self.made[ref, text]}
                waiting += [source for _, source in self.made[ref, text]]
        return people

    def agreed_last(self, environment: str, draft: Draft, ref: str) -> str | None:
        """What people had agreed to, the last time, of what is to be replaced."""
        place = self.places[environment]
        if ref.startswith("policy/"):
            return draft.policy["digest"]
        for _, _, live in reversed(place.moments[: draft.seq + 1]):
            if ref not in live or not self.unagreed(place, (ref, live[ref].digest)):
                return live[ref].digest if ref in live else None
        return None

    def doubtful(self, one: Proposal) -> set:
        """Who has had a hand in what only earlier revisions were to replace.

        Nobody has to leave them out, and nobody has to let them vote.
        """
        return {
            handle
            for ref, digest in self._asked_about(one)
            for handle in self.lineage(
                ref, digest, {self.agreed_last(one.environment, one.draft, ref)}
            )
        } - one.contributors

    def _asked_about(self, one: Proposal) -> list:
        """What is proposed; of a bot that comes back, what it says."""
        place, draft = self.places[one.environment], one.draft
        if one.type != "resume":
            texts = self._texts(draft, one.environment)
            return [(ref, digest) for ref, digest, _ in texts]
        return [
            (ref, place.live[ref].digest)
            for ref in draft.effect
            if ref in place.live and place.moved[ref, "reading"] <= draft.made
        ]

    def _texts(self, draft: Draft, environment: str) -> list:
        found = [
            (ref, text.digest, draft.bases.get(ref))
            for ref, text in draft.edits.items()
            if text is not None
        ]
        if draft.proposed is not None:
            policy = draft.policy["digest"]
            found.append((f"policy/{environment}", draft.proposed["digest"], policy))
        return found

    def propose(self, number, environment, type, draft: Draft) -> None:
        one = self.changes.setdefault(
            number, Proposal(number, environment, type, [], set())
        )
        earlier = [*one.drafts]
        one.drafts.append(draft)
        one.contributors.add(draft.by)
        for ref, digest, base in self._texts(draft, environment):
            self.known.add(digest)
            source = base if type in {"edit", "policy"} else None
            self.made[ref, digest].add((draft.by, source))
            for before in earlier:
                if before.edits.get(ref):
                    self.made[ref, digest].add((draft.by, before.edits[ref].digest))
        for other in self.changes.values():
            if other.outcome is None:
                for ref, digest in self._asked_about(other):
                    stops = {
                        self.agreed_last(other.environment, draft, ref)
                        for draft in other.drafts
                    }
                    other.contributors |= self.lineage(ref, digest, stops)

    def coming(self, place: Place, edits: dict) -> set:
        """What would be live and is not: texts, readings, and what is gone."""
        before, after = place.live, self.after(place, edits)
        found = {(ref, text and text.digest) for ref, text in edits.items()}
        for ref in dependents(edits, before):
            if reading(ref, after) not in {None, reading(ref, before)}:
                found.add((ref, reading(ref, after)))
        return found

    def unagreed(self, place: Place, content) -> bool:
        """Whether only what nobody has agreed to yet ever brought it here."""
        pending = {
            r.seq
            for r in self.ratifications.values()
            if self.places[r.environment] is place and r.outcome != "ratified"
        }
        found = place.brought[content]
        return bool(found) and found <= pending

    def refused(self, place: Place, content) -> bool:
        """Whether nobody has agreed to it, and somebody has said no."""
        return self.unagreed(place, content) and any(
            r.seq in place.brought[content] and r.outcome == "repudiated"
            for r in self.ratifications.values()
            if self.places[r.environment] is place
        )

    def put(self, place: Place, edits: dict, event: Event, *, asked: bool) -> None:
        """Make *edits* live at the next seq; *asked* if people were, or will be."""
        before, after = place.live, self.after(place, edits)
        for content in self.coming(place, edits) if asked else ():
            place.brought[content].add(place.seq + 1)
        for ref in dependents(edits, before):
            self._moved(place, ref, after, event)
        for ref, text in edits.items():
            place.moved[ref, "bytes"] = event.number
            if text is None:
                place.gone[ref] = before[ref]
            else:
                place.gone.pop(ref, None)
                self.claims[ref, text.major] = text.digest
        place.live = after
        place.moments.append((event.at, event.number, dict(after)))
        for one in event.payload.documents:
            self.composed[one.document, reading(one.document, after)] = one.composed
            self.known.add(one.composed)

    def _moved(self, place: Place, ref: str, after: dict, event: Event) -> None:
        before = place.live
        was, now = reading(ref, before), reading(ref, after)
        if ref in before and ref in after and before[ref].tier != after[ref].tier:
            place.moved[ref, "tier"] = event.number
        if was != now:
            place.moved[ref, "reading"] = event.number
        if was is not None:
            place.read[ref, was] = event.at
        if now is not None:
            place.read[ref, now] = None


def _named(limit, what: str) -> bool:
    return not limit.names or (
        not what.startswith("policy/") and fits(limit.names, what)
    )


def text_of(document) -> Text:
    major = int(document.version.partition(".")[0])
    return Text(document.digest, major, str(document.tier))


def policy_of(said: dict, digest: str = "") -> dict:
    return DEFAULTS | said | {"digest": digest}
