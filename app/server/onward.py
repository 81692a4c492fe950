"""Where a browser is sent on to after its form was taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import web


def thanks(request: web.BaseRequest, key: str) -> str:
    """The program's own page. Relative, so that it holds behind a proxy that serves all this under another path."""
    up = "../../../" if request.rel_url.raw_path.endswith("/") else "../../"
    return f"{up}form/{key}/thanks"


def named_page(request: web.BaseRequest, given: Mapping[str, str]) -> str:
    """The page that a form names in `_next`, if it is on the site that the form was sent from; else ""."""
    wanted = given.get("_next", "")
    if not re.fullmatch(r"https?://[\x21-\x7e]{1,2000}", wanted):
        return ""
    here = request.headers.get("Origin", "")
    here = here if "//" in here else request.headers.get("Referer", "")
    return wanted if _site(wanted) == _site(here) else ""


def _site(address: str) -> str | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}".casefold() if parts.netloc else None
