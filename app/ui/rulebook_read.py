"""What is typed into the rulebook's fields, read into values, and values written as one would type them.

Whatever is written can be read back to the same value. What can't be read raises ValueError with a sentence that
says what to type instead. Lengths of time are seconds; hours are seconds from midnight by the clock on the wall.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication

from app.domain.hours import DAY, Block, Day

__all__ = [
    "blocks_of", "blocks_said", "chances_of", "chances_said", "days_of", "days_said", "maybe_number_of",
    "maybe_span_of", "maybe_whole_of", "number_of", "number_said", "shares_of", "shares_said", "span_of",
    "span_said", "spans_of", "spans_said", "whole_of", "whole_said", "words_of", "words_said",
]  # fmt: skip

_UNITS = {"s": 1, "sec": 1, "second": 1, "seconds": 1, "min": 60, "m": 60, "minute": 60, "minutes": 60,
          "h": 3600, "hour": 3600, "hours": 3600, "d": DAY, "day": DAY, "days": DAY}  # fmt: skip
_PART = re.compile(r"(\d+)\s*([a-zA-Z]*)")
_CLOCK = re.compile(r"(\d{1,2})(?::?(\d{2}))?")
_LONGEST = 366 * DAY
_MINUS = "-−–"


def _tr(text: str) -> str:
    return QCoreApplication.translate("rulebook_read", text)


# lengths of time


def span_of(text: str) -> int:
    """Seconds of "30", "30 s", "5 min", "1 h 30 min", "3 d" or "1:30" (minutes and seconds), below 0 with a minus."""
    said = text.strip().lower()
    sign = -1 if said[:1] in _MINUS and said else 1
    said = said.lstrip(_MINUS + "+ ")
    if re.fullmatch(r"\d{1,3}:\d{2}", said):
        minutes, _, seconds = said.partition(":")
        return sign * (int(minutes) * 60 + int(seconds))
    parts = _PART.findall(said)
    if not parts or _PART.sub("", said).strip(" ,") or any(unit not in {"", *_UNITS} for _, unit in parts):
        raise ValueError(_tr("Write a time such as 30 s, 5 min, 2 h or 3 d."))
    whole = sum(int(number) * _UNITS.get(unit, 1) for number, unit in parts)
    if whole > _LONGEST:
        raise ValueError(_tr("Write a time of a year at most."))
    return sign * whole


def span_said(seconds: float) -> str:
    """ "90 s", "5 min", "1 h 30 min", "24 h", "3 d": exactly."""
    whole = int(seconds)
    if whole < 0:
        return f"−{span_said(-whole)}"
    if whole and whole % DAY == 0 and whole >= 2 * DAY:
        return f"{whole // DAY} d"
    parts = []
    if whole >= 3600 and whole % 60 == 0:
        parts = [f"{whole // 3600} h", f"{whole % 3600 // 60} min" if whole % 3600 else ""]
    elif whole >= 120 and whole % 60 == 0:
        parts = [f"{whole // 60} min"]
    else:
        parts = [f"{whole} s"]
    return " ".join(part for part in parts if part)


def maybe_span_of(text: str) -> float | None:
    """The same; nothing for an empty field."""
    return float(span_of(text)) if text.strip() else None


def spans_of(text: str) -> tuple[int, ...]:
    """Several, with commas between them."""
    return tuple(span_of(part) for part in text.split(",") if part.strip())


def spans_said(spans: Sequence[float]) -> str:
    return ", ".join(span_said(span) for span in spans)


# numbers and words


def whole_of(text: str) -> int:
    said = text.strip().replace("−", "-").replace("–", "-").replace(",", "")
    if not re.fullmatch(r"[+-]?\d{1,9}", said):
        raise ValueError(_tr("Write a whole number, such as 10."))
    return int(said)


def whole_said(number: int | None) -> str:
    return "" if number is None else str(number).replace("-", "−")


def maybe_whole_of(text: str) -> int | None:
    """The same; nothing for an empty field."""
    return whole_of(text) if text.strip() else None


def number_of(text: str) -> float:
    said = text.strip().replace("−", "-").replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,9})?", said):
        raise ValueError(_tr("Write a number, such as 0.8."))
    return float(said)


def maybe_number_of(text: str) -> float | None:
    return number_of(text) if text.strip() else None


def number_said(number: float | None) -> str:
    return "" if number is None else f"{number:.9f}".rstrip("0").rstrip(".")


def words_of(text: str) -> tuple[str, ...]:
    """Words or phrases with commas between them; none of them twice."""
    parts = (" ".join(part.split()) for part in re.split(r"[,;\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def words_said(words: Sequence[str]) -> str:
    return ", ".join(words)


def share_of(text: str) -> float:
    """ "50 %" or "50" as 0.5."""
    return round(number_of(text.replace("%", "")) / 100, 9)


def share_said(share: float) -> str:
    return f"{number_said(round(share * 100, 6))} %"


def shares_of(text: str) -> tuple[float, ...]:
    """Shares such as "50 %, 80 %", as 0.5 and 0.8."""
    found = []
    for part in text.split(","):
        said = part.replace("%", "").strip()
        if not said:
            continue
        try:
            found.append(share_of(said))
        except ValueError:
            raise ValueError(_tr("Write shares such as 50 %, 80 %.")) from None
    return tuple(found)


def shares_said(shares: Sequence[float]) -> str:
    return ", ".join(share_said(share) for share in shares)


def chances_of(text: str) -> tuple[tuple[int, float], ...]:
    """ "0: 8 %, 40: 22 %": of each score the chance."""
    found = []
    for part in text.split(","):
        score, colon, chance = part.partition(":")
        if not part.strip():
            continue
        try:
            if not colon:
                raise ValueError
            found.append((whole_of(score), round(number_of(chance.replace("%", "")) / 100, 9)))
        except ValueError:
            raise ValueError(_tr("Write scores with their chance, such as 0: 8 %, 40: 22 %.")) from None
    return tuple(found)


def chances_said(chances: Sequence[tuple[int, float]]) -> str:
    return ", ".join(f"{score}: {number_said(round(chance * 100, 6))} %" for score, chance in chances)


# hours


def blocks_of(text: str) -> tuple[Block, ...]:
    """ "08:00–12:30, 13:15–18:00" as hours of a day; nothing for an empty field or "closed"."""
    said = text.strip()
    if not said or said.casefold() == _tr("closed").casefold():
        return ()
    return tuple(_block(part) for part in said.split(",") if part.strip())


def _block(text: str) -> Block:
    ends = [part.strip() for part in re.split(r"[–—−-]", text)]
    if len(ends) == 2 and all(_CLOCK.fullmatch(end) for end in ends):
        start, until = (_seconds(end) for end in ends)
        if start is not None and until is not None:
            return Block(start=start, until=until)
    raise ValueError(_tr("Write hours such as 08:00–12:30, 13:15–18:00."))


def _seconds(text: str) -> int | None:
    found = _CLOCK.fullmatch(text)
    hours, minutes = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    seconds = hours * 3600 + minutes * 60
    return seconds if minutes < 60 and seconds <= DAY else None


def blocks_said(blocks: Sequence[Block]) -> str:
    return ", ".join(f"{_clock(block.start)}–{_clock(block.until)}" for block in blocks)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def days_of(text: str) -> tuple[Day, ...]:
    """A line for each day with hours of its own: "2026-12-24 Christmas Eve 08:00–12:00"; without hours a holiday."""
    found = []
    for line in text.splitlines():
        first, _, rest = line.strip().partition(" ")
        if not first:
            continue
        try:
            on = date.fromisoformat(first)
        except ValueError:
            raise ValueError(_tr("Begin each line with a date such as 2026-12-24.")) from None
        hours = re.search(r"\d{1,2}:\d{2}\s*[–—−-].*$", rest)
        name = rest[: hours.start()] if hours else rest
        found.append(Day(on=on, name=" ".join(name.split()), blocks=blocks_of(hours[0]) if hours else ()))
    return tuple(sorted(found, key=lambda day: day.on))


def days_said(days: Sequence[Day]) -> str:
    return "\n".join(
        " ".join(part for part in (day.on.isoformat(), day.name, blocks_said(day.blocks)) if part)
        for day in days
    )
