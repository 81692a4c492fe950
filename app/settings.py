"""This machine's profile: what one desk remembers between two starts. Nothing of it belongs to the floor.

It lies as `desk.json` in the data folder, which is `FIRSTRING_HOME` or the system's place for program data.
No secret is ever in it. A profile that cannot be read is put aside and a new one begun. Of each floor that this
desk joined through a server, a file of its own in `seats/` says where that is and as whom.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path

THEMES = ("system", "light", "dark")
DIAL_SCHEMES = ("tel", "sip", "callto")
WALL_TURNS = ("auto", "on", "off")


def home() -> Path:
    """The data folder of this machine's user."""
    told = os.environ.get("FIRSTRING_HOME")
    if told:
        return Path(told).expanduser()
    from platformdirs import user_data_dir

    return Path(user_data_dir("Firstring", appauthor=False))


@dataclass(slots=True, kw_only=True)
class Settings:
    theme: str = "system"
    sound: bool = True
    dial_scheme: str = "tel"
    last_floor: str = ""
    """Address of the floor that was open last: a file, or postgresql://..."""
    me: dict[str, str] = field(default_factory=dict)
    """Which rep sits here, by floor address."""
    copies: dict[str, str] = field(default_factory=dict)
    """Where a second copy of each backup goes, by floor address; for a shared database, that this computer makes
    backups of it at all ("" makes no copy)."""
    mail: dict[str, str] = field(default_factory=dict)
    """The mail account by which this computer sends a floor's mail, by floor address. No password is in it."""
    sms: dict[str, str] = field(default_factory=dict)
    """The gateway by which this computer sends a floor's text messages, by floor address. No secret is in it."""
    webhooks: dict[str, str] = field(default_factory=dict)
    """Where this computer tells a program of the firm's own, by floor address."""
    lock_after: int = 10
    """Minutes without a touch after which a desk that has a PIN locks itself; 0: only when it is told to."""
    muted_until: str = ""
    """Until when this desk is muted, as ISO 8601 with its offset; empty: it is not."""
    wall_monitor: str = ""
    """The monitor that the wallboard covered last."""
    wall_hides_names: bool = False
    wall_turns: str = "auto"
    """Whether the wallboard's pages turn: on, off, or where not everybody fits on the first: auto."""
    wall_sound: bool = True
    """Whether a breach is heard at the wallboard."""
    geometry: str = ""
    """Window place and size, as hexadecimal text."""
    port: int = 8737
    """Where the capture endpoints listen on this computer."""
    path: Path | None = None

    def save(self) -> None:
        """Write the profile, whole or not at all. A folder that can't be written costs comfort, not work."""
        if self.path is None:
            return
        values = {key: value for key, value in asdict(self).items() if key != "path"}
        with contextlib.suppress(OSError):
            _write(self.path, values)


def load(folder: Path | None = None) -> Settings:
    """The profile of a data folder (default: `home()`)."""
    path = (folder or home()) / "desk.json"
    known = {item.name: item for item in fields(Settings) if item.name != "path"}
    settings = Settings(path=path)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return settings
    except (OSError, ValueError):
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".unreadable"))
        return settings
    for name, value in found.items() if isinstance(found, dict) else ():
        if name in known and isinstance(value, type(getattr(settings, name))):
            setattr(settings, name, value)
    if settings.theme not in THEMES:
        settings.theme = "system"
    if settings.dial_scheme not in DIAL_SCHEMES:
        settings.dial_scheme = "tel"
    if settings.wall_turns not in WALL_TURNS:
        settings.wall_turns = "auto"
    settings.lock_after = max(0, settings.lock_after)
    return settings


def _write(path: Path, values: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(values, indent=1, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)


# floors behind a server

SERVED = "firstring://"
"""How the address of a floor begins that this desk joined through a server; the floor's id follows."""
_ID = re.compile(r"[0-9a-zA-Z-]{1,64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """This computer's place on a floor behind servers. Its token is a secret, and elsewhere."""

    addresses: tuple[str, ...]
    """host:port of each server."""
    pins: tuple[str, ...]
    """Of the servers' keys, 64 hexadecimal digits each; none where an authority vouches for them."""
    device_id: str
    rep_id: str
    floor_name: str
    renewed_at: datetime
    """When its token was last changed, UTC."""


def is_served(address: str) -> bool:
    return address.startswith(SERVED) and _ID.match(address.removeprefix(SERVED)) is not None


def seat_file(address: str, ending: str = ".json") -> Path:
    """Where something about a served floor lies."""
    return home() / "seats" / (address.removeprefix(SERVED) + ending)


def read_seat(address: str) -> Seat | None:
    """This computer's seat on the floor of an address; None where it has none, or none that can be read."""
    if not is_served(address):
        return None
    try:
        told = json.loads(seat_file(address).read_text(encoding="utf-8"))
        seat = Seat(
            addresses=tuple(map(str, told["addresses"])),
            pins=tuple(map(str, told["pins"])),
            device_id=str(told["device_id"]),
            rep_id=str(told["rep_id"]),
            floor_name=str(told["floor_name"]),
            renewed_at=datetime.fromisoformat(told["renewed_at"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return seat if seat.addresses and seat.renewed_at.tzinfo is not None else None


def write_seat(address: str, seat: Seat) -> None:
    """Keep a seat, whole or not at all. Raises OSError."""
    _write(seat_file(address), {**asdict(seat), "renewed_at": seat.renewed_at.isoformat()})
