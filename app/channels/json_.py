"""JSON from a web site's script or a connected system (Zapier, Make, a CRM): one object, fields named
freely.

Inner objects are read by dotted names ("customer.email"), and so are lists of {"name": ..., "value":
...}. A form that arrives at this door is read as a form: it is the same person who wants to be called.
"""

from __future__ import annotations

from app.channels._body import fields
from app.channels._fields import draft_of
from app.domain.inquiry import Draft, Inquiry

NAME = "json"
TITLE = "JSON"
ORDER = 20


def read(inquiry: Inquiry) -> Draft:
    """The draft of a JSON body; raises Unreadable with a sentence that names the place."""
    return draft_of(fields(inquiry), inquiry)
