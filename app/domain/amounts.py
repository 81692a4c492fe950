"""Sums of money and other numbers as tables write them: "$1,117.10K", "1.234,56 €", "R$ 3,50", "(123)", "1.2M".

Point and comma are told apart by the whole column: by cells that have both, by a mark that stands twice, by one that
is not followed by three digits. A column in which every mark is followed by exactly three digits means thousands:
sums of money have no third decimal.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Mark(StrEnum):
    """What a column writes before its decimals. The values stand in mapping files: added, never renamed."""

    NONE = "none"  # every mark divides thousands
    POINT = "point"
    COMMA = "comma"


class NotANumber(ValueError):
    """A text that is no number with this decimal mark."""


_TIMES: Final = {
    "k": 10**3, "tsd": 10**3, "tds": 10**3, "thousand": 10**3, "mil": 10**3, "tys": 10**3,
    "m": 10**6, "mm": 10**6, "mn": 10**6, "mi": 10**6, "mio": 10**6, "million": 10**6, "millions": 10**6,
    "b": 10**9, "bn": 10**9, "mrd": 10**9, "billion": 10**9, "bi": 10**9,
}  # fmt: skip
_MONEY_WORDS = (
    "usd eur gbp brl chf cad aud nzd inr jpy cny rmb sek nok dkk pln czk huf ron try zar mxn ars clp cop pen aed sar "
    "ils sgd hkd krw rub uah r us ca au c a kr zl kc ft lei rs fr euro euros dollar dollars reais real pesos"
)
_MONEY: Final = frozenset(_MONEY_WORDS.split())
_NUMBER = re.compile(r"\d[\d.,'’`\s\u00a0\u202f_]*|[.,]\d+")
_WORDS = re.compile(r"[^\W\d_]+")
_NO_CENTS = re.compile(r"[-\u2012-\u2015\u2212]{1,2}")
_APART = re.compile(r"['’`\s\u00a0\u202f_]")
CENTS_LIMIT: Final = 10**15


def number(text: str, mark: Mark) -> Decimal:
    """The number of a cell; raises NotANumber."""
    return _read(text, mark)


def cents(text: str, mark: Mark) -> int:
    """A sum in its hundredths, halves to the even one; raises NotANumber, also for sums beyond all measure."""
    value = int((_read(text, mark) * 100).to_integral_value(ROUND_HALF_EVEN))
    if abs(value) >= CENTS_LIMIT:
        raise NotANumber(text)
    return value


@lru_cache(maxsize=65536)
def _read(text: str, mark: Mark) -> Decimal:
    negative, digits, times = _parted(text)
    if mark == Mark.NONE:
        digits = digits if digits.count(".") + digits.count(",") == 0 else _whole(digits, text)
        value = Decimal(digits)
    else:
        decimal, thousands = (".", ",") if mark == Mark.POINT else (",", ".")
        whole, _, part = digits.partition(decimal)
        if decimal in part or thousands in part:
            raise NotANumber(text)
        if thousands in whole:
            whole = _whole(whole, text)
        value = Decimal(f"{whole or '0'}.{part or '0'}")
    value *= times
    return -value if negative else value


def _whole(digits: str, text: str) -> str:
    """Digits in groups, without what stands between the groups; raises NotANumber where they are no groups."""
    groups = re.split(r"[.,]", digits)
    if not 1 <= len(groups[0]) <= 3 or len(groups[-1]) != 3 or any(len(g) not in (2, 3) for g in groups[1:]):
        raise NotANumber(text)
    return "".join(groups)


def _parted(text: str) -> tuple[bool, str, int]:
    """(whether negative, digits with their marks, what they are counted in); raises NotANumber."""
    bare = text.strip()
    found = _NUMBER.search(bare)
    if found is None or len(bare) > 60:
        raise NotANumber(text)
    before, after = bare[: found.start()], bare[found.end() :]
    digits = _APART.sub("", found[0])
    bare_digits = digits.rstrip(".,")
    if bare_digits != digits and (dash := _NO_CENTS.match(after)):
        after = after[dash.end() :]  # "12,- €" owes nothing: its cents are none
    digits = bare_digits
    around = f"{before}{after}"
    if any(map(str.isdigit, around)):
        raise NotANumber(text)
    negative = (before.strip()[:1] == "(" and after.strip()[-1:] == ")") or any(
        s in around for s in "-\u2212"
    )
    times = 1
    for word in _WORDS.findall(around):
        plain = "".join(
            c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)
        ).casefold()
        if times == 1 and word in after and plain in _TIMES:
            times = _TIMES[plain]
        elif plain not in _MONEY and plain != "ł" and plain != "zł":
            raise NotANumber(text)
    odd = re.sub(r"[\s()+\-\u2212.,%]|[^\W\d_]", "", around)
    if any(unicodedata.category(c) != "Sc" for c in odd):
        raise NotANumber(text)
    return negative, digits, times


class NumberColumn:
    """What the cells of one column say of their decimal mark; filled cells are added one by one."""

    def __init__(self) -> None:
        self.cells = 0
        self.numbers = 0
        self._point = self._comma = False

    def add(self, text: str) -> None:
        self.cells += 1
        seen = _seen(text)
        if seen is None:
            return
        self.numbers += 1
        self._point |= seen == Mark.POINT
        self._comma |= seen == Mark.COMMA

    @property
    def mark(self) -> Mark:
        if self._comma and not self._point:
            return Mark.COMMA
        return Mark.POINT if self._point else Mark.NONE

    @property
    def is_numbers(self) -> bool:
        """Whether the column holds numbers: most of its filled cells are some."""
        return self.numbers * 10 >= 8 * self.cells > 0


@lru_cache(maxsize=65536)
def _seen(text: str) -> Mark | None:
    """The decimal mark that a cell proves, NONE where it proves nothing; None for what is no number."""
    try:
        _, digits, _ = _parted(text)
    except NotANumber:
        return None
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return Mark.POINT if digits.rfind(".") > digits.rfind(",") else Mark.COMMA
    for sign, times, mine, other in (
        (".", points, Mark.POINT, Mark.COMMA),
        (",", commas, Mark.COMMA, Mark.POINT),
    ):
        if times > 1:
            return other
        if times:
            whole, _, part = digits.partition(sign)
            sure = len(part) != 3 or len(whole) > 3 or whole in ("", "0") or whole.startswith("0")
            return mine if sure else Mark.NONE
    return Mark.NONE


_SPAN = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})(?:[.,]\d+)?")
_SPOKEN = re.compile(
    r"(?:(\d+)\s*h(?:ours?|rs?|eures?)?\.?)?\s*(?:(\d+)\s*m(?:in(?:ute[ns]?|utos?|s)?)?\.?)?\s*"
    r"(?:(\d+(?:[.,]\d+)?)\s*s(?:ec(?:onds?|s)?|ek(?:unden?)?|egundos?)?\.?)?",
    re.I,
)


def seconds(text: str, unit: int = 1) -> float:
    """A span of time in seconds: "420", "7:00", "0:07:00", "7 min 3 s"; bare numbers are counted in `unit` seconds.
    Raises NotANumber."""
    bare = text.strip()
    if found := _SPAN.fullmatch(bare):
        return int(found[1] or 0) * 3600.0 + int(found[2]) * 60 + int(found[3])
    try:
        value = float(bare.replace(",", "."))
    except ValueError:
        found = _SPOKEN.fullmatch(bare)
        if found is None or not any(found.groups()):
            raise NotANumber(text) from None
        hours, minutes, secs = found.groups()
        return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float((secs or "0").replace(",", "."))
    if not 0 <= value * unit < 10**7:
        raise NotANumber(text)
    return value * unit
