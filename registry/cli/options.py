"""Options and arguments that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Home = Annotated[
    Path,
    typer.Option("--home", envvar="PLACET_HOME", help="The registry's folder."),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        envvar="PLACET_DATABASE",
        help="A PostgreSQL URL; without one the tables are files in the folder.",
    ),
]
Environment = Annotated[
    str, typer.Argument(metavar="ENV", help="Such as production.", show_default=False)
]
LiveIn = Annotated[
    str,
    typer.Option("--env", "--environment", metavar="ENV", help="Where it is live."),
]
ChangeId = Annotated[
    int, typer.Argument(metavar="ID", min=1, help="The change's number.")
]
Bot = Annotated[
    str, typer.Argument(metavar="BOT", help="The bot's name: acme-air/support.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; everybody will read it.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")]
Digests = Annotated[
    bool, typer.Option("--digests", help="With digests, whole, to be copied.")
]
Limit = Annotated[
    int, typer.Option("--limit", min=1, max=10_000, help="Show at most so many.")
]

At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="TIME",
        help="Goes live by itself then, once agreed to: 2026-12-01T08:00, in UTC.",
    ),
]

ExpectedSeq = Annotated[
    int | None,
    typer.Option(
        "--expected-seq",
        metavar="SEQ",
        min=0,
        help="Refuse it if the environment is at another seq than this one.",
    ),
]

HOME = Path("var")
