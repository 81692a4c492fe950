"""Dates as tables write them: the day, or the instant, that a cell means.

Most ways of writing a date say themselves what they are: ISO, a month by its name, seconds since 1970, the days of
a spreadsheet. Only numbers like 01-02-2018 do not, and for those the whole column is looked at (`date_column`). A time
without a zone is one of the clock on the wall in a zone that is given; one that a change of the clocks skips is moved
on by what was skipped, of one that happens twice the first is meant.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.frozen import dataclass


class Order(StrEnum):
    """In which order a column writes day and month. The values stand in mapping files: added, never renamed."""

    PLAIN = "plain"  # no cell leaves it open
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    YEAR_FIRST = "year-first"  # 18-02-01
    UNTOLD = "untold"  # some cells may be read either way, and none says which


class NotADate(ValueError):
    """A text that is no date in the given order."""


_MONTHS: Final = (
    "jan january januar janvier janv enero ene janeiro gennaio gen januari janner stycznia styczen",
    "feb february februar fevrier fevr fev febrero fevereiro febbraio februari feber lutego luty",
    "mar march marz mars marzo marco mrz maart mrt marca marzec",
    "apr april avril avr abril abr aprile kwietnia kwiecien",
    "may mai mayo maio maggio mag mei maj maja",
    "jun june juni juin junio junho giugno giu czerwca czerwiec",
    "jul july juli juillet juil julio julho luglio lug lipca lipiec",
    "aug august aout agosto ago augustus augusti sierpnia sierpien",
    "sep sept september septembre septiembre setembro set settembre wrzesnia wrzesien",
    "oct october oktober okt octobre octubre outubro out ottobre ott pazdziernika pazdziernik",
    "nov november novembre noviembre novembro listopada listopad",
    "dec december dezember dez decembre diciembre dic dezembro dicembre desember grudnia grudzien",
)
_MONTH: Final = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_WEEKDAYS: Final = (
    "mon monday montag mo lundi lun lunes segunda seg lunedi",
    "tue tues tuesday dienstag di mardi martes terca ter martedi",
    "wed wednesday mittwoch mi mercredi mer miercoles mie quarta qua mercoledi",
    "thu thur thurs thursday donnerstag do jeudi jeu jueves jue quinta qui giovedi gio",
    "fri friday freitag fr vendredi ven viernes vie sexta sex venerdi",
    "sat saturday samstag sa samedi sam sabado sab sabato",
    "sun sunday sonntag so dimanche dim domingo dom domenica",
)
WEEKDAYS: Final = {name: n for n, names in enumerate(_WEEKDAYS) for name in names.split()}
_ASIDE_WORDS = "feira de del of den der le la el the at um as a às kl uhr o clock on em alle st nd rd th er"
_ASIDE: Final = frozenset((*_ASIDE_WORDS.split(), *WEEKDAYS))
_ZONES: Final = {
    "z": 0, "utc": 0, "gmt": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "bst": 60, "brt": -180, "ist": 330,
}  # fmt: skip

NUMERIC = re.compile(r"(\d{1,4})\s?([-/.\u2010-\u2015])\s?(\d{1,2})\s?[-/.\u2010-\u2015]\s?(\d{1,4})(?!\d)")
_TIME = re.compile(
    r"(?<![\d.])(\d{1,2})(?:[:hH]|(?=\s?[aApP]\.?[mM]))(?:(\d{2})(?:[:m.](\d{2})(?:[.,](\d{1,9}))?)?)?\s*"
    r"(?:([aApP])\.?\s?[mM]\.?(?![a-z]))?"
)
_ZONE = re.compile(
    r"(?:\b(?:utc|gmt)\s*)?([+\-\u2212])(\d{2}):?(\d{2})?$|\b(z|" + "|".join(_ZONES) + r")$", re.I
)
DIGITS = re.compile(r"-?\d+(?:[.,]\d+)?")
WORD = re.compile(r"[^\W\d_]+")
_BEFORE = re.compile(r"[^\W\d_][^\d]*(?=\d)")
"""Words before the first number."""
_PIVOT: Final = 68
"""Two digits up to this are of this century, as POSIX has it."""
_SHEET_BEGINS: Final = date(1899, 12, 30)
_EMPTY: Final = frozenset(("0000-00-00", "0000-00-00 00:00:00", "0", "00/00/0000", "00.00.0000"))
DAY: Final = timedelta(days=1)
EARLIEST: Final = 1970
"""Years before this are no dates of a sales floor."""
LATEST: Final = 2199


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    text = unicodedata.normalize("NFKD", word)
    return "".join(c for c in text if not unicodedata.combining(c)).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a cell says, before it is known where: the clock on the wall, or an instant where it names a zone."""

    at: datetime
    """Naive where no zone was given, else aware."""
    has_time: bool


def is_blank(text: str) -> bool:
    """Whether a cell of a column of dates says "none": 0000-00-00, 0."""
    return " ".join(text.split()) in _EMPTY


def instant(text: str, order: Order, zone: tzinfo) -> datetime:
    """The aware UTC instant of a cell; a date alone is its midnight in `zone`. Raises NotADate."""
    at = written(text, order).at
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone)
    return at.astimezone(UTC)


def day(text: str, order: Order, zone: tzinfo) -> date:
    """The day of a cell; an instant's is that of `zone`. Raises NotADate."""
    at = written(text, order).at
    return at.date() if at.tzinfo is None else at.astimezone(zone).date()


def is_time(text: str) -> bool:
    """Whether a cell says a time of day and no day."""
    try:
        return written(f"2000-01-01 {text}", Order.PLAIN).has_time
    except NotADate:
        return False


def at_time(text: str, time: str, order: Order) -> str:
    """A cell's day with the time of day of another cell, as one text; the first alone where it says a time itself.
    Raises NotADate."""
    found = written(text, order)
    if found.has_time and found.at.time() != found.at.time().min:
        return text
    return f"{found.at:%Y-%m-%d} {time}"


def bare(text: str) -> str:
    """A cell without space around it, nor a weekday before numbers: "Thu 01/02/2025"."""
    text = " ".join(text.split())
    words = _BEFORE.match(text)
    if (
        words
        and NUMERIC.match(text, words.end())
        and all(folded(word) in _ASIDE for word in WORD.findall(words[0]))
    ):
        return text[words.end() :]
    return text


@lru_cache(maxsize=65536)
def written(text: str, order: Order) -> Written:
    """What a cell says; raises NotADate for what is no date in this order."""
    text = bare(text)
    if not text or text in _EMPTY or len(text) > 60:
        raise NotADate(text)
    try:
        found = _digits(text) if DIGITS.fullmatch(text) else None
        found = found or _dated(text, order)
    except (ValueError, OverflowError) as error:
        raise NotADate(text) from error
    if not EARLIEST <= found.at.year <= LATEST:
        raise NotADate(text)
    return found


def _digits(text: str) -> Written | None:
    """A bare number: 20180201, seconds or thousandths since 1970, or the days of a spreadsheet."""
    whole = text.replace(",", ".").split(".")[0].lstrip("-")
    value = float(text.replace(",", "."))
    count = len(whole)
    if count == 8 and "1970" <= whole[:4] <= "2199":
        return Written(at=datetime.strptime(whole, "%Y%m%d"), has_time=False)  # noqa: DTZ007 - of the wall clock
    if count in (12, 14) and "1970" <= whole[:4] <= "2199":
        form = "%Y%m%d%H%M" if count == 12 else "%Y%m%d%H%M%S"
        return Written(at=datetime.strptime(whole, form), has_time=True)  # noqa: DTZ007
    if count == 5:
        at = datetime.combine(_SHEET_BEGINS, datetime.min.time()) + timedelta(
            seconds=round(value * 86400 * 1000) / 1000
        )
        return Written(at=at, has_time=at.time() != datetime.min.time())
    since = {10: 1.0, 9: 1.0, 13: 1e3, 12: 1e3, 16: 1e6}.get(count)
    if since is None:
        raise NotADate(text)
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=round(value / since * 1e6))
    return Written(at=at, has_time=True)


def _dated(text: str, order: Order) -> Written:
    rest, minutes = text, None
    numeric = NUMERIC.match(rest)
    if numeric:
        year, month, on = _by_order(numeric, order)
        rest = rest[numeric.end() :].lstrip("Tt ,")
    clock = _TIME.search(rest)
    hour = minute = second = micro = 0
    if clock and (clock[2] or clock[5]):
        hour, minute, second = int(clock[1]), int(clock[2] or 0), int(clock[3] or 0)
        micro = int((clock[4] or "0").ljust(6, "0")[:6])
        if clock[5]:
            if not 1 <= hour <= 12:
                raise NotADate(text)
            hour = hour % 12 + (12 if clock[5] in "pP" else 0)
        after = rest[clock.end() :].strip(" ()")
        if after:
            minutes, after = _zone_of(after)
        rest = f"{rest[: clock.start()]} {after}"
    elif clock:
        clock = None
    if not numeric:
        year, month, on = _named(rest)
    elif any(folded(word) not in _ASIDE for word in WORD.findall(rest)) or any(map(str.isdigit, rest)):
        raise NotADate(text)
    at = datetime(year, month, on) + timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)  # noqa: DTZ001
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise NotADate(text)
    if minutes is not None:
        at = at.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    return Written(at=at, has_time=clock is not None)


def _zone_of(text: str) -> tuple[int | None, str]:
    """(minutes ahead of UTC, the rest): None where no zone is named."""
    found = _ZONE.search(text)
    if found is None:
        return None, text
    rest = text[: found.start()]
    if found[4]:
        return _ZONES[found[4].lower()], rest
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return (minutes if found[1] == "+" else -minutes), rest


def _by_order(found: re.Match[str], order: Order) -> tuple[int, int, int]:
    first, second, third = found[1], int(found[3]), found[4]
    if len(first) == 4:
        return int(first), second, int(third)
    if len(first) == 3:
        raise NotADate(found[0])
    if order == Order.YEAR_FIRST and len(third) == 2:
        return _century(first), second, int(third)
    if len(third) not in (2, 4):
        raise NotADate(found[0])
    if order == Order.MONTH_FIRST:
        return _century(third), int(first), second
    if order == Order.DAY_FIRST or int(first) > 12:
        return _century(third), second, int(first)
    if second > 12:
        return _century(third), int(first), second
    if order == Order.UNTOLD and int(first) != second:
        raise NotADate(found[0])
    return _century(third), second, int(first)


def _century(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year <= _PIVOT else 1900)


def _named(text: str) -> tuple[int, int, int]:
    """A date with its month in letters."""
    month = 0
    for word in WORD.findall(text):
        plain = folded(word)
        if not month and plain in _MONTH:
            month = _MONTH[plain]
        elif plain not in _ASIDE:
            raise NotADate(text)
    numbers = re.findall(r"\d+", text)
    if not month or len(numbers) not in (1, 2):
        raise NotADate(text)
    if len(numbers) == 1:  # "Feb 2018" is its first day
        if len(numbers[0]) != 4:
            raise NotADate(text)
        return int(numbers[0]), month, 1
    first, last = numbers
    if len(first) == 4:
        return int(first), month, int(last)
    return _century(last) if len(last) in (2, 4) else int(last), month, int(first)


def is_month(text: str) -> bool:
    """Whether a cell names a whole month: 2018-02, 02/2018, Feb 2018."""
    text = " ".join(text.split())
    if _MONTHLY.fullmatch(text):
        return True
    words, numbers = WORD.findall(text), re.findall(r"\d+", text)
    return len(numbers) == 1 and len(numbers[0]) == 4 and any(folded(word) in _MONTH for word in words)


_MONTHLY = re.compile(r"(?:(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4}))")


def month_days(text: str) -> tuple[date, date]:
    """The first and the last day of the month that a cell names; raises NotADate."""
    found = _MONTHLY.fullmatch(" ".join(text.split()))
    try:
        if found:
            year, month = int(found[1] or found[4]), int(found[2] or found[3])
        else:
            year, month, _ = _named(" ".join(text.split()))
        first = date(year, month, 1)
    except ValueError as error:
        raise NotADate(text) from error
    return first, date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def zone_named(name: str) -> ZoneInfo:
    """The IANA time zone of that name; raises ValueError."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise ValueError(name) from error
