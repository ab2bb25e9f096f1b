"""The words that somebody new to this does not know, each in a sentence.

A word is explained where it stands first on a page.  It is a button that opens a
small note: by mouse, by keyboard or by touch, without a script, which the page's
policy would refuse.  Escape, or a click elsewhere, closes the note.  A mouse that
rests on the word shows the same.
"""

import html
from collections import Counter
from contextvars import ContextVar

from ui.parts.marks import table

_USES: ContextVar[Counter[str] | None] = ContextVar("_USES", default=None)
"""How often each word stands on the page that is being drawn."""

TERMS = {
    "activation": "What makes a change live: from then on chatbots are told it.",
    "alert": "Something that a person has to look at: another model answered than was "
    "agreed to, or notices do not arrive.",
    "binding": "Which model answers for a bot: the exact model, where it runs, within "
    "which limits, and what answers if it does not.",
    "blast radius": "Everything that reads differently if the change goes live, also "
    "what only includes what was edited.",
    "bot": "A chatbot with all that it uses: its prompts, guardrails and models, and "
    "the people who answer for it.",
    "bump": "By how much a version has to rise: the first number if callers must "
    "change or protection is less, the second if they may, the third for wording.",
    "bundle": "Everything that one bot is told, put together at one moment.",
    "certify": "To say, as somebody who answers for a document, that what is live is "
    "still right, until a day on which it is looked at again.",
    "change": "A proposed edit of one environment. It goes live only when everybody "
    "has agreed whom the policy asks.",
    "check": "What a program or a person found out about exactly these texts, such as "
    "answers that were tried.",
    "check mark": "The beginning of a text's SHA-256 digest. Two texts with the same "
    "one are the same; a single other letter gives another one.",
    "checkpoint": "What the registry signs after every event: how many events there "
    "are and one hash of all of them. Kept elsewhere, it shows if any is altered.",
    "condition": "What somebody who agreed asked for on top, with a person who answers "
    "for it and a day.",
    "cooling down": "A seat that was given lately, or whose holder's password somebody "
    "else has set, does not vote for a while.",
    "digest": "A hash over a text's exact bytes. Two texts with the same one are the "
    "same; a single other letter gives another one.",
    "document": "One text that people agree to: a prompt, a guardrail, a binding, a "
    "glossary, a fragment or a bot.",
    "effect": "Every document that a change touches, and every one that includes or "
    "uses one of them.",
    "emergency": "Going live first and being agreed to afterwards: for seats that the "
    "policy names, with a reason, and to be ratified by a deadline.",
    "environment": "A set of live documents for one purpose: development, staging or "
    "production. Customers meet production.",
    "event": "One thing that happened, numbered without gaps. Nothing takes an event "
    "back; a later one can only add to it.",
    "evidence": "An archive that shows what was decided, and can be checked by "
    "somebody outside without this registry.",
    "fragment": "A piece of text that several prompts include.",
    "gap": "What the policy asks of nobody, or of people who are not there: it could "
    "never be agreed to, or be agreed to by nobody.",
    "glossary": "The business's own words, with what they mean and what not to say.",
    "guardrail": "Rules about what goes into a chatbot and what comes out of it: what "
    "is blocked, taken out, or looked at by somebody.",
    "ledger": "The record of everything that ever happened here: who proposed, agreed, "
    "made live or stopped what, and when.",
    "live": "What chatbots are told now.",
    "policy": "The rules of one environment: who must agree to what before it is live.",
    "prompt": "The instructions that a model gets before it answers a customer.",
    "ratification": "Agreeing afterwards to what went live in a hurry. To repudiate it "
    "is to say no.",
    "recall": "To mark a text as harmful: it can never go live again.",
    "requirement": "One line of the policy: so many people of a seat must agree to "
    "documents like this.",
    "retirement": "The day on which a model's vendor switches it off; whoever uses it "
    "needs another one by then.",
    "review": "Looking again at what is live, by the day that is named for it, by "
    "somebody who answers for it.",
    "revision": "The content of a change. A new revision starts the voting again.",
    "rollback": "Putting back what was live before.",
    "seat": "The capacity in which somebody agrees, such as risk or legal. A policy "
    "asks seats, not persons; one person fills one seat of a change.",
    "seq": "An environment's sequence number. Whatever changes what chatbots are told "
    "adds one, so that a number names a moment exactly.",
    "stale": "Made on something that is not live any more. People agreed to another "
    "starting point, so its author revises it and the voting starts again.",
    "stalled": "Nobody could do it as things stand, so it will not move by itself.",
    "stop": "To have a bot say nothing but its fallback, at once, until people agree "
    "that it answers again.",
    "tier": "How much can go wrong with a document: low, medium or high. The policy "
    "can ask more people about a higher one.",
    "token": "What a program signs in with, instead of a password. No token can vote.",
    "version": "A document's number, such as 1.2.0. It names the same text for ever.",
    "veto": "A no that blocks every revision of a change until whoever gave it, or a "
    "seat that the policy names, clears it.",
    "waiver": "Doing without a required check: with a reason, for a while, by a seat "
    "that may.",
}
"""In small letters; each is a sentence or two, and none needs another to be read."""


def begin() -> None:
    """Begin a page: the notes of what is drawn from here on have names of their own."""
    _USES.set(Counter())


def term(name: str, words: str | None = None) -> str:
    """HTML of a word that explains itself, however often it stands on the page.

    Args:
        name: Which of the words it is.
        words: What stands in the text, if that is another form of it: `seats`.
    """
    told = html.escape(TERMS[name])
    note = _note(name)
    return (
        f'<button type="button" class="term" popovertarget="{note}" title="{told}">'
        f"{html.escape(words or name)}</button>"
        f'<span popover id="{note}" class="note">{told}</span>'
    )


def _note(name: str) -> str:
    """A name that no other note of the page has."""
    note, uses = f"term-{name.replace(' ', '-')}", _USES.get()
    if uses is None:
        return note
    uses[name] += 1
    return note if uses[name] == 1 else f"{note}-{uses[name]}"


def told(name: str) -> str:
    """The sentence itself, for the help of a widget."""
    return TERMS[name]


def all_of_them() -> str:
    """HTML of a table of all words."""
    return table(
        "Words",
        ("Word", "Means"),
        [(html.escape(name), html.escape(said)) for name, said in TERMS.items()],
        classes="facts",
    )


def lead(sentences: str) -> str:
    """HTML of what a page is for, below its title.

    Args:
        sentences: HTML, with a `term` where a word stands first.
    """
    return f'<p class="lead">{sentences}</p>'
