"""What a sender is told, in the sender's own format: a page for a browser, JSON for a program.

An answer never repeats what was sent, but for the hosted form's own fields, escaped. Form and JSON
endpoints are public by design (the key stands in the page's source for all to read), so any origin may
post to them.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from app.codec import encode
from app.server import form_page
from app.server.connections import PLAIN

CORS = {"Access-Control-Allow-Origin": "*"}
PREFLIGHT = {
    **PLAIN,
    **CORS,
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Accept",
    "Access-Control-Max-Age": "86400",
}
_JSON = {**PLAIN, "Content-Type": "application/json"}
_JSON_CORS = {**_JSON, **CORS}


def json(status: int, value: Mapping[str, object], *, cors: bool = True, retry: int = 0) -> web.Response:
    """A JSON answer; `retry` is the Retry-After in seconds."""
    headers = _JSON_CORS if cors else _JSON
    if retry:
        headers = {**headers, "Retry-After": str(retry)}
    return web.Response(status=status, body=encode(value), headers=headers)


def page(html: str, status: int = 200, *, retry: int = 0) -> web.Response:
    """An HTML answer."""
    headers = {
        **PLAIN,
        **CORS,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": form_page.policy(),
        "Referrer-Policy": "same-origin",
    }
    if retry:
        headers["Retry-After"] = str(retry)
    return web.Response(status=status, body=html.encode("utf-8", "replace"), headers=headers)


def moved(location: str) -> web.Response:
    """303: go on with GET there."""
    return web.Response(status=303, headers={**PLAIN, **CORS, "Location": location})


def nothing(headers: Mapping[str, str] = PLAIN) -> web.Response:
    """204."""
    return web.Response(status=204, headers=headers)


def refusal(
    channel: str,
    status: int,
    title: str,
    text: str,
    *,
    program: bool = False,
    retry: int = 0,
    allow: str = "",
) -> web.Response:
    """Why something was not done, for a sender to `channel`; a `program` gets JSON whatever the channel."""
    if channel == "form" and not program:
        answer = page(form_page.notice(title, text), status, retry=retry)
    else:
        answer = json(status, {"ok": False, "message": text}, cors=channel != "google", retry=retry)
    if allow:
        answer.headers["Allow"] = allow
    return answer
