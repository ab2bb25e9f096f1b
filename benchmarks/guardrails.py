"""How long a guardrail of 1,000 rules takes with a text of 2,000 characters.

The rules are what guardrails are made of: words and phrases, patterns with letters
in them and patterns with none, personal data, credentials, hidden characters, links,
a length.  Each text is a new one.  Beside it, the rules' patterns alone, one after
the other, in Python's `re`, of which nothing would be known to end.
"""

import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence

from placet.guardrails import open_guardrail

CHARS = 2_000
KEYWORDS, WITH_LETTERS, WITHOUT = 640, 300, 50
OTHERS: list[dict[str, object]] = [
    {"type": "pii", "entities": ["EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE"]},
    {"type": "pii", "entities": ["US_SSN", "IP_ADDRESS"]},
    {"type": "secret", "detectors": ["aws_access_key"]},
    {"type": "hidden_text"},
    {"type": "url_allowlist", "domains": ["acme.example"], "allow_subdomains": True},
    {"type": "length", "unit": "chars", "max": 4_000},
    {"type": "length", "unit": "words", "min": 1, "max": 900},
    {"type": "length", "unit": "bytes", "max": 8_000},
    {"type": "tool_call", "tools": ["refund_*"], "decision": "deny"},
    {"type": "keyword", "terms": ["refund"], "near": {"terms": ["sure"], "within": 5}},
]
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "un", "er")]
_FORMS = (
    r"{a}-[0-9]{{6,10}}",
    r"\b{a} +(?:number|no\.?)[ :]*[A-Z]{{2}}[0-9]{{4,}}",
    r"(?:always|never) {a} (?:the|a|any) \w+",
    r"[a-z0-9._]+@{a}\.(?:com|org|net)",
    r"(?i)\b{a}(?:ed|ing|s)? (?:my|your|his|her) {b}\b",
    r"{a}[_-]?(?:key|token|secret)\s*[=:]\s*['\"]?[A-Za-z0-9/+]{{20,40}}",
)


def measure(*, quick: bool) -> dict[str, float]:
    chance = random.Random(7)
    checks = _checks(chance)
    guardrail = open_guardrail(_guardrail(checks))
    patterns = [re.compile(pattern) for pattern in _patterns(checks)]
    texts = [_text(chance) for _ in range(150 if quick else 600)]
    return {
        "guardrails.ms": _median_ms(
            lambda text: guardrail.check("output", text), texts
        ),
        "guardrails.re_ms": _median_ms(
            lambda text: [pattern.search(text) for pattern in patterns], texts[:100]
        ),
    }


def _median_ms(check: Callable[[str], object], texts: Sequence[str]) -> float:
    took = []
    for text in texts:
        began = time.perf_counter()
        check(text)
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1_000


def _checks(chance: random.Random) -> list[dict[str, object]]:
    found = [*OTHERS]
    for number in range(KEYWORDS):
        terms = [_phrase(chance, 1 + number % 3) for _ in range(3)]
        found.append({"type": "keyword", "terms": sorted(set(terms))})
    for number in range(WITH_LETTERS):
        form = _FORMS[number % len(_FORMS)]
        pattern = form.format(a=_word(chance), b=_word(chance))
        found.append({"type": "regex", "pattern": pattern})
    for number in range(WITHOUT):
        pattern = rf"\b[0-9]{{{3 + number % 9}}}-[0-9]{{{2 + number // 9}}}\b"
        found.append({"type": "regex", "pattern": pattern})
    return found


def _guardrail(checks: Sequence[dict[str, object]]) -> dict[str, object]:
    actions = ("block", "redact", "flag", "escalate")
    return {
        "kind": "guardrail",
        "name": "acme-air/thousand",
        "version": "1.0.0",
        "digest": "sha256:" + "0" * 64,
        "rules": [
            {
                "id": f"rule-{number}",
                "stage": ["output"],
                "check": check,
                "action": actions[number % len(actions)],
                "severity": "high",
                "message": "It must not be said.",
            }
            for number, check in enumerate(checks)
        ],
    }


def _patterns(checks: Sequence[dict[str, object]]) -> Iterator[str]:
    for check in checks:
        terms = check.get("terms")
        if isinstance(terms, list):
            yield r"(?i)\b(?:" + "|".join(map(re.escape, terms)) + r")\b"
        if "pattern" in check:
            yield str(check["pattern"])


def _text(chance: random.Random) -> str:
    words: list[str] = []
    chars = 0
    while chars < CHARS:
        word = _word(chance) if chance.random() < 0.98 else str(chance.randrange(10**6))
        words.append(word + chance.choice(["", "", "", "", ",", "."]))
        chars += len(words[-1]) + 1
    return " ".join(words)[:CHARS]


def _phrase(chance: random.Random, words: int) -> str:
    return " ".join(_word(chance) for _ in range(words))


def _word(chance: random.Random) -> str:
    return "".join(
        chance.choice(_SYLLABLES) for _ in range(chance.choice((2, 2, 2, 3, 4)))
    )
