"""Edit documents in the browser, see what they will meet, and submit them."""

from ui.parts import session
from ui.parts.propose import page

page.show(session.registry(), session.me())
