"""How a computer joins through a server: by an invitation's secret, before it has anything else to show.

A computer that was told where the server is, but not which key it holds, asks for a proof first: the server says
something that only somebody who knows the invitation can say, and only about its own key. Whoever stands between
the two has another key, and can't. So the secret itself is never sent to a stranger.
"""

from __future__ import annotations

import re

from app.codec import Malformed, decode, encode
from app.domain.commands import JoinFloor
from app.domain.errors import Refused
from app.floor import wire
from app.floor.floor import Receipt
from app.floor.joining import Challenge, Proof
from app.service.passes import Passes

MOST_BYTES = 4096
"""Of a request; what is asked here is short."""
_HEX = re.compile(r"[0-9a-f]{64}\Z")


class Joining:
    """Lets computers in at one server, whose key has the pin `pin`. Called on threads; may wait for the database."""

    def __init__(self, passes: Passes, pin: str) -> None:
        self._passes = passes
        self._pin = pin

    def join(self, body: bytes, address: str) -> bytes:
        """Answer to a `JoinFloor` from a network address. Raises Refused, Unavailable and `Malformed`."""
        command = wire.read_command(body)
        if not isinstance(command, JoinFloor):
            raise Refused("Only somebody who joins is heard here.", "Not like this")
        joined, cursor = self._passes.join(command, address)
        return wire.write_receipt(Receipt(cursor=cursor, value=joined))

    def prove(self, body: bytes, address: str) -> bytes:
        """Answer to a `Challenge`. Raises Refused, Unavailable and `Malformed`."""
        asked = decode(body, Challenge)
        if not (_HEX.match(asked.hint) and _HEX.match(asked.nonce)):
            raise Malformed("a challenge is of hexadecimal digits")
        return encode(Proof(proof=self._passes.prove(asked.hint, asked.nonce, self._pin, address)))
