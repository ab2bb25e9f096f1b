"""`placet import`: files in, documents in a folder, and what was not carried over."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from registry.cli.app import app

PROMPTY = """\
---
name: tried
model: gpt-4o
---
system:
Be kind to {{name}}.
"""


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)), prog_name="placet")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Kind Words.prompty"
    path.write_text(PROMPTY)
    return path


def test_a_file_becomes_a_document_that_check_takes(file: Path, tmp_path: Path):
    into = tmp_path / "work"

    done = run("import", file, "--into", into, "--owner", "product")

    assert done.exit_code == 0, done.output
    assert "prompty" in done.stdout
    assert "prompts/kind-words" in done.stdout
    assert "model: The model and its settings belong into a binding." in done.stdout
    assert done.stderr == "1 document written\n"
    assert (into / "prompts/kind-words.yaml").is_file()
    assert run("check", into).exit_code == 0


def test_the_name_and_the_version_can_be_given(file: Path, tmp_path: Path):
    done = run(
        *("import", file, "--into", tmp_path, "--name", "acme/kind"),
        *("--version", "2.0.0"),
    )

    assert done.exit_code == 0, done.output
    text = (tmp_path / "prompts/acme/kind.yaml").read_text()
    assert 'version: "2.0.0"' in text


def test_nothing_is_written_over_unless_forced(file: Path, tmp_path: Path):
    run("import", file, "--into", tmp_path)
    place = tmp_path / "prompts/kind-words.yaml"
    place.write_text("mine")

    refused = run("import", file, "--into", tmp_path)
    assert refused.exit_code == 2
    assert f"{place} is there already" in refused.stderr
    assert place.read_text() == "mine"

    assert run("import", file, "--into", tmp_path, "--force").exit_code == 0
    assert place.read_text() != "mine"


def test_a_folder_gives_what_is_read_and_leaves_the_rest(tmp_path: Path):
    folder = tmp_path / "old"
    for place, text in {
        "Fun/Joke/skprompt.txt": "Tell a joke about {{$input}}.",
        "Fun/Joke/config.json": "{}",
        "Fun/Poem/skprompt.txt": "Write a poem.",
        "program.py": "print()",
        ".hidden/a.md": "hidden",
        "b.md": "Be kind.",
    }.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "link.md").symlink_to("/etc/hostname")

    done = run("import", folder, "--into", tmp_path, "--name", "acme", "--json")

    assert done.exit_code == 0, done.output
    documents = [one["documents"] for one in json.loads(done.stdout)]
    assert documents == [
        ["prompts/acme/fun/joke"],
        ["prompts/acme/fun/poem"],
        ["prompts/acme/b"],
    ]


def test_what_cannot_be_read_is_a_sentence_and_status_2(file: Path, tmp_path: Path):
    bad = tmp_path / "bad.prompt"
    bad.write_text("{{> header}}")

    done = run("import", file, bad, "--into", tmp_path)

    assert done.exit_code == 2
    assert f'{bad}: it includes "header", and no other file is read' in done.stderr
    assert done.stderr.endswith("1 document written, 1 file refused\n")
    assert (tmp_path / "prompts/kind-words.yaml").is_file()


def test_a_file_that_is_named_and_in_no_format_is_refused(tmp_path: Path):
    path = tmp_path / "program.py"
    path.write_text("print()")

    done = run("import", path, "--into", tmp_path)

    assert done.exit_code == 2
    assert "this is no format that is read" in done.stderr
    assert "--format dotprompt, prompty" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--format", "word"), "'word' is no format that is read"),
        (("--name", "Not A Name"), "cannot be part of a document's name"),
        (("--version", "1"), "is not a semantic version"),
        (("--owner", "Not A Handle"), "owner"),
    ],
)
def test_a_wrong_option_is_refused(file: Path, tmp_path: Path, words, told):
    done = run("import", file, "--into", tmp_path, *words)

    assert done.exit_code == 2
    assert told in done.stderr
    assert not (tmp_path / "prompts").exists()


def test_two_files_that_would_be_one_document_are_refused(tmp_path: Path):
    for ending in ("md", "txt"):
        (tmp_path / f"a.{ending}").write_text("Be kind.")

    done = run("import", tmp_path / "a.md", tmp_path / "a.txt", "--into", tmp_path)

    assert done.exit_code == 2
    assert "would both be" in done.stderr
    assert not (tmp_path / "prompts").exists()


def test_json_has_leftovers_and_errors(file: Path, tmp_path: Path):
    bad = tmp_path / "bad.prompt"
    bad.write_text("{{json this}}")

    done = run("import", file, bad, "--into", tmp_path, "--json")

    good, refused = json.loads(done.stdout)
    assert good["format"] == "prompty"
    assert good["written"] == [str(tmp_path / "prompts/kind-words.yaml")]
    assert {"where", "message"} == set(good["leftovers"][0])
    assert "computes something" in refused["error"]["message"]
    assert refused["error"]["hint"]


def test_a_list_of_words_has_to_be_named(tmp_path: Path):
    path = tmp_path / "rivals.txt"
    path.write_text("Other Air\n")

    done = run("import", path, "--format", "words", "--into", tmp_path)

    assert done.exit_code == 0, done.output
    assert "guardrails/rivals" in done.stdout
    assert run("check", tmp_path / "guardrails").exit_code == 0


def test_text_of_a_file_cannot_steer_the_terminal(tmp_path: Path):
    path = tmp_path / "x.prompt"
    path.write_text("{{\x1b[31m}}")

    done = run("import", path, "--into", tmp_path)

    assert done.exit_code == 2
    assert "\x1b" not in done.output


def test_a_pipe_or_a_missing_file_is_refused(tmp_path: Path):
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)

    assert "there is no file" in run("import", pipe, "--into", tmp_path).stderr
    assert run("import", tmp_path / "none.md").exit_code == 2


WORDS = "idiot\nmoron\nstupid fool\nshut up\n"
PROMPT = "You are kind.\nAnswer in English.\nNever promise a refund\n"


@pytest.mark.parametrize(("text", "hinted"), [(WORDS, True), (PROMPT, False)])
def test_a_text_that_looks_like_a_list_is_told_of_the_format(text, hinted, tmp_path):
    path = tmp_path / "words.txt"
    path.write_text(text)

    done = run("import", path, "--into", tmp_path)

    assert done.exit_code == 0, done.output
    assert ("`--format words` makes a guardrail" in done.stdout) is hinted


def test_a_type_that_only_a_program_knows_is_told_in_plain_words(tmp_path):
    path = tmp_path / "a.prompt"
    path.write_text("---\ninput:\n  schema:\n    tags: string[]\n---\n{{tags}}")

    done = run("import", path, "--into", tmp_path)

    told = 'does not say what the type "string[]" is: any value is taken for it here'
    assert told in " ".join(done.stdout.split())
