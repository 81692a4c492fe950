"""What came in, and what could be understood of it.

An `Inquiry` is kept byte for byte and never changed; a `Draft` is a channel's reading of it, every value as the
sender typed it. The draft becomes a lead by `clean.py`. An inquiry that cannot be read waits in review.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.domain.behaviour import Behaviour
from app.domain.errors import AppError
from app.domain.frozen import dataclass


class InquiryState(StrEnum):
    """What became of an inquiry."""

    LEAD = "lead"  # a lead was made of it
    JOINED = "joined"  # it came from a person whose lead is open; it was added there
    REPEAT = "repeat"  # the same delivery again; nothing was added
    REVIEW = "review"  # it could not be understood and waits for a person
    ASIDE = "aside"  # spam, a bot trap, or put aside by a person; the reason is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """One delivery, verbatim. `headers` are lower-case names of the few that matter, never credentials."""

    id: str
    channel: str
    """The name of the channel module that reads it: form, json, google, import ..."""
    source_id: str = ""
    """The floor's own source (capture key) that it came by; empty where there is none."""
    raw: bytes
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    remote: str = ""
    """Network address of the sender, as text."""
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an inquiry came from, in the words of marketing; every part may be empty."""

    medium: str = ""
    """google, meta, newsletter, referral ... (utm_source, else utm_medium, else the source's own name)"""
    campaign: str = ""
    ad: str = ""
    keyword: str = ""
    click_id: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A channel's reading of an inquiry, as typed. Nothing here is checked yet."""

    name: str = ""
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    ask: str = ""
    """What they want, in their own words."""
    answers: tuple[tuple[str, str], ...] = ()
    """Every other question and its answer, in the order they came."""
    consent: str = ""
    origin: Origin = Origin()
    external_id: str = ""
    """The sender's own id of this delivery (Google's lead_id): the same id twice is one inquiry."""
    is_test: bool = False
    no_call: bool = False
    no_email: bool = False
    won: bool = False
    """Only from files: the row says that this person already bought."""
    did: Behaviour | None = None
    """What the person did, where it says that and is no inquiry."""
    trap: str = ""
    """Why this looks like a robot's (a hidden field was filled in); empty for a person's."""


class Unreadable(AppError):
    """The bytes of an inquiry do not say what a lead needs; the message says why, for a person."""

    def __init__(self, message: str) -> None:
        super().__init__("This inquiry could not be read", message)
