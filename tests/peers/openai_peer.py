"""OpenAI Guardrails, reading an export: run by the Python that has it installed."""

import asyncio
import os
import sys
from types import SimpleNamespace

sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120

from answering import answer
from guardrails.runtime import (
    JsonString,
    instantiate_guardrails,
    load_pipeline_bundles,
    run_guardrails,
)

CONTEXT = SimpleNamespace(guardrail_llm=None)
BUNDLES = {"input": "pre_flight", "output": "output"}


def load(text):
    bundles = load_pipeline_bundles(JsonString(text))
    return {
        stage: instantiate_guardrails(bundle)
        for stage, name in BUNDLES.items()
        if (bundle := getattr(bundles, name)) is not None
    }


def run(guardrails, case):
    results = asyncio.run(
        run_guardrails(
            CONTEXT,
            case["text"],
            "text/plain",
            guardrails[case["stage"]],
            suppress_tripwire=True,
            raise_guardrail_errors=True,
        )
    )
    return {"triggered": any(r.tripwire_triggered for r in results), "text": None}


answer(load, run)
