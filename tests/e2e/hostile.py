"""What nobody should send, in every way it can be sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

from tests.e2e.driver import FORM, JSON

FIELDS = ("name", "title", "company", "email", "phone", "street", "city", "country", "message", "budget")
_COLUMNS = {
    "name": "FULL_NAME",
    "title": "JOB_TITLE",
    "company": "COMPANY_NAME",
    "email": "EMAIL",
    "phone": "PHONE_NUMBER",
    "street": "STREET_ADDRESS",
    "city": "CITY",
    "country": "COUNTRY",
    "message": "what_do_you_need?",
}


@dataclass(frozen=True)
class Sent:
    """One request: its channel, body and content type."""

    channel: str
    body: bytes
    kind: str


def corpora(data: Path) -> Iterator[dict[str, str]]:
    """A person for each string of the published corpora: naughty strings, e-mail addresses, phone numbers."""
    corpus = data / "text-corpora"
    for naughty in json.loads((corpus / "blns.json").read_text("utf-8")):
        yield dict.fromkeys(FIELDS, naughty)
    for test in ElementTree.parse(corpus / "isemail-tests.xml").getroot().iter("test"):
        yield {"name": "E", "email": test.findtext("address") or ""}
    for country, phone in json.loads((corpus / "phone-examples.mobile.json").read_text("utf-8")).items():
        yield {"name": "P", "phone": phone, "country": country}


def baits(canary: Path) -> Iterator[dict[str, str]]:
    """People whose every word would have a file opened, if it were read as anything but words."""
    for bait in (
        f'<img src="{canary}">',
        f"<img src='{canary.as_uri()}'>",
        f'<html><body background="{canary}"><b>Bold</b></body></html>',
        f'<qt><img src="{canary}"></qt>',
        f'<link rel="stylesheet" href="{canary.as_uri()}"><style>@import url({canary.as_uri()});</style>',
        f'<a href="{canary.as_uri()}">click</a>',
        f"![picture]({canary.as_uri()})",
        f'<table background="{canary}"><tr><td>cell</td></tr></table>',
        f"&lt;img src=&quot;{canary}&quot;&gt;",
        canary.as_uri(),
        str(canary),
    ):
        yield dict.fromkeys(FIELDS, bait)
        # reached by a number, hot enough to ring, and with the bait where it is shown
        yield dict.fromkeys(FIELDS, bait) | {
            "phone": "+13035550148",
            "message": f"Quote today, call me {bait}",
        }


def everywhere(people: Iterator[dict[str, str]]) -> Iterator[Sent]:
    """Each person through each of the three endpoints; a number keeps one from being taken for a repeat."""
    for number, person in enumerate(people):
        fields = person | {"number": str(number)}
        yield Sent("form", urlencode(fields, errors="surrogatepass").encode(), FORM)
        yield Sent("json", json.dumps(fields, ensure_ascii=number % 2 == 0).encode("utf-8", "replace"), JSON)
        answers = [{"column_id": _COLUMNS.get(name, name), "string_value": fields[name]} for name in fields]
        google = {"lead_id": f"hostile-{number}", "user_column_data": answers, "gcl_id": fields["name"]}
        yield Sent("google", json.dumps(google).encode(), JSON)


def unreadable(canary: Path) -> Iterator[Sent]:
    """What no channel can understand: it waits in Review, where a person looks at it."""
    bait = f'<img src="{canary}">'
    for broken in (f'{{"name": "{canary}', f"[{json.dumps(bait)}]", bait, f'{{"{canary}": true}}'):
        yield Sent("json", broken.encode(), JSON)
        yield Sent("google", broken.encode(), JSON)
    yield Sent("json", b"\xff\xfe\x00<img src=" + str(canary).encode() + b">\x00\x01", JSON)
    yield Sent("form", urlencode({f"<b>{canary}</b>": bait}).encode(), FORM)
