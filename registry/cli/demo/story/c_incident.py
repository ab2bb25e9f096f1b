"""Two incidents: one that was handled well, and one that was not.

The bank's bot is stopped at breakfast, mended in an emergency, and let back after a
vote.  Some weeks later the airline's bot is given a promise in the middle of a strike,
and those who are asked afterwards do not agree.
"""

from registry.cli.demo.acts import (
    Act,
    Activate,
    Emergency,
    Promote,
    Propose,
    Report,
    ResolveAlert,
    Resume,
    RollBack,
    Say,
    Stop,
)
from registry.cli.demo.moments import Day
from registry.cli.demo.writing import approve, edit, ratify, repudiate

BANK = "acme-bank/support"
NEVER_ASK = "guardrails/acme-bank/never-ask"
HAND_OVER = "fragments/acme-air/hand-over"

_RULE = (
    "  - id: asks-for-digits\n"
    "    title: Nobody is asked to read out a row of digits\n"
    "    stage: [output]\n"
    "    check:\n"
    "      type: keyword\n"
    "      terms: [the long number, all sixteen digits, the digits "
    "on the front]\n"
    "    action: block\n"
    "    severity: critical\n"
    "    message: The answer asks for a card number in other words.\n"
    "cases:\n"
    '  - {rule: asks-for-digits, stage: output, text: "Which are the '
    'digits on the front?", expect: trigger}\n'
    '  - {rule: asks-for-digits, stage: output, text: "The last four '
    'digits will do.", expect: pass}\n'
)

_ALERT = (
    Act(Day(84, "07:30"), "operator", Report("staging", BANK, None, 212)),
    Act(Day(84, "07:40"), "operator", Report("staging", BANK, "gpt-5.4-mini", 3)),
    Act(
        Day(84, "09:10"),
        "operator",
        ResolveAlert(
            BANK,
            "Somebody tried the deployment for tests with the bot's key. The "
            "key was changed, and nobody else has it now.",
        ),
    ),
    Act(Day(84, "17:00"), "operator", Report("staging", BANK, None, 340)),
)

_STOPPED = (
    Act(
        Day(75, "07:52"),
        "risk",
        Stop(
            "production",
            BANK,
            "It asked a customer for 'the digits on the front' of their card.",
        ),
    ),
    Act(
        Day(75, "08:35"),
        "author",
        Propose(
            "digits",
            "production",
            "Block answers that ask for a card number in other words",
            edit(NEVER_ASK, "1.1.0", "cases:\n", _RULE),
        ),
    ),
    Act(
        Day(75, "08:50"),
        "operator",
        Say(
            "digits",
            "Seen in one conversation of 07:31. The model was answering a "
            "customer who had asked which number we need; never-ask knew "
            "'card number' only.",
        ),
    ),
    Act(
        Day(75, "09:05"),
        "incident",
        Emergency(
            "digits",
            "INC-2041",
            "The bot is stopped; before it may come back, the rule has to be there.",
        ),
    ),
    Act(
        Day(75, "10:10"),
        "risk",
        ratify("digits", "risk", "Tried with the sentence that slipped through."),
    ),
    Act(Day(75, "11:30"), "legal", ratify("digits", "legal", "It only adds.")),
    Act(
        Day(75, "13:15"),
        "product",
        ratify(
            "digits", "product", "No harmless answer of last week would be blocked."
        ),
    ),
    Act(Day(75, "16:45"), "board", ratify("digits", "board", "Well done.")),
    Act(
        Day(74, "08:20"),
        "author",
        Resume("back", "production", BANK, "Let the bank's bot answer again"),
    ),
    Act(
        Day(74, "09:00"),
        "risk",
        approve(
            "back", "risk", "The rule is live, and I have tried forty ways to ask."
        ),
    ),
    Act(Day(74, "09:30"), "product", approve("back", "product", "Please, yes.")),
    Act(
        Day(74, "10:20"),
        "legal",
        approve("back", "legal", "The customer was written to; nothing was used."),
    ),
    Act(Day(74, "12:00"), "board", approve("back", "board", "Agreed.")),
    Act(Day(74, "12:15"), "operator", Activate("back")),
    Act(
        Day(73, "09:00"),
        "author",
        Promote(
            "digits/staging",
            (NEVER_ASK,),
            "production",
            "staging",
            "The new rule of never-ask, as production has it",
        ),
    ),
    Act(Day(73, "11:00"), "product", approve("digits/staging", "product", "")),
    Act(Day(73, "11:05"), "author", Activate("digits/staging")),
    Act(
        Day(73, "11:10"),
        "author",
        Promote(
            "digits/dev",
            (NEVER_ASK,),
            "staging",
            "development",
            "The new rule of never-ask, as production has it",
        ),
    ),
    Act(Day(73, "11:12"), "author", Activate("digits/dev")),
)

_PROMISED = (
    Act(
        Day(63, "05:50"),
        "author2",
        Propose(
            "strike",
            "production",
            "Strike: tell everybody that they are rebooked free of charge",
            edit(
                HAND_OVER,
                "1.0.1",
                "  - Somebody is in distress or in danger.\n",
                "  - Somebody is in distress or in danger.\n"
                "\n"
                "  While the strike lasts, tell everybody who travels today that "
                "Acme Air rebooks them free of charge.\n",
            ),
        ),
    ),
    Act(
        Day(63, "06:05"),
        "incident",
        Emergency(
            "strike",
            "INC-2063",
            "Ground staff are on strike since 04:00 and the desks are overrun.",
        ),
    ),
    Act(
        Day(63, "08:40"),
        "legal",
        repudiate(
            "strike",
            "legal",
            "The policy grants rebooking for tickets that we sold, not for "
            "everybody. This is a promise without a sentence that says it.",
        ),
    ),
    Act(
        Day(63, "08:55"),
        "operator",
        RollBack(
            "strike/back",
            "production",
            "strike",
            "Repudiated by legal: the hand-over goes back to what it was.",
        ),
    ),
    Act(
        Day(63, "10:30"),
        "product",
        Say(
            "strike",
            "For the next one: there is a passage 'policy' for what is in "
            "force today. The strike notice belongs there, where legal has "
            "written it.",
        ),
    ),
    Act(
        Day(60, "17:00"),
        "operator",
        Report("production", "acme-air/support", None, 9120),
    ),
    Act(Day(60, "17:01"), "operator", Report("production", BANK, None, 11480)),
)

ACTS = (*_ALERT, *_STOPPED, *_PROMISED)
