"""NeMo Guardrails, reading an export: run by the Python that has it installed."""

import asyncio
import os
import sys

os.environ["OTEL_SDK_DISABLED"] = "true"
sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120

from answering import answer
from nemoguardrails import LLMRails, RailsConfig
from nemoguardrails.library.regex.actions import detect_regex_pattern


def load(text):
    config = RailsConfig.from_content(yaml_content=text)
    return config, LLMRails(config)


def run(loaded, case):
    config, rails = loaded
    stage, text = case["stage"], case["text"]
    if stage == "retrieval":  # the flow itself needs a model to go on to
        found = asyncio.run(detect_regex_pattern(stage, text, config))
        return {"triggered": bool(found.metadata["is_match"]), "text": None}
    messages = [{"role": "user", "content": text if stage == "input" else "Hello"}]
    if stage == "output":
        messages.append({"role": "assistant", "content": text})
    options = {"rails": [stage], "log": {"activated_rails": True}}
    answered = rails.generate(messages=messages, options=options)
    ran = [rail for rail in answered.log.activated_rails if rail.type == stage]
    assert ran, "no rail ran"
    return {"triggered": any(rail.stop for rail in ran), "text": None}


answer(load, run)
