"""From a form's names and values to a draft, the same for a web form and for JSON.

Each field is taken for what its name means; the first that says something counts, and nothing is lost: a
second e-mail address, an unknown field, an uploaded file's name all become answers, in their order. Text
leaves here fit to be stored, see `clean.plain`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import parse_qsl

from app.channels._body import Pairs
from app.channels._meanings import meaning
from app.domain.clean import plain
from app.domain.inquiry import Draft, Inquiry, Origin, Unreadable
from app.domain.mapping import consent_of, is_yes
from app.domain.tidy import line

_JOINED = {"ask": "\n", "street": ", ", "consent": "\n"}
"""Of these every field counts; of all others the first."""
_CLICKS = {
    "gclid": "google",
    "gbraid": "google",
    "wbraid": "google",
    "fbclid": "meta",
    "msclkid": "microsoft",
    "ttclid": "tiktok",
    "li_fat_id": "linkedin",
    "twclid": "x",
}
"""Who gives out a click id."""
_MARKETING = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", *_CLICKS)
MOST_ANSWERS = 200
_ADDRESS = re.compile(r"[^\s@,;<>]{1,64}@[^\s@,;<>]{1,200}\.[^\s@,;<>.]{2,24}")


def draft_of(pairs: Pairs, inquiry: Inquiry) -> Draft:
    """The draft; raises Unreadable when no field of it reaches a person."""
    found, answers = _sorted(pairs)
    origin = _origin(found, answers, dict(inquiry.headers).get("referer", ""))
    name, first, last = _names(found)
    draft = plain(
        Draft(
            name=name,
            first_name=first,
            last_name=last,
            title=found.get("title", ""),
            company=found.get("company", ""),
            email=found.get("email", ""),
            phone=found.get("phone", ""),
            street=found.get("street", ""),
            city=found.get("city", ""),
            region=found.get("region", ""),
            postcode=found.get("postcode", ""),
            country=found.get("country", ""),
            ask=found.get("ask", ""),
            answers=_few(answers),
            consent=found.get("consent", ""),
            origin=origin,
            external_id=found.get("external_id", ""),
            is_test=is_yes(found.get("is_test", "")),
            no_call=is_yes(found.get("no_call", "")),
            no_email=is_yes(found.get("no_email", "")),
            trap="A field that people can't see was filled in." if found.get("trap") else "",
        )
    )
    if not (draft.email or draft.phone or draft.trap):
        draft = _by_shape(draft)
    if not (draft.email or draft.phone or draft.trap):
        raise Unreadable(nobody(name for name, _ in pairs))
    return draft


def _by_shape(draft: Draft) -> Draft:
    """With the one answer that can only be an e-mail address taken for it: many plugins call it "input_3"."""
    alike = [pair for pair in draft.answers if _ADDRESS.fullmatch(pair[1])]
    if len(alike) != 1:
        return draft
    rest = tuple(pair for pair in draft.answers if pair != alike[0])
    return replace(draft, email=alike[0][1], answers=rest)


def nobody(names: Iterable[str]) -> str:
    """The sentence for a body without phone number and e-mail address."""
    shown = list(dict.fromkeys(line(name[:60]) for name in names))
    fields = f" Its fields are: {', '.join(shown[:12])}{' …' if len(shown) > 12 else ''}." if shown else ""
    return "There is neither a phone number nor an e-mail address in it." + fields


def _sorted(pairs: Pairs) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Values by meaning, and the rest as questions with their answers."""
    found: dict[str, str] = {}
    taken: dict[str, set[str]] = {}
    answers: dict[str, list[str]] = {}
    for name, value in pairs:
        value = value.strip()
        what = meaning(name)
        if what == "noise" or (name.startswith("_") and what != "trap") or not value:
            continue
        if what == "consent":
            value = consent_of(name, value)
        is_file = value.startswith("file: ")
        if what and not is_file and what not in found:
            found[what] = value
            taken[what] = {value}
        elif what in _JOINED and not is_file:
            if value and value not in taken[what]:
                taken[what].add(value)
                found[what] += _JOINED[what] + value
        elif is_file or value not in taken.get(what, ()):
            answers.setdefault(name, []).append(value)
    return found, [(name, ", ".join(dict.fromkeys(values))) for name, values in answers.items()]


def _names(found: dict[str, str]) -> tuple[str, str, str]:
    """Name, first and last name; "name" beside only one of the others is taken for the missing one."""
    name, first, last = (found.get(key, "") for key in ("name", "first_name", "last_name"))
    if name and first and not last and first.casefold() not in name.casefold():
        name, last = "", name
    elif name and last and not first and last.casefold() not in name.casefold():
        name, first = "", name
    return name, first, last


def _few(answers: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    if len(answers) <= MOST_ANSWERS:
        return tuple(answers)
    more = len(answers) - MOST_ANSWERS + 1
    return (*answers[: MOST_ANSWERS - 1], ("…", f"{more} more answers stand in the inquiry itself"))


def _origin(found: dict[str, str], answers: list[tuple[str, str]], referer: str) -> Origin:
    """Where they came from: by the form's own fields, else by the address of the page it was sent from."""
    page = found.get("page", "") or referer
    if referrer := found.get("referrer", ""):
        if page:
            answers.append(("referrer", referrer))
        page = page or referrer
    if not any(found.get(name) for name in _MARKETING):
        found = found | _of_address(page or referer)
    click = next((name for name in _CLICKS if found.get(name)), "")
    source = found.get("utm_source") or found.get("source", "")
    medium = found.get("utm_medium", "")
    if source and medium:
        answers.append(("utm_medium", medium))
    return Origin(
        medium=source or medium or _CLICKS.get(click, ""),
        campaign=found.get("utm_campaign") or found.get("campaign", ""),
        ad=found.get("utm_content") or found.get("ad", ""),
        keyword=found.get("utm_term") or found.get("keyword", ""),
        click_id=found.get(click, ""),
        page=page,
    )


def _of_address(address: str) -> dict[str, str]:
    """What marketing wrote into the query of a web address."""
    query = address[:4000].partition("?")[2].partition("#")[0]
    try:
        pairs = parse_qsl(query, max_num_fields=100)
    except ValueError:
        return {}
    return {what: value for name, value in pairs if (what := meaning(name)) in _MARKETING}
