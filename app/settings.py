"""This machine's profile: what one desk remembers between two starts. Nothing of it belongs to the floor.

It lies as `desk.json` in the data folder, which is `FIRSTRING_HOME` or the system's place for program data.
No secret is ever in it. A profile that cannot be read is put aside and a new one begun.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

THEMES = ("system", "light", "dark")
DIAL_SCHEMES = ("tel", "sip", "callto")


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
            self.path.parent.mkdir(parents=True, exist_ok=True)
            draft = self.path.with_suffix(".new")
            draft.write_text(json.dumps(values, indent=1, ensure_ascii=False), encoding="utf-8")
            draft.replace(self.path)


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
    return settings
