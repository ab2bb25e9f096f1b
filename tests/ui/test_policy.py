"""The page of policies and people: what it says, and to whom."""

import re
from dataclasses import replace

import pytest

from registry.policy_rules import FactName
from registry.policy_words import EDIT_DOES
from registry.remote import Remote
from registry.remote.notifications import WantedTarget
from registry.remote.people import Person
from ui.parts import facts_words

NOBODY = "seat: product"


def said(page):
    """Everything that stands on the page."""
    kinds = ("html", "caption", "subheader", "header", "info", "warning", "error")
    return " ".join(
        getattr(one, "body", None) or one.value
        for kind in kinds
        for one in page.main.get(kind)
    )


def button(page, words):
    return next(one for one in page.button if words in one.label)


def test_the_policy_is_told_in_words(world):
    with world.page("viewer", "policy") as page:
        told = said(page)

    assert not page.exception
    assert "Who must agree to what" in told
    assert "the board decides on bots" in told
    assert "in the seat board has to agree to a bot." in told
    assert "An approval counts for 14 days." in told


def test_the_policy_is_told_as_it_was_written(world):
    with world.page("viewer", "policy", form="text", env="production") as page:
        told = said(page)

    assert "environment: production" in told


def test_what_a_policy_leaves_to_nobody_stands_before_it(world):
    with world.page("viewer", "policy", env="production") as page:
        told = said(page)

    assert "omebody has to hold the seat incident, and nobody does" in told
    assert "one asks for it, another one confirms it" in told
    assert "placet people" not in told


def test_the_policy_of_the_beginning_says_that_nothing_has_changed(world):
    with world.page("viewer", "policy", form="history") as page:
        told = said(page)

    assert "the beginning of the registry" in told
    assert "It has not been changed since." in told


def test_who_would_have_to_agree_is_told_before_anybody_edits(world):
    address = {"view": "edit", "env": "production", "document": "prompts/acme/new"}
    with world.page("viewer", "policy", **address, tier="low") as page:
        low = said(page)
    with world.page("viewer", "policy", **address, fact="model-changed") as page:
        model = said(page)

    assert "An edit of prompts/acme/new needs" in low.replace("\\", "")
    assert "legal agrees where the tier is high" not in low
    assert "this is what a new one would need" in low
    assert "the board decides on weaker guardrails and other models" in model


def test_every_fact_that_a_policy_can_ask_about_has_words():
    words = {str(name): does for name, does in EDIT_DOES.items()}

    assert set(EDIT_DOES) == set(FactName)
    assert words == facts_words.DOES
    assert set(facts_words.MOVES) == set(words)


def test_the_seats_are_told_with_who_holds_them_and_for_what(world):
    with world.page("viewer", "policy", view="seats", env="production") as page:
        told = said(page)

    assert "may clear somebody else&#x27;s veto" in told
    assert "<strong>board</strong>" in told
    assert "nobody</span>" in told


def another(page, source):
    page.text_area[0].set_value(source)
    button(page, "Check and simulate").click()
    page.run()


def test_another_policy_is_checked_and_simulated_before_it_is_proposed(world):
    with world.page("author", "policy", view="another", env="production") as page:
        source = page.text_area[0].value
        another(page, source.replace(NOBODY, "seat: nowhere", 1))
        told = said(page)
        labels = [one.label for one in page.button]

    assert "would be decided differently" in told
    assert "omebody has to hold the seat nowhere, and nobody does" in told
    assert "Propose this policy for production" in labels


def test_a_policy_that_is_proposed_leaves_nothing_checked_behind(world):
    with world.page("author", "policy", view="another", env="staging") as page:
        in_force = page.text_area[0].value
        another(page, in_force + "# as it is proposed\n")
        page.text_input(key="title").set_value("Say it in a comment")
        button(page, "Propose this policy for staging").click()
        page.run()
        page.query_params.clear()
        page.query_params |= {"view": "another", "env": "staging"}
        page.switch_page("views/policy.py").run()
        text, told = page.text_area[0].value, said(page)

    assert text == in_force
    assert "as it is proposed" not in told
    assert "check it again" not in told


def test_what_is_no_policy_is_told_by_its_lines(world):
    with world.page("author", "policy", view="another", env="production") as page:
        another(page, "environment: production\nrequirements: []\nchange_dys: 3\n")
        told = said(page)
        labels = [one.label for one in page.button]

        page.toggle[0].set_value(True).run()
        still = said(page)

    assert "This cannot be a policy" in told
    assert "This cannot be a policy" in still
    assert "change_dys" in told
    assert not any("Propose" in one for one in labels)


def test_a_text_that_has_changed_since_is_checked_again(world):
    with world.page("author", "policy", view="another", env="staging") as page:
        source = page.text_area[0].value
        another(page, source + "# as it was\n")
        page.text_area[0].set_value(source + "# otherwise\n").run()
        told = said(page)

    assert "check it again" in told


def test_who_proposes_nothing_is_not_asked_to_propose_a_policy(world):
    with world.page("viewer", "policy", view="another", env="staging") as page:
        another(page, page.text_area[0].value + "# as it was\n")
        labels = [one.label for one in page.button]
        told = said(page)

    assert not any("Propose" in one for one in labels)
    assert "An author proposes a policy" in told


def test_a_policy_is_proposed_as_a_change(world):
    with world.page("author", "policy", view="another", env="development") as page:
        another(page, page.text_area[0].value + "# Said more plainly.\n")
        titles = [one for one in page.text_input if "What changes" in one.label]
        titles[0].set_value("Said more plainly")
        button(page, "Propose this policy for development").click()
        page.run()

    found = [one for one in world["author"].changes.list() if one.type == "policy"]
    assert "Said more plainly" in [one.title for one in found]


def test_a_policy_that_moved_while_another_was_written_is_read_before_it_is_undone(
    world,
):
    with world.page("author", "policy", view="another", env="staging") as page:
        mine = page.text_area[0].value + "# Mine.\n"
        page.text_area[0].set_value(mine).run()
        now = world["author"].policies.get("staging")
        source = now.source + "# As it was when the writing began.\n"
        began = replace(now, digest=f"sha256:{'0' * 64}", source=source)
        page.session_state["_policy_base_staging"] = began
        button(page, "Check and simulate").click()
        page.run()
        told, offered = said(page), [one.label for one in page.button]
        button(page, "keep my text").click()
        page.run()
        kept = (page.text_area[0].value, [one.label for one in page.button])

    assert "Another policy is in force in staging since you began" in told
    assert "As it was when the writing began." in told
    assert not any("Propose" in one for one in offered)
    assert any("begin from what is in force" in one for one in offered)
    assert kept[0] == mine
    assert "Propose this policy for staging" in kept[1]


def test_what_can_be_written_is_told_from_the_schema(world):
    with world.page("author", "policy", view="another", env="staging") as page:
        page.toggle[0].set_value(True).run()
        told = said(page)

    assert "<code>vote_days</code>" in told


@pytest.mark.parametrize("handle", ["viewer", "author", "auditor"])
def test_who_manages_nobody_sees_no_addresses_and_no_forms(world, handle):
    people = world["admin"].people
    known = next(one for one in people.list() if one.handle == "operator")
    people.set(replace(known, email="operator@example.com"))

    with world.page(handle, "policy", view="people") as page:
        told = said(page)
        labels = [one.label for one in page.button]
    with world.page(handle, "policy", view="people", person="operator") as page:
        one = said(page)
        forms = [each.label for each in page.expander]

    assert "operator@example.com" not in told + one
    assert not any("Add" in label for label in labels)
    assert forms == []


def test_an_administrator_sees_addresses_and_forms(world):
    with world.page("admin", "policy", view="people", person="operator") as page:
        forms = [each.label for each in page.expander]

    assert forms == ["Change what they hold", "Set a password", "Make inactive"]


def test_nobody_is_offered_to_change_what_they_hold_themselves(world):
    with world.page("admin", "policy", view="people", person="admin") as page:
        forms = [each.label for each in page.expander]

    assert forms == ["Change your password"]


def leaver(world, handle):
    """Somebody for one test, whom nothing else is about."""
    person = Person(handle=handle, roles=("author",), seats=(), active=True)
    return world["admin"].people.set(person)


def test_making_somebody_inactive_takes_a_tick_first(world):
    leaver(world, "leaver")

    with world.page("admin", "policy", view="people", person="leaver") as page:
        button(page, "Make leaver inactive").click()
        page.run()
        warned = said(page)
        page.checkbox[0].set_value(True)
        button(page, "Make leaver inactive").click()
        page.run()

    active = {one.handle: one.active for one in world["admin"].people.list()}
    assert "Tick the box first." in warned
    assert active["leaver"] is False


def test_what_two_administrators_do_at_once_is_read_by_the_second(world):
    person = leaver(world, "busy")

    with world.page("admin2", "policy", view="people", person="busy") as page:
        world["admin"].people.set(replace(person, roles=("auditor",)))
        page.text_input[0].set_value("Busy")
        button(page, "Set what busy may do").click()
        page.run()
        warned, forms = said(page), [one.label for one in page.expander]
        button(page, "I have read it again").click()
        page.run()
        after = [one.label for one in page.expander]
        roles = page.multiselect[0].value

    held = {one.handle: one.roles for one in world["admin"].people.list()}
    assert "This has changed since you opened it" in warned
    assert forms == ["Set a password"]
    assert "Change what they hold" in after
    assert roles == ["auditor"]
    assert held["busy"] == ("auditor",)


def test_the_form_offers_every_role_that_there_is_with_what_it_allows(world):
    leaver(world, "offered")

    with world.page("admin", "policy", view="people", person="offered") as page:
        (roles,) = [one for one in page.multiselect if one.label == "Roles"]
        told = said(page)

    allows = {one.role: one.allows for one in world["admin"].people.roles().roles}
    assert roles.options == [f"{role}: {words}" for role, words in allows.items()]
    assert roles.value == ["author"]
    assert "within 7 days" in told


def test_an_administrator_sets_a_password(world):
    leaver(world, "forgetful")

    with world.page("admin", "policy", view="people", person="forgetful") as page:
        page.text_input(key="new-password").set_value("a long enough phrase")
        button(page, "Set the password of forgetful").click()
        page.run()

    with Remote(world.url) as door:
        began = door.sessions.begin("forgetful", "a long enough phrase")
    assert began.handle == "forgetful"


def test_a_refused_password_is_told_and_the_form_stays(world):
    leaver(world, "careless")

    with world.page("admin", "policy", view="people", person="careless") as page:
        page.text_input(key="new-password").set_value("short")
        button(page, "Set the password of careless").click()
        page.run()

    assert page.error
    assert page.text_input(key="new-password")


def test_what_is_asked_for_waits_for_another_administrator(world):
    person = leaver(world, "asked")
    world["admin"].people.set(replace(person, seats=("legal",)))

    with world.page("admin", "policy", view="people", person="asked") as page:
        mine = [one.label for one in page.button]
    with world.page("viewer", "policy", view="people", person="asked") as page:
        seen, forms = said(page), [one.label for one in page.button]
    with world.page("admin2", "policy", view="people", person="asked") as page:
        button(page, "Confirm that asked holds").click()
        page.run()

    held = {one.handle: one.seats for one in world["admin"].people.list()}
    assert "Take it back" in mine
    assert not any("Confirm" in one for one in [*mine, *forms])
    assert "<td>admin," in re.sub(r"<td[^>]*>", "<td>", seen)
    assert held["asked"] == ("legal",)


def test_nobody_is_offered_to_confirm_what_they_are_to_hold_themselves(world):
    people = world["admin"].people
    known = next(one for one in people.list() if one.handle == "admin2")
    asked = people.set(replace(known, roles=("admin", "operator"))).asked_for
    with world.page("admin2", "policy", view="people", person="admin2") as page:
        offered = [one.label for one in page.button]
        told = said(page)
    people.refuse("admin2", asked.number, "Only tried.")

    assert not any("Confirm" in one for one in offered)
    assert "Who can confirm it: nobody" in told.replace("\\", "")


def test_a_seat_that_no_policy_names_is_doubted_before_it_is_confirmed(world):
    people = world["admin"].people
    wanted = Person(
        handle="misspelt", roles=(), seats=("leagl", "legal"), active=True, limits=()
    )
    asked = people.set(wanted).asked_for
    with world.page("admin2", "policy", view="people", person="misspelt") as page:
        told = said(page).replace("\\", "")
    people.refuse("misspelt", asked.number, "Only tried.")

    assert "No policy names the seat leagl: is it spelt right?" in told
    assert "the seat legal:" not in told


def test_one_sees_ones_own_tokens_and_an_administrator_everybodys(world):
    world["author"].tokens.make(
        purpose="a pipeline", scope="submit", environments=(), bots=(), days=3
    )

    with world.page("operator", "policy", view="tokens") as page:
        others = said(page)
    with world.page("admin", "policy", view="tokens") as page:
        every = said(page)

    assert "a pipeline" not in others
    assert "a pipeline" in every


def test_a_new_token_is_shown_once(world):
    with world.page("operator", "policy", view="tokens") as page:
        page.text_input[0].set_value("support bot")
        button(page, "Make the token").click()
        page.run()
        secret = page.code[0].value
        button(page, "I have copied it").click()
        page.run()
        after = [one.value for one in page.code]

    assert secret.startswith("plc_read_")
    assert after == []


def test_no_other_token_is_made_while_the_secret_of_one_is_not_put_away(world):
    with world.page("operator", "policy", view="tokens") as page:
        page.text_input[0].set_value("one bot")
        button(page, "Make the token").click()
        page.run()
        told, offered = said(page), [one.label for one in page.button]
        button(page, "I have copied it").click()
        page.run()
        after = [one.label for one in page.button]

    assert "Copy the token above first" in told
    assert "Make the token" not in offered
    assert "Make the token" in after


def test_notices_are_for_administrators(world):
    with world.page("viewer", "policy", view="notices") as page:
        offered = page.segmented_control[0].options

    assert "Notices" not in offered


def test_every_view_of_the_page_can_be_read_by_everybody(world):
    for view in ("policy", "edit", "another", "seats", "people", "tokens"):
        with world.page("viewer", "policy", view=view) as page:
            assert not page.exception, view
            assert not page.error, view


def test_a_notice_that_is_not_taken_is_a_refusal_with_what_to_do(world):
    wanted = WantedTarget(
        kind="webhook",
        name="nowhere",
        address="https://hooks.invalid/placet",
        environments=(),
        kinds=(),
        urgency="low",
    )
    target = world["admin"].notifications.add_target(wanted)

    with world.page("admin", "policy", view="notices") as page:
        button(page, "Send it").click().run()
        told = page.error[0].value.replace("\\", "")
    world["admin"].notifications.remove_target(target.id)

    assert "The notice was not taken: " in told
    assert "Look at the address of the target and its secret" in told
    assert not page.success
