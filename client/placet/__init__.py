"""Reads what a governance board agreed to tell your chatbot, from memory."""

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
    UnknownPrompt,
    Unreachable,
    Unsupported,
)
from placet.keeper import Health
from placet.prompts import Message, Prompt
from placet.templates import MissingInput, TemplateInvalid

__all__ = [
    "BadAnswer",
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
    "UnknownPrompt",
    "Unreachable",
    "Unsupported",
]
