"""`placet promote`: proposing in one environment what another has live."""

from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.changes import tell_opened
from registry.cli.made_stale_view import say_made_stale
from registry.cli.moving import ref_of
from registry.cli.options import AsJson, At
from registry.cli.session import connect
from registry.cli.times import parse_schedule
from registry.errors import Conflict

if TYPE_CHECKING:  # slow to import
    from registry.remote.comparing import PromotionPreview, Taken

Named = Annotated[
    list[str],
    typer.Argument(metavar="BOT...", help="Bots, or documents: prompts/NAME."),
]
OnlyPreview = Annotated[
    bool, typer.Option("--dry-run", help="Only show what it would propose.")
]
Older = Annotated[
    bool,
    typer.Option("--older", help="Also where what is there is newer, or diverged."),
]


def promote(
    bots: Named,
    source: Annotated[
        str, typer.Option("--from", metavar="ENV", help="Where it is live.")
    ],
    target: Annotated[
        str, typer.Option("--to", metavar="ENV", help="Where it is to go.")
    ],
    title: Annotated[
        str | None, typer.Option("--title", help="What the change is called.")
    ] = None,
    at: At = None,
    dry_run: OnlyPreview = False,
    older: Older = False,
    as_json: AsJson = False,
) -> None:
    """Propose in one environment what another has live.

    A bot comes with everything that it uses, as it is at this moment. What is
    newer where it goes is left out. `placet diff` tells what there is to promote.
    What is proposed is what is shown, or nothing.

    Examples:
      placet promote acme-air/support --from staging --to production --dry-run
      placet promote acme-air/support --from staging --to production
      placet promote prompts/acme-air/refunds --from development --to staging
      placet promote acme-air/support --from staging --to production \\
        --at '2026-12-01T08:00+01:00'
    """
    documents = tuple(dict.fromkeys(map(ref_of, bots)))
    names = ", ".join(document.partition("/")[2] for document in documents)
    earliest = parse_schedule(at)
    title = title or _short(f"Promote {names} from {source} to {target}")
    with connect() as remote:
        preview = remote.comparisons.preview(source, target, documents, title)
        if not as_json:
            _show(preview)
        elif dry_run:
            screen.print_json(preview)
        _check_direction(preview, older=older or dry_run)
        if dry_run:
            return
        change = remote.environments.promote(
            source,
            target,
            documents,
            title,
            earliest=earliest,
            expected=preview.brings,
        )
    tell_opened(change, as_json=as_json)


def _short(title: str) -> str:
    return title if len(title) <= 200 else f"{title[:197]}..."


def _check_direction(preview: "PromotionPreview", *, older: bool) -> None:
    """Raises:
    Conflict: It would put something older, or of another line, in its place.
    """
    backwards = [
        one
        for one in preview.taken
        if one.document in preview.older or one.relation == "diverged"
    ]
    if not backwards or older:
        return
    told = ", ".join(_backwards(one, preview) for one in backwards[:3])
    more = f", and {len(backwards) - 3} more" if len(backwards) > 3 else ""
    raise Conflict(
        f"{preview.environment} has what {preview.source} has not: {told}{more}",
        hint=f"See it with `placet diff {preview.source} {preview.environment} --texts`"
        "; bring it over first, or say --older to replace it all the same.",
    )


def _backwards(one: "Taken", preview: "PromotionPreview") -> str:
    is_older = one.document in preview.older
    why = "is newer than" if is_older else "was not made from"
    return f"{one.document} {one.now} there {why} {one.version}"


def _show(preview: "PromotionPreview") -> None:
    from registry.cli import change_view

    where = f"{preview.environment} gets from {preview.source}"
    screen.say(f"{where} (seq {preview.source_seq}):", "bold")
    columns = ("document", "now", "afterwards", "digest", "is")
    rows = [
        (
            one.document,
            one.now or "-",
            one.version,
            screen.short(one.digest),
            "new" if one.now is None else one.relation,
        )
        for one in preview.taken
    ]
    screen.show(screen.table(columns, rows, indent=2))
    for left in preview.left_out:
        screen.say(
            f"  left out: {left.document} is {left.now} there, {left.version} in "
            f"{preview.source}"
        )
    also = set(preview.affected) - {one.document for one in preview.taken}
    if also:
        screen.say(f"  also reads differently: {', '.join(sorted(also))}")
    for fact in preview.facts:
        screen.say(screen.line(f"  {fact.name}: {fact.sentence}"))
    for warning in preview.warnings:
        screen.show(change_view.advised(warning))
    if preview.asks:
        screen.say(screen.line(f"  asks for: {', '.join(preview.asks)}"))
    for change in preview.proposed_by:
        screen.say(f"  change {change} is open and edits some of it", "yellow")
    if preview.makes_stale:
        screen.say("  Once it is live, it")
    say_made_stale(preview.makes_stale)
