"""Values in, words out: people, numbers, sources, outcomes, and what a row's clock says.

Pure functions: `now` is handed in, nothing is kept and no widget is touched. Every word goes through the
translator. The words for times live in `times.py` and are handed on here, so that one import will do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, tzinfo
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.lead import AttemptKind, ClockState, Lead, Outcome, Reason, Tier
from app.domain.order import Bucket, Place, is_owed
from app.ui.theme import Ink
from app.ui.times import (
    MINUS,
    age,
    clock_face,
    countdown,
    day_and_time,
    length_of,
    length_words,
    local_time,
    overdue,
    seconds_left,
    time_of_day,
    zone_named,
)

__all__ = [
    "CALL_FROM", "CALL_UNTIL", "ClockTone", "age", "amount", "attempt_name", "call_hint", "channel_name",
    "clock_cell", "clock_face", "corrected_field", "countdown", "day_and_time", "length_of", "local_line",
    "local_place", "local_time", "outcome_name", "outcome_words", "overdue", "phone_kind", "phone_words",
    "quoted", "reason_words", "seconds_left", "source_words", "tier_mark", "time_of_day", "who", "zone_named",
]  # fmt: skip

CALL_FROM, CALL_UNTIL = time(8), time(21)
"""Calls are made between these times of day, where the person is."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("wording", text)


# -- who and what


def local_place(lead: Lead) -> str:
    """Where they are, in one word where possible: city, else the zone's own city, else region or country."""
    zone_city = lead.zone.rpartition("/")[2].replace("_", " ") if "/" in lead.zone else ""
    return lead.city or (zone_city if lead.zones <= 1 else "") or lead.region or lead.country or zone_city


def local_line(lead: Lead, now: datetime) -> str:
    """ "10:14 there · Denver"; a "~" says that the zone is one of several; empty when nothing is known."""
    at, place = local_time(lead.zone, now), local_place(lead)
    there = _tr("{time} there").format(time=("~" if lead.zones > 1 else "") + at) if at else ""
    return " · ".join(part for part in (there, place) if part)


def call_hint(lead: Lead, now: datetime) -> tuple[str, Ink]:
    """Whether to call now, by their wish and their time of day, and the colour to say it in."""
    if lead.no_call:
        return _tr("asked not to be called"), "danger"
    there = zone_named(lead.zone)
    if there is None:
        return _tr("their local time is not known"), "ink_faint"
    local = now.astimezone(there).time()
    if CALL_FROM <= local < CALL_UNTIL:
        return (_tr("may call now"), "good") if lead.zones <= 1 else (_tr("may probably call now"), "good")
    return _tr("call from {start}").format(start=f"{CALL_FROM:%H:%M}"), "warm"


def who(lead: Lead) -> str:
    """A name for the person, whatever is known."""
    return lead.name.strip() or lead.email or phone_words(lead.phone) or _tr("Somebody")


def quoted(text: str) -> str:
    """What they said, in quotation marks."""
    said = " ".join(text[:2000].split())
    return f"“{said}”" if said else ""


_ONE_DIGIT = frozenset("17")
_TWO_DIGITS = frozenset(
    str(code)
    for codes in ((20, 27, 36, 39, 40, 41, 81, 82, 84, 86, 98), range(30, 35), range(43, 50), range(51, 59),
                  range(60, 67), range(90, 96))
    for code in codes
)  # fmt: skip


@lru_cache(maxsize=2048)
def phone_words(phone: str) -> str:
    """An E.164 number in groups that can be read aloud, "+1 303 555 0148"; anything else as it is.

    Groups are by digit count alone: no telephone library is needed for the first paint.
    """
    digits = phone[1:]
    if (
        not phone.startswith("+")
        or not digits.isascii()
        or not digits.isdigit()
        or not 7 <= len(digits) <= 15
    ):
        return phone[:60]
    code = 1 if digits[0] in _ONE_DIGIT else 2 if digits[:2] in _TWO_DIGITS else 3
    groups, rest = [digits[:code]], digits[code:]
    while len(rest) > 4:
        size = 3 if len(rest) != 5 else 2
        groups.append(rest[:size])
        rest = rest[size:]
    return "+" + " ".join([*groups, rest])


@lru_cache(maxsize=512)
def phone_kind(phone: str) -> str:
    """ "mobile", "landline" and so on for an E.164 number, or empty. Loads the telephone library when first
    asked.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return ""
    kinds = phonenumbers.PhoneNumberType
    return {
        kinds.MOBILE: _tr("mobile"),
        kinds.FIXED_LINE: _tr("landline"),
        kinds.FIXED_LINE_OR_MOBILE: _tr("landline or mobile"),
        kinds.TOLL_FREE: _tr("toll-free"),
        kinds.PREMIUM_RATE: _tr("premium rate"),
        kinds.VOIP: _tr("internet phone"),
        kinds.PAGER: _tr("pager"),
    }.get(phonenumbers.number_type(number), "")


_CHANNELS = {
    "form": "Web form",
    "google": "Google Ads",
    "json": "Connected system",
    "import": "File",
    "meta": "Meta",
    "email": "E-mail",
    "phone": "Phone",
    "chat": "Chat",
    "linkedin": "LinkedIn",
}
_MEDIA = {"google": "Google", "meta": "Meta", "facebook": "Facebook", "linkedin": "LinkedIn", "bing": "Bing"}


def channel_name(channel: str) -> str:
    """A channel as it is called on the floor; an unknown one by its own name."""
    return _tr(_CHANNELS[channel]) if channel in _CHANNELS else channel


def source_words(lead: Lead, *, keyword: bool = False) -> str:
    """ "Google Ads · Spring sale"; with `keyword` also what they searched for, in quotation marks."""
    origin = lead.origin
    medium = origin.medium.strip()
    if lead.channel == "google" or not medium:
        medium = channel_name(lead.channel)
    medium = _MEDIA.get(medium.casefold(), medium)
    parts = [medium[:80], origin.campaign[:80]]
    if keyword and origin.keyword:
        parts.append(f"“{origin.keyword[:80]}”")
    return " · ".join(part for part in parts if part)


def tier_mark(tier: Tier, sla_seconds: int) -> str:
    """ "HOT · 60 s": the tier and what it promises."""
    return f"{tier.value} · {length_of(sla_seconds)}" if sla_seconds else tier.value


def reason_words(reason: Reason) -> str:
    """ "asked for pricing +30"."""
    sign = MINUS if reason.points < 0 else "+"
    return f"{reason.text[:120]} {sign}{abs(reason.points)}"


def amount(cents: int) -> str:
    """An amount of money in the floor's own currency: "1,250", "1,250.50", as written here."""
    places = 0 if cents % 100 == 0 else 2
    return QLocale().toString(cents / 100, "f", places)


def outcome_name(outcome: Outcome) -> str:
    """As it stands on a button."""
    return {
        Outcome.BOOKED: _tr("Booked"),
        Outcome.CALL_BACK: _tr("Call back"),
        Outcome.NO_ANSWER: _tr("No answer"),
        Outcome.VOICEMAIL: _tr("Voicemail"),
        Outcome.UNFIT: _tr("Not a fit"),
        Outcome.WON: _tr("Won"),
        Outcome.LOST: _tr("Lost"),
    }[outcome]


def attempt_name(kind: AttemptKind, number: int) -> str:
    """ "Call 2"."""
    return {
        AttemptKind.CALL: _tr("Call {n}"),
        AttemptKind.EMAIL: _tr("E-mail {n}"),
        AttemptKind.TEXT: _tr("Text {n}"),
        AttemptKind.DESK: _tr("At the desk"),
    }[kind].format(n=number)


def outcome_words(lead: Lead, now: datetime) -> str:
    """What the last outcome of `lead` came to, for a notice: "no answer, next try 16:40 their time"."""
    outcome = lead.last_outcome
    if outcome is None:
        return _tr("outcome taken back")
    there = zone_named(lead.zone)
    theirs = _tr("{time} their time") if there else "{time}"
    match outcome:
        case Outcome.BOOKED if lead.appointment_at:
            return _tr("booked for {when}").format(when=_when(lead.appointment_at, now, there, theirs))
        case Outcome.CALL_BACK if lead.call_back_at:
            return _tr("call back {when}").format(when=_when(lead.call_back_at, now, there, theirs))
        case Outcome.NO_ANSWER | Outcome.VOICEMAIL:
            word = _tr("no answer") if outcome == Outcome.NO_ANSWER else _tr("voicemail")
            if lead.retry_at is None:
                return _tr("{outcome}, no further try is planned").format(outcome=word)
            return _tr("{outcome}, next try {when}").format(
                outcome=word, when=_when(lead.retry_at, now, there, theirs)
            )
        case Outcome.WON if lead.amount is not None:
            return _tr("won, {amount}").format(amount=amount(lead.amount))
        case Outcome.UNFIT | Outcome.LOST if lead.close_reason:
            return f"{outcome_name(outcome).lower()}, {lead.close_reason[:80]}"
    return outcome_name(outcome).lower()


def _when(at: datetime, now: datetime, there: tzinfo | None, theirs: str) -> str:
    return theirs.format(time=day_and_time(at, now, there))


ClockTone = Literal["breached", "running", "calling", "quiet"]


def clock_cell(lead: Lead, place: Place, now: datetime) -> tuple[str, ClockTone]:
    """What the first cell of a row says, and in which tone.

    A running or missed clock of a first call counts, and so does a promise that is due; what waits shows the
    time it waits for; a retry that may be made is "due"; what never had a clock shows a dash.
    """
    if place.bucket is Bucket.ON_CALL:
        return _tr("on call"), "calling"
    if lead.is_paused(now) and is_owed(lead):
        return _tr("paused"), "quiet"
    if (
        lead.deadline is not None
        and lead.clock in (ClockState.RUNNING, ClockState.BREACHED)
        and is_owed(lead)
    ):
        left = seconds_left(lead.deadline, now)
        late = left < 0 or lead.clock is ClockState.BREACHED
        return length_words(min(left, 0) if late else left), "breached" if late else "running"
    if place.bucket in (Bucket.CALL_BACK, Bucket.APPOINTMENT):
        at = lead.call_back_at if place.bucket is Bucket.CALL_BACK else lead.appointment_at
        if at is not None:
            return length_words(min(seconds_left(at, now), 0)), "breached"
    if place.bucket is Bucket.WAITING and place.until is not None:
        return day_and_time(place.until, now), "quiet"
    return (_tr("due"), "quiet") if place.bucket is Bucket.RETRY else ("–", "quiet")


def corrected_field(name: str) -> str:
    """The name of a lead's field, for the correction's form and the timeline."""
    return (_FIELDS.get(name) and _tr(_FIELDS[name])) or name


_FIELDS: Mapping[str, str] = {
    "name": "Name",
    "title": "Title",
    "company": "Company",
    "email": "Email",
    "phone": "Phone",
    "ask": "Ask",
    "street": "Street",
    "city": "City",
    "region": "Region",
    "postcode": "Postcode",
    "country": "Country",
    "zone": "Time zone",
    "consent": "Consent",
}
