"""A way to a server on which the answer to a command gets lost, after it was carried out."""

from __future__ import annotations

import random

import httpx


class Losing(httpx.BaseTransport):
    """A way to a server on which an answer is lost now and then: it was given, and the connection broke."""

    def __init__(self, inner: httpx.BaseTransport, dice: random.Random, share: float) -> None:
        self._inner = inner
        self._dice = dice
        self._share = share
        self.lost = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        if request.url.path == "/api/do" and self._dice.random() < self._share:
            response.read()
            response.close()
            self.lost += 1
            raise httpx.ReadError("the line broke before the answer was there", request=request)
        return response

    def close(self) -> None:
        self._inner.close()
