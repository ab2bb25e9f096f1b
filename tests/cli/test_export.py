"""`placet export`: a document for another product, and what is lost on the way."""

import json
from pathlib import Path

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
