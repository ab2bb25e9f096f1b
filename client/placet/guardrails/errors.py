"""What goes wrong while a text is checked; none of it reaches a chatbot.

A check that cannot be decided becomes a finding with `error`, and the rule's
`on_error` says whether that blocks.
"""


class CannotCheck(Exception):
    """This check cannot be decided for this text.

    The message says why, for people, and holds nothing of the text.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
