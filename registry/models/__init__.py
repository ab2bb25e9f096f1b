"""Models: the endpoints that can be asked from here, to try what is not live yet.

Nothing is asked that the operator of this server has not listed, in a file that is
read when it starts and kept in memory alone.
"""

from registry.models.endpoints import Endpoint, Endpoints, has_keys, parse_endpoints
from registry.models.models import Answered, Models

__all__ = ["Answered", "Endpoint", "Endpoints", "Models", "has_keys", "parse_endpoints"]
