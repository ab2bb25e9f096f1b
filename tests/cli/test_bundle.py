"""`placet bundle`: a folder that a chatbot can be tried with, without a server."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

import placet
from registry.cli.app import app
from tests.cli.worlds import Library


def bundle(folder: Path, to: Path) -> Result:
    words = ["bundle", str(folder), "--to", str(to)]
    return CliRunner().invoke(app, words, prog_name="placet")


def test_the_client_reads_what_was_bundled(library: Library, tmp_path: Path):
    out = tmp_path / "out"

    bundle(library.folder, out)

    with placet.Client(f"dir:{out}") as client:
        bot = client.bot(library.bot)
        messages = bot.prompt("refunds").render(question="Do I get it back?")
    assert messages[1] == {"role": "user", "content": "Do I get it back?"}
    assert "Be kind." in messages[0]["content"]


def test_bundling_again_follows_the_documents(library: Library, tmp_path: Path):
    out = tmp_path / "out"
    bundle(library.folder, out)
    (library.folder / f"bots/{library.bot}.yaml").unlink()
    (library.folder / f"{library.fares}.yaml").unlink()

    bundle(library.folder, out)

    index = json.loads((out / "index.json").read_bytes())
    assert index["bots"] == {}
    assert list(index["prompts"]) == [f"{library.name}/refunds"]
    files = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())
    assert files == ["index.json", f"{library.refunds}.json"]


def test_nothing_is_written_when_something_is_wrong(library: Library, tmp_path: Path):
    library.write(library.tone, "kind: fragment\n")

    done = bundle(library.folder, tmp_path / "out")

    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(
    library: Library, tmp_path: Path
):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("ten years of work")

    done = bundle(library.folder, out)

    assert done.exit_code == 2
    assert "has something else than bundles in it" in done.stderr
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_documents_that_no_bundle_has_are_named(library: Library, tmp_path: Path):
    assert "In no bundle" not in bundle(library.folder, tmp_path / "out").stderr
    library.write(
        "fragments/a/alone",
        "kind: fragment\nname: a/alone\nversion: 1.0.0\nowner: product\n"
        "description: Nobody uses it.\ntier: low\ntemplate: none\ntext: Hm.\n",
    )

    done = bundle(library.folder, tmp_path / "out")

    assert done.exit_code == 0, done.output
    assert done.stderr == "In no bundle: fragments/a/alone\n"
