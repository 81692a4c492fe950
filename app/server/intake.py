"""What a capture request is, and what becomes of it.

    POST /capture/form/KEY     a web form: answered with a thank-you page
    POST /capture/json/KEY     JSON: 201, or 202 when a person has to look at it
    POST /capture/google/KEY   a Google Ads lead form: 200 {}
    GET  /form/KEY             the hosted form
    GET  /healthz              whether the floor takes inquiries

Kept first, answered second: a 2xx means that the floor has committed the inquiry byte for byte, whether
it could be understood or not. A payload never causes a 5xx; 503 says that the floor itself can't be
reached and that the sender should come again. An unknown or inactive key is a 404 and nothing is kept.
JSON answers don't tell whether the person was known already, because anyone may ask.

A source of Google's with a secret compares it with the `google_key` in the body. A delivery that does not
carry it is answered 403, and is kept all the same: it goes into review, because a key that was mistyped
once must not cost the leads that came until somebody noticed. A form's or JSON's source with a secret takes signed
deliveries only (`domain/signing.py`): any other is answered 401 and not kept, and the same one sent again adds nothing.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from aiohttp import web

from app.channels import form, google
from app.clock import Clock, new_id
from app.domain import signing
from app.domain.commands import Captured, CaptureInquiry
from app.domain.errors import AppError, CommandReused
from app.domain.inquiry import Inquiry, InquiryState
from app.domain.lead import Source
from app.domain.tidy import line
from app.floor.floor import Floor
from app.server import answers, form_page, onward
from app.server.bodies import BadBody, body_of
from app.server.connections import in_hand
from app.server.sources import Rates, Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much and how long. Seconds are real ones."""

    body_bytes: int = 256 * 1024
    header_seconds: float = 10.0
    body_seconds: float = 15.0
    connections: int = 512
    """That wait for their sender; beyond that the oldest is cut."""
    waiting: int = 200
    """Inquiries that wait for the floor; beyond that senders are asked to come again."""
    known_seconds: float = 3.0
    """How long a key is remembered."""


_KEPT_HEADERS = ("referer", "origin", "user-agent", "content-encoding", "accept-language")
_CHANNELS = ("form", "json", "google")
_COME_AGAIN = 5
"""Retry-After, in seconds, when the floor can't be reached."""
_LARGEST_OWN = 64 * 1024
"""Bytes up to which a form is looked at for fields of this program's own before it is kept."""
WRONG_KEY = "The google_key in this delivery is not the one that the source is set up with."


class _Refused(Exception):
    """Ends a request with an answer other than the channel's own."""

    def __init__(self, status: int, title: str, text: str, retry: int = 0, allow: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.title = title
        self.text = text
        self.retry = retry
        self.allow = allow


class Intake:
    """Answers requests. Lives on the capture loop; the floor is called on threads of their own."""

    def __init__(self, floor: Floor, clock: Clock, limits: Limits, now: Callable[[], float]) -> None:
        self._floor = floor
        self._clock = clock
        self._limits = limits
        self._doing = ThreadPoolExecutor(1, thread_name_prefix="capture-do")
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="capture-ask")
        self._sources = Sources(floor, self._asking, limits.known_seconds, now)
        self._rates = Rates(now)
        self._in_hand = 0

    def warm(self, load: Callable[[], None]) -> None:
        """Run `load` on the thread that will need what it loads."""
        self._doing.submit(load)

    def close(self) -> None:
        """Wait for what is in hand and end the threads."""
        self._doing.shutdown()
        self._asking.shutdown()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to any request."""
        parts = request.rel_url.raw_path.split("/")[1:]
        try:
            match parts:
                case ["capture", channel, key] | ["capture", channel, key, ""] if channel in _CHANNELS:
                    return await self._capture(request, channel, key)
                case ["form", key]:
                    return await self._hosted(request, key)
                case ["form", key, "thanks"]:
                    await self._source(request, "form", key, ("GET", "HEAD"))
                    return answers.page(form_page.thanks())
                case ["healthz"]:
                    return await self._health()
        except _Refused as why:
            channel = parts[1] if parts[0] == "capture" else "form"
            return answers.refusal(
                channel,
                why.status,
                why.title,
                why.text,
                program=_wants_json(request),
                retry=why.retry,
                allow=why.allow,
            )
        return answers.refusal("json", 404, "Not found", "There is nothing here.")

    # -- the pages

    async def _hosted(self, request: web.BaseRequest, key: str) -> web.Response:
        source = await self._source(request, "form", key, ("GET", "HEAD"))
        if signing.is_signed(source):
            raise _Refused(
                404, "Not found", "There is no form at this address: what is sent to it has to be signed."
            )
        given = {name: line(value[:500]) for name, value in request.rel_url.query.items()}
        given.setdefault("referrer", line(request.headers.get("Referer", "")[:500]))
        carried = {name: given.get(name, "") for name in form_page.CARRIED}
        return answers.page(form_page.form(f"../capture/form/{key}", carried))

    async def _health(self) -> web.Response:
        try:
            await self._sources.find("healthz")
        except AppError:
            told = {"ok": False, "message": "The floor can't be reached."}
            return answers.json(503, told, retry=_COME_AGAIN)
        return answers.json(200, {"ok": True})

    # -- capture

    async def _capture(self, request: web.BaseRequest, channel: str, key: str) -> web.Response:
        if request.method == "OPTIONS" and channel != "google":
            return answers.nothing(answers.PREFLIGHT)
        source = await self._source(request, channel, key, ("POST",))
        raw = await self._body(request)
        signed = self._signed(request, source, raw)
        inquiry = Inquiry(
            id=signed or new_id(),
            channel=channel,
            source_id=source.id,
            raw=raw,
            content_type=line(request.headers.get("Content-Type", "")[:500]),
            headers=_kept(request),
            remote=request.remote or "",
            received_at=self._clock.now(),
        )
        given = _own_fields(inquiry) if channel == "form" else {}
        hosted = given.get(form_page.MARKER) == "hosted"
        if hosted and not (given.get("phone", "").strip() or given.get("email", "").strip()):
            said = "Please leave a phone number or an e-mail address, so that we can reach you."
            return answers.page(form_page.form(key, given, said, wrong=True), 422)
        try:
            captured, doubted = await self._keep(request, source, inquiry)
        except _Refused as why:
            if not hosted:
                raise
            return answers.page(form_page.form(key, given, why.text), why.status, retry=why.retry)
        if doubted:
            raise _Refused(403, "Not allowed", WRONG_KEY)
        if channel == "google":
            return answers.json(200, {}, cors=False)
        if channel == "json" or _wants_json(request):
            return _to_program(captured)
        return answers.moved(onward.named_page(request, given) or onward.thanks(request, key))

    async def _source(
        self, request: web.BaseRequest, channel: str, key: str, methods: tuple[str, ...]
    ) -> Source:
        """The source a request came by, or a refusal."""
        if request.method not in methods:
            allow = ", ".join(methods)
            raise _Refused(405, "Not like this", f"Only {allow} is understood here.", allow=allow)
        try:
            source = await self._sources.find(key)
        except AppError as error:
            raise _unavailable() from error
        if source is None or not _fits(source, channel):
            key_or_form = "form at this address" if channel == "form" else "active source with this key"
            raise _Refused(404, "Not found", f"There is no {key_or_form}. Please check it.")
        return source

    def _signed(self, request: web.BaseRequest, source: Source, raw: bytes) -> str:
        """The id of a signed delivery, "" where none need be signed; or a refusal."""
        if not signing.is_signed(source):
            return ""
        given = request.headers.get(signing.SIGNATURE, "").strip()
        timestamp = request.headers.get(signing.TIMESTAMP, "").strip()
        if trouble := signing.trouble(source, timestamp, given, raw, self._clock.now()):
            raise _Refused(401, "Not signed", trouble)
        return signing.delivery_id(source, given)

    async def _body(self, request: web.BaseRequest) -> bytes:
        limits = self._limits
        try:
            return await body_of(
                request, limits.body_bytes, limits.body_seconds - lingering(limits), "An inquiry"
            )
        except BadBody as why:
            raise _Refused(why.status, why.title, why.text) from why

    async def _keep(
        self, request: web.BaseRequest, source: Source, inquiry: Inquiry
    ) -> tuple[Captured, bool]:
        """Have the floor commit an inquiry; with whether its sender was doubted."""
        if wait := self._rates.wait(source):
            text = "There were too many inquiries at once. Please send it again in a moment."
            raise _Refused(429, "Too many at once", text, math.ceil(wait))
        if self._in_hand >= self._limits.waiting:
            raise _unavailable()
        self._in_hand += 1
        try:
            with in_hand(request):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._doing, self._commit, source, inquiry)
        except AppError as error:
            raise _unavailable() from error
        finally:
            self._in_hand -= 1

    def _commit(self, source: Source, inquiry: Inquiry) -> tuple[Captured, bool]:
        doubted = False
        if inquiry.channel == "google" and (source.secret or source.other_secret):
            key = google.key_of(inquiry)
            doubted = key is not None and not signing.knows_secret(source, key)
            if doubted:
                inquiry = replace(inquiry, headers=(*inquiry.headers, (google.DOUBT, WRONG_KEY)))
        if not signing.is_signed(source):
            return self._floor.do(CaptureInquiry(inquiry=inquiry)).value, doubted
        try:
            return self._floor.do(CaptureInquiry(id=inquiry.id, inquiry=inquiry)).value, doubted
        except CommandReused:  # the same delivery again, at another moment
            return Captured(inquiry_id=inquiry.id, state=InquiryState.REPEAT), doubted


def lingering(limits: Limits) -> float:
    """Seconds, of those for the body, that are left for a sender to read why it was refused."""
    return min(1.0, limits.body_seconds / 10)


def _fits(source: Source, channel: str) -> bool:
    """Form and JSON may use each other's keys; Google's are its own, or its secret could be gone round."""
    return (source.channel == "google") == (channel == "google")


def _kept(request: web.BaseRequest) -> tuple[tuple[str, str], ...]:
    found = ((name, request.headers.get(name)) for name in _KEPT_HEADERS)
    return tuple((name, line(value[:2000])) for name, value in found if value)


def _own_fields(inquiry: Inquiry) -> dict[str, str]:
    """The fields of a form, if it has some that speak to this program."""
    speaks = form_page.MARKER.encode() in inquiry.raw or b"_next" in inquiry.raw
    return form.given(inquiry) if speaks and len(inquiry.raw) <= _LARGEST_OWN else {}


def _wants_json(request: web.BaseRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def _to_program(captured: Captured) -> web.Response:
    if captured.state == InquiryState.REVIEW:
        told = {"ok": True, "inquiry": captured.inquiry_id, "state": "review", "why": captured.why}
        return answers.json(202, told)
    return answers.json(201, {"ok": True, "inquiry": captured.inquiry_id, "state": "taken"})


def _unavailable() -> _Refused:
    text = "The inquiry can't be taken just now. Please send it again in a moment."
    return _Refused(503, "Just a moment", text, _COME_AGAIN)
