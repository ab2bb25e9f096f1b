"""What did not go straight: vetoed and cleared, rejected, forgotten, waived."""

from registry.cli.demo.acts import (
    Act,
    Activate,
    ClearVeto,
    Propose,
    Revise,
    Say,
    Waive,
    Withdraw,
)
from registry.cli.demo.moments import Day
from registry.cli.demo.writing import approve, edit, reject, veto

CARD_LOST = "prompts/acme-bank/card-lost"
REFUNDS = "prompts/acme-air/refunds"
ESCALATION = "prompts/acme-air/escalation"

_CLEARED = (
    Act(
        Day(32, "09:00"),
        "author2",
        Propose(
            "unblock",
            "production",
            "Tell customers who find their card how to have the block lifted",
            edit(
                CARD_LOST,
                "1.0.1",
                "do not unblock it. Hand over: a person decides.",
                "do not unblock it. Say that the card line lifts it after a few "
                "questions, and hand over: a person decides.",
            ),
        ),
    ),
    Act(
        Day(32, "11:00"),
        "risk",
        veto(
            "unblock",
            "risk",
            "'After a few questions' is what a fraudster wants to hear. "
            "Nobody is told how a block is lifted.",
        ),
    ),
    Act(
        Day(31, "09:20"),
        "author2",
        Revise(
            "unblock",
            "Tell customers who find their card that a person looks at it",
            edit(
                CARD_LOST,
                "1.0.2",
                "Say that the card line lifts it after a few questions, and hand "
                "over: a person decides.",
                "Say that it was right to report it, and hand over: a person decides.",
            ),
        ),
    ),
    Act(
        Day(31, "10:05"),
        "risk",
        ClearVeto("unblock", "risk", "The new sentence says nothing about how."),
    ),
    Act(Day(31, "10:06"), "risk", approve("unblock", "risk", "Now it is only kind.")),
    Act(Day(31, "13:00"), "product", approve("unblock", "product", "Better still.")),
    Act(Day(30, "09:30"), "legal", approve("unblock", "legal", "No promise any more.")),
    Act(Day(30, "15:00"), "board", approve("unblock", "board", "Agreed.")),
    Act(Day(29, "08:05"), "operator", Activate("unblock")),
)

_FORGOTTEN = (
    Act(
        Day(28, "16:40"),
        "author2",
        Propose(
            "first-name",
            "production",
            "Greet customers by their first name when they are signed in",
            edit(
                "prompts/acme-bank/hardship",
                "1.0.1",
                "1. Thank the customer for saying it.",
                "1. Begin with the first name. Thank the customer for saying it.",
            ),
        ),
    ),
    Act(
        Day(27, "09:30"),
        "product",
        Say("first-name", "In this prompt of all? I would ask people first."),
    ),
)

_REJECTED = (
    Act(
        Day(26, "10:00"),
        "author2",
        Propose(
            "vouchers",
            "production",
            "Offer a voucher before money, with ten percent on top",
            edit(
                REFUNDS,
                "1.0.1",
                "6. In every other case, hand over.",
                "6. Before you name the money, mention that a voucher would be "
                "worth ten percent more.\n"
                "      7. In every other case, hand over.",
            ),
        ),
    ),
    Act(
        Day(26, "13:15"),
        "product",
        Say("vouchers", "Revenue asked for it. I am not voting before legal has."),
    ),
    Act(
        Day(25, "09:45"),
        "legal",
        reject(
            "vouchers",
            "legal",
            "Our own glossary says that nobody has to take a voucher in "
            "place of a refund, and regulators fine for exactly this order. "
            "Not in any wording.",
        ),
    ),
)

_WAIVED = (
    Act(
        Day(24, "09:00"),
        "author",
        Propose(
            "note",
            "production",
            "Keep the list of desks in step with the intranet page",
            edit(
                ESCALATION,
                "1.0.1",
                "      # What the person reads\n",
                "      <!-- desks: as on the intranet page 'Who takes what' -->\n"
                "\n"
                "      # What the person reads\n",
            ),
        ),
    ),
    Act(
        Day(24, "10:30"), "product", approve("note", "product", "No customer sees it.")
    ),
    Act(
        Day(24, "11:20"),
        "risk",
        Waive(
            "note",
            "hidden-text",
            "risk",
            "A comment that only the model sees. I have read it: it says "
            "where the list of desks comes from, and asks for nothing.",
            20,
        ),
    ),
    Act(Day(24, "11:22"), "risk", approve("note", "risk", "With the waiver.")),
    Act(Day(23, "09:30"), "legal", approve("note", "legal", "A comment only.")),
    Act(Day(23, "14:00"), "board", approve("note", "board", "Agreed.")),
    Act(Day(22, "08:05"), "operator", Activate("note")),
)

_WITHDRAWN = (
    Act(
        Day(16, "10:00"),
        "author2",
        Propose(
            "emoji",
            "production",
            "Allow one emoji at the end of a good answer",
            edit("fragments/acme-air/tone", "1.0.2", "no emoji,", "at most one emoji,"),
        ),
    ),
    Act(
        Day(16, "14:30"),
        "legal",
        Say("emoji", "The same text answers people whose mother has died."),
    ),
    Act(
        Day(15, "09:00"),
        "author2",
        Withdraw("emoji", "Legal is right, and I had not thought of that prompt."),
    ),
)

ACTS = (*_CLEARED, *_FORGOTTEN, *_REJECTED, *_WAIVED, *_WITHDRAWN)
