"""botocore, reading an export: run by the Python that has it installed.

`ParamValidator` looks at types, required members and least sizes.  The model of the
service says more, enums, patterns and largest sizes, and that is held here too.
"""

import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120

import botocore.session
from answering import answer
from botocore.validate import ParamValidator

MODEL = botocore.session.get_session().get_service_model("bedrock")
SHAPE = MODEL.operation_model("CreateGuardrail").input_shape


def load(text):
    request = json.loads(text)
    report = ParamValidator().validate(request, SHAPE)
    wrong = [report.generate_report()] if report.has_errors() else []
    wrong += misfits(SHAPE, request, "")
    assert not wrong, wrong
    return request


def misfits(shape, value, place):
    if shape.type_name == "structure":
        for name, inner in value.items():
            yield from misfits(shape.members[name], inner, f"{place}.{name}")
    elif shape.type_name == "list":
        yield from sized(shape, len(value), place)
        for inner in value:
            yield from misfits(shape.member, inner, f"{place}[]")
    elif shape.type_name == "string":
        yield from sized(shape, len(value), place)
        if shape.enum and value not in shape.enum:
            yield f"{place}: {value} is not one of {shape.enum}"
        pattern = shape.metadata.get("pattern")
        if pattern and not re.fullmatch(pattern, value):
            yield f"{place}: {value} does not fit {pattern}"


def sized(shape, size, place):
    if not shape.metadata.get("min", 0) <= size <= shape.metadata.get("max", size):
        yield f"{place}: has the size {size}"


def run(request, case):
    """What Bedrock would do cannot be known here: only that it was asked at all."""
    sides = [
        side
        for policy in request.values()
        if isinstance(policy, dict)
        for entries in policy.values()
        for side in entries
    ]
    return {"asked": any(side[f"{case['stage']}Enabled"] for side in sides)}


answer(load, run)
