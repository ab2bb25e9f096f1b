"""What stands around every page."""


def test_a_page_says_who_is_here_and_in_which_seat(world):
    with world.page("product") as page:
        said = " ".join(one.body for one in page.sidebar.get("html"))

    assert "product" in said
    assert "seat: product" in said


def test_who_signed_out_elsewhere_is_told_so_and_sees_nothing_else(world):
    with world.page("legal") as page:
        world.signs_out("legal")
        page.run()

        assert [one.value for one in page.title] == ["You are signed out"]
