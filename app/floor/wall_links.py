"""Links by which a television shows a wallboard: signed, with an end, and taken back when they are to be.

A link says what it is good for and is signed with a key that never leaves the server's computer, where both the key
and the list of the links that were given lie. So a link needs no account and opens nothing but the wallboard; whoever
is told to revoke it writes that down there, and the server looks at the list again when it has changed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.errors import NotAllowed, NotFound, Refused, Unavailable

__all__ = ["LONGEST_DAYS", "WallLink", "WallLinks"]

KEY, GIVEN = "wall.key", "wall-links.json"
LONGEST_DAYS = 400
_TITLE = "No wallboard"
_LONGEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class WallLink:
    """A link that was given. Instants are UTC."""

    id: str
    floor_id: str
    name: str
    """What hangs where: "Hall"."""
    until: datetime
    hides_names: bool
    made_at: datetime
    revoked_at: datetime | None = None


class WallLinks:
    """The links of one computer, in its data folder. All methods may raise Unavailable."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: tuple[int, dict[str, WallLink]] | None = None

    def give(
        self, floor_id: str, name: str, days: float, hides_names: bool, now: datetime
    ) -> tuple[WallLink, str]:
        """A new link, and the signed text that stands in it."""
        if not 0 < days <= LONGEST_DAYS:
            raise Refused(f"A link may be good for up to {LONGEST_DAYS} days.", "How long?")
        link = WallLink(
            id=secrets.token_hex(4),
            floor_id=floor_id,
            name=" ".join(name.split())[:80],
            until=(now + timedelta(days=days)).replace(microsecond=0),
            hides_names=hides_names,
            made_at=now,
        )
        self._write({**self._known(), link.id: link})
        return link, self._signed(link)

    def revoke(self, link_id: str, now: datetime) -> WallLink:
        """Take a link back, at once and for good."""
        known = self._known()
        if link_id not in known:
            raise NotFound(f"There is no link {link_id[:20]} on this computer.", "Not revoked")
        link = replace(known[link_id], revoked_at=known[link_id].revoked_at or now)
        self._write({**known, link_id: link})
        return link

    def all(self) -> tuple[WallLink, ...]:
        """The links that were given, the newest last."""
        return tuple(sorted(self._known().values(), key=lambda link: link.made_at))

    def open(self, shown: str, floor_id: str, now: datetime) -> WallLink:
        """The link of a signed text that is good now. Raises NotAllowed with a sentence for who stands before it."""
        said, _, signature = shown[:_LONGEST].partition(".")
        signed = hmac.digest(self._key(), said.encode(errors="replace"), hashlib.sha256)
        if not hmac.compare_digest(_text(signed).encode(), signature.encode(errors="replace")):
            raise NotAllowed("This link is not one of this floor's. Ask for a new one.", _TITLE)
        try:
            link_id, of, until = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        except (ValueError, binascii.Error) as error:
            raise NotAllowed("This link is not one of this floor's. Ask for a new one.", _TITLE) from error
        link = self._known().get(link_id)
        if of != floor_id or link is None:
            raise NotAllowed("This link is not one of this floor's. Ask for a new one.", _TITLE)
        if link.revoked_at is not None:
            raise NotAllowed("This link was taken back. Ask for a new one.", _TITLE)
        if now.timestamp() >= until:
            raise NotAllowed("This link is over. Ask for a new one.", _TITLE)
        return link

    # -- what lies on the disk

    def _signed(self, link: WallLink) -> str:
        said = _text(json.dumps([link.id, link.floor_id, int(link.until.timestamp())]).encode())
        return f"{said}.{_text(hmac.digest(self._key(), said.encode(), hashlib.sha256))}"

    def _key(self) -> bytes:
        path = self._folder / KEY
        try:
            if not path.exists():
                self._folder.mkdir(parents=True, exist_ok=True)
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(secrets.token_bytes(32))
            return path.read_bytes()
        except OSError as error:
            raise Unavailable(f"The key {path} can't be read or made ({error.strerror}).", _TITLE) from error

    def _known(self) -> dict[str, WallLink]:
        path = self._folder / GIVEN
        try:
            changed = path.stat().st_mtime_ns
            if self._read is None or self._read[0] != changed:
                told = json.loads(path.read_text(encoding="utf-8"))
                self._read = changed, {one["id"]: _link(one) for one in told}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unavailable(f"The list of links {path} can't be read.", _TITLE) from error
        return self._read[1]

    def _write(self, links: dict[str, WallLink]) -> None:
        path = self._folder / GIVEN
        told = [{name: _plain(value) for name, value in asdict(link).items()} for link in links.values()]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".new")
            draft.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            raise Unavailable(
                f"The list of links {path} can't be written ({error.strerror}).", _TITLE
            ) from error
        self._read = None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _link(told: dict[str, str]) -> WallLink:
    return WallLink(
        id=str(told["id"]),
        floor_id=str(told["floor_id"]),
        name=str(told["name"]),
        until=datetime.fromisoformat(told["until"]),
        hides_names=bool(told["hides_names"]),
        made_at=datetime.fromisoformat(told["made_at"]),
        revoked_at=datetime.fromisoformat(told["revoked_at"]) if told["revoked_at"] else None,
    )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
