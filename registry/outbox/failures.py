"""What has not been delivered, and whether it is worth another try."""

from registry.errors import Unavailable


class NotDelivered(Unavailable):
    """A target did not take a notice.

    The message is the same for the same failure, and has nothing in it that the
    target said.

    Attributes:
        lasting: Trying again is no use.
        expected: Nobody has to look into it.
    """

    hint = "It is tried again by itself; `placet notifications list` shows when."

    def __init__(
        self, message: str, *, lasting: bool = False, expected: bool = False
    ) -> None:
        super().__init__(message)
        self.lasting = lasting
        self.expected = expected
