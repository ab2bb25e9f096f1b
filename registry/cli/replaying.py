"""`placet replay`: what logged conversations would have been with other bundles."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.check import FOUND
from registry.cli.options import AsJson
from registry.cli.session import connect
from registry.errors import Invalid, NotFound, TooLarge

if TYPE_CHECKING:  # slow to import
    from registry.cli.past import Bundle, Past
    from registry.conversations import Difference, Turn

MAX_FILE_BYTES = 64 * 2**20
PRODUCTION = "production"

Seq = Annotated[
    str,
    typer.Option("--seq", metavar="SEQ|TIME", help="What to try the log with."),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="SEQ|TIME",
        help="What to compare with; what each line says without it.",
    ),
]
Where = Annotated[
    str | None,
    typer.Option(
        "--env",
        "--environment",
        metavar="ENV",
        help="Where --seq is; what each line says without it, or production.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What came of one line.

    Attributes:
        before: The seq that it is compared with; `None` for what was recorded.
        skipped: Why it was not replayed; `None` if it was.
        differences: Empty if nothing differs.
    """

    line: int
    bot: str
    before: int | None
    after: int
    skipped: str | None
    differences: tuple["Difference", ...]

    @property
    def came_to(self) -> str:
        if self.skipped is not None:
            return "skipped"
        return "differs" if self.differences else "same"


def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A log, as JSON lines.")],
    seq: Seq,
    against: Against = None,
    environment: Where = None,
    as_json: AsJson = False,
) -> None:
    """Replay logged conversations with what a bot was told at another seq.

    Each line has what a bot was given (prompt and inputs, or a text for its
    guardrails) and what `bot.log_fields()` said; docs/at-night.md has the form. The
    chatbot's own code renders and checks, here; no model is asked. The exit
    status is 1 if something differs.

    Examples:
      placet replay night.jsonl --seq 41
      placet replay night.jsonl --seq 44 --against 41
      placet replay night.jsonl --seq 12 --env staging --json
    """
    from registry.cli import replay_view
    from registry.cli.past import Past

    turns = list(_turns(file))
    found: list[Replayed] = []
    with (
        connect() as remote,
        screen.progress("Replaying", len(turns)) as told,
    ):
        replaying = _Replaying(Past(remote), seq, against, environment)
        for number, turn in enumerate(turns, start=1):
            found.append(replaying.replay(turn))
            told(number)
    counts = Counter(one.came_to for one in found)
    if as_json:
        screen.print_json({"lines": found, "summary": dict(sorted(counts.items()))})
    else:
        replay_view.show(found, counts)
    if counts["differs"]:
        raise typer.Exit(FOUND)


class _Replaying:
    """Args:
    seq: What to try with, as it was typed.
    against: What to compare with; `None` for what each line says.
    environment: Where *seq* is; `None` for what each line says.
    """

    def __init__(
        self, past: "Past", seq: str, against: str | None, environment: str | None
    ) -> None:
        self._past = past
        self._seq = seq
        self._against = against
        self._environment = environment
        self._seqs: dict[tuple[str, str], int] = {}

    def replay(self, turn: "Turn") -> Replayed:
        """Raises:
        RegistryError: There is no such environment or seq, or the line does not say
            what to compare with.
        """
        there = self._environment or turn.environment or PRODUCTION
        here = turn.environment or self._environment or PRODUCTION
        after_seq = self._number(there, self._seq)
        before_seq = turn.seq
        if self._against is not None:
            before_seq = self._number(here, self._against)
            turn = replace(turn, messages=None, action=None)
        skipped, differences = self._compared(
            turn, (here, before_seq), (there, after_seq)
        )
        return Replayed(
            line=turn.number,
            bot=turn.bot,
            before=before_seq,
            after=after_seq,
            skipped=skipped,
            differences=differences,
        )

    def _compared(
        self, turn: "Turn", before: tuple[str, int | None], after: tuple[str, int]
    ) -> tuple[str | None, tuple["Difference", ...]]:
        from registry.conversations import differences, play

        if before[1] is None and not turn.is_recorded:
            raise Invalid(
                f"line {turn.number} does not say at which seq it was",
                hint="Log `bot.log_fields()` with it, or say --against.",
            )
        if turn.stopped and self._against is None:
            return "the bot was stopped then", ()
        old = None if before[1] is None else self._then(turn, before[0], before[1])
        new = self._past.bundle(after[0], turn.bot, after[1])
        for one, seq in ((old, before[1]), (new, after[1])):
            if one is not None and one.told is None:
                return f"at seq {seq} {one.why_not}", ()
        if new.told is None:  # told above; the type does not say so
            return new.why_not, ()
        was = None if old is None or old.told is None else play(turn, old.told)
        now = play(turn, new.told)
        if was is not None and now.is_nothing and was == now:
            return f"at both, {'; '.join(now.problems)}", ()
        return None, tuple(differences(turn, was, now))

    def _then(self, turn: "Turn", environment: str, seq: int) -> "Bundle":
        """What the line was made with; its own digest says whether it is that."""
        from registry.cli.past import check_digest

        if self._against is None:
            self._number(environment, str(seq), of=turn)
        found = self._past.bundle(environment, turn.bot, seq)
        if turn.bundle is not None and self._against is None:
            where = f"line {turn.number}: {turn.bot} at seq {seq} of {environment}"
            check_digest(found, turn.bundle, where)
        return found

    def _number(self, environment: str, text: str, of: "Turn | None" = None) -> int:
        key = (environment, text)
        if key not in self._seqs:
            try:
                self._seqs[key] = self._past.seq_of(environment, text)
            except NotFound as error:
                where = f"line {of.number}: " if of else ""
                raise NotFound(f"{where}{error}", hint=error.hint) from error
        return self._seqs[key]


def _turns(path: Path) -> Iterator["Turn"]:
    """Raises:
    NotFound: There is no such file.
    Invalid: It is too large, is empty, or has a line that cannot be replayed.
    """
    from registry.conversations import MAX_LINE_BYTES, MAX_LINES, parse_turn

    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise TooLarge(
                f"{path} has more than {MAX_FILE_BYTES // 2**20} MiB",
                hint="Take a part of it, such as the hour in question.",
            )
        file = path.open("rb")
    except OSError as error:
        raise NotFound(
            f"{path} cannot be read: {error.strerror}", hint="Check the spelling."
        ) from error
    count = 0
    with file:
        # Not line by line: a line without an end would be read whole.
        for number, line in enumerate(
            iter(lambda: file.readline(MAX_LINE_BYTES + 2), b""), start=1
        ):
            if line.strip():
                count += 1
                if count > MAX_LINES:
                    raise TooLarge(
                        f"{path} has more than {MAX_LINES:,} lines",
                        hint="Take a part of it, such as the hour in question.",
                    )
                yield parse_turn(number, line.rstrip(b"\r\n"))
    if not count:
        raise Invalid(
            f"{path} has no line to replay",
            hint="Log what a bot was given; docs/at-night.md has the form.",
        )
