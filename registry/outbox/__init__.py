"""The outbox: notices leave the registry here, to people and other systems.

What is to be told is recorded first, beside accounts and sessions, and sent
afterwards, again and again until it was taken.  So a notice is recorded once for
each target and delivered at least once, with the same id each time.
"""

from registry.outbox.addresses import Allowed, parse_allowed
from registry.outbox.failures import NotDelivered
from registry.outbox.mailing import PORTS, MailServer, Security
from registry.outbox.outbox import Outbox
from registry.outbox.sending import (
    PLAIN,
    Outgoing,
    Sender,
    check_reachable,
    host_of,
)
from registry.outbox.signing import OVERLAP, make_secret
from registry.outbox.wording import check_mailbox

__all__ = [
    "OVERLAP",
    "PLAIN",
    "PORTS",
    "Allowed",
    "MailServer",
    "NotDelivered",
    "Outbox",
    "Outgoing",
    "Security",
    "Sender",
    "check_mailbox",
    "check_reachable",
    "host_of",
    "make_secret",
    "parse_allowed",
]
