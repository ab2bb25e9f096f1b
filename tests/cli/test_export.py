"""`placet export`: a document for another product, and what is lost on the way."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from registry.cli.app import app
from tests.api.test_exports import guardrail
from tests.cli.worlds import Library, World


def export(*words: str) -> Result:
    return CliRunner().invoke(app, ["export", *words], prog_name="placet")


def written(folder: Path, text: str) -> str:
    path = folder / "keys.yaml"
    path.write_text(text)
    return str(path)


def test_the_text_goes_where_it_can_be_piped_and_the_losses_beside_it(tmp_path):
    done = export(written(tmp_path, guardrail()), "--format", "nemo")

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("rails:\n")
    assert "what is lost" not in done.stdout
    assert "aws-key" in done.stderr
    assert "cannot ask a person" in done.stderr


def test_a_folder_gets_the_file(tmp_path):
    source = written(tmp_path, guardrail())

    done = export(source, "--format", "bedrock", "-o", str(tmp_path / "out"))

    assert done.exit_code == 0, done.output
    path = tmp_path / "out/create-guardrail.json"
    assert done.stdout == f"{path}\n"
    assert json.loads(path.read_text())["name"] == "acme-keys"


def test_a_script_gets_everything_as_json(tmp_path):
    done = export(written(tmp_path, guardrail()), "--format", "litellm", "--json")

    found = json.loads(done.stdout)
    assert found["format"] == "litellm"
    assert {loss["rule"] for loss in found["losses"]} == {"", "aws-key"}


def test_a_document_that_is_wrong_is_not_exported(tmp_path):
    done = export(written(tmp_path, "kind: guardrail\n"), "--format", "nemo")

    assert done.exit_code == 1
    assert done.stdout == ""
    assert "keys.yaml" in done.stderr


def test_nothing_is_written_when_no_rule_is_left(tmp_path):
    source = written(tmp_path, guardrail(pattern="^(A+)+|AKIA[0-9A-Z]{16}$"))

    done = export(source, "--format", "nemo", "-o", str(tmp_path / "out"))

    assert done.exit_code == 2
    assert "backtracks" in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_is_live_is_exported_by_its_name(world: World, library: Library, tmp_path):
    name = f"{library.name}/keys"
    path = tmp_path / f"live/guardrails/{name}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(guardrail().replace("acme/keys", name))
    world.lives(tmp_path / "live", "development")

    found = world["viewer"].reads(
        "export", name, "--format", "litellm", "--environment", "development"
    )

    assert found["document"] == f"guardrails/{name}"
    assert "AKIA[0-9A-Z]{16}" in found["text"]


def test_a_file_that_is_there_is_written_over_only_if_forced(tmp_path):
    source = written(tmp_path, guardrail())
    path = tmp_path / "out/create-guardrail.json"
    path.parent.mkdir()
    path.write_text("mine")
    words = (source, "--format", "bedrock", "-o", str(tmp_path / "out"))

    refused = export(*words)

    assert refused.exit_code == 2
    assert "is there already" in refused.stderr
    assert "--force" in refused.stderr
    assert path.read_text() == "mine"
    assert export(*words, "--force").exit_code == 0
    assert json.loads(path.read_text())["name"] == "acme-keys"


def test_a_file_is_no_folder_to_write_into(tmp_path):
    source = written(tmp_path, guardrail())

    done = export(source, "--format", "bedrock", "-o", source, "--force")

    assert done.exit_code == 2
    assert "is a file, and -o names a folder" in " ".join(done.stderr.split())
    assert Path(source).read_text() == guardrail()


@pytest.mark.parametrize("command", ["export", "guard"])
def test_the_environment_has_a_short_name(command):
    done = CliRunner().invoke(app, [command, "--help"], prog_name="placet")

    assert {"--env", "--environment"} <= set(done.stdout.replace(",", " ").split())
