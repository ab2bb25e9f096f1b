"""`placet bindings` and `placet alerts`: models, how long they last, what answered."""

import json
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import placet
from registry.cli.bindings import fitted, retiring_rows
from registry.remote.bindings import BoundBot, Retirement, Saying
from tests.cli.worlds import PLACET, Library, World


def today() -> date:
    return datetime.now(UTC).date()


MODEL = "house-model-1"
BACKUP = "house-model-0"


def binding(name: str, model: str, **parts: object) -> str:
    """A document in JSON, which is YAML."""
    value = {
        "kind": "binding",
        "name": name,
        "version": "1.0.0",
        "owner": "product",
        "description": "Answers customers.",
        "tier": "medium",
        "platform": "openai_compatible",
        "model": model,
        "pin": {"kind": "snapshot"},
        "limits": {"timeout_s": 30},
        "expect": {"response_model": model},
        **parts,
    }
    return json.dumps(value, indent=1)


def shut_down_in(days: int) -> dict[str, object]:
    return {
        "status": "deprecated",
        "shutdown_on": str(today() + timedelta(days=days)),
        "firm": False,
        "replacement": "house-model-2",
        "source": "https://example.org/retirements",
        "checked_on": str(today()),
    }


@pytest.fixture
def bound(world: World, library: Library) -> Library:
    """A live bot with a binding that retires soon, and a fallback that does not."""
    bot = library.folder / f"bots/{library.bot}.yaml"
    bot.write_text(bot.read_text() + f"bindings:\n  main: {library.name}/chat\n")
    waiver = {"reason": "compared daily", "expires": "2020-02-01"}
    library.write(
        f"bindings/{library.name}/chat",
        binding(
            f"{library.name}/chat",
            MODEL,
            lifecycle=shut_down_in(30),
            fallbacks=[{"name": f"{library.name}/backup", "when": ["error"]}],
        ),
    )
    library.write(
        f"bindings/{library.name}/backup",
        binding(
            f"{library.name}/backup", BACKUP, pin={"kind": "alias", "waiver": waiver}
        ),
    )
    world.lives(library.folder, "development")
    return library


def lines_with(text: str, name: str) -> list[str]:
    return [line for line in text.splitlines() if name in line]


def test_live_bindings_are_listed_with_their_bots(world: World, bound: Library):
    told = world["viewer"].does("bindings", "list", "--env", "development")

    (backup,) = lines_with(told, f"{bound.name}/backup")
    (chat,) = lines_with(told, f"{bound.name}/chat")
    assert "alias, waiver ended 2020-02-01" in backup
    assert "nobody says" in backup
    assert f"{bound.bot} as main (fallback)" in backup
    assert f"openai_compatible {MODEL}" in chat
    assert str(today() + timedelta(days=30)) in chat
    assert chat.endswith(f"{bound.bot} as main")


def test_every_environment_is_looked_at(world: World, bound: Library):
    found = world["viewer"].reads("bindings", "list")

    here = [o for o in found if o["binding"]["binding"].startswith(bound.name)]
    assert {one["environment"] for one in here} == {"development"}
    assert len(here) == 2


def test_what_retires_soon_is_told_with_who_says_so_and_since_when(
    world: World, bound: Library
):
    done = world["viewer"].run("bindings", "retiring", "--within", "90d")

    (line,) = lines_with(done.stdout, f"{bound.name}/chat")
    assert f"{today() + timedelta(days=30)}, in 30 days" in line
    assert "the document, not before" in line
    assert line.count(str(today())) == 1  # looked on
    assert "house-model-2" in line
    assert line.endswith(f"{bound.bot} as main")
    assert f"{bound.name}/backup (development)" in done.stderr


def retirement(*days: tuple[str, str]) -> Retirement:
    """As (source, day), the first being the one that counts."""
    says = tuple(
        Saying(
            source=source,
            shutdown_on=date.fromisoformat(day),
            firm=None,
            link=None,
            checked_on=date(2026, 11, 20),
            replacement="gpt-4.1",
            of_name=False,
        )
        for source, day in days
    )
    return Retirement(
        binding="acme-air/chat",
        version="1.0.0",
        platform="azure_openai",
        model="gpt-4o-mini",
        model_version="2024-07-18",
        shutdown_on=says[0].shutdown_on,
        days=300,
        firm=None,
        by=says[0].source,
        replacement="gpt-4.1",
        disputed=len({one.shutdown_on for one in says}) > 1,
        says=says,
        bots=(BoundBot(bot="acme-air/support", role="main", fallback=False),),
    )


def shown_at(width: int, **found: Retirement) -> str:
    return fitted(*retiring_rows(list(found.items())), width)


AGREED = ("the document", "2027-04-14"), ("llm-sunset", "2027-04-14")


def test_a_day_has_one_line_for_all_environments_and_all_who_agree():
    one = retirement(*AGREED, ("LiteLLM", "2027-05-01"))

    told = shown_at(100_000, staging=one, production=one)

    _, leading, other = told.splitlines()
    assert "staging, production" in leading
    assert "the document, looked on 2026-11-20; also says so: llm-sunset" in leading
    assert "differs: 2027-05-01" in other
    assert "LiteLLM" in other


@pytest.mark.parametrize("width", [60, 80, 100])
def test_what_retires_fits_the_screen_and_no_name_is_broken(width: int):
    told = shown_at(width, production=retirement(*AGREED), staging=retirement(*AGREED))

    assert all(len(line) <= width for line in told.splitlines())
    for name in (
        "gpt-4o-mini",
        "2024-07-18",
        "azure_openai",
        "production",
        "acme-air/support",
    ):
        assert name in told


def test_what_retires_later_is_not_told(world: World, bound: Library):
    told = world["viewer"].does("bindings", "retiring", "--within", "29d")

    assert lines_with(told, bound.name) == []


@pytest.mark.parametrize("within", ["90", "d", "-1d", "3 months", "900000d"])
def test_a_number_of_days_is_written_as_such(world: World, within: str):
    refused = world["viewer"].is_refused("bindings", "retiring", f"--within={within}")

    assert "90d" in refused


def test_a_chatbot_reports_and_people_see_the_change_underneath(
    world: World, bound: Library
):
    token = world["operator"].does(
        "token", "new", "--purpose", "a bot", "--bot", bound.bot
    )
    with placet.Client(
        world.url, token=token.strip(), environment="development", refresh="manual"
    ) as client:
        bot = client.bot(bound.bot)
        bot.report(response_model=MODEL, fingerprint="fp_1")
        bot.report(response_model=BACKUP)
        quiet = client.refresh()
        before = world["viewer"].does("alerts", "--env", "development")
        bot.report(response_model="house-model-3")
        health = client.refresh()

    seen = world["viewer"].does("bindings", "seen", "development", "--bot", bound.bot)
    (alert,) = [
        one for one in world["viewer"].reads("alerts") if one["bot"] == bound.bot
    ]
    assert (quiet.dropped, health.dropped) == (0, 0)
    assert lines_with(before, bound.bot) == []
    assert "nobody agreed to it" in lines_with(seen, "house-model-3")[0]
    assert f"{bound.name}/backup" in lines_with(seen, f"  {BACKUP}")[0]
    assert (alert["expected"], alert["got"]) == (MODEL, "house-model-3")

    refused = world["viewer"].is_refused(
        "alerts", "--resolve", str(alert["id"]), "--reason", "no"
    )
    unsaid = world["operator"].is_refused("alerts", "--resolve", str(alert["id"]))
    resolved = world["operator"].does(
        "alerts", "--resolve", str(alert["id"]), "--reason", "the vendor put it back"
    )
    left = world["viewer"].does("alerts")
    every = world["viewer"].does("alerts", "--all")

    assert "may not resolve an alert" in refused
    assert "it needs a reason" in unsaid
    assert "by operator: the vendor put it back" in resolved
    assert lines_with(left, bound.bot) == []
    assert len(lines_with(every, bound.bot)) == 1


def test_a_model_that_nobody_reported_is_not_seen(world: World):
    done = world["viewer"].run("bindings", "seen", "staging")

    assert done.exit_code == 0
    assert "No chatbot has reported" in done.stderr


def test_a_server_is_not_started_with_a_list_that_says_nothing(
    world: World, tmp_path: Path
):
    path = tmp_path / "prices.json"
    path.write_text("{}")

    done = subprocess.run(
        [PLACET, "serve", "--home", world.home, "--port", "0", "--retirements", path],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 2
    assert "names no day on which a model is shut down" in done.stderr
