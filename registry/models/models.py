"""Asking a model once, within limits that hold whatever answers.

* As with notices (`registry.outbox.calling`): what was looked up is what is connected
  to, no redirection is followed, and no proxy of the environment is used.
* An answer is waited for as long as the binding says, a minute at most, and read up to
  1 MiB.
* Few are asked at once, so that models which take their time do not keep the registry
  from answering others.
"""

import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore

from registry.chat_completions import Completion, parse_completion, request_of
from registry.errors import Conflict, NotAllowed, Unavailable
from registry.models.endpoints import Endpoint, Endpoints
from registry.outbox.calling import Caller
from registry.outbox.failures import NotDelivered
from registry.values import Json

TIMEOUT_S = 60.0
MAX_ANSWER_BYTES = 2**20
AT_ONCE = 8

_JSON = {"Content-Type": "application/json", "User-Agent": "placet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Attributes:
    asked: The model, as the platform calls it.
    left_out: Parameters of the binding that were not sent.
    duration_s: From the question to the end of the answer.
    """

    asked: str
    completion: Completion
    left_out: tuple[str, ...]
    duration_s: float


class Models:
    """Args:
    endpoints: By name; none if nothing is to be asked.
    """

    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints
        self._places = BoundedSemaphore(AT_ONCE)

    def why_not(self, binding: Mapping[str, Json]) -> str | None:
        """Why the model of a binding cannot be asked from here; `None` if it can."""
        if not self._endpoints:
            return "this registry has no keys of models"
        if _named(binding) not in self._endpoints:
            return f"this registry has no key for the endpoint {_named(binding)}"
        return None

    def check(self, binding: Mapping[str, Json]) -> None:
        """Raises:
        Conflict: The model of a binding cannot be asked from here.
        """
        why_not = self.why_not(binding)
        if why_not is not None:
            raise Conflict(why_not, hint=HOW)

    def ask(
        self,
        binding: Mapping[str, Json],
        messages: Sequence[Mapping[str, object]],
        output: Mapping[str, object] | None,
    ) -> Answered:
        """Args:
            binding: A binding's document.
            output: The schema that the prompt asks of an answer, if it does.

        Raises:
            Conflict: There is no key for it.
            Unavailable: It did not answer, or not what it should.
        """
        self.check(binding)
        request = request_of(binding, messages, output)
        if not self._places.acquire(blocking=False):
            raise Unavailable(
                "too many models are asked at this moment",
                hint="Try again when they have answered.",
            )
        began = time.monotonic()
        try:
            status, body = _asked(
                self._endpoints[_named(binding)], request.body, _timeout_s(binding)
            )
        finally:
            self._places.release()
        return Answered(
            asked=request.model,
            completion=parse_completion(status, body),
            left_out=request.left_out,
            duration_s=round(time.monotonic() - began, 3),
        )


HOW = (
    "Whoever operates the registry lists the endpoint in a file of keys: "
    "`placet serve --model-keys FILE`."
)


def _asked(endpoint: Endpoint, body: bytes, timeout_s: float) -> tuple[int, bytes]:
    caller = Caller(
        allowed=endpoint.allowed,
        tls=_system_trust(),
        timeout_s=timeout_s,
        max_answer_bytes=MAX_ANSWER_BYTES,
    )
    try:
        return caller.exchange(endpoint.address, {**_JSON, **endpoint.headers}, body)
    except (NotDelivered, NotAllowed) as error:
        raise Unavailable(
            f"the endpoint {endpoint.name} did not answer: {error}",
            hint="Try again in a moment; if it goes on, whoever operates the registry "
            "checks its address.",
        ) from None


def _named(binding: Mapping[str, Json]) -> str:
    target = binding.get("target")
    named = target.get("endpoint_ref") if isinstance(target, dict) else None
    return str(named or binding["platform"])


def _timeout_s(binding: Mapping[str, Json]) -> float:
    limits = binding.get("limits")
    told = limits.get("timeout_s") if isinstance(limits, dict) else None
    return min(float(told), TIMEOUT_S) if isinstance(told, int | float) else TIMEOUT_S


@cache
def _system_trust() -> ssl.SSLContext:
    return ssl.create_default_context()
