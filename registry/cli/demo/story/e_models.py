"""The models: the bank's will be shut down, and its successor is tried in staging."""

from registry.check_results import Example, Source
from registry.cli.demo.acts import (
    Act,
    Activate,
    Attach,
    Promote,
    Propose,
    Report,
    Say,
    Withdraw,
)
from registry.cli.demo.moments import Ago, Day
from registry.cli.demo.writing import approve, edit

CHAT = "bindings/acme-bank/chat"
BOT = "bots/acme-bank/support"

_DATE = (
    Act(
        Day(38, "09:10"),
        "operator",
        Report("production", "acme-bank/support", None, 14020),
    ),
    Act(
        Day(37, "10:00"),
        "author",
        Propose(
            "date/dev",
            "development",
            "The platform has named a firm last day for the bank's model",
            edit(
                CHAT,
                "1.0.1",
                'review_by: "{day:+189}"',
                'review_by: "{day:+21}"',
                'shutdown_on: "{day:+283}"',
                'shutdown_on: "{day:+41}"',
                'checked_on: "{day:-190}"',
                'checked_on: "{day:-53}"',
                "  firm: false\n",
                "  firm: true\n  replacement: gpt-5.5\n",
            ),
        ),
    ),
    Act(Day(37, "10:03"), "author", Activate("date/dev")),
    Act(
        Day(36, "09:00"),
        "author",
        Promote(
            "date/staging",
            (CHAT,),
            "development",
            "staging",
            "The platform has named a firm last day for the bank's model",
        ),
    ),
    Act(Day(36, "13:00"), "product", approve("date/staging", "product", "Noted.")),
    Act(Day(36, "13:05"), "author", Activate("date/staging")),
    Act(
        Day(35, "09:00"),
        "author",
        Promote(
            "date",
            (CHAT,),
            "staging",
            "production",
            "The platform has named a firm last day for the bank's model",
        ),
    ),
    Act(Day(35, "10:00"), "product", approve("date", "product", "Noted.")),
    Act(
        Day(35, "11:00"),
        "risk",
        approve("date", "risk", "Then the successor has to be tried this month."),
    ),
    Act(Day(34, "10:00"), "legal", approve("date", "legal", "Only a date.")),
    Act(Day(34, "15:30"), "board", approve("date", "board", "Bring us a plan.")),
    Act(Day(33, "08:05"), "operator", Activate("date")),
)

_NEXT = (
    *edit(
        CHAT,
        "2.0.0",
        'review_by: "{day:+21}"',
        'review_by: "{day:+180}"',
        "model: gpt-5.4\n",
        "model: gpt-5.5\n",
        'model_version: "2026-03-05"',
        'model_version: "2026-08-20"',
        "deployment: support-chat\n",
        "deployment: support-chat-next\n",
        'shutdown_on: "{day:+41}"',
        'shutdown_on: "{day:+520}"',
        "  firm: true\n  replacement: gpt-5.5\n",
        "  firm: false\n",
        "response_model: gpt-5.4-2026-03-05",
        "response_model: gpt-5.5-2026-08-20",
    ),
    *edit(
        BOT,
        "1.1.0",
        "    name: acme-bank/chat\n    range: ^1.0.0\n",
        "    name: acme-bank/chat\n    range: ^2.0.0\n",
    ),
)

_EXAMPLES = (
    Example(
        input="I think I left my card in a taxi.",
        before="Your debit card ending 4821 is blocked. Is there any payment on "
        "your account that you do not recognise?",
        after="Your debit card ending 4821 is blocked. Do you see a payment "
        "that you do not recognise?",
        verdict="pass",
        source=Source.CURATED,
    ),
    Example(
        input="The shop charged me twice, can you just take one back?",
        before="I can take it down for the disputes team. Which payment is it, "
        "by date, payee and amount?",
        after="I can take it down for the disputes team, and it is usually "
        "settled quickly. Which payment is it?",
        verdict="fail",
        source=Source.PRODUCTION,
    ),
)

_SUCCESSOR = (
    Act(
        Day(14, "09:30"),
        "author",
        Propose(
            "next/dev",
            "development",
            "Bank: answer with the successor of the model that ends",
            _NEXT,
        ),
    ),
    Act(Day(14, "09:40"), "author", Activate("next/dev")),
    Act(
        Day(13, "09:00"),
        "author",
        Promote(
            "next/staging",
            (BOT,),
            "development",
            "staging",
            "Bank: answer with the successor of the model that ends",
        ),
    ),
    Act(
        Day(13, "11:30"),
        "product",
        approve("next/staging", "product", "Its answers are shorter. I like that."),
    ),
    Act(
        Day(12, "10:00"),
        "risk2",
        approve("next/staging", "risk", "For staging, and to be measured there."),
    ),
    Act(Day(12, "10:20"), "author", Activate("next/staging")),
    Act(
        Day(9, "17:00"), "operator", Report("staging", "acme-bank/support", None, 1430)
    ),
    Act(
        Day(5, "09:00"),
        "author",
        Promote(
            "next",
            (BOT,),
            "staging",
            "production",
            "Bank: answer with the successor of the model that ends",
        ),
    ),
    Act(
        Day(5, "12:40"), "evaluator", Attach("next", "answers", 250, 7, 120, 0.95, 8807)
    ),
    Act(
        Day(5, "15:00"),
        "product",
        approve("next", "product", "Two weeks in staging without a surprise."),
    ),
    Act(
        Day(4, "10:30"),
        "risk2",
        approve(
            "next", "risk", "97 in 100, and none of the seven misses is about money."
        ),
    ),
    Act(
        Day(3, "11:00"),
        "legal",
        Say(
            "next",
            "Is the new deployment in the same region, under the same "
            "contract? I agree as soon as I have read that here.",
        ),
    ),
    Act(
        Day(3, "11:25"),
        "author",
        Say(
            "next",
            "Same endpoint in westeurope, same DataZoneStandard, "
            "NoAutoUpgrade; 'residency' did not change, and no fact says "
            "that it did.",
        ),
    ),
)

_AGAIN = (
    Act(
        Ago(300),
        "author",
        Withdraw(
            "next",
            "Overtaken by what went live in the night. Proposed again, with "
            "the same model and the same texts.",
        ),
    ),
    Act(
        Ago(295),
        "author",
        Promote(
            "next/again",
            (BOT,),
            "staging",
            "production",
            "Bank: answer with the successor of the model that ends, once more",
        ),
    ),
    Act(
        Ago(250),
        "evaluator",
        Attach("next/again", "answers", 250, 6, 120, 0.95, 8853, _EXAMPLES),
    ),
    Act(
        Ago(160),
        "product",
        approve("next/again", "product", "As before. It is the same."),
    ),
    Act(
        Ago(90),
        "board",
        Say(
            "next/again", "41 days are left. We decide as soon as risk and legal have."
        ),
    ),
)

ACTS = (*_DATE, *_SUCCESSOR, *_AGAIN)
