"""How a person can be reached: an e-mail address and a telephone number put into their proper form, and the
clock the person lives by.

What is not valid is handed back as it was typed, with a sentence added to `problems`; nothing is made up.
The libraries are loaded when first used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.places import clocks, keeping, zones_of_address, zones_of_region
from app.domain.tidy import line

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


# -- e-mail

_DRESSING = re.compile(r"^(?:mailto:|e-?mail:)\s*|[\s,;.]+$|^[\s,;]+", re.IGNORECASE)


def email(typed: str, problems: list[str]) -> tuple[str, str]:
    """The address in its proper form, and its key; as typed and "" when it is not one."""
    if not typed:
        return "", ""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(_DRESSING.sub("", typed), check_deliverability=False, allow_display_name=True)
    except EmailNotValidError as error:
        several = [part for part in re.split(r"[\s,;/]+", typed) if "@" in part]
        if 1 < len(several) <= 5:
            for part in several:
                address, key = email(part, [])
                if key:
                    problems.append("Several e-mail addresses were given; this is the first valid one.")
                    _disposable(key, problems)
                    return address, key
        problems.append(f"The e-mail address is not valid. {_reason(str(error))}".strip())
        return typed, ""
    key = found.normalized.casefold()
    _disposable(key, problems)
    return found.normalized, key


def _reason(said: str) -> str:
    """The library's reason as one short sentence."""
    said = line(said).removeprefix("The email address is not valid.").strip().replace("email", "e-mail")
    return said if len(said) <= 160 else said[:159].rstrip() + "…"


def _disposable(key: str, problems: list[str]) -> None:
    from disposable_email_domains import blocklist

    labels = key.rpartition("@")[2].split(".")
    if any(".".join(labels[n:]) in blocklist for n in range(len(labels) - 1)):
        problems.append("The e-mail address is a disposable one.")


# -- phone

_WHY_NOT = {
    1: "its country code does not exist",
    2: "it is too short",
    3: "it is too long",
    4: "it lacks its area code",
    5: "it has the wrong number of digits",
}
"""By phonenumbers' ValidationResult."""


def phone(typed: str, country: str, problems: list[str]) -> tuple[str, str, PhoneNumber | None]:
    """The number in E.164, its key, and the number itself if it can be dialled; as typed when it is none."""
    if not typed:
        return "", "", None
    import phonenumbers

    country = country if country in phonenumbers.SUPPORTED_REGIONS else ""
    number = _parsed(typed, country)
    if re.match(r"\s*00[1-9]", typed) and not (number and phonenumbers.is_valid_number(number)):
        abroad = _parsed("+" + typed.lstrip()[2:], "")  # 00 is how most of the world writes the +
        if abroad and phonenumbers.is_valid_number(abroad):
            number = abroad
    if number is None:
        problems.append(f"The phone number can't be dialled: {_why_none(typed, country)}.")
        return typed, "", None
    dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.extension:
        problems.append(f"The phone number has an extension: {number.extension}.")
    if phonenumbers.is_valid_number(number):
        return dialled, dialled, number
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == phonenumbers.ValidationResult.IS_POSSIBLE:
        problems.append("The phone number has the right length, but no such numbers are given out.")
        return dialled, "", number
    problems.append(f"The phone number can't be dialled: {_WHY_NOT.get(possible, 'it is not one')}.")
    return typed, "", None


def _why_none(typed: str, country: str) -> str:
    if len(re.findall(r"\d", typed)) < 3:
        return "it is not one"
    if typed.lstrip().startswith(("+", "＋")):
        return "its country code does not exist"
    return "it is not one" if country else "it needs its country code"


def _parsed(typed: str, country: str) -> PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(typed, country or None)
    except phonenumbers.NumberParseException:
        return None


# -- time zone


def zone(stated: str, region: str, city: str, number: PhoneNumber | None, default: str) -> tuple[str, int]:
    """The person's zone and how many clocks it may be under: by the stated address, else by the number.

    `stated` and `default` are ISO codes of countries. Where the address leaves several clocks, those that the
    number allows too are taken. ("", 0) when nothing tells.
    """
    by_number, homes = _zones_of_number(number) if number is not None else ((), ())
    if stated:
        by_address = clocks(zones_of_address(stated, region, city))
    else:
        by_address = clocks(zones_of_region(homes[-1] if homes else default, region))
    if by_address:
        here = keeping(by_address, by_number) or by_address
        return here[0], len(here)
    likely = (zone for code in (default, *homes) for zone in zones_of_address(code, ""))
    there = clocks(by_number, tuple(zone for zone in likely if zone in by_number))
    return (there[0], len(there)) if there else ("", 0)


def _zones_of_number(number: PhoneNumber) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The zones that a number may ring in; and the largest country of its country code, then its own."""
    import phonenumbers
    from phonenumbers import PhoneNumberType, timezone

    found = timezone.time_zones_for_number(number)
    zones = tuple(zone for zone in found if zone != timezone.UNKNOWN_TIMEZONE)
    largest = phonenumbers.region_code_for_country_code(number.country_code or 0)
    own = phonenumbers.region_code_for_number(number) or largest
    person_like = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if phonenumbers.number_type(number) in person_like:  # +1 800 is shared by all of +1, +1 876 is Jamaica's
        zones = keeping(zones, zones_of_address(own, "")) or zones
    return zones, (largest, own)
