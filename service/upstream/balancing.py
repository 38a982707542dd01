"""Which endpoint gets the next request."""

from __future__ import annotations

import random
from collections.abc import Sequence

from .endpoint import Endpoint

BUSIER_SHARE = 1.25
BUSIER_REQUESTS = 4
"""An endpoint is passed over for its prefix when it has more requests in flight than the least busy one has, times
``BUSIER_SHARE``, and ``BUSIER_REQUESTS`` more: what a cached prefix saves is less than what waiting costs."""


def choose(endpoints: Sequence[Endpoint], affinity: bytes | None) -> Endpoint:
    """The endpoint with the fewest requests in flight, of several one by chance.

    With ``affinity``, the first in that key's own order of endpoints that is not much busier, since engines cache
    prefixes: consistent hashing with bounded loads (Mirrokni, Thorup and Zadimoghaddam, 2018), over rendezvous hashes.
    """
    least = min([endpoint.in_flight for endpoint in endpoints])
    if affinity is None:
        return random.choice([endpoint for endpoint in endpoints if endpoint.in_flight == least])
    bound = least * BUSIER_SHARE + BUSIER_REQUESTS
    return max(
        [endpoint for endpoint in endpoints if endpoint.in_flight <= bound],
        key=lambda endpoint: endpoint.weight(affinity),
    )
