"""A small library of a test's own, live in a world that others use as well."""

from collections.abc import Iterable, Mapping

from registry.remote.changes import ChangeView, Proposal
from registry.remote.environments import Live
from tests.cli.worlds import BOT, FRAGMENT, PROMPT
from tests.ui.world import World


class Library:
    """A bot, two prompts and what both include, under a name of its own."""

    def __init__(
        self, world: World, name: str, *, review_by: str = "2030-01-01"
    ) -> None:
        self.world = world
        self.review_by = review_by
        self.name = name
        self.bot = f"{name}/support"
        self.tone = f"fragments/{name}/tone"

    def lives(self, environment: str = "production") -> "Library":
        """Everything in its first version."""
        prompts = [
            PROMPT.format(name=self.name, role=role, version="1.0.0")
            for role in ("refunds", "fares")
        ]
        bot = BOT.format(name=self.name, version="1.0.0")
        bot = bot.replace("2030-01-01", self.review_by)
        tone = self.tone_of("1.0.0", "Be kind.")
        self.goes_live(environment, [tone, *prompts, bot], f"Begin {self.name}")
        return self

    def says(self, environment: str, version: str, text: str) -> "Library":
        """Its tone becomes another one."""
        self.activate(self.agree(self.proposes(environment, version, text)))
        return self

    def proposes(self, environment: str, version: str, text: str) -> ChangeView:
        """That its tone becomes another one."""
        live = {o.document: o.digest for o in self.of(environment).documents}
        return self.submit(
            environment,
            [self.tone_of(version, text)],
            f"{text} ({self.name})",
            edited_from={self.tone: live[self.tone]},
        )

    def falls_back(self, environment: str, version: str, text: str) -> "Library":
        """Its bot says another fallback."""
        document = f"bots/{self.bot}"
        live = {o.document: o.digest for o in self.of(environment).documents}
        bot = BOT.format(name=self.name, version=version)
        bot = bot.replace("Please call us.", text)
        self.activate(
            self.agree(
                self.submit(
                    environment,
                    [bot],
                    f"{text} ({self.name})",
                    edited_from={document: live[document]},
                )
            )
        )
        return self

    def is_promoted(self, source: str, target: str) -> "Library":
        """Its bot, with everything that it uses."""
        change = self.world["author"].environments.promote(
            source, target, (f"bots/{self.bot}",), f"Bring {self.name} to {target}"
        )
        self.activate(self.agree(change))
        return self

    def of(self, environment: str) -> Live:
        return self.world["viewer"].environments.live(environment)

    def tone_of(self, version: str, text: str) -> str:
        return FRAGMENT.format(name=self.name, version=version, text=text)

    def goes_live(self, environment: str, sources: Iterable[str], title: str) -> None:
        self.activate(self.agree(self.submit(environment, sources, title)))

    def submit(
        self,
        environment: str,
        sources: Iterable[str],
        title: str,
        *,
        edited_from: Mapping[str, str | None] | None = None,
    ) -> ChangeView:
        proposal = Proposal(
            title=title,
            sources=tuple(sources),
            deleted=(),
            edited_from=edited_from or {},
        )
        return self.world["author"].changes.submit(environment, proposal)

    def agree(self, change: ChangeView) -> ChangeView:
        """Everybody who could says yes."""
        for seat in ("product", "risk", "legal", "board"):
            theirs = self.world[seat]
            if seat in theirs.changes.get(change.id).you.may_vote:
                theirs.changes.vote(
                    change.id,
                    review_digest=change.review_digest,
                    verdict="approve",
                    seat=seat,
                    reason="Read in full.",
                )
        return self.world["operator"].changes.get(change.id)

    def activate(self, change: ChangeView) -> int:
        operator = self.world["operator"]
        return operator.changes.activate(change.id, change.review_digest).seq
