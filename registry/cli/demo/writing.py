"""Short words for what stands in the story most often: edits, votes, judgements."""

from registry.changes import Verdict
from registry.cli.demo.acts import Judge, Text, Vote
from registry.ratification import Judgement


def edit(document: str, version: str, *passages: str) -> tuple[Text, ...]:
    """A new version of one document.

    Args:
        passages: What stands there, and what takes its place, in turns.
    """
    swaps = zip(passages[::2], passages[1::2], strict=True)
    return (Text(document, version, tuple(swaps)),)


def approve(change: str, seat: str, reason: str) -> Vote:
    return Vote(change, seat, Verdict.APPROVE, reason)


def ask(change: str, seat: str, reason: str) -> Vote:
    """Ask for changes."""
    return Vote(change, seat, Verdict.ASK, reason)


def veto(change: str, seat: str, reason: str) -> Vote:
    return Vote(change, seat, Verdict.VETO, reason)


def reject(change: str, seat: str, reason: str) -> Vote:
    return Vote(change, seat, Verdict.REJECT, reason)


def ratify(of: str, seat: str, reason: str) -> Judge:
    return Judge(of, seat, Judgement.RATIFY, reason)


def repudiate(of: str, seat: str, reason: str) -> Judge:
    return Judge(of, seat, Judgement.REPUDIATE, reason)
