"""What was said: votes and comments, in the order in which they came."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

import streamlit as st

from registry.remote.changes import ChangeView, Comment, Vote
from ui.parts import session
from ui.parts.change.reading import MAX_CHARS, powers
from ui.parts.done import attempt
from ui.parts.marks import mark
from ui.parts.proposals.saying import heading
from ui.parts.proposals.verdicts import SAYS
from ui.parts.text import shown, shown_line
from ui.parts.times import ago_html


def show(change: ChangeView) -> None:
    heading("Discussion", "discussion")
    said = sorted(_said(change), key=lambda one: one[0])
    if said:
        items = "".join(html for _, html in said)
        st.html(f'<ul class="said" aria-label="Votes and comments">{items}</ul>')
    else:
        st.html('<p class="tight muted">Nobody has said anything yet.</p>')
    if powers(change, "comment"):
        _comment_form(change)


def _said(change: ChangeView) -> Iterator[tuple[datetime, str]]:
    for vote in change.votes:
        yield vote.at, _vote(vote, change)
    for comment in change.comments:
        yield comment.at, _comment(comment)
    for revision in change.revisions[1:]:
        yield (
            revision.at,
            f"<li><strong>{shown_line(revision.by)}</strong> made revision "
            f'{revision.number} <span class="muted">{ago_html(revision.at)}; the '
            "voting started again</span></li>",
        )


def _vote(vote: Vote, change: ChangeView) -> str:
    word, tone = SAYS[vote.verdict]
    old = vote.review_digest != change.review_digest
    of = f", of revision {vote.revision}" if old else ""
    by, seat = shown_line(vote.by), shown_line(vote.seat)
    return (
        f"<li>{mark(word, 'grey' if old else tone)}<strong>{by}</strong> for {seat} "
        f'<span class="muted">{ago_html(vote.at)}{of}</span>{_text(vote.reason)}</li>'
    )


def _comment(comment: Comment) -> str:
    return (
        f"<li><strong>{shown_line(comment.by)}</strong> "
        f'<span class="muted">{ago_html(comment.at)}, of revision {comment.revision}'
        f"</span>{_text(comment.text)}</li>"
    )


def _text(text: str) -> str:
    return f'<div class="words">{shown(text)}</div>' if text else ""


def _comment_form(change: ChangeView) -> None:
    # Once it is said, a second click on the same button is of a form that has gone.
    # What somebody else says meanwhile takes nothing away that is being typed.
    handle = session.me().handle
    nth = f"{change.id}-{sum(one.by == handle for one in change.comments)}"
    with st.form(f"comment-{nth}", border=False):
        text = st.text_area(
            "Comment",
            key=f"comment-text-{nth}",
            max_chars=MAX_CHARS,
            height=80,
            placeholder="A question or a remark; it has no effect on the voting",
        )
        if st.form_submit_button("Comment"):
            attempt(
                partial(session.registry().changes.comment, change.id, text),
                "Your comment is on record.",
            )
