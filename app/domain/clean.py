"""A draft becomes a person: every particular tidied and checked, nothing invented, nothing thrown away.

Names stay as they were typed. What can be put into its one proper form is (an e-mail address, a number with
its country code); what can't is kept as it came, with a sentence in `problems` that says what is wrong with
it. Nobody is turned away for a problem. An inquiry that a robot sent, or that is nothing but links, carries
the reason in `aside`. Only one that neither says who it is nor how to reach them raises `Unreadable`.

No network and no DNS: a domain that does not exist looks like one that does. The two libraries that know
numbers and addresses take a tenth of a second to load and are loaded when first needed; `warm` does it
beforehand.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from app.domain import reach
from app.domain.frozen import dataclass
from app.domain.inquiry import Draft, Origin, Unreadable
from app.domain.lead import Lead
from app.domain.places import country_code
from app.domain.tidy import line, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is behind an inquiry, as far as it says. Fields as in `Lead`."""

    name: str = ""
    title: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    zone: str = ""
    zones: int = 0
    problems: tuple[str, ...] = ()
    email_key: str = ""
    """The address as duplicates are searched by it; empty when it is not valid."""
    phone_key: str = ""
    """The number as duplicates are searched by it; empty when it is not valid."""
    aside: str = ""
    """Why this is no inquiry of a person's; empty when it is one."""


_LONGEST = {
    "name": 200, "title": 200, "company": 200, "email": 320, "phone": 60, "street": 300,
    "city": 120, "region": 120, "postcode": 20, "country": 80,
}  # fmt: skip
_WORDS = {"email": "e-mail address", "phone": "phone number", "title": "job title"}


def plain(draft: Draft) -> Draft:
    """The same draft with every text fit to be stored and shown (see `tidy`).

    What a person wrote is not cut; the words of marketing are, and a sender's id too long for an index
    becomes its fingerprint.
    """
    origin = draft.origin
    return replace(
        draft,
        name=line(draft.name),
        first_name=line(draft.first_name),
        last_name=line(draft.last_name),
        title=line(draft.title),
        company=line(draft.company),
        email=line(draft.email),
        phone=line(draft.phone),
        street=line(draft.street),
        city=line(draft.city),
        region=line(draft.region),
        postcode=line(draft.postcode),
        country=line(draft.country),
        ask=text(draft.ask),
        answers=tuple((line(question), text(answer)) for question, answer in draft.answers),
        consent=text(draft.consent),
        origin=Origin(
            medium=line(origin.medium)[:500],
            campaign=line(origin.campaign)[:500],
            ad=line(origin.ad)[:500],
            keyword=line(origin.keyword)[:500],
            click_id=line(origin.click_id)[:500],
            page=line(origin.page)[:2000],
        ),
        external_id=_short(line(draft.external_id)),
        trap=line(draft.trap),
    )


def _short(external_id: str) -> str:
    if len(external_id) <= 200:
        return external_id
    return "sha256:" + hashlib.sha256(external_id.encode()).hexdigest()


def clean(draft: Draft, country: str) -> Person:
    """The person that a draft speaks of.

    `country` is the ISO code that numbers without a country code are read by, unless the draft states one.
    Raises `Unreadable` when there is neither a usable way to reach the person nor a name.
    """
    return person_of(plain(draft), country)


def person_of(draft: Draft, country: str) -> Person:
    """As `clean`, of a draft that is plain already."""
    problems: list[str] = []
    found = {"name": full_name(draft.name, draft.first_name, draft.last_name)}
    found |= {name: getattr(draft, name) for name in _LONGEST if name != "name"}
    for name, longest in _LONGEST.items():
        if len(found[name]) > longest:
            found[name] = found[name][: longest - 1].rstrip() + "…"
            problems.append(f"The {_WORDS.get(name, name)} is cut: it had more than {longest} characters.")
    stated = country_code(found["country"])
    if stated:
        found["country"] = stated
    found["email"], email_key = reach.email(found["email"], problems)
    found["phone"], phone_key, number = reach.phone(found["phone"], stated or country, problems)
    zone, zones = reach.zone(stated, found["region"], found["city"], number, country)
    aside = _aside(draft, found["name"])
    if not (email_key or phone_key or number or found["name"] or aside):
        raise Unreadable(_nobody(draft))
    return Person(
        **found,
        zone=zone,
        zones=zones,
        problems=tuple(problems),
        email_key=email_key,
        phone_key=phone_key,
        aside=aside,
    )


def warm() -> None:
    """Load what the first inquiry would otherwise wait for (about 0.15 s)."""
    clean(Draft(name="Warm Up", email="warm.up@example.com", phone="+1 303 555 0148", country="US"), "US")


def full_name(name: str, first: str, last: str) -> str:
    """One name of the parts that were given, none of them twice."""
    if not name:
        return f"{first} {last}".strip()
    words = name.casefold().split()
    for part, in_front in ((first, True), (last, False)):
        if part and not set(part.casefold().split()) <= set(words):
            name = f"{part} {name}" if in_front else f"{name} {part}"
    return name


# -- spam

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\[\]\"']+", re.IGNORECASE)
_MARKUP_LINK = re.compile(r"\[url[=\]]|<a\s[^>]{0,200}href", re.IGNORECASE)


def _aside(draft: Draft, name: str) -> str:
    """Why this should be put aside. Only what no person sends: a customer overlooked costs more than spam."""
    if draft.trap:
        return draft.trap
    if "http://" in name.casefold() or "https://" in name.casefold():
        return "There is a web address where the name should be."
    ask = draft.ask[:20_000]
    links = _LINK.findall(ask)
    words = re.findall(r"\w+", _LINK.sub(" ", ask))
    if len(links) >= 3 and len(words) <= 2 * len(links):
        return f"The message is {len(links)} links and nothing else."
    if len(_MARKUP_LINK.findall(ask)) >= 2:
        return "The message is full of links written as markup, as only robots do."
    return ""


def _nobody(draft: Draft) -> str:
    if draft.email or draft.phone:
        typed = " and ".join(f"“{value[:80]}”" for value in (draft.email, draft.phone) if value)
        return f"There is no name, and {typed} can't be used to reach anyone."
    return "There is no name, no phone number and no e-mail address in it."


def draft_of(lead: Lead) -> Draft:
    """A lead's particulars as a draft, so that they can be checked again."""
    return Draft(
        name=lead.name,
        title=lead.title,
        company=lead.company,
        email=lead.email,
        phone=lead.phone,
        street=lead.street,
        city=lead.city,
        region=lead.region,
        postcode=lead.postcode,
        country=lead.country,
        ask=lead.ask,
    )
