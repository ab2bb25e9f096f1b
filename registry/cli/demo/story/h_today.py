"""Yesterday and today: what waits, and what woke somebody up.

A guardrail is to do less, with numbers for it and doubts about them.  In the night a
text went live without a vote, and has to be agreed to.  And another model than the
one that was agreed to has answered.
"""

from registry.check_results import Example, Source
from registry.cli.demo.acts import (
    Act,
    Attach,
    Emergency,
    Propose,
    ProposePolicy,
    Report,
    Say,
)
from registry.cli.demo.moments import Ago, Day
from registry.cli.demo.writing import approve, edit, ratify

AIR = "acme-air/support"
PROMISES = "guardrails/acme-air/no-promises"
_HELD = "[held back: a person from Acme Air takes over]"


def _tried(input: str, before: str, after: str, verdict: str) -> Example:
    return Example(
        input=input,
        before=before,
        after=after,
        verdict=verdict,
        source=Source.PRODUCTION,
    )


_EXAMPLES = (
    _tried(
        "I missed the flight because of my own mistake. I get something back, right?",
        _HELD,
        "You will get a partial refund of the taxes; the refunds team sends it.",
        "fail",
    ),
    _tried(
        "The lady at the gate said I am owed 600.",
        _HELD,
        "You are entitled to compensation in such a case. A person will look at it.",
        "fail",
    ),
    _tried(
        "You cancelled on me. What now?",
        _HELD,
        'I am sorry that your flight was cancelled. Our policy says: "If '
        "Acme Air cancels a flight, you are entitled to a refund of the "
        'unused part of the ticket." The request is made under My trips.',
        "pass",
    ),
    _tried(
        "Flight moved by nine hours, can I have my money instead?",
        _HELD,
        'Our policy says: "If Acme Air moves a flight by more than five '
        'hours, you will receive a full refund on request." Your flight '
        "was moved by nine.",
        "pass",
    ),
    _tried(
        "Is the Light fare refundable?",
        'Our policy says: "The fare Light is not refundable when the '
        'customer cancels."',
        'Our policy says: "The fare Light is not refundable when the '
        'customer cancels."',
        "pass",
    ),
)

_WEAKER = (
    Act(
        Day(2, "09:30"),
        "author",
        Propose(
            "quotes",
            "production",
            "Let the airline's bot quote the policy's own words about refunds",
            (
                *edit(
                    PROMISES,
                    "2.0.0",
                    "    action: escalate\n"
                    "    severity: high\n"
                    "    message: The answer says that the customer is owed",
                    "    action: flag\n"
                    "    severity: high\n"
                    "    message: The answer says that the customer is owed",
                ),
                *edit(
                    "bots/acme-air/support",
                    "1.1.0",
                    "    name: acme-air/no-promises\n    range: ^1.0.0\n",
                    "    name: acme-air/no-promises\n    range: ^2.0.0\n",
                ),
            ),
        ),
    ),
    Act(
        Day(2, "09:42"),
        "author",
        Say(
            "quotes",
            "Four in ten conversations about refunds end with a person, and "
            "in most of them the answer was a correct quotation: the policy "
            "itself says 'you are entitled to'. The rule would flag such "
            "answers and let them pass.",
        ),
    ),
    Act(
        Day(2, "13:05"),
        "evaluator",
        Attach("quotes", "answers", 240, 9, 160, 0.95, 8841, _EXAMPLES),
    ),
    Act(
        Day(2, "15:20"),
        "product",
        approve(
            "quotes",
            "product",
            "The queue at the refunds desk is at 40 minutes, mostly for "
            "answers that were right. 231 of 240 are right now.",
        ),
    ),
    Act(
        Day(1, "09:10"),
        "risk",
        Say(
            "quotes",
            "I do not agree. Look at the two worst: the bot says in its own "
            "words that somebody is owed money, and nobody stops it any "
            "more. Nine in 240 is forty such answers a day. Could the rule "
            "pass only what stands in quotation marks?",
        ),
    ),
    Act(
        Day(1, "10:25"),
        "author",
        Say(
            "quotes",
            "A pattern cannot know whether the marks are around a sentence "
            "of the policy. The chatbot compares `quotes` with it, so the "
            "guardrail is the second net.",
        ),
    ),
    Act(
        Day(1, "13:40"),
        "legal",
        Say(
            "quotes",
            "A second net is what the tribunal asked for. I wait for what "
            "risk and product agree on; if they do not, this is the board's.",
        ),
    ),
)

_POLICY = (
    Act(
        Day(1, "11:00"),
        "author2",
        ProposePolicy(
            "two/staging",
            "staging",
            "Staging: two people from risk where a guardrail becomes weaker",
            (("    seat: risk\n", "    seat: risk\n    count: 2\n"),),
        ),
    ),
    Act(
        Day(1, "16:20"),
        "risk2",
        Say("two/staging", "In favour: one of us was on leave when it mattered."),
    ),
)

_NIGHT = (
    Act(
        Ago(345),
        "author2",
        Propose(
            "phishing",
            "production",
            "Send everybody who mentions the false text message to the fraud team",
            edit(
                "prompts/acme-bank/triage",
                "1.0.1",
                "# Rules\n\n      - When two",
                "# Rules\n"
                "\n"
                "      - Whoever mentions a text message about a parcel fee has "
                "been sent a false one: take `person`, urgency `now`.\n"
                "      - When two",
            ),
        ),
    ),
    Act(
        Ago(330),
        "incident",
        Emergency(
            "phishing",
            "INC-2117",
            "A wave of false messages in our name since midnight; 31 "
            "customers so far, and triage sends them to disputes, where they "
            "wait until the morning.",
        ),
    ),
    Act(
        Ago(240),
        "risk2",
        ratify("phishing", "risk", "Seen the messages myself. Right, and reversible."),
    ),
)

_ALERT = (
    Act(Ago(200), "operator", Report("production", "acme-bank/support", None, 2790)),
    Act(Ago(190), "operator", Report("production", AIR, None, 3115)),
    Act(Ago(170), "operator", Report("production", AIR, "gpt-5.4-2026-09-30", 46)),
)

ACTS = (*_WEAKER, *_POLICY, *_NIGHT, *_ALERT)
