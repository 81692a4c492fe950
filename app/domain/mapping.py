"""What the columns of a table mean, and what a cell of it says by itself.

A `Mapping` gives every column a target: a field of the draft, a part of the past, "keep as answer", or "leave out".
It is a value that can be shown, changed and written to a file. `row_reading` makes drafts of rows by it, and
`past_reading` what they tell of the past. Cells are trimmed, and a list that was never opened ("Select", "-None-",
"N/A") counts as not given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache

from app.domain.amounts import Mark
from app.domain.dates import Order
from app.domain.frozen import dataclass
from app.domain.past import ImportKind, Result
from app.domain.tidy import line


class Target(StrEnum):
    """What a column may be. The values are written into mapping files and stored rows: added, never
    renamed."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    TITLE = "title"
    COMPANY = "company"
    EMAIL = "email"
    PHONE = "phone"
    STREET = "street"
    CITY = "city"
    REGION = "region"
    POSTCODE = "postcode"
    COUNTRY = "country"
    ASK = "ask"
    MEDIUM = "medium"
    CAMPAIGN = "campaign"
    AD = "ad"
    KEYWORD = "keyword"
    CLICK_ID = "click_id"
    PAGE = "page"
    EXTERNAL_ID = "external_id"
    CONSENT = "consent"
    NO_CALL = "no_call"
    NO_EMAIL = "no_email"
    WON = "won"
    IS_TEST = "is_test"
    ANSWER = "answer"
    OUT = "out"
    CAPTURED_AT = "captured_at"
    OWNER = "owner"
    TIER = "tier"
    FIRST_CALL_AT = "first_call_at"
    CALLED_BY = "called_by"
    CONTACT_AT = "contact_at"
    QUALIFIED_AT = "qualified_at"
    BOOKED_AT = "booked_at"
    RESULT = "result"
    WON_AT = "won_at"
    LOST = "lost"
    LOST_AT = "lost_at"
    CLOSED_AT = "closed_at"
    AMOUNT = "amount"
    REASON = "reason"
    CALLED_AT = "called_at"
    SECONDS = "seconds"
    MINUTES = "minutes"
    OUTCOME = "outcome"
    DIRECTION = "direction"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    TIME = "time"


_T = Target
DATES = frozenset(
    (
        _T.CAPTURED_AT, _T.FIRST_CALL_AT, _T.CONTACT_AT, _T.QUALIFIED_AT, _T.BOOKED_AT, _T.WON_AT, _T.LOST_AT,
        _T.CLOSED_AT, _T.CALLED_AT, _T.FIRST_DAY, _T.LAST_DAY,
    )
)  # fmt: skip
"""Columns of dates; in what order they are written is part of a mapping."""
_OF_CALLS = frozenset((_T.CALLED_AT, _T.SECONDS, _T.MINUTES, _T.OUTCOME, _T.DIRECTION))
_OF_COSTS = frozenset((_T.FIRST_DAY, _T.LAST_DAY))
PAST = (
    DATES | _OF_CALLS | {_T.OWNER, _T.TIER, _T.CALLED_BY, _T.RESULT, _T.LOST, _T.AMOUNT, _T.REASON, _T.TIME}
)
"""Targets that tell of the past; they are no part of a draft."""
KEYS = frozenset((_T.EXTERNAL_ID, _T.EMAIL, _T.PHONE))
"""By what a row that tells of a lead on the floor finds it."""
_LEAD = frozenset(Target) - _OF_CALLS - _OF_COSTS
TARGETS: dict[ImportKind, frozenset[Target]] = {
    ImportKind.LEADS: _LEAD,
    ImportKind.RESULTS: KEYS
    | ((PAST & _LEAD) - {_T.CAPTURED_AT, _T.TIER, _T.TIME})
    | {_T.WON, _T.ANSWER, _T.OUT},
    ImportKind.CALLS: KEYS | _OF_CALLS | {_T.TIME, _T.CALLED_BY, _T.OUT},
    ImportKind.COSTS: _OF_COSTS | {_T.MEDIUM, _T.CAMPAIGN, _T.AD, _T.AMOUNT, _T.OUT},
}
"""What a column of each kind of file may be."""


NAMES = (Target.NAME, Target.FIRST_NAME, Target.LAST_NAME)

MANY = (Target.PHONE, Target.EMAIL, Target.STREET, Target.ASK, Target.ANSWER, Target.OUT)
"""Targets that several columns may sensibly have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Every column of a table in its order, with its target. Headers are unique."""

    columns: tuple[tuple[str, Target], ...]
    kind: ImportKind = ImportKind.LEADS
    dates: tuple[tuple[str, Order], ...] = ()
    """By column, in which order its dates are written."""
    marks: tuple[tuple[str, Mark], ...] = ()
    """By column, its decimal mark."""
    values: tuple[tuple[str, tuple[tuple[str, Result], ...]], ...] = ()
    """By column, what its words mean for the result of a lead."""
    zone: str = ""
    """IANA zone in which times stand that name none; "" is the floor's."""
    medium: str = ""
    """Where a row comes from, or its money went, whose cells name no medium."""
    numbered: bool = False
    """Whether a row that says nothing of who it is becomes a lead all the same, known by its line."""

    def target(self, header: str) -> Target:
        return dict(self.columns)[header]

    def changed(self, header: str, target: Target) -> Mapping:
        """The same with one column aimed elsewhere; raises KeyError for a column that is not there."""
        if header not in dict(self.columns):
            raise KeyError(header)
        return replace(self, columns=tuple((h, target if h == header else t) for h, t in self.columns))

    def aimed(self, targets: Iterable[tuple[str, Target]]) -> Mapping:
        """The same columns with these targets; the ones not named are kept as answers. Raises KeyError."""
        wanted = dict(targets)
        for header in wanted:
            if header not in dict(self.columns):
                raise KeyError(header)
        rest = Target.ANSWER if Target.ANSWER in TARGETS[self.kind] else Target.OUT
        return replace(self, columns=tuple((h, wanted.get(h, rest)) for h, _ in self.columns))

    def with_order(self, header: str, order: Order) -> Mapping:
        """The same with the dates of one column read in this order."""
        return replace(self, dates=(*((h, o) for h, o in self.dates if h != header), (header, order)))

    def with_value(self, header: str, word: str, result: Result) -> Mapping:
        """The same with one word of a column meaning this result."""
        words = dict(dict(self.values).get(header, ())) | {word: result}
        rest = tuple((h, v) for h, v in self.values if h != header)
        return replace(self, values=(*rest, (header, tuple(words.items()))))

    @property
    def untold(self) -> tuple[str, ...]:
        """Columns of dates in which day and month can't be told apart."""
        orders = dict(self.dates)
        return tuple(h for h, t in self.columns if t in DATES and orders.get(h) == Order.UNTOLD)

    @property
    def tells_past(self) -> bool:
        """Whether its rows tell what became of a lead."""
        return any(t in PAST for _, t in self.columns)

    @property
    def names_somebody(self) -> bool:
        """Whether rows can become leads at all: some column says who they are, or their line has to do."""
        return self.numbered or any(t in NAMES or t in _WHO for _, t in self.columns)

    @property
    def lacks(self) -> str:
        """What no column is and one has to be, in a sentence; "" where all is there."""
        targets = {target for _, target in self.columns}
        if self.kind is ImportKind.LEADS:
            return (
                ""
                if self.names_somebody
                else f"No column is a {WHO}. Choose one, or know the rows by their line."
            )
        if self.kind is ImportKind.COSTS:
            if Target.AMOUNT not in targets:
                return "No column is the amount that was spent. Choose one."
            if Target.MEDIUM not in targets and not self.medium:
                return "No column says which medium the money went to. Choose one, or name one for all rows."
            return (
                ""
                if Target.FIRST_DAY in targets
                else "No column is a day (or the first one of a span). Choose one."
            )
        if not targets & KEYS:
            return "No column says which lead a row is about: its id, e-mail or phone. Choose one."
        if self.kind is ImportKind.CALLS:
            return "" if Target.CALLED_AT in targets else "No column says when the call was. Choose one."
        if not targets & _ENDS:
            return "No column says what became of a lead: result, won_at, lost_at, booked_at ... Choose one."
        return ""


WHO = "name, company, e-mail, phone or id"
"""What tells who a lead is."""
_ENDS = frozenset(
    (
        Target.RESULT, Target.WON, Target.WON_AT, Target.LOST, Target.LOST_AT, Target.FIRST_CALL_AT, Target.CONTACT_AT,
        Target.QUALIFIED_AT, Target.BOOKED_AT,
    )
)  # fmt: skip
"""Of these a file of results has one at least."""
_WHO = (Target.EMAIL, Target.PHONE, Target.COMPANY, Target.EXTERNAL_ID)

# What a form or an export writes into a cell that nobody filled in.
_UNTOUCHED_WORDS = (
    "select, select one, please select, please choose, choose, choose one, pick one, none selected, "
    "not selected, bitte wahlen, bitte auswahlen, auswahlen, selectionnez, choisir, choisissez, seleccione, "
    "seleccionar, elegir, selezionare, seleziona, selecione, selecionar, kies, wybierz, выберите"
)
_UNTOUCHED = frozenset(_UNTOUCHED_WORDS.split(", "))
_NOTHING = frozenset(("n/a", "#n/a", "none", "null", "nil", "nan", "undefined", "k.a.", "n.a."))
_EDGES = " \t\r\n\f\v\u00a0\u200b\u2060\ufeff"
_DECOR = _EDGES + "-–—_.…*<>()[]:?!/\\"
_UMLAUTS = str.maketrans("äéèçõãíóúà", "aeecoaioua")


def given(cell: str, target: Target = Target.ANSWER) -> str:
    """The cell's text without space around it, or "" where nobody filled it in.

    "Null" and "None" are some people's names and "NA" is a country, so those stand where they may be meant.
    """
    text = cell.strip(_EDGES)
    if text[:1] == "'" and text[1:2] in _FORMULA:
        text = text[
            1:
        ]  # a guard against spreadsheets that take text for a formula; ours, or another program's
    if not text or len(text) > 24:
        return text
    return "" if _is_blank(text, target in NAMES, target in _PLACES) else text


_FORMULA = ("=", "+", "-", "@")
_PLACES = (Target.COUNTRY, Target.REGION)


@lru_cache(maxsize=4096)
def _is_blank(text: str, may_be_a_name: bool, may_be_a_place: bool) -> bool:
    bare = text.strip(_DECOR).casefold()
    if not bare or bare.translate(_UMLAUTS) in _UNTOUCHED:
        return True
    if may_be_a_name:
        return False
    return bare in _NOTHING or text.casefold() in _NOTHING or (text == "NA" and not may_be_a_place)


_YES_WORDS = (
    "yes y true t 1 x on ja j si sì sí oui o sim s tak да wahr vrai verdadero vero verdadeiro won converted "
    "sold customer gewonnen gagné gagne ganado vinto ganho closed_won ✓ ✔"
)
_YES = frozenset(_YES_WORDS.split())
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?|\d{1,2}\.? \w{3,9},? \d{4}.*")


def is_yes(text: str) -> bool:
    """Whether a cell says yes: a word of several languages, a number above 0, "Closed Won", or a date."""
    word = text.strip(_EDGES).casefold()
    if word in _YES or re.sub(r"[^a-z]+", "_", word) in _YES:
        return True
    if re.fullmatch(r"\d+([.,]\d+)?", word):
        return float(word.replace(",", ".")) > 0
    return bool(_DATE.fullmatch(word))


_ID_PREFIX = re.compile(r"^l:(?=\d+$)|(?<=\d)\.0$")
"""What programs put around an id: Meta a letter, tables of numbers a decimal."""
_PHONE_PREFIX = re.compile(r"^(?:p|tel|phone):\s*", re.IGNORECASE)


def row_id(text: str) -> str:
    """A sender's id as it is kept and compared."""
    return line(_ID_PREFIX.sub("", text.strip(_EDGES)))


def phone_of(text: str) -> str:
    """A number without the word that some exports put before it."""
    return _PHONE_PREFIX.sub("", text)


def consent_of(header: str, text: str) -> str:
    """What was agreed to: the cell's own words, or the question where the cell just says yes. "" for a no."""
    if is_yes(text):
        return header
    no = text.casefold() in ("no", "n", "false", "f", "0", "off", "nein", "non", "não", "nao", "nie", "нет")
    return "" if no else text
