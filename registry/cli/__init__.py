"""The command line, `placet`: the door for people."""


def main() -> None:
    from registry.cli.app import app

    app()
