"""JUnit's XML, as many test runners write it: `testsuite`, `testcase`, `failure`.

* A test that has a `failure` or an `error` failed; one that is `skipped` was not
  tried, and is no sample.
* A document type is refused before anything in it is read, so that no entity is ever
  declared, let alone expanded or fetched; so is what is nested deeper than any
  test runner nests.
* Before and after are not told apart: what a test says is what came of it now.
"""

# The parser itself, because it is told of a document type before it reads on: with
# none, there are no entities but XML's own five.
from xml.parsers import expat

from registry.check_formats.samples import MAX_KEPT_CHARS, Sample
from registry.errors import Invalid

_MAX_DEPTH = 32
_FAILED = {"failure", "error"}
_TOLD = {"failure", "error", "system-out"}
_HINT = (
    "Write it with a test runner that knows JUnit's XML, such as `pytest --junitxml`."
)


class _Reader:
    """What has been read so far."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.root = ""
        self._depth = 0
        self._test: str | None = None
        self._states: set[str] = set()
        self._said: list[str] = []
        self._chars = 0
        self._inside = ""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        name = _local(name)
        self._depth += 1
        if self._depth == 1:
            self.root = name
        if self._depth > _MAX_DEPTH:
            raise Invalid("the XML is nested too deep", hint=_HINT)
        if name == "testcase":
            place = attributes.get("classname", "")
            named = attributes.get("name", "")
            self._test = f"{place} {named}".strip() or "[a test without a name]"
            self._states, self._said, self._chars = set(), [], 0
        elif self._test is not None and (name in _TOLD or name == "skipped"):
            self._states.add(name)
            self._inside = name if name in _TOLD else ""
            if attributes.get("message"):
                self.text(attributes["message"] + "\n")

    def text(self, data: str) -> None:
        if self._inside and self._chars < MAX_KEPT_CHARS:
            self._said.append(data[: MAX_KEPT_CHARS - self._chars])
            self._chars += len(data)

    def end(self, name: str) -> None:
        name = _local(name)
        self._depth -= 1
        if name == self._inside:
            self._inside = ""
        if name == "testcase" and self._test is not None:
            if "skipped" not in self._states:
                self.samples.append(self._sample(self._test))
            self._test = None

    def _sample(self, test: str) -> Sample:
        passed = not self._states & _FAILED
        return Sample(
            input=test,
            before=None,
            after="".join(self._said).strip() or ("[passed]" if passed else "[failed]"),
            passed=passed,
            passed_before=None,
        )


def samples(data: bytes) -> tuple[Sample, ...]:
    """Raises:
    Invalid: It is no such XML, has a document type, or nothing was tried.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reader.begin
    parser.CharacterDataHandler = reader.text
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Invalid(f"this is no XML: {error}", hint=_HINT) from None
    if reader.root not in {"testsuites", "testsuite"} or not reader.samples:
        raise Invalid("this is no JUnit XML, or nothing was tried", hint=_HINT)
    return tuple(reader.samples)


def _refuse_doctype(*_: object) -> None:
    raise Invalid(
        "the XML declares a document type, which no test runner needs",
        hint="Take out `<!DOCTYPE ...>`.",
    )


def _local(name: str) -> str:
    return name.rpartition(":")[2]
