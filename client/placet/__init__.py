"""Reads what a governance board agreed to tell your chatbot, from memory."""

from placet.bindings import Binding
from placet.bundles import Bundle
from placet.client import Client
from placet.errors import (
    BadAnswer,
    Closed,
    Deleted,
    Misconfigured,
    NoAnswer,
    PlacetError,
    Refused,
    RegistryUnavailable,
    Stopped,
    TooStale,
    UnknownBinding,
    UnknownGuardrail,
    UnknownPrompt,
    UnknownRole,
    Unreachable,
    Unsupported,
)
from placet.keeper import Health
from placet.prompts import Message, Prompt
from placet.templates import MissingInput, TemplateInvalid

__all__ = [
    "BadAnswer",
    "Binding",
    "Bundle",
    "Client",
    "Closed",
    "Deleted",
    "Health",
    "Message",
    "Misconfigured",
    "MissingInput",
    "NoAnswer",
    "PlacetError",
    "Prompt",
    "Refused",
    "RegistryUnavailable",
    "Stopped",
    "TemplateInvalid",
    "TooStale",
    "UnknownBinding",
    "UnknownGuardrail",
    "UnknownPrompt",
    "UnknownRole",
    "Unreachable",
    "Unsupported",
]
