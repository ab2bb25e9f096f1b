"""What the inbox is for somebody, in a sentence or two.

It goes by what the registry says they may do, and by no name of a role.
"""

from registry.remote.sessions import Current
from ui.parts.terms import all_of_them, lead, term
from ui.parts.text import shown_line

READ = "read what people propose and decide"
READ_ALL = "read what is not theirs"
_DOES = {
    "submit a change": "changes of yours that have to be revised, and conditions that "
    "you answer for",
    "activate a change": "what everybody has agreed to and you could make live",
    "attach a result of a check": "checks that a change still needs",
    "manage people": "what another administrator has asked for and you could confirm, "
    "and seats that nobody holds",
    "resolve an alert": "alerts that somebody has to look into",
}
_LOOKS = {
    READ_ALL: "As an auditor you are asked for nothing. The ledger has everything "
    "that ever happened, and who did it.",
    READ: "As a viewer you are asked for nothing. Live says what chatbots are "
    "told now, and Changes what is being decided.",
}
ABOUT = """
<p>Placet keeps what chatbots are told: their instructions, the rules about what they
say, and which model answers. A chatbot is told only what people have agreed to.</p>
<ol>
<li>Somebody <strong>proposes</strong> a change, and says why.</li>
<li>The people whom the policy asks read exactly what would be different, and
<strong>vote</strong>. If anything moves after that, their votes no longer count.</li>
<li>Once all of them agree it <strong>goes live</strong>, and chatbots are told it
within moments. Anybody on the board can <strong>stop</strong> a bot at once.</li>
<li>The <strong>ledger</strong> keeps who said yes to what, for ever.</li>
</ol>
<p>Words with a dotted line explain themselves when you choose them. These are all:</p>
"""


def sentence(person: Current) -> str:
    """HTML: what waits here for *person*, or where they look instead."""
    found = [words for act, words in _DOES.items() if act in person.may]
    if person.seats:
        seats = ", ".join(map(shown_line, person.seats))
        found.insert(
            0,
            f"votes, {term('ratification', 'ratifications')} and {term('review')}s "
            f"({term('seat', 'you sit')} for {seats})",
        )
    if found:
        return lead(
            "Chatbots are told only what people agree to. Here waits what only you and "
            f"few others can do: {'; '.join(found)}."
        )
    for act, words in _LOOKS.items():
        if act in person.may:
            return lead(words)
    return lead(
        "You hold no role and no seat; an administrator gives them. What you answer "
        "for by name still waits here."
    )


def is_reader(person: Current) -> bool:
    """Whether they may read what waits for others."""
    return READ in person.may


def about() -> str:
    """HTML: what all this is, for somebody who has never seen it."""
    return ABOUT + all_of_them()
