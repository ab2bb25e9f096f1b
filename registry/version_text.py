"""A document's version in its text: set without touching anything else."""

from collections.abc import Iterator

import yaml

from registry import yaml_text
from registry.errors import Invalid
from registry.values import same

_BY_HAND = "Write the version into the text yourself."


def with_version(source: bytes, version: str) -> bytes:
    """*source* with another version in it, and every other byte as it was.

    The new version stands in the quotes in which the old one stood.

    Raises:
        Invalid: There is no version in it that could be replaced so.
    """
    text = source.decode()
    before = yaml_text.parse(source).value
    place = next(_places(text), None)
    if place is None or not isinstance(before, dict):
        raise Invalid("there is no `version:` to be set", hint=_BY_HAND)
    start, end = place
    quote = text[start] if text[start] in "'\"" else '"'
    made = f"{text[:start]}{quote}{version}{quote}{text[end:]}".encode()
    reading = yaml_text.parse(made)
    if reading.findings or not same(reading.value, {**before, "version": version}):
        raise Invalid("`version:` stands where it cannot be set", hint=_BY_HAND)
    return made


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where the version's value begins and ends, in characters.

    Read by the parser that counts them; it stops as soon as it is found.
    """
    depth, is_key, is_version = 0, True, False
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth == 1 and is_version and isinstance(event, yaml.ScalarEvent):
                start, end = event.start_mark, event.end_mark
                if start is not None and end is not None:
                    yield start.index, end.index
                return
            if depth == 1 and isinstance(event, yaml.NodeEvent):
                named = getattr(event, "value", None)
                is_version, is_key = is_key and named == "version", not is_key
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
    except yaml.YAMLError:
        return
