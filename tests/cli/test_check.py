"""`placet check`: what is wrong, where, and how to mend it; without a registry."""

import json
import subprocess
from pathlib import Path

from typer.testing import CliRunner, Result

from registry.cli.app import app
from tests.cli.worlds import PLACET, Library

EXAMPLES = Path(__file__).parents[2] / "prompts"


def check(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, words)], prog_name="placet")


def test_the_example_library_has_nothing_wrong():
    done = subprocess.run(
        [PLACET, "check", EXAMPLES], capture_output=True, text=True, check=False
    )

    told = done.stdout.splitlines()
    assert done.returncode == 0
    assert all(line.startswith("warning: ") for line in told)
    assert " files, nothing wrong" in done.stderr


def test_a_finding_names_file_and_line_and_how_to_mend_it(library: Library):
    path = library.write(
        library.tone, "kind: fragment\nname: a/tone\nversion: 1.0\nowner: product\n"
    )

    done = check(library.folder)

    assert done.exit_code == 1
    first = next(line for line in done.stdout.splitlines() if "version" in line)
    assert first.startswith(f"{path}:3: ")
    assert "put quotes around it" in first.lower()


def test_a_missing_include_is_found(library: Library):
    (library.folder / f"{library.tone}.yaml").unlink()

    done = check(library.folder)

    assert done.exit_code == 1
    assert f"{library.tone} does not exist" in done.stdout


def test_one_file_is_checked_with_what_is_beside_it(library: Library):
    path = library.folder / f"{library.refunds}.yaml"

    done = check(path)

    assert done.exit_code == 0, done.output


def test_what_refers_to_a_broken_document_is_not_judged(library: Library):
    broken = library.write(library.tone, "kind: fragment\n")

    done = check(library.folder)

    lines = done.stdout.splitlines()
    findings = [line for line in lines if not line.startswith("warning: ")]
    assert findings
    assert all(line.startswith(str(broken)) for line in findings)


def test_a_file_that_is_not_where_its_name_says_is_found(library: Library):
    path = library.folder / f"{library.refunds}.yaml"
    path.rename(path.with_name("refund.yaml"))

    done = check(library.folder)

    assert f"the name of {library.refunds} is not that of the file" in done.stdout


def test_two_files_with_one_document_are_found(library: Library):
    path = library.folder / f"{library.tone}.yaml"
    (library.folder / "copy.yaml").write_bytes(path.read_bytes())

    done = check(library.folder)

    assert f"{library.tone} is in" in done.stdout
    assert "already" in done.stdout


def test_a_policy_is_checked_as_one(tmp_path: Path):
    path = tmp_path / "production.yaml"
    path.write_text("environment: production\nrequirements:\n  - nam: board\n")

    done = check(path)

    assert done.exit_code == 1
    assert f"{path}:3: " in done.stdout


def test_findings_come_as_json_for_scripts(library: Library):
    library.write(library.tone, "kind: fragment\n")

    done = check(library.folder, "--json")

    answer = json.loads(done.stdout)
    told = {"file", "document", "line", "where", "message", "hint"}
    assert (done.exit_code, answer["files"]) == (1, 4)
    assert answer["warnings"]
    for one in (*answer["findings"], *answer["warnings"]):
        assert set(one) == told


def test_a_file_that_is_not_there_is_wrong_input(tmp_path: Path):
    done = check(tmp_path / "nothing.yaml")

    assert done.exit_code == 2
    assert "there is no file or folder" in done.stderr


def test_a_folder_without_documents_is_wrong_input(tmp_path: Path):
    done = check(tmp_path)

    assert done.exit_code == 2
    assert "there is no document to look at" in done.stderr


def test_a_file_that_is_no_text_is_a_finding(library: Library):
    (library.folder / "noise.yaml").write_bytes(b"\xff\xfe\x00kind")

    done = check(library.folder)

    assert done.exit_code == 1
    assert "noise.yaml" in done.stdout


def test_a_file_that_is_too_large_is_told_by_its_size(library: Library):
    (library.folder / "large.yaml").write_text("kind: prompt\n" * 100_000)

    done = check(library.folder)

    assert done.exit_code == 1
    assert "the file has 1,270 KiB, more than 256 KiB" in done.stdout


def test_links_in_a_folder_are_not_followed(library: Library, tmp_path: Path):
    (tmp_path / "elsewhere.yaml").write_text("kind: nothing\n")
    (library.folder / "link.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    (library.folder / "folder").symlink_to(library.folder)

    done = check(library.folder)

    assert done.exit_code == 0
    links = [library.folder / "folder", library.folder / "link.yaml"]
    told = [f"{link} is a symbolic link and is not looked at\n" for link in links]
    assert done.stderr == "".join(told) + "4 files, nothing wrong, 1 warning\n"


def test_warnings_are_told_apart_and_count_only_when_strict(library: Library):
    done = check(library.folder)
    strict = check("--strict", library.folder)

    (line,) = done.stdout.splitlines()
    assert line.startswith(f"warning: {library.folder}/bots/{library.bot}.yaml: ")
    assert "no guardrail looks at what the bot answers" in line
    assert (done.exit_code, strict.exit_code) == (0, 1)
    assert done.stderr.endswith("nothing wrong, 1 warning\n")


def test_a_term_that_has_expired_is_a_warning_on_its_line(library: Library):
    path = library.write(
        "glossaries/a/fares",
        "kind: glossary\nname: a/fares\nversion: 1.0.0\nowner: product\n"
        "description: Fares.\nterms:\n  - term: flex\n    definition: A fare.\n"
        '    valid_until: "2020-01-01"\n',
    )

    done = check(path)

    assert done.exit_code == 0
    assert done.stdout.startswith(
        f'warning: {path}:7: the term "flex" expired on 2020-01-01 ('
    )


def test_strict_says_that_warnings_count(library: Library):
    assert "--strict" not in check(library.folder).stderr
    assert check("--strict", library.folder).stderr == (
        "4 files, nothing wrong, 1 warning, which counts: --strict\n"
    )
