"""The same file comes to the same documents and leftovers in every process."""

import os
import subprocess
import sys

import pytest

from registry.imports import Format

KEYS = "".join(f"{{indent}}key{n}: x\n" for n in range(12))
TOP = KEYS.format(indent="")
RUN = """
import sys
from registry.imports import Asked, Format, read
asked = Asked(name="a/b", owner="product", version="0.1.0")
made = read(sys.stdin.buffer.read(), asked, Format(sys.argv[1]))
print(made)
"""
FILES = {
    Format.NEMO: f"rails:\n  input:\n{KEYS.format(indent='    ')}  config:\n"
    f"{KEYS.format(indent='    ')}    regex_detection:\n{KEYS.format(indent='      ')}"
    f"      input:\n{KEYS.format(indent='        ')}        patterns: [abc]\n",
    Format.LITELLM_CATEGORY: f"category_name: x\nkeywords: [rumour]\n{TOP}",
    Format.LITELLM_PROXY: "guardrails: [{guardrail_name: x, litellm_params: {guardrail:"
    " litellm_content_filter, mode: pre_call, blocked_words: [{keyword: rumour,"
    f" action: BLOCK}}]}}}}]\n{TOP}",
    Format.DOTPROMPT: f"---\noutput:\n{KEYS.format(indent='  ')}input:\n  schema:\n"
    "    type: object\n    properties:\n      a:\n        type: string\n"
    f"{KEYS.format(indent='        ')}---\nHi {{{{a}}}}",
}


@pytest.mark.parametrize("format", FILES)
def test_leftovers_come_in_the_order_of_the_file(format):
    first, second = (run(format, seed) for seed in "12")

    assert first == second
    told = [f"key{number}" for number in range(12)]
    places = [first.index(key) for key in told]
    assert places == sorted(places)


def run(format: Format, seed: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", RUN, format],
        input=FILES[format], text=True, check=True, capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    ).stdout  # fmt: skip
