"""What people do in these tests, in short: each method sends real commands.

Two environments: in `staging` nobody is asked and authors activate, so that a
document goes live in two commands; in `production` the seats product and risk
have to agree.
"""

from datetime import UTC, datetime, timedelta

from registry import commands
from registry.changes import Change, Verdict
from registry.documents import Document, parse
from registry.names import Ref
from registry.people import Identity, Role, person
from registry.policy_text import parse_policy
from registry.state import State
from registry.writer import Writer, Written

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
REPOSITORY = "tested"

STAGING = b"""\
environment: staging
authors_activate: true
requirements:
  - name: everybody tries things out
    open: true
"""
PRODUCTION = b"""\
environment: production
requirements:
  - name: product agrees
    seat: product
  - name: risk agrees
    seat: risk
"""
PEOPLE = (
    ("admin", (Role.ADMIN,), ()),
    ("author", (Role.AUTHOR,), ()),
    ("operator", (Role.OPERATOR, Role.AUTHOR), ()),
    ("product", (Role.VIEWER,), ("product",)),
    ("risk", (Role.VIEWER,), ("risk",)),
)
PROMPT = """\
kind: prompt
name: {name}
version: "{version}"
owner: product
description: Answers a question.
tier: medium
template: none
messages:
  - role: system
    content: |
      {text}
"""
INCLUDE = "{{> fragments/acme/tone }}"
FRAGMENT = """\
kind: fragment
name: acme/tone
version: "{version}"
owner: product
description: How to speak.
tier: low
template: none
text: {text}
"""
BOT = """\
kind: bot
name: acme/support
version: "{version}"
owner: product
description: Answers customers.
tier: medium
purpose: Support
audience: customers
deputy: author
on_call: operator
review_by: "2027-01-01"
disclosure: You talk to a machine.
fallback: Please call us.
prompts: {{refunds: acme/refunds}}
"""


class Clock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class Acts:
    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    @property
    def state(self) -> State:
        return self.writer.state

    def begin(self) -> Written:
        create = commands.Create(
            repository=REPOSITORY,
            policies=(parse_policy(STAGING), parse_policy(PRODUCTION)),
            people=tuple(
                person(handle, roles=roles, seats=seats, active=True)
                for handle, roles, seats in PEOPLE
            ),
        )
        return self.write(create, "admin", key="begin")

    def write(
        self, command: commands.Command, who: str = "author", key: str | None = None
    ) -> Written:
        by = Identity(handle=who, via="session", roles=None)
        return self.writer.write(command, by=by, key=key)

    def submit(
        self,
        *documents: Document,
        environment: str = "staging",
        deleted: tuple[Ref, ...] = (),
        who: str = "author",
    ) -> Change:
        """Propose *documents*, and return the change."""
        proposal = commands.Proposal(
            title="Say it better",
            documents=documents,
            deleted=deleted,
            edited_from=(),
        )
        submit = commands.Submit(environment=environment, proposal=proposal)
        written = self.write(submit, who)
        return written.state.change(written.event.payload.change)

    def agree(self, change: Change) -> Change:
        """Let both seats approve."""
        for seat in ("product", "risk"):
            vote = commands.Vote(
                change=change.id,
                review_digest=change.revision.review_digest,
                verdict=Verdict.APPROVE,
                seat=seat,
                reason="",
            )
            self.write(vote, seat)
        return change

    def activate(self, change: Change, key: str | None = None) -> Written:
        who = "operator" if change.environment == "production" else "author"
        return self.write(activation(change), who, key)

    def put_live(self, *documents: Document, environment: str = "staging") -> Written:
        """Propose, agree to and activate *documents*."""
        change = self.submit(*documents, environment=environment)
        if environment == "production":
            self.agree(change)
        return self.activate(change)

    def begin_support(self) -> Written:
        """Put a bot live in staging with the prompt and fragment that it uses."""
        return self.put_live(bot("1.0.0"), prompt("1.0.0"), fragment("1.0.0"))

    def say(self, text: str, key: str | None = None) -> Written:
        """Comment on the first change: the smallest act there is."""
        return self.write(commands.Comment(change=1, text=text), key=key)

    def stop(self, reason: str, key: str | None = None) -> Written:
        stop = commands.Stop(environment="staging", bot="acme/support", reason=reason)
        return self.write(stop, "operator", key)

    def roll_back(self, seq: int, key: str | None = None) -> Written:
        """Put all of staging back to what it was at *seq*."""
        rollback = commands.Rollback(
            environment="staging",
            scope=None,
            to_seq=seq,
            to_moment=None,
            to_version=None,
            propose=False,
            reason="It was better before.",
        )
        return self.write(rollback, "operator", key)

    def live_a_little(self) -> None:
        """A little of everything: twelve events in all."""
        self.begin_support()
        self.say("Hello, world.")
        self.put_live(fragment("1.1.0", "Speak up."))
        self.stop("It shouts.")
        self.roll_back(1)
        new = fragment("1.2.0", "Speak."), prompt("1.1.0")
        self.put_live(*new, environment="production")


def activation(change: Change) -> commands.Activate:
    return commands.Activate(
        change=change.id, review_digest=change.revision.review_digest
    )


def prompt(
    version: str, text: str = f"Be kind. {INCLUDE}", name: str = "acme/refunds"
) -> Document:
    source = PROMPT.format(name=name, version=version, text=text)
    return parse(source.encode())


def fragment(version: str, text: str = "Speak softly.") -> Document:
    return parse(FRAGMENT.format(version=version, text=text).encode())


def bot(version: str) -> Document:
    return parse(BOT.format(version=version).encode())
