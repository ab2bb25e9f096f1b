"""What these modules test on SQLite holds on PostgreSQL as well."""

import pytest

from tests.api.test_as_of import *  # noqa: F403
from tests.api.test_chatbots import *  # noqa: F403
from tests.api.test_fetches import *  # noqa: F403
from tests.api.test_observations import *  # noqa: F403

pytestmark = pytest.mark.slow
