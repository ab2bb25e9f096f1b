"""What was verified, for people and for scripts."""

from registry.cli import screen
from registry.writer.proving import Proven
from registry.writer.verify import Verified


def show_verified(verified: Verified, *, as_json: bool) -> None:
    if as_json:
        screen.print_json(verified)
        return
    screen.say("Everything is as the ledger says.", "bold green")
    screen.say(f"{screen.count(verified.events, 'event')}, {verified.rows:,} rows")
    for name, seq in sorted(verified.environments.items()):
        screen.say(f"{name} is at seq {seq}")
    if verified.checkpoints:
        checkpoints = screen.count(verified.checkpoints, "checkpoint")
        screen.say(f"{checkpoints}, the last one of event {verified.signed:,}")
    else:
        screen.say("nothing is signed yet: `placet serve` signs, after each event")
    screen.say(f"head {verified.head}")
    screen.say(f"root {verified.root}")


def show_proven(proven: Proven, *, as_json: bool) -> None:
    if as_json:
        screen.print_json(proven)
        return
    screen.say("Every event is there, unchanged, and signed.", "bold green")
    checkpoints = screen.count(proven.checkpoints, "checkpoint")
    screen.say(f"{screen.count(proven.events, 'event')}, {checkpoints}")
    screen.say(f"repository {screen.line(proven.repository)}")
    for signer in proven.signers:
        screen.say(f"signed by {screen.line(signer)}")
    for other in proven.others:
        screen.say(f"also signed by {screen.line(other)}, whose key was not given")
    screen.say(f"head {proven.head}")
    screen.say(f"root {proven.root}")
