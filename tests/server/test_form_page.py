"""The hosted form: what a browser gets, and that what it sends back becomes a lead with its origin."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

import pytest

from app.domain.inquiry import InquiryState
from app.server import form_page
from app.server.intake import Limits
from tests.server.conftest import Sender
from tests.server.watched_floor import WatchedFloor


class Page(HTMLParser):
    """The fields of a page, as a browser without scripts would send them, and what belongs to them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.fields: dict[str, str] = {}
        self.style = ""
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if "name" in found and tag in ("input", "textarea"):
            self.fields[found["name"]] = found.get("value", "")
        self._inside = found.get("name", tag) if tag in ("textarea", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.style += data
        elif self._inside:
            self.fields[self._inside] += data

    def of(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [a for t, a in self.tags if t == tag and all(a.get(k) == v for k, v in wanted.items())]


def test_a_visitor_fills_it_in(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    address = f"/form/{source.key}?" + urlencode(
        {"utm_source": 'news"letter', "utm_campaign": "Müller & <b>", "gclid": "Cj0", "other": "x"}
    )
    answer = sender.get(address, {"Referer": "https://blog.example/post"})
    assert answer.status == 200
    page = Page(answer.text)
    assert page.fields["utm_campaign"] == "Müller & <b>"
    assert "other" not in page.fields
    (form,) = page.of("form")
    typed = page.fields | {
        "name": "Dana Okafor",
        "phone": "303 555 0148",
        "message": "40 pallet bays\nby Friday",
    }
    target = urljoin(f"http://x{address}", form["action"]).removeprefix("http://x")
    sent = sender.post(target, urlencode(typed).encode(), headers={"Referer": f"http://x{address}"})
    assert sent.status == 303
    after = urljoin(f"http://x{target}", sent.headers["location"]).removeprefix("http://x")
    assert after == f"/form/{source.key}/thanks"
    assert sender.get(after).status == 200
    assert floor.last()[1].state == InquiryState.LEAD
    lead = floor.last_lead()
    assert (lead.name, lead.phone, lead.ask) == ("Dana Okafor", "+13035550148", "40 pallet bays\nby Friday")
    assert (lead.origin.medium, lead.origin.campaign) == ('news"letter', "Müller & <b>")
    assert lead.origin.click_id == "Cj0"
    assert lead.answers == (("referrer", "https://blog.example/post"),)
    assert lead.consent == form_page.CONSENT


def test_nothing_to_reach_them_by_asks_again_and_keeps_what_was_typed(
    sender: Sender, floor: WatchedFloor
) -> None:
    source = floor.source("form")
    page = Page(sender.get(f"/form/{source.key}?utm_source=a").text)
    typed = page.fields | {
        "name": 'Dana "<i>',
        "phone": "  ",
        "message": "</textarea><script>x</script>\nbye",
    }
    answer = sender.post(f"/capture/form/{source.key}", urlencode(typed).encode())
    assert answer.status == 422
    assert "<script" not in answer.text
    again = Page(answer.text)
    assert again.fields["name"] == 'Dana "<i>'
    assert again.fields["message"] == "</textarea><script>x</script>\nbye"
    assert again.fields["utm_source"] == "a"
    (said,) = again.of("p", role="alert")
    for field in ("phone", "email"):
        (box,) = again.of("input", name=field)
        assert box["aria-invalid"] == "true"
        assert box["aria-describedby"] == said["id"]
    assert floor.kept == 0
    assert urljoin(f"http://x/capture/form/{source.key}", again.of("form")[0]["action"]).endswith(
        f"/capture/form/{source.key}"
    )
    foreign = sender.post(f"/capture/form/{source.key}", b"name=Dana&message=hi")
    assert foreign.status == 303  # somebody's own form is kept as it is, for review
    assert floor.last()[1].state == InquiryState.REVIEW


def test_a_robot_in_the_trap_is_thanked_and_put_aside(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    page = Page(sender.get(f"/form/{source.key}").text)
    typed = page.fields | {"email": "bot@example.com", "hp_website": "https://spam.example"}
    assert sender.post(f"/capture/form/{source.key}", urlencode(typed).encode()).status == 303
    assert floor.last()[1].state == InquiryState.ASIDE
    assert "people can't see" in floor.last()[1].why


@pytest.mark.parametrize("away", [True, False])
def test_when_it_cannot_be_taken_now_nothing_typed_is_lost(
    open_face: Callable[[Limits], Sender], floor: WatchedFloor, away: bool
) -> None:
    sender = open_face(Limits())
    source = floor.source("form", per_minute=1)
    body = urlencode({"_form": "hosted", "name": "Dana", "email": "d@x.io", "message": "long story"}).encode()
    for number in range(2):
        assert sender.post(f"/capture/form/{source.key}", body + b"&n=%d" % number).status == 303
    floor.away = away
    answer = sender.post(f"/capture/form/{source.key}", body)
    assert answer.status == 429
    assert "retry-after" in answer.headers
    assert Page(answer.text).fields["message"] == "long story"


def test_it_can_be_used_by_everybody(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    page = Page(sender.get(f"/form/{source.key}").text)
    assert page.of("html")[0]["lang"] == "en"
    labelled = {tag["for"] for tag in page.of("label")}
    complete = {"name": "name", "company": "organization", "phone": "tel", "email": "email"}
    for name in form_page.TYPED:
        (box,) = [*page.of("input", name=name), *page.of("textarea", name=name)]
        assert box["id"] in labelled
        assert box.get("autocomplete") == complete.get(name)
    (trap,) = page.of("input", name="hp_website")
    assert (trap["tabindex"], trap["autocomplete"]) == ("-1", "off")
    (hidden,) = page.of("div", **{"class": "nobody"})
    assert hidden["aria-hidden"] == "true"
    assert ".nobody" in page.style
    assert not page.of("script")


def test_the_page_may_do_nothing_but_look_and_post(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    for answer in (
        sender.get(f"/form/{source.key}"),
        sender.get(f"/form/{source.key}/thanks"),
        sender.get("/form/nokey"),
        sender.post(f"/capture/form/{source.key}", b"_form=hosted"),
    ):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "script" not in policy
        assert "unsafe" not in policy
        style = re.search(r"<style>(.*?)</style>", answer.text, re.S)
        assert style is not None
        digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["server"] == "Firstring"
