"""The first edits: a tone, a word, a name that must not be there, and a step back.

One fragment changes how four prompts read.  A colleague's name gets into a text in
development, is recalled, and can never go live again.  Answers that became too short
go back to what they were, without a vote, and are answered for afterwards.
"""

from registry.cli.demo.acts import (
    Act,
    Activate,
    Appoint,
    Promote,
    Propose,
    Recall,
    RollBack,
    Say,
    SetPassword,
    Withdraw,
)
from registry.cli.demo.moments import Day
from registry.cli.demo.writing import approve, edit, ratify

AIR_TONE, BANK_TONE = ("fragments/acme-air/tone", "fragments/acme-bank/tone")
FARES = "glossaries/acme-air/fares"
HAND_OVER = "fragments/acme-bank/hand-over"

_TONE = (
    Act(
        Day(112, "09:00"),
        "author",
        Propose(
            "tone/dev",
            "development",
            "No idioms: many customers read English as a second language",
            edit(
                AIR_TONE,
                "1.0.1",
                "No slogans, no emoji,",
                "No idioms, no slogans, no emoji,",
            ),
        ),
    ),
    Act(Day(112, "09:04"), "author", Activate("tone/dev")),
    Act(
        Day(111, "09:30"),
        "author",
        Promote(
            "tone/staging",
            (AIR_TONE,),
            "development",
            "staging",
            "No idioms: many customers read English as a second language",
        ),
    ),
    Act(
        Day(111, "11:00"),
        "product",
        approve(
            "tone/staging", "product", "'We have you covered' was the worst of them."
        ),
    ),
    Act(Day(111, "11:10"), "author", Activate("tone/staging")),
    Act(
        Day(110, "09:15"),
        "author",
        Promote(
            "tone",
            (AIR_TONE,),
            "staging",
            "production",
            "No idioms: many customers read English as a second language",
        ),
    ),
    Act(Day(110, "10:40"), "product", approve("tone", "product", "Plain English.")),
    Act(
        Day(110, "13:00"),
        "risk",
        approve("tone", "risk", "Wording only, in all four prompts."),
    ),
    Act(
        Day(109, "09:20"),
        "legal",
        approve("tone", "legal", "Says nothing else about what anybody is owed."),
    ),
    Act(Day(109, "15:30"), "board", approve("tone", "board", "Fine.")),
    Act(Day(108, "08:10"), "operator", Activate("tone")),
)

_NAME = (
    Act(Day(107, "09:00"), "admin", Appoint("author2", ("author",), ())),
    Act(Day(107, "09:02"), "admin", SetPassword("author2")),
    Act(
        Day(105, "10:00"),
        "author2",
        Propose(
            "name/dev",
            "development",
            "Say who takes over at the disputes team",
            edit(
                HAND_OVER,
                "1.0.1",
                "tell the customer that a person from Acme Bank",
                "tell the customer that the head of disputes herself, extension "
                "four one seven, or another person from Acme Bank",
            ),
        ),
    ),
    Act(Day(105, "10:03"), "author2", Activate("name/dev")),
    Act(
        Day(105, "14:20"),
        "risk",
        Recall(
            "name/dev",
            HAND_OVER,
            "It gives customers the direct line of one colleague. That must "
            "never be said, in no environment.",
        ),
    ),
    Act(
        Day(105, "15:00"),
        "author2",
        Propose(
            "name-out/dev",
            "development",
            "Take the direct line out of the hand-over again",
            edit(
                HAND_OVER,
                "1.0.2",
                "the head of disputes herself, extension four one seven, or "
                "another person from Acme Bank",
                "a person from the right team of Acme Bank",
            ),
        ),
    ),
    Act(Day(105, "15:04"), "author2", Activate("name-out/dev")),
)

_GLOSSARY = (
    Act(
        Day(102, "09:10"),
        "author",
        Propose(
            "stopover/dev",
            "development",
            "Say what a stopover is, so that nobody calls a connection one",
            edit(
                FARES,
                "1.1.0",
                "  - term: no-show\n",
                "  - term: stopover\n"
                "    definition: A stay of more than a day between two flights "
                "of one ticket. A shorter one is a connection.\n"
                "    avoid: [layover]\n"
                "    owner: legal\n"
                "  - term: no-show\n",
            ),
        ),
    ),
    Act(Day(102, "09:15"), "author", Activate("stopover/dev")),
    Act(
        Day(101, "10:00"),
        "author",
        Promote(
            "stopover/staging",
            (FARES,),
            "development",
            "staging",
            "Say what a stopover is, so that nobody calls a connection one",
        ),
    ),
    Act(Day(101, "13:10"), "product", approve("stopover/staging", "product", "Good.")),
    Act(Day(101, "13:20"), "author", Activate("stopover/staging")),
    Act(
        Day(100, "09:05"),
        "author",
        Promote(
            "stopover",
            (FARES,),
            "staging",
            "production",
            "Say what a stopover is, so that nobody calls a connection one",
        ),
    ),
    Act(
        Day(100, "11:45"),
        "legal",
        approve("stopover", "legal", "Word for word as in the conditions of carriage."),
    ),
    Act(
        Day(100, "14:00"),
        "product",
        approve("stopover", "product", "We all mean this by it."),
    ),
    Act(
        Day(100, "14:30"),
        "risk",
        approve("stopover", "risk", "It takes a source of wrong refunds away."),
    ),
    Act(Day(99, "16:00"), "board", approve("stopover", "board", "Agreed.")),
    Act(Day(98, "08:05"), "operator", Activate("stopover")),
)

_TOO_SHORT = (
    Act(
        Day(96, "09:00"),
        "author2",
        Propose(
            "short",
            "production",
            "Bank: answers of 60 words, because people read them on a telephone",
            edit(BANK_TONE, "1.0.1", "Stay under 120 words", "Stay under 60 words"),
        ),
    ),
    Act(
        Day(96, "10:30"),
        "product",
        approve("short", "product", "This is what people in the app ask for."),
    ),
    Act(Day(96, "13:00"), "risk", approve("short", "risk", "No objection.")),
    Act(
        Day(95, "09:30"),
        "legal",
        approve(
            "short",
            "legal",
            "With some unease: a quoted sentence of the terms alone can have 40 words.",
        ),
    ),
    Act(Day(95, "15:00"), "board", approve("short", "board", "Try it.")),
    Act(Day(94, "08:10"), "operator", Activate("short")),
    Act(
        Day(92, "10:15"),
        "legal",
        Say(
            "short",
            "As feared: in eleven conversations since, the quotation was cut "
            "off in the middle. I would rather have long answers than half a "
            "term.",
        ),
    ),
    Act(
        Day(92, "10:40"),
        "operator",
        RollBack(
            "short/back",
            "production",
            "short",
            "Quoted terms are cut off in the middle: back to 120 words.",
        ),
    ),
    Act(
        Day(92, "11:00"),
        "legal",
        ratify("short/back", "legal", "It was I who asked for it."),
    ),
    Act(
        Day(92, "13:30"),
        "product",
        ratify("short/back", "product", "We will find another way to be brief."),
    ),
    Act(Day(91, "09:00"), "risk", ratify("short/back", "risk", "Right to go back.")),
    Act(Day(91, "15:00"), "board", ratify("short/back", "board", "Thank you.")),
)

_THOUGHT_AGAIN = (
    Act(
        Day(90, "14:00"),
        "author2",
        Propose(
            "poems",
            "staging",
            "Let the airline's bot answer small talk",
            edit(
                "prompts/acme-air/triage",
                "1.0.1",
                "5. `out-of-scope`: anything else.",
                "5. `out-of-scope`: anything else, small talk excepted.",
            ),
        ),
    ),
    Act(
        Day(90, "15:10"),
        "product",
        Say(
            "poems", "Which route would small talk take then? None of the five answers."
        ),
    ),
    Act(
        Day(89, "09:00"),
        "author2",
        Withdraw(
            "poems", "There is no prompt that would answer it. I will think again."
        ),
    ),
)

ACTS = (*_TONE, *_NAME, *_GLOSSARY, *_TOO_SHORT, *_THOUGHT_AGAIN)
