"""Schedules, emergencies and ratifications at the command line, on a real server."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.worlds import PEOPLE, PLACET, Library, World

pytestmark = pytest.mark.slow

POLICY = """\
environment: staging
requirements:
  - {name: product has read it, seat: product}
emergency: {seats: [risk], kinds: [prompt, fragment], ratify_hours: 24}
"""


@pytest.fixture(scope="module")
def alarmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A registry of its own, in whose staging risk may act in an emergency."""
    folder = tmp_path_factory.mktemp("alarmed")
    home, file = folder / "registry", folder / "staging.yaml"
    file.write_text(POLICY)
    made = subprocess.run(
        [
            *(PLACET, "init", "--home", home, "--json", "--policy", file),
            *(word for person in PEOPLE for word in ("--person", person)),
        ],
        check=True,
        capture_output=True,
    )
    passwords = json.loads(made.stdout)
    server = subprocess.Popen(
        [PLACET, "serve", "--home", home, "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said, url = "", None
        while url is None:
            line = server.stderr.readline()
            assert line, said
            said += line
            url = re.search(r"http://\S+:\d+", line)
        yield World(url[0], home, passwords)
    finally:
        server.terminate()
        server.wait()
        server.stderr.close()


def submitted(world: World, library: Library, *words: str) -> int:
    return world["author"].reads(
        "submit", str(library.folder), "--env", "staging", "--title", "Better", *words
    )["id"]


def edited(world: World, library: Library, version: str, text: str) -> int:
    """A change of the tone alone, of what is live already."""
    library.write_tone(version, text)
    return submitted(world, library)


def emergency(world: World, change: int) -> dict:
    return world["risk"].reads(
        "activate",
        str(change),
        "--emergency",
        *("--incident", "INC-7", "--seat", "risk"),
        *("--reason", "It names a customer.", "--yes"),
    )


@pytest.fixture
def live(alarmed: World, library: Library) -> World:
    """The library is live in staging, by agreement."""
    alarmed.lives(library.folder, "staging", "product")
    return alarmed


def test_what_is_scheduled_says_when_and_goes_live_no_sooner(alarmed, library):
    at = datetime.now(UTC) + timedelta(days=9)
    change = submitted(alarmed, library, "--at", at.isoformat())
    alarmed.agrees(change, "product")

    shown = alarmed["viewer"].does("show", str(change))
    refused = alarmed["operator"].is_refused("activate", str(change), "--yes")

    assert f"scheduled for {at:%Y-%m-%d %H:%M} UTC" in shown
    assert f"Goes live by itself at {at:%Y-%m-%d %H:%M} UTC" in shown
    assert "and not before" in refused


def test_what_was_scheduled_goes_live_by_itself(alarmed, library):
    at = datetime.now(UTC) + timedelta(seconds=4)
    change = submitted(alarmed, library, "--at", at.isoformat())
    alarmed.agrees(change, "product")

    deadline = time.monotonic() + 60
    while alarmed["viewer"].reads("show", str(change))["status"] != "activated":
        assert time.monotonic() < deadline, "it never went live"
        time.sleep(0.2)

    (newest, *_) = alarmed["viewer"].reads("log", "staging", "--limit", "1")
    assert (newest["by"], newest["change"]) == ("placet", change)
    assert at <= datetime.fromisoformat(newest["at"])


def test_a_revision_keeps_its_moment_unless_it_says_otherwise(alarmed, library):
    at = datetime.now(UTC) + timedelta(days=9)
    change = submitted(alarmed, library, "--at", at.isoformat())
    library.write_tone("1.0.0", "Be calm.")
    number = str(change)

    kept = alarmed["author"].reads("submit", str(library.folder), "--change", number)
    library.write_tone("1.0.0", "Be brief.")
    none = alarmed["author"].reads(
        "submit", str(library.folder), "--change", number, "--at", "none"
    )

    assert kept["earliest"] is not None
    assert none["earliest"] is None


@pytest.mark.parametrize("at", ["2020-01-01T08:00", "soon"])
def test_a_moment_that_cannot_be_kept_is_refused(alarmed, library, at):
    alarmed["author"].is_refused(
        *("submit", str(library.folder), "--env", "staging", "--title", "x"),
        *("--at", at),
    )


def test_an_emergency_is_told_listed_ratified_and_in_the_history(live, library):
    change = edited(live, library, "1.0.1", "Be calm.")

    done = emergency(live, change)

    number = str(done["ratification"])
    listed = live["viewer"].does("ratifications")
    assert "INC-7" in listed
    assert number in listed
    shown = live["product"].does("ratifications", number)
    assert "It names a customer." in shown
    assert f"placet ratify {number}" in shown
    assert "ratifications" in live["viewer"].does("show", str(change))
    assert "activated in an emergency (open)" in live["viewer"].does("log", "staging")

    done = live["product"].run("ratify", number, "--yes", "--reason", "Read.")

    assert re.match(
        rf"Ratified change {change} \(INC-7\), seq \d+ of staging, as product "
        rf"\(ratification {number}, event digest [0-9a-f]{{12}}\): ratified\.\n",
        done.stdout,
    )
    assert "activated in an emergency (ratified)" in live["viewer"].does(
        "log", "staging"
    )


def test_whoever_ratifies_sees_what_it_replaced_and_how_to_see_all_of_it(live, library):
    change = edited(live, library, "1.0.1", "Be gentle.")
    number = str(emergency(live, change)["ratification"])

    told = live["product"].run("ratify", number, "--yes").stderr
    shown = live["product"].does("ratifications", number)

    assert "+ " in told
    assert "Be gentle." in told
    command = re.search(r"placet (diff staging --from \d+ --to \d+)", told)
    assert command is not None
    assert "Be gentle." in live["product"].does(*command[1].split())
    assert command[0] in shown
    assert shown.count("product has read it") == 1


def test_repudiating_says_how_to_put_back_what_was_live(live, library):
    change = edited(live, library, "1.0.1", "Be loud.")
    number = str(emergency(live, change)["ratification"])

    result = live["product"].run("repudiate", number, "--reason", "It shouts.", "--yes")

    assert result.exit_code == 0, result.output
    command = re.search(r"placet (rollback staging --undo \d+)", result.stderr)
    assert command is not None
    preview = live["operator"].does(*command[1].split(), "--preview")
    assert "repudiated" in preview
    assert "needs a vote" not in preview
    live["operator"].does(*command[1].split(), "--reason", "Repudiated", "--yes")
    held = live["viewer"].reads("asof", "staging")["documents"]
    assert {one["version"] for one in held if one["document"] == library.tone} == {
        "1.0.0"
    }


def test_a_rollback_says_that_it_undoes_an_emergency(live, library):
    change = edited(live, library, "1.0.1", "Be shrill.")
    number = str(emergency(live, change)["ratification"])
    back = ("rollback", "staging", "--document", library.tone, "--to", "1.0.0")

    waiting = live["operator"].does(*back, "--preview")
    live["product"].does("ratify", number, "--yes")
    agreed = live["operator"].does(*back, "--preview")

    assert "in an emergency (INC-7), waits to be ratified)" in " ".join(waiting.split())
    assert "in an emergency (INC-7), ratified)" in " ".join(agreed.split())


def test_what_was_put_back_already_is_not_said_to_be_put_back(live, library):
    change = edited(live, library, "1.0.1", "Be shrill.")
    done = emergency(live, change)
    back = ("rollback", "staging", "--document", library.tone, "--to", "1.0.0")
    put_back = live["operator"].reads(*back, "--reason", "Wrong", "--yes")["seq"]

    judge = ("repudiate", str(done["ratification"]), "--reason", "It is.", "--yes")
    result = live["product"].run(*judge)

    assert result.exit_code == 0, result.output
    assert f"Seq {put_back} has put back what was live before." in result.stderr
    assert "--undo" not in result.stderr


def test_an_emergency_says_that_a_stopped_bot_stays_stopped(live, library):
    live["operator"].does("stop", "staging", library.bot, "--reason", "It is rude")
    change = edited(live, library, "1.0.1", "Be polite.")
    words = ("--emergency", "--incident", "INC-7", "--reason", "Rude", "--yes")

    done = live["risk"].run("activate", str(change), *words)

    assert done.exit_code == 0, done.output
    assert f"{library.bot} is stopped still" in done.stderr


def test_who_activated_does_not_ratify(live, library):
    change = edited(live, library, "1.0.1", "Be quick.")
    number = str(emergency(live, change)["ratification"])

    refused = live["risk"].is_refused("ratify", number, "--yes")

    assert "You activated it." in refused
    live["product"].does("ratify", number, "--yes")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--emergency", "--yes"), "names its incident"),
        (("--incident", "INC-7"), "has no incident, seat or reason"),
        (
            ("--emergency", "--incident", "I", "--seat", "risk", "--reason", "x"),
            "no terminal to ask on",
        ),
    ],
)
def test_what_is_missing_is_said(live, library, words, said):
    change = edited(live, library, "1.0.1", "Be slow.")

    assert said in live["risk"].is_refused("activate", str(change), *words)


def test_the_only_seat_that_may_need_not_be_named(live, library):
    change = str(edited(live, library, "1.0.1", "Be swift."))
    words = ("activate", change, "--emergency", "--incident", "INC-7", "--yes")
    why = ("--reason", "It names a customer.")

    refused = live["product"].is_refused(*words, *why)
    done = live["risk"].reads(*words, *why)

    assert "you hold no seat that activates in an emergency in staging" in refused
    assert "In staging these do: risk." in refused
    live["product"].does("ratify", str(done["ratification"]), "--yes")


def test_bisect_says_that_it_was_an_emergency_and_what_became_of_it(
    live, library, tmp_path
):
    good = str(live["viewer"].reads("asof", "staging")["seq"])
    case = tmp_path / "case.yaml"
    inputs, held = "inputs: {question: Can I?}", "expect: {contains: [Be kind.]}"
    case.write_text(f"prompt: refunds\n{inputs}\n{held}\n")
    words = ("bisect", library.bot, "--case", str(case), "--good", good)
    number = emergency(live, edited(live, library, "1.0.1", "Be brisk."))
    by = "agreed by  nobody before: in an emergency (INC-7), by risk; "

    waiting = live["viewer"].does(*words, "--env", "staging")
    live["product"].does("ratify", str(number["ratification"]), "--yes")
    ratified = live["viewer"].does(*words, "--env", "staging")

    assert f"{by}waits for ratification by product\n" in waiting
    assert f"{by}ratified since\n" in ratified


def test_bisect_names_first_what_can_be_gone_back_to_at_once(live, library, tmp_path):
    good = str(live["viewer"].reads("asof", "staging")["seq"])
    case = tmp_path / "case.yaml"
    inputs, held = "inputs: {question: Can I?}", "expect: {contains: [about refunds]}"
    case.write_text(f"prompt: refunds\n{inputs}\n{held}\n")
    prompt = library.folder / f"{library.refunds}.yaml"
    text = prompt.read_text().replace("1.0.0", "1.0.1")
    prompt.write_text(text.replace("about refunds", "on everything"))
    live.lives(library.folder, "staging", "product")
    library.write_tone("1.0.1", "Be swift.")  # the old text never had this in it
    live.lives(library.folder, "staging", "product")
    words = ("bisect", library.bot, "--case", str(case), "--good", good)

    told = live["operator"].reads(*words, "--env", "staging")

    now, later = told["roll_back"]
    assert ("--bot" in now, "--document" in later) == (True, True)
    assert told["not_at_once"] == [later]
    assert not live["operator"].reads(*now.split()[1:])["needs_vote"]


def test_a_recall_offers_the_ways_off(live, library):
    change = edited(live, library, "1.0.1", "Be rude.")
    live.agrees(change, "product")
    live["operator"].does("activate", str(change))
    held = live["viewer"].reads("asof", "staging")
    digest = next(
        one["digest"] for one in held["documents"] if one["document"] == library.tone
    )
    live["operator"].does("recall", digest, "--reason", "Rude", "--yes")

    shown = live["viewer"].does("recall", "--list")

    assert f"placet stop staging {library.bot}" in shown
    assert f"{library.tone} 1.0.1 was recalled: Rude" in live["viewer"].does(
        "diff", "staging", "--from", str(held["seq"] - 1), "--names"
    )
    back = re.search(rf"rollback staging --document {library.tone} --to \d+", shown)
    assert back is not None
    live["operator"].does(*back[0].split(), "--reason", "Recalled", "--yes")
    assert "nowhere" in live["viewer"].does("recall", "--list")


def test_a_rollback_to_a_recalled_text_is_refused_before_it_is_tried(live, library):
    change = edited(live, library, "1.0.1", "Be cruel.")
    live.agrees(change, "product")
    live["operator"].does("activate", str(change))
    held = live["viewer"].reads("asof", "staging")
    digest = next(
        one["digest"] for one in held["documents"] if one["document"] == library.tone
    )
    back = ("rollback", "staging", "--document", library.tone, "--to")
    live["operator"].does(*back, "1.0.0", "--reason", "Cruel", "--yes")
    live["operator"].does("recall", digest, "--reason", "Cruel", "--yes")
    why = f"{library.tone} 1.0.1 was recalled: Cruel"

    shown = live["viewer"].does(*back, "1.0.1", "--preview")
    refused = live["operator"].is_refused(*back, "1.0.1", "--reason", "x", "--yes")
    again = live["author"].is_refused(
        "submit", str(library.folder), "--env", "staging", "--title", "Again"
    )

    assert f"refused: {why}" in shown
    assert "needs a vote" not in shown
    assert f"{why}\n  Go back to before it: `placet log staging`" in refused
    assert why in again


def test_an_empty_list_says_so(alarmed):
    assert (
        "Nothing has to be ratified"
        in alarmed["viewer"].run("ratifications", "--status", "overdue").output
    )
