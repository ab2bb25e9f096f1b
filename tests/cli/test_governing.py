"""What people do beside the straight way: say no, take back, appoint, recall."""

from pathlib import Path

import pytest

from tests.cli.worlds import Library, World

SEATS = ("product", "risk", "board")


@pytest.fixture
def change(world: World, library: Library) -> str:
    folder = str(library.folder)
    words = ("submit", folder, "--env", "production", "--title", "A title")
    return str(world["author"].reads(*words)["id"])


def test_a_comment_is_there_for_everybody(world: World, change: str):
    world["author"].does("comment", change, "Please look at the second line.")

    assert "Please look at the second line." in world["risk"].does("show", change)


def test_who_votes_again_after_a_veto_is_told_how_to_clear_it(world, change: str):
    world["risk"].does("vote", change, "--veto", "--reason", "No.", "--yes")

    told = world["risk"].is_refused("vote", change, "--approve", "--yes")

    assert f"`placet clear-veto {change} --of risk`" in told


def test_a_veto_keeps_a_change_back_until_it_is_cleared(world: World, change: str):
    world.agrees(int(change), *SEATS)
    veto = ("vote", change, "--veto", "--reason", "Not lawful", "--yes")
    world["legal"].does(*veto)
    held = world["author"].does("show", change)

    world["board"].does(
        "clear-veto", change, "--of", "legal", "--reason", "It is", "--yes"
    )

    assert "Status  vetoed by legal" in held
    assert "Blocked by" in held
    assert "legal for legal: veto" in held
    assert world["author"].reads("show", change)["status"] == "approved"


def test_asking_for_changes_needs_words(world: World, change: str):
    refused = world["risk"].is_refused("vote", change, "--ask")

    assert "it needs a reason" in refused


def test_a_vote_on_what_has_moved_is_refused(world: World, change: str, library):
    read = world["risk"].reads("show", change)["review_digest"]
    library.write_tone("1.0.0", "Be brief.")
    world["author"].does("submit", str(library.folder), "--change", change)

    refused = world["risk"].is_refused(
        "vote", change, "--approve", "--digest", read, "--yes"
    )

    assert f"change {change} is at revision 2 now" in refused


@pytest.mark.parametrize("words", [(), ("--approve", "--veto")])
def test_a_vote_says_one_thing(world: World, change: str, words: tuple[str, ...]):
    refused = world["risk"].is_refused("vote", change, *words)

    assert "a vote says one thing" in refused


def test_somebody_without_a_seat_is_told_why(world: World, change: str):
    refused = world["operator"].is_refused("vote", change, "--approve", "--yes")

    assert "You hold no seat." in refused


def test_a_change_is_taken_back_by_its_author(world: World, change: str):
    world["author"].does("withdraw", change, "--reason", "Wrong file", "--yes")

    assert world["author"].reads("show", change)["status"] == "withdrawn"


def test_changes_are_listed_by_how_they_stand(world: World, change: str):
    waiting = world["author"].reads("changes", "--status", "waiting", "--all")
    ended = world["author"].reads("changes", "--status", "withdrawn", "--all")

    assert int(change) in {one["id"] for one in waiting}
    assert int(change) not in {one["id"] for one in ended}


def test_a_recalled_text_is_listed_with_where_it_is_live(world: World, library):
    world.lives(library.folder, "production", *SEATS)
    live = world["author"].reads("asof", "production")["documents"]
    digest = next(d["digest"] for d in live if d["document"] == library.tone)

    world["operator"].does("recall", digest, "--reason", "Names a customer", "--yes")
    listed = world["author"].does("recall", "--list", "--digests")

    row = next(line for line in listed.splitlines() if line.startswith(digest))
    assert "Names a customer" in row
    assert library.tone in row
    assert library.bot in row


def test_a_digest_that_is_nothing_s_says_where_digests_are(world: World):
    unknown = f"sha256:{'0' * 64}"

    told = world["operator"].is_refused("recall", unknown, "--reason", "x", "--yes")

    assert "`placet asof ENV --digests`" in told


def test_a_log_of_no_environment_names_those_that_there_are(world: World):
    told = world["viewer"].is_refused("log")

    assert "`placet log production`; there are development, production, stag" in told


def test_live_texts_are_found_by_their_words(world: World, library: Library):
    library.write_tone("1.0.0", "Marmalade is out of season.")
    world.lives(library.folder, "production", *SEATS)

    found = world["author"].reads("search", "marmalade", "season")

    assert library.tone in {one["document"] for one in found}


def test_a_policy_is_read_and_another_proposed(world: World, tmp_path: Path):
    text = world["author"].does("policy", "show", "production")
    file = tmp_path / "production.yaml"
    file.write_text(text.replace("rollback_days: 30", "rollback_days: 7"))

    change = world["author"].reads(
        *("policy", "submit", str(file), "--title", "A shorter way back")
    )

    assert change["type"] == "policy"
    assert sorted(change["waiting_for"]) == ["board", "risk"]
    shown = world["board"].does("show", str(change["id"]))
    assert "- rollback_days: 30" in shown
    assert "+ rollback_days: 7" in shown


def test_somebody_new_is_appointed_and_signs_in(world: World, tmp_path: Path):
    admin = world["admin"]

    admin.does("people", "set", "newcomer", "--roles", "author,viewer", "--name", "N.")
    admin.does(
        *("people", "password", "newcomer", "--password-stdin"),
        typed="a password of many words\n",
    )

    signed_in = world["author"].does(
        *("login", world.url, "-u", "newcomer", "--password-stdin"),
        typed="a password of many words\n",
        XDG_CONFIG_HOME=str(tmp_path),
    )
    assert "as newcomer" in signed_in
    people = {one["handle"]: one for one in admin.reads("people", "list")}
    assert people["newcomer"]["roles"] == ["author", "viewer"]
    assert people["newcomer"]["name"] == "N."


def test_what_is_not_given_stays_as_it_is(world: World):
    admin = world["admin"]
    admin.does("people", "set", "somebody", "--roles", "author", "--seats", "press")
    world["admin2"].does("people", "confirm", "somebody", "--yes")

    admin.does("people", "set", "somebody", "--roles", "operator")
    world["admin2"].does("people", "confirm", "somebody", "--yes")

    people = {one["handle"]: one for one in admin.reads("people", "list")}
    assert people["somebody"]["roles"] == ["operator"]
    assert people["somebody"]["seats"] == ["press"]


def test_what_is_asked_for_somebody_new_is_added_to(world: World):
    admin = world["admin"]
    admin.does("people", "set", "starter", "--seats", "press")

    admin.does("people", "set", "starter", "--roles", "author")
    world["admin2"].does("people", "confirm", "starter", "--yes")

    people = {one["handle"]: one for one in admin.reads("people", "list")}
    assert people["starter"]["roles"] == ["author"]
    assert people["starter"]["seats"] == ["press"]


def test_a_seat_that_no_policy_asks_for_is_given_with_a_warning(world: World):
    admin = world["admin"]

    odd = admin.run("people", "set", "odd", "--seats", "prodct").stderr
    known = admin.run("people", "set", "even", "--seats", "product").stderr
    admin.does("people", "refuse", "even", "--reason", "Only tried.")

    assert "No policy asks for the seat prodct. Did you mean `product`?" in odd
    assert "Give a password when that is confirmed: placet people password odd" in odd
    assert "No policy asks" not in known


def test_a_misspelt_role_is_refused_in_the_words_of_the_command(world: World):
    refused = world["admin"].is_refused("people", "set", "odd", "--roles", "vewer")

    assert "'vewer' is not a role" in refused
    assert "Did you mean `viewer`?" in refused


@pytest.mark.slow
def test_taking_away_the_last_holder_of_a_seat_says_who_asks_for_it(
    world_apart: World,
):
    admin = world_apart["admin"]
    words = ("people", "set", "legal", "--seats")

    taken = admin.run(*words, "").stderr
    given = admin.run(*words, "legal").stderr
    world_apart["admin2"].does("people", "confirm", "legal", "--yes")

    assert "Nobody else holds the seat legal, for which the policy of" in taken
    assert "Nobody else" not in given


def test_the_last_administrator_but_one_is_asked_before_they_go(world: World):
    asked = world["admin"].run("people", "set", "admin2", "--inactive").stderr
    people = {one["handle"]: one for one in world["admin"].reads("people", "list")}
    world["admin2"].does("people", "refuse", "admin2", "--reason", "Only tried.")

    assert "admin asks that admin2 is inactive" in asked
    assert people["admin2"]["active"]


def test_a_token_for_what_its_person_may_not_says_so(world: World):
    words = ("token", "new", "--purpose", "pipeline", "--scope", "submit")

    beyond = world["operator"].run(*words).stderr
    within = world["author"].run(*words).stderr

    assert "You do not hold the role author" in beyond
    assert "You do not hold" not in within


def test_lists_of_an_environment_that_there_is_not_are_refused(world: World):
    for words in (("changes",), ("conditions",), ("ratifications",)):
        refused = world["viewer"].is_refused(*words, "--env", "prod")
        assert "there is no environment 'prod'" in refused


def test_what_was_decided_asks_for_nothing_any_more(world: World, change: str):
    world["product"].does("vote", change, "--approve", "--yes")
    world["author"].does("withdraw", change, "--reason", "Not needed.", "--yes")

    told = world["viewer"].does("show", change)

    assert "Needed\n" in told
    assert "Agreed by product." in told
    assert "Nobody had agreed so far when it was withdrawn." in told
    assert "expires" not in told
    assert "Needs 1 more" not in told
    assert "open " not in told


def test_a_new_password_of_ones_own_needs_the_present_one(world: World):
    board = world["board"]

    refused = board.is_refused(
        *("people", "password", "board", "--password-stdin"),
        typed="not the present one\na password of many words\n",
    )

    assert "do not belong together" in refused


def test_a_revoked_token_reads_nothing_more(world: World):
    made = world["author"].reads("token", "new", "--purpose", "x", "--scope", "submit")
    env = {"PLACET_URL": world.url, "PLACET_TOKEN": made["token"]}
    listed = {one["id"] for one in world["author"].reads("token", "list")}
    world["author"].does("changes", **env)

    world["author"].does("token", "revoke", made["id"], "--yes")

    assert made["id"] in listed
    assert "has ended" in world["author"].is_refused("changes", **env)


def test_a_rollback_has_one_scope(world: World):
    refused = world["operator"].is_refused("rollback", "production", "--to", "1")

    assert "Give one of --bot, --document, --all and --undo." in refused


def test_a_rollback_decided_on_at_a_seq_is_refused_once_that_is_past(
    world: World, library: Library
):
    world.lives(library.folder, "production", *SEATS)
    library.write_tone("1.0.1", "Be brief.")
    world.lives(library.folder, "production", *SEATS)
    words = ("rollback", "production", "--document", library.tone, "--to", "1.0.0")
    shown = world["operator"].does(*words, "--preview")
    read = world["operator"].reads(*words, "--preview")["seq"]
    world["risk"].does("stop", "production", library.bot, "--reason", "It is rude")

    given = (*words, "--reason", "Too brief", "--yes", "--expected-seq")
    refused = world["operator"].is_refused(*given, str(read))

    assert f"production, at seq {read}, goes back to seq {read - 1}" in shown
    assert f"decided on at seq {read}" in " ".join(refused.split())
    newest = world["author"].reads("log", "production", "--limit", "1")[0]
    assert (newest["type"], newest["seq"]) == ("stopped", read + 1)
    assert world["operator"].does(*given, str(read + 1))


def test_a_resumption_decided_on_at_a_seq_is_refused_once_that_is_past(
    world: World, library: Library
):
    world.lives(library.folder, "production", *SEATS)
    where = ("production", library.bot)
    world["risk"].does("stop", *where, "--reason", "It is rude")
    seq = int(world["author"].reads("log", "production", "--limit", "1")[0]["seq"])

    refused = world["author"].is_refused(
        "resume", *where, "--expected-seq", str(seq - 1)
    )

    assert f"is at seq {seq} now" in " ".join(refused.split())
    assert world["author"].reads("resume", *where, "--expected-seq", str(seq))["id"]


def test_a_rollback_that_is_proposed_is_a_change(world: World, library: Library):
    world.lives(library.folder, "production", *SEATS)
    library.write_tone("1.0.1", "Be brief.")
    world.lives(library.folder, "production", *SEATS)

    change = world["author"].reads(
        *("rollback", "production", "--document", library.tone, "--to", "1.0.0"),
        *("--reason", "Too brief", "--propose"),
    )

    assert change["type"] == "rollback"
    assert change["edits"][0]["version"] == "1.0.0"
