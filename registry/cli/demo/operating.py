"""What happens in the story that no command is for, through the code of the API."""

from functools import singledispatch

from registry.api.access import Wanted
from registry.api.bearer import Scope
from registry.api.grants import Grant
from registry.authorization import Action, authorize
from registry.cli.demo import acts
from registry.cli.demo.stage import Stage
from registry.db.bindings import read_bundles
from registry.db.engine import reading
from registry.errors import Invalid
from registry.names import Digest
from registry.observations import Claim, expectations

ROLE = "main"
"""In which the bots of the library have their models."""

DAYS = 90


@singledispatch
def operate(does: acts.Ungoverned, stage: Stage, who: str) -> None:
    raise NotImplementedError(does)


@operate.register
def _(_: acts.Timer, stage: Stage, __: str) -> None:
    stage.registry.timer.once()


@operate.register
def _(does: acts.SetPassword, stage: Stage, who: str) -> None:
    password = stage.demo.passwords[does.handle]
    stage.access.set_password(stage.actor(who), does.handle, password, old=None)


@operate.register
def _(does: acts.Report, stage: Stage, who: str) -> None:
    bot = stage.state.environment(does.environment).bots[does.bot]
    if bot.told.bundle is None:
        raise Invalid(f"{does.bot} is not live", hint="Report what is.")
    claim = Claim(
        bot=does.bot,
        seq=bot.since,
        bundle=bot.told.bundle,
        role=ROLE,
        response_model=does.model or _agreed_to(stage, bot.told.bundle),
        fingerprint="",
        at=stage.clock(),
        count=does.count,
    )
    grant = _reading(stage, who, does.environment)
    taken = stage.observing.take(grant, does.environment, [claim])
    for refused in taken.refused:
        raise Invalid(refused.reason, hint="Report what the bot was told.")


@operate.register
def _(does: acts.ResolveAlert, stage: Stage, who: str) -> None:
    authorize(stage.actor(who), Action.RESOLVE_ALERT)
    alerts = stage.observing.alerts
    found = alerts.list_alerts(environments=(), resolved=False, before=None, limit=100)
    alert = next(one for one in found if one.bot == does.bot)
    alerts.resolve(alert.id, at=stage.clock(), by=who, reason=does.reason)


def make_token(stage: Stage, who: str, purpose: str, environment: str) -> str:
    """A token that reads *environment*, for as long as one lives."""
    wanted = Wanted(
        handle=who,
        purpose=purpose,
        scope=Scope.READ,
        environments=(environment,),
        bots=(),
        days=DAYS,
    )
    return stage.access.make_token(stage.actor(who), wanted)[0]


def _reading(stage: Stage, who: str, environment: str) -> Grant:
    """The token with which the chatbots of an environment read, made when needed."""
    now = stage.clock()
    kept = stage.tokens.get(environment)
    if kept is None or now >= kept.expires:
        secret = make_token(stage, who, f"the chatbots in {environment}", environment)
        kept = stage.tokens[environment] = stage.grants.get(secret, now)
    return kept


def _agreed_to(stage: Stage, bundle: Digest) -> str:
    with reading(stage.registry.engine) as connection:
        body = read_bundles(connection, [bundle])[bundle]
    return expectations(body)[ROLE].model
