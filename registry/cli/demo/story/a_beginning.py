"""The beginning: both bots go live, in one environment after another.

What is asked for the first time takes longest: legal asks for changes to the bank's
bot, is told where its worry is met already, and agrees.
"""

from registry.cli.demo.acts import Act, Activate, Promote, Report, Say, Start
from registry.cli.demo.moments import Day
from registry.cli.demo.writing import approve, ask

AIR, BANK = ("bots/acme-air/support", "bots/acme-bank/support")

ACTS = (
    Act(
        Day(127, "09:12"),
        "author",
        Start("air/dev", "development", AIR, "Begin with Acme Air's support bot"),
    ),
    Act(Day(127, "09:20"), "author", Activate("air/dev")),
    Act(
        Day(127, "10:05"),
        "author",
        Start("bank/dev", "development", BANK, "Begin with Acme Bank's support bot"),
    ),
    Act(Day(127, "10:09"), "author", Activate("bank/dev")),
    Act(
        Day(126, "09:30"),
        "author",
        Promote(
            "air/staging",
            (AIR,),
            "development",
            "staging",
            "Let Acme Air's staff try the bot",
        ),
    ),
    Act(
        Day(126, "14:10"),
        "product",
        approve(
            "air/staging",
            "product",
            "Read all four prompts. The hand-over is the best part.",
        ),
    ),
    Act(Day(126, "14:25"), "author", Activate("air/staging")),
    Act(
        Day(125, "09:05"),
        "author",
        Promote(
            "bank/staging",
            (BANK,),
            "development",
            "staging",
            "Let Acme Bank's staff try the bot",
        ),
    ),
    Act(
        Day(125, "15:40"),
        "product",
        approve(
            "bank/staging", "product", "Good for the pilot with thirty colleagues."
        ),
    ),
    Act(Day(125, "15:44"), "operator", Activate("bank/staging")),
    Act(
        Day(123, "08:50"),
        "author",
        Promote(
            "air", (AIR,), "staging", "production", "Open Acme Air's bot to customers"
        ),
    ),
    Act(
        Day(123, "11:15"),
        "product",
        approve("air", "product", "The pilot is over: 93 in 100 answers were right."),
    ),
    Act(
        Day(123, "13:20"),
        "risk",
        Say(
            "air",
            "What happens when retrieval finds nothing? I do not want it to "
            "answer from what it remembers of other airlines.",
        ),
    ),
    Act(
        Day(123, "13:48"),
        "author",
        Say(
            "air",
            "Then <policy> is empty, and policy-only says to hand over. "
            "There is a case for it: 'without a policy a person answers'.",
        ),
    ),
    Act(
        Day(123, "15:02"),
        "risk",
        approve("air", "risk", "Answered: an empty policy means a person."),
    ),
    Act(
        Day(122, "10:30"),
        "legal",
        approve(
            "air",
            "legal",
            "No fare, deadline or amount stands in any prompt, and what is "
            "said about money is quoted. That is what we need after 2024 "
            "BCCRT 149.",
        ),
    ),
    Act(
        Day(122, "16:00"),
        "board",
        approve("air", "board", "Approved, with a look back in a quarter."),
    ),
    Act(Day(121, "08:15"), "operator", Activate("air")),
    Act(
        Day(119, "09:40"),
        "author",
        Promote(
            "bank",
            (BANK,),
            "staging",
            "production",
            "Open Acme Bank's bot to customers who are signed in or not",
        ),
    ),
    Act(
        Day(119, "14:05"),
        "product",
        approve("bank", "product", "The block comes first in every test conversation."),
    ),
    Act(
        Day(118, "09:25"),
        "legal",
        ask(
            "bank",
            "legal",
            "Nobody may read 'report it and you owe nothing' out of this. "
            "Where is that ruled out?",
        ),
    ),
    Act(
        Day(118, "10:10"),
        "author",
        Say(
            "bank",
            "In card-lost, under 'What you never do': never say that the "
            "customer is not liable. And no-advice holds back what slips "
            "through.",
        ),
    ),
    Act(
        Day(118, "11:55"),
        "legal",
        approve("bank", "legal", "Thank you, I had read past it. Nothing to change."),
    ),
    Act(
        Day(118, "13:30"),
        "risk",
        approve(
            "bank", "risk", "Vulnerable customers come to the specialist team. Agreed."
        ),
    ),
    Act(
        Day(117, "16:20"),
        "board",
        approve("bank", "board", "Agreed; the same look back in a quarter."),
    ),
    Act(Day(116, "08:05"), "operator", Activate("bank")),
    Act(
        Day(115, "17:00"),
        "operator",
        Report("production", "acme-air/support", None, 1840),
    ),
    Act(
        Day(115, "17:01"),
        "operator",
        Report("production", "acme-bank/support", None, 2210),
    ),
)
