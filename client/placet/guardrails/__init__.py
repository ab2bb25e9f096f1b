"""Guardrails: rules about what goes into a chatbot and what comes out of it.

The registry runs a rule's cases with this package, and a chatbot applies the rule
with it, so that both decide alike.  It needs the extra `placet[guardrails]`, of which
nothing is imported before a guardrail is opened.
"""

from placet.guardrails.guardrail import Guardrail, Guardrails, open_guardrail
from placet.guardrails.outcomes import Action, Hit, Outcome
from placet.guardrails.subjects import Engine

__all__ = [
    "Action",
    "Engine",
    "Guardrail",
    "Guardrails",
    "Hit",
    "Outcome",
    "open_guardrail",
]
