"""Marks: nothing that an author wrote becomes one, or hides in one."""

from ui.parts.marks import mark


def test_what_hides_in_the_title_of_a_mark_is_seen():
    told = mark("moved", "amber", title='It said "\u202eon\u200b"')

    assert "\u202e" not in told
    assert "\u200b" not in told
    assert 'title="It said &quot;' in told
    assert "U+202E" in told
