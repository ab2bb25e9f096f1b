"""Who may do what over HTTP: one row for every address, one column for everybody.

A cell is a caller and a row.  A caller who is named in a row is answered; who is
hidden from it is told that nothing is there; everybody else is refused.  What is
asked, and of what, is in `tests/api/matrix_world.py`.

The callers, each of whom holds one thing:

    viewer author evaluator operator auditor admin    signed in, with that role
    seat              signed in, with the seat risk and no role
    owner             a viewer who answers for the bot, and no more
    other             an author who did not write what it is about
    on-call           signed in, without role or seat, whom the bot names
    nothing           signed in, active, without role or seat
    *-away            with a role or a seat that is limited to other places
    nobody            not signed in

    read clone check submit operate    tokens of somebody with every role but admin
    bot               one that reads one bot
    own               one that submits, of the author
    away, read-away   tokens for another environment
"""

from dataclasses import dataclass

SIGNED_IN = frozenset(
    [
        "viewer",
        "author",
        "other",
        "evaluator",
        "operator",
        "auditor",
        "admin",
        "seat",
        "owner",
        "author-away",
        "operator-away",
        "seat-away",
    ]
)
PEOPLE = SIGNED_IN | {"nothing", "on-call"}
TOKENS = frozenset(
    ["read", "clone", "bot", "check", "submit", "operate", "own", "away", "read-away"]
)
CALLERS = PEOPLE | TOKENS | {"nobody"}

WORKING = frozenset({"check", "submit", "operate", "own"})
"""Tokens that do more than chatbots."""

ALL = SIGNED_IN | WORKING | {"away"}
"""Who reads lists; each sees the environments that the token is for."""

HERE = SIGNED_IN | WORKING
"""Who reads what is of this environment, or of all of them."""

CLONING = HERE | {"clone"}

BOTS = PEOPLE | WORKING | {"read", "clone", "bot"}
CHATBOTS = BOTS - {"bot"}
"""Who reads single documents: a token for a bot does not."""

PROPOSING = frozenset({"author", "other", "submit", "operate", "own"})
MOVING = PROPOSING | {"operator"}


def these(names: str) -> frozenset[str]:
    return frozenset(names.split())


@dataclass(frozen=True, slots=True)
class Row:
    """Who is answered, who is told that nothing is there, and what is asked.

    Attributes:
        asks: The name of a function of `tests/api/matrix_world.py`; without it the
            address is all there is to ask.
    """

    answered: frozenset[str]
    hidden: frozenset[str] = frozenset()
    asks: str = ""


AWAY = frozenset({"away"})
BOTH_AWAY = frozenset({"away", "read-away"})
ENVIRONMENT = "/v1/environments/{environment}"

ROWS: dict[tuple[str, str, str], Row] = {
    # Coming in.
    ("POST", "/v1/sessions", ""): Row(CALLERS, asks="sign_in"),
    ("GET", "/v1/sessions/current", ""): Row(PEOPLE | WORKING | AWAY),
    ("DELETE", "/v1/sessions/current", ""): Row(PEOPLE),
    # The same in a browser, which comes with a cookie and no token.
    ("GET", "/sign-in", ""): Row(CALLERS),
    ("POST", "/sign-in", ""): Row(CALLERS, asks="sign_in_by_form"),
    ("GET", "/sign-out", ""): Row(CALLERS),
    ("POST", "/sign-out", ""): Row(CALLERS, asks="sign_out_by_form"),
    # Changes.
    ("POST", "/v1/changes", ""): Row(PROPOSING, asks="submit"),
    ("POST", "/v1/changes/preview", ""): Row(HERE, asks="submit"),
    ("GET", "/v1/changes", ""): Row(ALL),
    ("GET", "/v1/changes/{change}", ""): Row(HERE, BOTH_AWAY, "change"),
    ("GET", "/v1/changes/{change}/difference", ""): Row(HERE, BOTH_AWAY, "change"),
    ("GET", "/v1/changes/{change}/cases", ""): Row(HERE, BOTH_AWAY, "cases"),
    ("GET", "/v1/changes/{change}/bots/{name:path}", ""): Row(
        HERE, BOTH_AWAY, "bot_if_live"
    ),
    ("GET", "/v1/changes/{change}/prompts/{name:path}", ""): Row(
        HERE, BOTH_AWAY, "change"
    ),
    ("GET", "/v1/changes/{change}/evidence", ""): Row(HERE, BOTH_AWAY, "signed_change"),
    ("GET", "/v1/changes/{change}/receipt", ""): Row(HERE, BOTH_AWAY, "receipt"),
    ("GET", "/v1/changes/{change}/checks", ""): Row(HERE, BOTH_AWAY, "change"),
    ("GET", "/v1/changes/{change}/activation/preview", ""): Row(
        HERE, BOTH_AWAY, "change"
    ),
    ("POST", "/v1/changes/{change}/revisions", ""): Row(PROPOSING, BOTH_AWAY, "revise"),
    ("POST", "/v1/changes/{change}/revisions/preview", ""): Row(
        HERE, BOTH_AWAY, "revise"
    ),
    ("POST", "/v1/changes/{change}/checks", ""): Row(
        PROPOSING | these("evaluator check"), BOTH_AWAY, "attach"
    ),
    ("POST", "/v1/changes/{change}/waivers", ""): Row(
        these("seat"), BOTH_AWAY, "waive"
    ),
    ("POST", "/v1/changes/{change}/votes", ""): Row(these("seat"), BOTH_AWAY, "vote"),
    ("POST", "/v1/changes/{change}/conditions-met", ""): Row(
        these("owner"), BOTH_AWAY, "meet_condition"
    ),
    ("POST", "/v1/changes/{change}/veto-clearances", ""): Row(
        these("seat"), BOTH_AWAY, "clear_veto"
    ),
    ("POST", "/v1/changes/{change}/comments", ""): Row(
        SIGNED_IN | these("submit operate own"), BOTH_AWAY, "comment"
    ),
    ("POST", "/v1/changes/{change}/activation", ""): Row(
        these("author operator operate"), BOTH_AWAY, "activate"
    ),
    ("POST", "/v1/changes/{change}/withdrawal", ""): Row(
        these("author own"), BOTH_AWAY, "withdraw"
    ),
    ("POST", "/v1/changes/{change}/emergency", ""): Row(
        these("seat"), BOTH_AWAY, "activate_in_emergency"
    ),
    # Afterwards.
    ("GET", "/v1/ratifications", ""): Row(ALL),
    ("GET", "/v1/ratifications/{ratification}", ""): Row(
        HERE, BOTH_AWAY, "ratification"
    ),
    ("GET", "/v1/ratifications/{ratification}/receipt", ""): Row(
        HERE, BOTH_AWAY, "receipt_of_judgement"
    ),
    ("POST", "/v1/ratifications/{ratification}/judgements", ""): Row(
        these("seat"), BOTH_AWAY, "judge"
    ),
    # Reviews.
    ("POST", f"{ENVIRONMENT}/certifications", ""): Row(
        these("owner seat"), asks="certify"
    ),
    ("GET", f"{ENVIRONMENT}/reviews", ""): Row(HERE),
    ("GET", "/v1/conditions", ""): Row(ALL),
    ("GET", "/v1/inbox", ""): Row(PEOPLE),
    ("GET", "/v1/attention", ""): Row(ALL),
    ("GET", "/v1/waiting", ""): Row(ALL),
    # Environments.
    ("GET", "/v1/environments", ""): Row(ALL),
    ("GET", f"{ENVIRONMENT}/live", ""): Row(HERE),
    ("GET", f"{ENVIRONMENT}/live/bots", ""): Row(HERE),
    ("GET", f"{ENVIRONMENT}/live/bots/{{name:path}}", ""): Row(HERE, asks="bot"),
    ("GET", f"{ENVIRONMENT}/live/documents", ""): Row(HERE),
    ("GET", f"{ENVIRONMENT}/moment", ""): Row(HERE),
    ("GET", f"{ENVIRONMENT}/history", ""): Row(HERE),
    ("GET", f"{ENVIRONMENT}/bundles", ""): Row(HERE, asks="bundles"),
    ("GET", f"{ENVIRONMENT}/drift", ""): Row(HERE, asks="drift"),
    ("GET", f"{ENVIRONMENT}/timeline", ""): Row(HERE, asks="bundles"),
    ("GET", f"{ENVIRONMENT}/differences", ""): Row(HERE, asks="differences"),
    ("POST", f"{ENVIRONMENT}/promotions", ""): Row(MOVING, asks="promote"),
    ("POST", f"{ENVIRONMENT}/promotions/preview", ""): Row(HERE, asks="promote"),
    ("POST", f"{ENVIRONMENT}/rollbacks", ""): Row(
        these("operator owner on-call operate"), asks="roll_back"
    ),
    ("POST", f"{ENVIRONMENT}/rollbacks", "proposed"): Row(
        MOVING, asks="propose_rollback"
    ),
    ("POST", f"{ENVIRONMENT}/rollbacks/preview", ""): Row(
        HERE, asks="preview_rollback"
    ),
    ("POST", f"{ENVIRONMENT}/stops", ""): Row(
        these("operator seat owner on-call operate"), asks="stop"
    ),
    ("POST", f"{ENVIRONMENT}/resumptions", ""): Row(MOVING, asks="resume"),
    ("GET", f"{ENVIRONMENT}/resumptions/bots/{{name:path}}", ""): Row(
        HERE, asks="beneath"
    ),
    ("POST", f"{ENVIRONMENT}/resumptions/preview", ""): Row(
        HERE, asks="preview_resumption"
    ),
    ("GET", f"{ENVIRONMENT}/bindings", ""): Row(HERE),
    ("GET", f"{ENVIRONMENT}/retirements", ""): Row(HERE),
    ("GET", f"{ENVIRONMENT}/answering", ""): Row(HERE, asks="bundles"),
    ("POST", f"{ENVIRONMENT}/answers", ""): Row(
        these("author other operator seat"), asks="ask_model"
    ),
    # What chatbots ask for.
    ("GET", f"{ENVIRONMENT}/bots/{{name}}", ""): Row(BOTS, asks="bot"),
    ("GET", f"{ENVIRONMENT}/bots/{{name}}/head", ""): Row(BOTS, asks="bot"),
    ("GET", f"{ENVIRONMENT}/head", ""): Row(BOTS),
    ("GET", f"{ENVIRONMENT}/prompts/{{name}}", ""): Row(CHATBOTS),
    ("GET", f"{ENVIRONMENT}/fragments/{{name}}", ""): Row(CHATBOTS, asks="fragment"),
    ("GET", f"{ENVIRONMENT}/guardrails/{{name}}", ""): Row(CHATBOTS, asks="guardrail"),
    ("GET", f"{ENVIRONMENT}/bindings/{{name}}", ""): Row(CHATBOTS, asks="binding"),
    ("GET", f"{ENVIRONMENT}/glossaries/{{name}}", ""): Row(CHATBOTS, asks="glossary"),
    ("GET", "/v1/bundles/{digest}", ""): Row(BOTS, BOTH_AWAY, "bundle"),
    ("GET", f"{ENVIRONMENT}/events", ""): Row(BOTS),
    ("POST", f"{ENVIRONMENT}/prompts/{{name:path}}:render", ""): Row(
        CHATBOTS, asks="render"
    ),
    ("POST", f"{ENVIRONMENT}/guardrails/{{name:path}}:check", ""): Row(
        CHATBOTS, asks="guard"
    ),
    ("POST", f"{ENVIRONMENT}/observations", ""): Row(BOTS, asks="observe"),
    ("GET", f"{ENVIRONMENT}/observations", ""): Row(HERE),
    ("GET", f"{ENVIRONMENT}/fetches", ""): Row(HERE),
    ("GET", f"{ENVIRONMENT}/clients", ""): Row(HERE),
    # What somebody has to look at.
    ("GET", "/v1/alerts", ""): Row(ALL),
    ("POST", "/v1/alerts/{alert}/resolution", ""): Row(
        these("operator"), asks="resolve_alert"
    ),
    ("GET", "/v1/notification-targets", ""): Row(these("admin")),
    ("POST", "/v1/notification-targets", ""): Row(these("admin"), asks="add_target"),
    ("DELETE", "/v1/notification-targets/{target}", ""): Row(
        these("admin"), asks="target"
    ),
    ("POST", "/v1/notification-targets/{target}/secret", ""): Row(
        these("admin"), asks="target"
    ),
    ("POST", "/v1/notification-targets/{target}/test", ""): Row(
        these("admin"), asks="target"
    ),
    ("GET", "/v1/notifications", ""): Row(these("admin auditor")),
    # Documents.
    ("GET", "/v1/documents", ""): Row(ALL),
    ("GET", "/v1/documents/{kinds}/{name:path}", ""): Row(HERE, AWAY, "document"),
    ("GET", "/v1/documents/{kinds}/{name:path}/versions/{version}", ""): Row(
        HERE, AWAY, "document"
    ),
    ("GET", "/v1/documents/{kinds}/{name:path}/versions/{version}/cases", ""): Row(
        HERE, AWAY, "document"
    ),
    ("GET", "/v1/search", ""): Row(ALL, asks="search"),
    ("GET", f"{ENVIRONMENT}/uses", ""): Row(HERE, asks="uses"),
    ("GET", "/v1/recalls", ""): Row(ALL),
    ("POST", "/v1/recalls", ""): Row(these("operator seat operate"), asks="recall"),
    # Policies and people.
    ("GET", "/v1/policies", ""): Row(ALL),
    ("GET", "/v1/policies/{environment}", ""): Row(HERE),
    ("POST", "/v1/policies/{environment}", ""): Row(
        these("author other"), asks="policy"
    ),
    ("POST", "/v1/policies/{environment}/simulation", ""): Row(HERE, asks="simulate"),
    ("POST", "/v1/policies/{environment}/explanation", ""): Row(
        HERE, asks="explain_policy"
    ),
    ("POST", "/v1/policies/{environment}/needs", ""): Row(HERE, asks="explain_edit"),
    ("GET", "/v1/people", ""): Row(ALL),
    ("GET", "/v1/roles", ""): Row(ALL),
    ("PUT", "/v1/people/{handle}", ""): Row(these("admin"), asks="set_person"),
    ("POST", "/v1/people/{handle}/confirmation", ""): Row(
        these("admin"), asks="confirm_person"
    ),
    ("POST", "/v1/people/{handle}/refusal", ""): Row(
        these("admin"), asks="refuse_person"
    ),
    ("POST", "/v1/people/{handle}/password", ""): Row(
        these("admin"), asks="others_password"
    ),
    ("POST", "/v1/people/{handle}/password", "own"): Row(PEOPLE, asks="own_password"),
    ("GET", "/v1/tokens", ""): Row(PEOPLE),
    ("POST", "/v1/tokens", ""): Row(
        these("author other evaluator operator admin author-away operator-away"),
        asks="make_token",
    ),
    ("POST", "/v1/tokens", "to clone"): Row(SIGNED_IN, asks="make_cloning_token"),
    ("POST", "/v1/tokens", "for somebody else"): Row(
        these("admin"), asks="make_token_for_another"
    ),
    ("DELETE", "/v1/tokens/{token}", "own"): Row(PEOPLE, asks="own_token"),
    ("DELETE", "/v1/tokens/{token}", "of somebody else"): Row(
        these("admin"), PEOPLE - {"admin"}, "others_token"
    ),
    # The ledger.
    ("GET", "/v1/ledger/events", ""): Row(HERE),
    ("GET", "/v1/ledger/acts", ""): Row(HERE),
    ("GET", "/v1/evidence", ""): Row(HERE, asks="evidence"),
    ("GET", "/v1/ledger/export", ""): Row(HERE),
    ("GET", "/v1/ledger/texts/{digest}", ""): Row(HERE, asks="text"),
    ("GET", "/v1/ledger/checkpoint", ""): Row(PEOPLE | TOKENS),
    ("GET", "/v1/ledger/keys", ""): Row(PEOPLE | TOKENS),
    ("GET", "/v1/ledger/mirrors", ""): Row(HERE),
    ("POST", "/v1/ledger/verify", ""): Row(these("operator auditor admin operate")),
    # Git.
    ("GET", "/git/{repository}.git/info/refs", ""): Row(CLONING, AWAY, "clone"),
    ("GET", "/git/{repository}.git/info/refs", "to push"): Row(
        SIGNED_IN | these("submit operate own"), AWAY, "begin_push"
    ),
    ("POST", "/git/{repository}.git/git-upload-pack", ""): Row(CLONING, AWAY, "fetch"),
    ("POST", "/git/{repository}.git/git-receive-pack", ""): Row(
        SIGNED_IN | these("submit operate own"), AWAY, "push_nothing"
    ),
    # Whether it is there, and how to ask it.
    ("GET", "/livez", ""): Row(CALLERS),
    ("GET", "/readyz", ""): Row(CALLERS, asks="ready"),
    ("GET", "/schemas/{kind}.json", ""): Row(CALLERS),
    ("GET", "/docs", ""): Row(CALLERS),
    ("GET", "/openapi.json", ""): Row(CALLERS),
}
