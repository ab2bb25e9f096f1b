"""LiteLLM's proxy, reading an export: run by the Python that has it installed."""

import asyncio
import json
import os
import sys

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120

import yaml
from answering import answer
from fastapi import HTTPException
from litellm import Router
from litellm.exceptions import GuardrailRaisedException
from litellm.proxy.guardrails.guardrail_registry import IN_MEMORY_GUARDRAIL_HANDLER
from litellm.proxy.guardrails.init_guardrails import init_guardrails_v2
from litellm.types.utils import ModelResponse

MODES = {"input": "pre_call", "output": "post_call", "tool_call": "post_call"}


def load(text):
    asked = yaml.safe_load(text)
    if "model_list" in asked:
        return asyncio.run(router(asked))
    held = IN_MEMORY_GUARDRAIL_HANDLER.guardrail_id_to_custom_guardrail
    held.clear()
    init_guardrails_v2(all_guardrails=asked["guardrails"])
    assert len(held) == len(asked["guardrails"]), "guardrails were left out"
    return list(held.values())


async def router(asked):
    """Within a loop, which a model with a budget needs."""
    return Router(model_list=asked["model_list"], **asked.get("router_settings", {}))


def run(guardrails, case):
    if isinstance(guardrails, Router):
        return models(guardrails, case)
    text, triggered = case.get("text"), False
    for guardrail in guardrails:
        if guardrail.event_hook != MODES[case["stage"]]:
            continue
        try:
            if case["stage"] == "tool_call":
                asyncio.run(call(guardrail, case["tool_call"]))
            else:
                text = asyncio.run(look(guardrail, case["stage"], text))
        except (HTTPException, GuardrailRaisedException):
            triggered = True
    changed = text != case.get("text")
    return {"triggered": triggered or changed, "text": text if changed else None}


async def look(guardrail, stage, text):
    which = "request" if stage == "input" else "response"
    found = await guardrail.apply_guardrail(
        inputs={"texts": [text]}, request_data={}, input_type=which
    )
    return found["texts"][0]


async def call(guardrail, asked):
    function = {"name": asked["name"], "arguments": json.dumps(asked["arguments"])}
    tool = {"id": "1", "type": "function", "function": function}
    message = {"role": "assistant", "content": None, "tool_calls": [tool]}
    await guardrail.async_post_call_success_hook(
        data={},
        user_api_key_dict=None,
        response=ModelResponse(choices=[{"message": message}]),
    )


def models(router, case):
    """Which deployments the router knows, and what one of them says."""
    answered = router.completion(
        model=case["model"],
        messages=[{"role": "user", "content": "Hello"}],
        mock_response="Hello",
    )
    known = [entry["model_name"] for entry in router.model_list]
    return {"known": known, "answered": answered.choices[0].message.content}


answer(load, run)
