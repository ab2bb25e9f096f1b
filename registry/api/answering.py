"""Answering: what a bot would say, by the model that its binding names.

* The registry renders: what is asked is what it holds, with values in their places,
  and never a text that somebody brings along.  Of which moment, or after which open
  change, whoever asks says.
* It costs money, so that everybody has ten questions at once and one more every six
  seconds.
* What was answered is kept nowhere and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection

from placet.bindings import Binding
from placet.bundles import Bundle, bundle_of
from placet.errors import PlacetError
from registry.api.throttle import Throttle
from registry.api.views.answers import (
    AnswerView,
    Askable,
    Asking,
    answer_view,
    askable,
)
from registry.authorization import Action, Resource, why_not
from registry.db.history import read_served, read_tellings
from registry.decisions import Situation
from registry.errors import Conflict, Deleted, Invalid, NotFound
from registry.if_live import served_if_live
from registry.models import Models
from registry.names import Kind, ref
from registry.people import Actor
from registry.renderings import Told, render
from registry.state import Environment, State
from registry.values import Json
from registry.writer import Clock

BURST = 10
EVERY_S = 6.0
MAIN = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Attributes:
    prompt: Its role in the bot.
    binding: The same; `None` for `main`, or the only one.
    """

    prompt: str
    binding: str | None
    values: Mapping[str, Json]


class Answering:
    def __init__(self, models: Models, clock: Clock) -> None:
        self._models = models
        self._clock = clock
        self._throttle = Throttle(
            burst=BURST, every_s=EVERY_S, words="too many questions to models"
        )

    def askable(self, actor: Actor, bundle: Bundle) -> tuple[Askable, ...]:
        """The bindings of a bot by role, and whether *actor* can ask them from here."""
        about = asked_about(bundle.environment, bundle.name)
        you = Asking(why_not=why_not(actor, Action.ASK, about))
        return tuple(
            askable(role, binding, self._models.why_not(_document(binding)), you)
            for role, binding in sorted(bundle.bindings.items())
        )

    def ask(self, handle: str, bundle: Bundle, question: Question) -> AnswerView:
        """Raises:
        Conflict: The bot is stopped, or there is no key for its model.
        NotFound: It has no such role.
        Invalid: The values do not fit.
        TooManyTries: *handle* has asked too much just now.
        Unavailable: The model did not answer.
        """
        if bundle.stopped:
            raise Conflict(
                f"the bot {bundle.name} is stopped there, and says its fallback",
                hint="Ask at a seq before it was stopped.",
            )
        told = Told(prompts=bundle.prompts, guardrails=bundle.guardrails)
        prompt = told.prompt(question.prompt)
        role, binding = _binding(bundle, question.binding)
        messages = render(prompt, question.values)
        document = _document(binding)
        self._models.check(document)
        self._throttle.take(handle, self._clock())
        answered = self._models.ask(document, messages, prompt.output)
        return answer_view(
            bundle, prompt, (role, binding), messages, answered, told.guardrails
        )


def asked_about(environment: str, bot: str) -> Resource:
    """On what it depends who may ask the models of a bot."""
    return Resource(environment=environment, names=frozenset({bot}))


def bundle_at(
    connection: Connection, state: State, environment: Environment, bot: str, seq: int
) -> Bundle:
    """What the bot was told at a seq that the environment has been at.

    Raises:
        Deleted: It had been deleted by then.
        NotFound: It had not been live yet.
    """
    told = next(read_tellings(connection, environment.name, bot, before=seq + 1), None)
    if told is None:
        raise NotFound(
            f"the bot {bot} was not live in {environment.name} at seq {seq}",
            hint="Check the spelling; `placet search` finds what is live.",
        )
    if told.bundle is None:
        raise Deleted(
            f"the bot {bot} was deleted in {environment.name}",
            epoch=state.epoch,
            seq=told.seq,
        )
    body = read_served(connection, told.bundle)
    return _opened(environment.name, bot, seq, body)


def bundle_after(
    situation: Situation, environment: Environment, number: int, bot: str
) -> Bundle:
    """What the bot would be told if an open change of *environment* were live.

    Raises:
        NotFound: There is no such change there, or there would be no such bot.
        NotOpen: The change is decided.
    """
    change = situation.state.change(number)
    if change.environment != environment.name:
        raise NotFound(
            f"change {number} is not one of {environment.name}",
            hint=f"It is one of {change.environment}.",
        )
    name = ref(Kind.BOT, bot)
    found = served_if_live(environment, change, situation.documents, name)
    return _opened(environment.name, bot, environment.seq, found.body)


def _opened(environment: str, bot: str, seq: int, body: bytes) -> Bundle:
    try:
        return bundle_of(body, bot=bot, environment=environment, seq=seq)
    except PlacetError as error:
        raise Invalid(str(error), hint=error.hint) from error


def _binding(bundle: Bundle, role: str | None) -> tuple[str, Binding]:
    there = bundle.bindings
    wanted = role or (MAIN if MAIN in there or len(there) != 1 else next(iter(there)))
    if wanted not in there:
        roles = ", ".join(there)
        raise NotFound(
            f"the bot has no binding in the role {wanted!r}",
            hint=f"Its roles are {roles}." if roles else "It is bound to no model.",
        )
    return wanted, there[wanted]


def _document(binding: Binding) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", binding.document)
