"""Tools that LiteLLM allows and denies, which it names by regular expressions."""

import re

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from placet.guardrails.rules import run_rule
from registry.errors import Invalid, NotExportable
from registry.exports.formats import export
from registry.imports import Format
from registry.imports.tool_names import NoGlob, called, globs_of, overlap
from tests.exports.guardrails import guardrail, rule
from tests.imports.tried import bring, told, value_of

NAMES = (
    *("refund", "refunds", "refund_order", "refund__all", "pay", "charge", "payment"),
    *("Refund", "read_", "read_file", "a.b", "a_b", "prefund", "mcp__github_push", "x"),
)


def permission(*rules: dict, default: str = "allow", **more) -> str:
    params = {
        "guardrail": "tool_permission",
        "mode": "post_call",
        "default_action": default,
        "rules": [{"id": f"r{n}", **each} for n, each in enumerate(rules)],
    }
    one = {"guardrail_name": "tools", "litellm_params": params | more}
    return yaml.safe_dump({"guardrails": [one]})


def deny(pattern: str, **more) -> dict:
    return {"tool_name": pattern, "decision": "deny", **more}


def allow(pattern: str, **more) -> dict:
    return {"tool_name": pattern, "decision": "allow", **more}


def stopped(document: dict, name: str, arguments: dict | None = None) -> bool:
    call = {"name": name, "arguments": arguments or {}}
    return any(
        run_rule(each, "tool_call", tool_call=call).triggered
        for each in document["rules"]
    )


@pytest.mark.parametrize(
    ("pattern", "tools"),
    [
        (r"refund_[\s\S]*", ["refund_*"]),
        ("^refund_.*$", ["refund_*"]),
        (r"\Arefund_.*\Z", ["refund_*"]),
        ("pay|charge", ["pay", "charge"]),
        ("^(?:pay|charge)_.+$", ["pay_?*", "charge_?*"]),
        ("refunds?", ["refund", "refunds"]),
        ("[rR]efund", ["Refund", "refund"]),
        (r"a\.b", ["a.b"]),
        ("a.b", ["a?b"]),
    ],
)
def test_an_expression_that_names_can_say_becomes_them(pattern, tools):
    document = value_of(bring(permission(deny(pattern)), Format.LITELLM_PROXY))

    assert document["rules"][0]["check"]["tools"] == tools
    for name in NAMES:
        assert stopped(document, name) is (re.fullmatch(pattern, name) is not None)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("read_*", "any characters are `.*`"),
        ("*", "any characters are `.*`"),
        ("[a-z]+_secret", "it names a set of characters"),
        (r"tool_\d", "it names a set of characters"),
        ("(?!safe).*", "RE2 does not take the pattern"),
        (r"x\*", "a tool with a `*` or `?` in it"),
        (r"\brefund", "it names a set of characters"),
        ("(?:ab)*", "it repeats something as often as it likes"),
        ("[ab]{9}", "more than 100 names"),
    ],
)
def test_an_expression_that_names_cannot_say_is_left_out_and_told(pattern, reason):
    made = bring(permission(deny("keep"), deny(pattern)), Format.LITELLM_PROXY)

    assert value_of(made)["rules"][0]["check"]["tools"] == ["keep"]
    (line,) = [one for one in told(made).splitlines() if one.startswith("tools/r1:")]
    assert reason in line
    assert "nothing here stops these tools" in line


def test_where_no_rule_about_tools_is_left_the_file_is_refused():
    with pytest.raises(Invalid, match="no rule in it can be carried over"):
        bring(permission(deny("read_*")), Format.LITELLM_PROXY)


def test_an_allowed_tool_that_is_left_out_is_stopped_and_told():
    text = permission(allow("get_.*"), allow("[a-z]+"), default="deny")

    made = bring(text, Format.LITELLM_PROXY)

    assert stopped(value_of(made), "x")
    assert "tools/r1: " in told(made)
    assert "these tools are stopped here unless another rule allows" in told(made)


def test_tools_of_a_type_are_not_taken_for_all_tools():
    made = bring(
        permission(deny("keep"), deny("find", tool_type="web_search")),
        Format.LITELLM_PROXY,
    )

    assert not stopped(value_of(made), "find")
    assert "tools/r1: Tools have no type here." in told(made)


@pytest.mark.parametrize(
    ("glob", "name"),
    [
        ("refund_*", "refund_order"),
        ("refund*", "refund"),
        ("pay_?*", "pay_order"),
        ("pay?*", "pay_order"),
        ("*", "get_order"),
        ("*_refund", "get_refund"),
        ("tool_?", "tool_1"),
        ("a?b", "a_b"),
    ],
)
def test_a_case_calls_what_a_tool_could_be_called(glob, name):
    assert called(glob) == name


ARGUMENTS = [
    {},
    {"amount": 5},
    {"amount": 900},
    {"amount": "900"},
    {"amount": True},
    {"amount": [900]},
    {"order": {"kind": "gift"}, "amount": 5},
    {"order": {"kind": "gi\nft"}, "amount": 900},
]


@pytest.mark.parametrize("decision", ["allow", "deny"])
@pytest.mark.parametrize(
    "args",
    [
        {"amount": "[0-9]{3,}"},
        {"amount": "(?i)TRUE|[0-9]"},
        {"amount": "[0-9]+", "order.kind": "g.*t"},
    ],
)
def test_our_own_export_about_arguments_comes_back_too(args, decision):
    check = {"type": "tool_call", "tools": ["refund*"], "decision": decision}
    ours = guardrail(rule(check | {"args": args}, stage=["tool_call"]))

    text = export(ours, "litellm").text
    document = value_of(bring(text, Format.LITELLM_PROXY))

    for name in ("refund", "refund_all", "pay"):
        for arguments in ARGUMENTS:
            wanted = stopped(ours, name, arguments)
            assert stopped(document, name, arguments) is wanted, (name, arguments)


def test_one_of_several_rules_that_allow_is_enough():
    text = permission(
        allow("get_.*"),
        allow("refund", allowed_param_patterns={"amount": "[0-9]"}),
        default="deny",
    )

    document = value_of(bring(text, Format.LITELLM_PROXY))

    assert not stopped(document, "get_order", {"amount": 900})
    assert not stopped(document, "refund", {"amount": 9})
    assert stopped(document, "refund", {"amount": 900})
    assert stopped(document, "refund")
    assert stopped(document, "pay")


def test_arguments_in_lists_are_left_out_and_told():
    text = permission(
        deny("keep"), deny("mail", allowed_param_patterns={"to[]": ".*@evil"})
    )

    made = bring(text, Format.LITELLM_PROXY)

    assert not stopped(value_of(made), "mail", {"to": ["x@evil"]})
    assert "tools/r1: What it says of arguments cannot be said: they look" in told(made)


_GLOBS = st.text(alphabet="ab_.-*?", min_size=1, max_size=8)
_CALLED = st.text(alphabet="ab_.-", min_size=1, max_size=8)


def _fits(glob: str, name: str) -> bool:
    pattern = re.escape(glob).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(pattern, name) is not None


@given(glob=_GLOBS)
def test_the_name_in_a_case_fits(glob):
    assert _fits(glob, called(glob))


@given(one=_GLOBS, other=_GLOBS, name=_CALLED)
def test_globs_that_a_name_fits_overlap(one, other, name):
    if _fits(one, name) and _fits(other, name):
        assert overlap(one, other)
        assert overlap(other, one)
    assert overlap(called(one), one)


@settings(max_examples=60, deadline=None)
@given(
    tools=st.lists(_GLOBS, min_size=1, max_size=4, unique=True),
    decision=st.sampled_from(["allow", "deny"]),
    names=st.lists(_CALLED, max_size=8),
)
def test_our_own_export_comes_back_with_the_same_meaning(tools, decision, names):
    check = {"type": "tool_call", "tools": tools, "decision": decision}
    ours = guardrail(rule(check, stage=["tool_call"]))
    try:
        text = export(ours, "litellm").text
    except NotExportable:
        assume(False)  # loops after one another
    try:
        document = value_of(bring(text, Format.LITELLM_PROXY))
    except Invalid:
        # of what stops every call, or none, no case could tell
        assert any(set(tool) <= {"*", "?"} and "*" in tool for tool in tools)
        return

    for name in [*names, *map(called, tools), "send_email"]:
        assert stopped(document, name) is stopped(ours, name)


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
@given(pattern=st.text(alphabet="ab.*+?|()[]^$\\dZ{}1,", max_size=12))
def test_names_fit_what_the_expression_fits_and_nothing_else(pattern):
    try:
        tools = globs_of(pattern)
    except NoGlob:
        return
    try:
        wanted = re.compile(pattern)
    except re.error:
        return  # LiteLLM does not take it

    for name in ("a", "b", "ab", "aab", "abab", "d", "Z", "1", "11", ",", "{1}", "\\"):
        fits = wanted.fullmatch(name) is not None
        assert any(_fits(tool, name) for tool in tools) is fits
