"""Open alerts, as what waits for those who may resolve them."""

from collections.abc import Iterable, Iterator

from registry.authorization import Action, may
from registry.db.alerts import Alert
from registry.people import SESSION, Identity, Person, recognise
from registry.state import State
from registry.waits import Found, Waiting, WaitingFor


def alerts_waiting(state: State, alerts: Iterable[Alert]) -> Iterator[Found]:
    """Each of *alerts*, for whoever may resolve it."""
    could = [one.handle for one in state.people.values() if _resolves(state, one)]
    for alert in alerts:
        yield Found(
            waiting=Waiting(
                kind=WaitingFor.ALERT,
                environment=alert.environment or None,
                subject=_subject(alert),
                tier=None,
                since=alert.first_seen,
                due=None,
                is_late=False,
                alert=alert.id,
                bot=alert.bot or None,
            ),
            reasons=dict.fromkeys(could, _why(alert)),
        )


def _resolves(state: State, person: Person) -> bool:
    if not person.active:
        return False
    identity = Identity(handle=person.handle, via=SESSION, roles=None)
    return may(recognise(identity, state.people), Action.RESOLVE_ALERT)


def _subject(alert: Alert) -> str:
    if alert.bot:
        return f"Another model answers for {alert.bot}"
    return f"Notices do not reach {alert.role}"


def _why(alert: Alert) -> str:
    if not alert.bot:
        return f"{alert.got}. Look into it, and resolve the alert."
    agreed = alert.expected or "none"
    return (
        f"{alert.got} answered as {alert.role}; agreed to was {agreed}. Look into it, "
        "and resolve the alert."
    )
