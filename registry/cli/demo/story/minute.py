"""The small story: both bots live everywhere, and nothing else has happened."""

from registry.cli.demo.acts import Act, Activate, Promote, Start
from registry.cli.demo.moments import Ago
from registry.cli.demo.writing import approve

READ = "Read as part of the example library."
BOTS = ("bots/acme-air/support", "bots/acme-bank/support")


def live_in(environment: str, bot: str, *seats: str) -> tuple[Act, ...]:
    """The change that is called *environment* and *bot* is agreed to and activated."""
    name = f"{environment} {bot}"
    return (
        *(Act(Ago(0), seat, approve(name, seat, READ)) for seat in seats),
        Act(Ago(0), "operator", Activate(name)),
    )


def _everywhere(bot: str) -> tuple[Act, ...]:
    name = bot.removeprefix("bots/")
    begin = Start(
        f"development {bot}",
        "development",
        bot,
        f"Begin with {name} of the example library",
    )
    acts = [Act(Ago(0), "author", begin), *live_in("development", bot)]
    for source, target, seats in (
        ("development", "staging", ("product",)),
        ("staging", "production", ("product", "risk", "legal", "board")),
    ):
        title = f"Promote {name} from {source}"
        promote = Promote(f"{target} {bot}", (bot,), source, target, title)
        acts += [Act(Ago(0), "author", promote), *live_in(target, bot, *seats)]
    return tuple(acts)


ACTS = tuple(act for bot in BOTS for act in _everywhere(bot))
