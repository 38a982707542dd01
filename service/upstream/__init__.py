"""The way to network engines: HTTP/1.1 over kept-alive connections, with as little work per request as Python allows.

    cluster = Cluster("llama", settings.checkpoints["llama"], ask)
    async with cluster.post("/v1/chat/completions", body, headers) as response:
        async for data in response.iter_bytes(): ...

``Cluster`` is one checkpoint with all its endpoints, the words being Envoy's: ``Discovery`` finds them, ``Health`` asks
how they are, ``Rotation`` knows which of them get requests, and ``Breaker`` when one has failed too often. ``Call`` is
one request to a cluster, and ``Try`` one try at one endpoint.

``Pool`` holds the idle connections of one origin. ``Exchange`` is one request and its response, all that belongs to
them and to no other request. ``Connection`` joins a socket to httptools' parser (llhttp, which uvicorn stands on too)
and to the exchange that it works for at the moment.

What makes it cheap: one write per request; one future per wait, none when the bytes are there already; one timer per
connection, which is not moved for every read but looks, when it fires, whether the present wait is over its time.

What a broken engine can make it hold: a head of ``MAX_HEAD_BYTES`` and one read, and of a body that nobody takes
``HIGH_WATER_BYTES`` and one read; then the socket is no longer read, and TCP slows the engine down. In the other
direction a request is one buffer that the caller made already, so nothing waits to be written behind it.
"""

from .cluster import Cluster
from .exchange import Exchange, Timeouts
from .pool import Headers, Pool

__all__ = ["Cluster", "Exchange", "Headers", "Pool", "Timeouts"]
