"""The rules: two people join, a seat is asked that was not there, the policy changes.

What was open under the old policy has to be made again.  Some weeks later whoever held
the new seat leaves, and nobody takes it: that gap is there today.
"""

from registry.cli.demo.acts import (
    Act,
    Activate,
    Appoint,
    Certify,
    Confirm,
    Promote,
    Propose,
    ProposePolicy,
    Revise,
    Say,
    SetPassword,
)
from registry.cli.demo.moments import Ahead, Day
from registry.cli.demo.writing import approve, edit

PERSONAL = "guardrails/shared/personal-data"
CARE = "fragments/acme-bank/vulnerability"

_PRIVACY = (
    "  - name: privacy agrees to what is done with personal data\n"
    "    names: [shared/personal-data, acme-air/booking]\n"
    "    seat: privacy\n"
    "change_days: 30\n"
)

_ANSWERS = (
    "checks:\n"
    "  - name: answers\n"
    "    facts: [guardrail-weakened, model-changed]\n"
    "    min_samples: 100\n"
    "    min_production: 50\n"
    "    max_age_days: 14\n"
    "    waived_by: [risk]\n"
)

_EMAIL = (
    "  - id: e-mail-address\n"
    "    stage: [input]\n"
    "    check:\n"
    "      type: pii\n"
    "      entities: [EMAIL_ADDRESS]\n"
    "    action: redact\n"
    '    redact: {replacement: "[e-mail address]"}\n'
    "    severity: medium\n"
    "    message: An e-mail address was taken out.\n"
    "cases:\n"
    '  - {rule: e-mail-address, stage: input, text: "Write to '
    'jo@acme.example, please.", expect: trigger}\n'
    '  - {rule: e-mail-address, stage: input, text: "Write to me at '
    'home, please.", expect: pass}\n'
)

_SEAT = (
    Act(Day(59, "09:00"), "admin", Appoint("privacy", ("viewer",), ("privacy",))),
    Act(Day(59, "09:40"), "admin2", Confirm("privacy")),
    Act(Day(58, "09:00"), "admin2", Appoint("risk2", ("viewer",), ("risk",))),
    Act(Day(58, "10:10"), "admin", Confirm("risk2")),
    Act(Day(58, "10:15"), "admin", SetPassword("risk2")),
)

_POLICY = (
    Act(
        Day(57, "09:10"),
        "author2",
        Propose(
            "late-greeting",
            "production",
            "Bank: say good evening after six",
            edit(
                "fragments/acme-bank/tone",
                "1.0.2",
                "- Never blame, hurry or lecture.",
                "- Greet as the time of the day asks. Never blame, hurry or lecture.",
            ),
        ),
    ),
    Act(
        Day(56, "09:30"),
        "author",
        ProposePolicy(
            "rules",
            "production",
            "Ask privacy about personal data, and for tried answers before a "
            "guardrail becomes weaker or a model another one",
            (("change_days: 30\n", _PRIVACY), ("checks:\n", _ANSWERS)),
        ),
    ),
    Act(
        Day(56, "11:00"),
        "risk",
        approve(
            "rules", "risk", "The strike has shown that we need numbers, not moods."
        ),
    ),
    Act(
        Day(56, "11:20"),
        "legal",
        Say(
            "rules",
            "Not asked, and in favour. Privacy should have had a seat long ago.",
        ),
    ),
    Act(
        Day(55, "10:00"),
        "board",
        approve("rules", "board", "Agreed. A hundred samples is the least."),
    ),
    Act(Day(53, "10:30"), "operator", Activate("rules")),
    Act(
        Day(53, "14:00"),
        "author2",
        Revise(
            "late-greeting",
            "Bank: greet as the time of the day asks",
            edit(
                "fragments/acme-bank/tone",
                "1.0.3",
                "Greet as the time of the day asks.",
                "Greet once.",
            ),
        ),
    ),
    Act(
        Day(52, "10:00"),
        "product",
        approve("late-greeting", "product", "Once is enough."),
    ),
    Act(Day(52, "11:00"), "risk2", approve("late-greeting", "risk", "Harmless.")),
    Act(
        Day(51, "09:00"),
        "legal",
        approve("late-greeting", "legal", "No promise in it."),
    ),
    Act(Day(51, "15:00"), "board", approve("late-greeting", "board", "Fine.")),
    Act(Day(50, "08:05"), "operator", Activate("late-greeting")),
)

_EMAILS = (
    Act(
        Day(49, "09:20"),
        "author",
        Propose(
            "e-mails/dev",
            "development",
            "Take e-mail addresses out of what customers write",
            edit(PERSONAL, "1.1.0", "cases:\n", _EMAIL),
        ),
    ),
    Act(Day(49, "09:25"), "author", Activate("e-mails/dev")),
    Act(
        Day(48, "09:00"),
        "author",
        Promote(
            "e-mails/staging",
            (PERSONAL,),
            "development",
            "staging",
            "Take e-mail addresses out of what customers write",
        ),
    ),
    Act(
        Day(48, "11:40"), "product", approve("e-mails/staging", "product", "Tried it.")
    ),
    Act(Day(48, "11:45"), "author", Activate("e-mails/staging")),
    Act(
        Day(46, "09:00"),
        "author",
        Promote(
            "e-mails",
            (PERSONAL,),
            "staging",
            "production",
            "Take e-mail addresses out of what customers write",
        ),
    ),
    Act(
        Day(46, "10:15"),
        "privacy",
        approve("e-mails", "privacy", "What is not kept cannot be lost."),
    ),
    Act(
        Day(46, "11:00"), "product", approve("e-mails", "product", "Nobody needs them.")
    ),
    Act(Day(46, "13:30"), "risk", approve("e-mails", "risk", "Agreed.")),
    Act(Day(45, "10:00"), "legal", approve("e-mails", "legal", "Data minimisation.")),
    Act(Day(45, "16:10"), "board", approve("e-mails", "board", "Agreed.")),
    Act(Day(44, "08:10"), "operator", Activate("e-mails")),
)

_CARE = (
    Act(
        Day(43, "09:00"),
        "author",
        Propose(
            "care",
            "production",
            "Look at the text for customers in need every quarter, not once a year",
            edit(CARE, "1.0.1", 'review_by: "{day:+97}"', 'review_by: "{day:-9}"'),
        ),
    ),
    Act(Day(43, "10:00"), "risk", approve("care", "risk", "My request.")),
    Act(Day(43, "11:00"), "product", approve("care", "product", "Right.")),
    Act(Day(42, "09:30"), "legal", approve("care", "legal", "Right.")),
    Act(Day(42, "15:00"), "board", approve("care", "board", "Agreed.")),
    Act(Day(41, "08:05"), "operator", Activate("care")),
    Act(
        Day(40, "10:00"),
        "legal",
        Certify(
            "production",
            "fragments/acme-air/policy-only",
            Ahead(300, "12:00"),
            None,
            "Read against the new conditions of carriage: it holds.",
        ),
    ),
    Act(
        Day(40, "14:00"),
        "risk",
        Certify(
            "production",
            "guardrails/shared/hidden-text",
            Ahead(240, "12:00"),
            "risk",
            "Tried with this quarter's corpus: nothing passed, nothing else "
            "was stopped.",
        ),
    ),
    Act(
        Day(22, "16:30"), "admin", Appoint("privacy", ("viewer",), ("privacy",), False)
    ),
)

ACTS = (*_SEAT, *_POLICY, *_EMAILS, *_CARE)
