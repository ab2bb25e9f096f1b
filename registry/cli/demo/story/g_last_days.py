"""The last days: agreed to, waiting for a moment, too late for it, or overtaken."""

from registry.cli.demo.acts import (
    Act,
    Activate,
    ApproveIf,
    MeetCondition,
    Promote,
    Propose,
    Say,
    Timer,
)
from registry.cli.demo.moments import Ahead, Day
from registry.cli.demo.writing import approve, ask, edit, veto

DISPUTE = "prompts/acme-bank/dispute"

_CONDITION = (
    Act(
        Day(11, "09:00"),
        "author",
        Propose(
            "papers",
            "production",
            "Disputes: say which papers help, before the customer goes looking",
            edit(
                DISPUTE,
                "1.0.1",
                "Ask what they are, not to send them in the chat.",
                "Ask what they are, not to send them in the chat. An order, a "
                "receipt or a message from the merchant is enough.",
            ),
        ),
    ),
    Act(
        Day(11, "14:00"),
        "author2",
        Propose(
            "six-lines",
            "production",
            "Disputes: a summary of eight lines, because six cut off the reference",
            edit(
                DISPUTE,
                "1.0.2",
                "a summary of at most six lines",
                "a summary of at most eight lines",
            ),
        ),
    ),
    Act(
        Day(11, "15:00"),
        "product",
        approve("papers", "product", "Saves a second call."),
    ),
    Act(
        Day(10, "10:00"),
        "risk",
        ApproveIf(
            "papers",
            "risk",
            "Good, if we do not forget who has no papers at all.",
            "Add a case for a customer who has no receipt.",
            "author",
            Ahead(2, "12:00"),
        ),
    ),
    Act(
        Day(10, "11:40"),
        "legal",
        ApproveIf(
            "papers",
            "legal",
            "'Is enough' must be true for the disputes team as well.",
            "Have the disputes team confirm the list.",
            "operator",
            Ahead(-1, "12:00"),
        ),
    ),
    Act(Day(9, "15:00"), "board", approve("papers", "board", "Agreed.")),
    Act(Day(8, "08:05"), "operator", Activate("papers")),
    Act(
        Day(6, "10:00"),
        "operator",
        MeetCondition(
            "papers", "legal", "Confirmed by the team lead on the call of this morning."
        ),
    ),
)

_AGREED = (
    Act(
        Day(7, "09:00"),
        "author",
        Propose(
            "mourning",
            "production",
            "Bereavement: name the desk that people can call at night",
            edit(
                "prompts/acme-air/bereavement-fares",
                "1.0.1",
                "\n      - Never ask how, where or when somebody died,",
                "\n"
                "      - Say that the desk for bereavement travel is there day "
                "and night.\n"
                "      - Never ask how, where or when somebody died,",
            ),
        ),
    ),
    Act(Day(7, "13:00"), "product", approve("mourning", "product", "Long overdue.")),
    Act(Day(6, "09:30"), "risk", approve("mourning", "risk", "Nothing is promised.")),
    Act(
        Day(4, "09:30"), "legal", approve("mourning", "legal", "It is true since May.")
    ),
    Act(Day(1, "14:30"), "board", approve("mourning", "board", "Agreed.")),
    Act(
        Day(6, "11:00"),
        "author",
        Propose(
            "winter",
            "production",
            "Refunds: the winter timetable changes many flights, say so first",
            edit(
                "prompts/acme-air/refunds",
                "1.0.2",
                "If neither the booking nor the customer says so, ask.",
                "If neither the booking nor the customer says so, ask. With the "
                "winter timetable many flights were changed by Acme Air.",
            ),
            Ahead(3, "06:00"),
        ),
    ),
    Act(Day(5, "10:00"), "product", approve("winter", "product", "For the first day.")),
    Act(Day(5, "11:30"), "risk", approve("winter", "risk", "It asks first.")),
    Act(Day(4, "09:40"), "legal", approve("winter", "legal", "No entitlement in it.")),
    Act(Day(2, "15:00"), "board", approve("winter", "board", "Agreed, for that day.")),
)

_MISSED = (
    Act(
        Day(8, "10:00"),
        "author",
        Propose(
            "desks",
            "production",
            "Escalation: the complaints desk has a new name from Monday",
            edit(
                "prompts/acme-air/escalation",
                "1.0.2",
                "`complaints` for a complaint,",
                "`complaints`, which is called Customer Relations, for a complaint,",
            ),
            Day(3, "07:00"),
        ),
    ),
    Act(Day(7, "10:00"), "product", approve("desks", "product", "Their new name.")),
    Act(Day(7, "11:00"), "risk2", approve("desks", "risk", "A name only.")),
    Act(Day(6, "15:10"), "board", approve("desks", "board", "Agreed.")),
    Act(Day(3, "07:00"), "operator", Timer()),
    Act(
        Day(3, "10:30"),
        "legal",
        approve("desks", "legal", "I was away. Agreed, and sorry that it is late."),
    ),
)

_WAITING = (
    Act(
        Day(7, "10:30"),
        "author2",
        Propose(
            "week",
            "production",
            "Refunds: say that the money comes within a week",
            edit(
                "prompts/acme-air/refunds",
                "1.1.0",
                "asks for it according to the policy.",
                "asks for it according to the policy, and that the money comes "
                "within a week.",
            ),
        ),
    ),
    Act(Day(7, "14:00"), "product", approve("week", "product", "Asked daily.")),
    Act(
        Day(6, "10:30"),
        "risk",
        veto(
            "week",
            "risk",
            "A number in a prompt becomes a promise, and one payment of nine "
            "took longer last month.",
        ),
    ),
    Act(
        Day(6, "10:50"),
        "author2",
        Say("week", "Would 'as the policy says' do? Then the number comes from there."),
    ),
    Act(
        Day(5, "15:00"),
        "author",
        Propose(
            "children",
            "production",
            "Triage: find out whether children travel along",
            edit(
                "prompts/acme-air/triage",
                "1.0.1",
                "\n      - Never put a promise",
                "\n"
                "      - If it may matter, ask in `clarifying_question` whether "
                "children travel along.\n"
                "      - Never put a promise",
            ),
        ),
    ),
    Act(
        Day(4, "10:20"),
        "legal",
        ask(
            "children",
            "legal",
            "Who travels along is personal data of others. Ask what help is "
            "needed, not who is there.",
        ),
    ),
    Act(Day(4, "13:30"), "product", approve("children", "product", "I like the idea.")),
    Act(
        Day(4, "14:10"),
        "author2",
        Propose(
            "reference",
            "production",
            "Never repeat a booking reference in full",
            edit(
                "fragments/acme-air/booking",
                "1.0.1",
                "has looked it up; it does not mean no.",
                "has looked it up; it does not mean no. Never repeat the "
                "reference in full.",
            ),
        ),
    ),
    Act(
        Day(3, "10:00"), "product", approve("reference", "product", "Nobody misses it.")
    ),
    Act(Day(3, "11:00"), "risk", approve("reference", "risk", "Yes.")),
    Act(
        Day(3, "13:00"),
        "legal",
        approve("reference", "legal", "Agreed. Who speaks for privacy now?"),
    ),
    Act(Day(2, "15:10"), "board", approve("reference", "board", "Agreed.")),
    Act(
        Day(4, "15:00"),
        "author2",
        Propose(
            "language/dev",
            "development",
            "Both bots: keep to the language in which the customer began",
            edit(
                "fragments/shared/language",
                "1.0.1",
                "in another language, use theirs.",
                "in another language, use theirs, and stay with it.",
            ),
        ),
    ),
    Act(Day(4, "15:03"), "author2", Activate("language/dev")),
    Act(
        Day(3, "09:00"),
        "author2",
        Promote(
            "language/staging",
            ("fragments/shared/language",),
            "development",
            "staging",
            "Both bots: keep to the language in which the customer began",
        ),
    ),
)

ACTS = (*_CONDITION, *_AGREED, *_MISSED, *_WAITING)
