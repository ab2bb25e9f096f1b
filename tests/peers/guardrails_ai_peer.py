"""Guardrails AI, reading an export: run by the Python that has it installed."""

import json
import os
import sys

os.environ["OTEL_SDK_DISABLED"] = "true"
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120

import guardrails_ai.regex_match
import guardrails_ai.valid_length  # noqa: F401 (to be registered)
from answering import answer
from guardrails import Guard
from guardrails.errors import ValidationError


def load(text):
    asked = json.loads(text)
    guard = Guard.from_dict(asked)
    there = sum(map(len, guard._validator_map.values()))
    assert there == len(asked["validators"]), "validators were left out"
    guard.configure(allow_metrics_collection=False)
    return guard


def run(guard, case):
    try:
        if case["stage"] == "input":
            messages = [{"role": "user", "content": case["text"]}]
            guard(lambda *_, **__: "Hello", messages=messages)
        else:
            guard.validate(case["text"])
    except ValidationError:
        return {"triggered": True, "text": None}
    noted = guard.history.last.failed_validations
    return {"triggered": bool(noted), "text": None}


answer(load, run)
