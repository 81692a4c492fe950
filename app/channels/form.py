"""A web form, as a browser or a form plugin posts it: urlencoded, multipart or plain text, in any charset."""

from __future__ import annotations

from app.channels._body import fields
from app.channels._fields import draft_of
from app.domain.inquiry import Draft, Inquiry, Unreadable

NAME = "form"
TITLE = "Web form"
ORDER = 10


def read(inquiry: Inquiry) -> Draft:
    """The draft of a posted form; raises Unreadable."""
    return draft_of(fields(inquiry), inquiry)


def given(inquiry: Inquiry) -> dict[str, str]:
    """The fields as they were sent, by name; empty when the body can't be read."""
    try:
        return dict(fields(inquiry))
    except Unreadable:
        return {}
