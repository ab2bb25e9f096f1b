"""What these modules test on SQLite holds on PostgreSQL as well."""

import pytest

from tests.api.test_acts import *  # noqa: F403
from tests.api.test_catalogue import *  # noqa: F403
from tests.api.test_notifications import *  # noqa: F403
from tests.api.test_tokens import *  # noqa: F403

pytestmark = pytest.mark.slow

# It breaks the table with a trigger as SQLite writes them.
del test_a_token_works_while_its_use_cannot_be_noted  # noqa: F821
