"""A result as it is sent over HTTP, read from a file."""

import json

import pytest

from registry.check_formats import Format, Told, read
from registry.errors import Invalid
from registry.names import Digest

CONTENT = Digest("sha256:" + "1" * 64)
OTHER = Digest("sha256:" + "2" * 64)
TOLD = Told(name=None, content=CONTENT, source=None, threshold=None, link=None)
SAID = {"name": "answers", "passed": True, "total": 10, "failed": 0}


def result(said: object, told: Told = TOLD):
    return read(json.dumps(said).encode(), Format.JSON, told).result


def test_what_the_file_leaves_out_is_what_is_told():
    found = result(SAID)

    assert (found.content, found.production, found.examples) == (CONTENT, 0, ())


def test_the_file_may_name_the_content_itself():
    assert result(SAID | {"content": OTHER}).content == OTHER


def test_a_name_that_is_told_comes_before_the_files():
    told = Told(name="other", content=CONTENT, source=None, threshold=None, link=None)

    assert result(SAID, told).name == "other"


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {},
        SAID | {"total": "10"},
        SAID | {"more": 1},
        SAID | {"examples": [{"input": "a"}]},
        SAID | {"examples": "none"},
    ],
    ids=str,
)
def test_what_is_no_result_is_refused(wrong):
    with pytest.raises(Invalid) as refused:
        result(wrong)

    assert refused.value.hint
