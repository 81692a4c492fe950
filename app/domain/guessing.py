"""Which column means what: a guess by the header's words and by what stands in the cells.

Words decide first, cells have a veto: a column called "E-mail" without one address in it is kept as an
answer. Columns whose header says nothing are known by their cells where these speak for themselves
(addresses, phone numbers; names only where a table has no header at all). What is left is kept as an
answer, so that a wrong guess never loses anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.columns_seen import Seen, seen
from app.domain.dates import is_time
from app.domain.header_words import OWN_IDS, OWNERS, plain_header, spelled
from app.domain.header_words_past import BASE, spelled_past
from app.domain.mapping import DATES, KEYS, MANY, PAST, Mapping, Target, given, is_yes
from app.domain.past import ImportKind, Result
from app.domain.result_words import result_of, tier_of

_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]{2,}")
_NUMBER = re.compile(
    r"(?:(?:p|tel|phone):\s*)?(?=.*\d)(\+?[\d\s().\-/\u00a0]{7,24})(?:\s*(?:x|ext\.?)\s*\d{1,6})?", re.I
)
_DATED = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b.*|\d+[.,]\d+|\d+(\.\d+){3}")
_WORDY_NAME = re.compile(r"[^\W\d_][\w'’.\-]*(?: [^\W\d_][\w'’.\-]*){1,3}")
_NO = "no n false f 0 off nein non não nao nie нет lost"
_NO_WORDS = frozenset(_NO.split())

_CRM_SIGNS = frozenset(("lead owner", "lead status", "contact owner", "record owner", "converted account id"))

_YES_AND_NO = tuple(
    set(pair.split())
    for pair in "1 0,yes no,y n,true false,t f,ja nein,oui non,si no,sí no,sì no,sim não".split(",")
)
"""How a column is filled whose header asks what became of a lead, and whose cells say whether it was won."""

_VETO_SIZE = 3


def is_address(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text))


def is_number(text: str) -> bool:
    """Whether a text is written like a phone number: 7 to 15 digits, and not a date, a decimal or an IP
    address."""
    if not (found := _NUMBER.fullmatch(text)) or _DATED.fullmatch(text):
        return False
    return 7 <= sum(map(str.isdigit, found[1])) <= 15


def _mostly(are: Callable[[str], bool], sample: Sequence[str]) -> bool:
    """Whether the cells of a column speak for themselves: six of ten are what is asked."""
    return sum(map(are, sample)) * 10 >= 6 * len(sample) > 0


def guess(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    has_header: bool = True,
    kind: ImportKind = ImportKind.LEADS,
    columns: Sequence[Seen] = (),
) -> Mapping:
    """A mapping of the columns `headers` of a file of this kind by their words and by the sample `rows`, each as wide
    as the header; `columns` is what the whole columns say, where they were read to their end."""
    columns = columns or seen(len(headers), rows)
    samples = [[text for row in rows if (text := given(row[i]))] for i in range(len(headers))]
    is_crm = any(plain_header(header) in _CRM_SIGNS for header in headers)
    named = [
        _by_words(header, sample, column, kind, is_crm) if has_header else []
        for header, sample, column in zip(headers, samples, columns, strict=True)
    ]
    rest = Target.OUT if kind in (ImportKind.CALLS, ImportKind.COSTS) else Target.ANSWER
    targets = _best_of_each(named, rest)
    if [plain_header(header) for header in headers[:2]] == ["line", "why"]:
        # A file of refused rows, mended and brought back.
        targets[:2] = [Target.OUT, Target.OUT]
    if kind is ImportKind.LEADS:
        _by_cells(headers, samples, targets, has_header)
    elif kind is not ImportKind.COSTS and KEYS.isdisjoint(targets):
        targets = [
            Target.EMAIL if _mostly(is_address, s) else t for t, s in zip(targets, samples, strict=True)
        ]
    _without_sense(targets, kind, rest)
    if kind is not ImportKind.LEADS and not {Target.EMAIL, Target.PHONE}.isdisjoint(targets):
        # A deal's number may be some lead's by chance; an address is nobody else's.
        targets = [rest if is_own_id(h, t) else t for h, t in zip(headers, targets, strict=True)]
    mapping = Mapping(columns=tuple(zip(headers, targets, strict=True)), kind=kind)
    return completed(mapping, columns)


def completed(mapping: Mapping, columns: Sequence[Seen]) -> Mapping:
    """The mapping; what it does not say of dates, decimals and words is as the columns themselves say."""
    orders, marks, values = dict(mapping.dates), dict(mapping.marks), dict(mapping.values)
    for (header, target), column in zip(mapping.columns, columns, strict=True):
        if target in DATES:
            orders.setdefault(header, column.order)
        elif target is Target.AMOUNT:
            marks.setdefault(header, column.mark)
        elif target is Target.RESULT:
            known = dict(values.get(header, ()))
            proposed = {word: known.get(word, result_of(word)) for word in column.words}
            values[header] = tuple((known | proposed).items())
    aimed = dict(mapping.columns)
    return replace(
        mapping,
        dates=tuple((h, o) for h, o in orders.items() if aimed[h] in DATES),
        marks=tuple((h, m) for h, m in marks.items() if aimed[h] is Target.AMOUNT),
        values=tuple((h, v) for h, v in values.items() if aimed[h] is Target.RESULT),
    )


def is_own_id(header: str, target: Target) -> bool:
    """Whether a column is the id of what came of a lead and not of the lead, as a deal's number is."""
    return target is Target.EXTERNAL_ID and plain_header(header) in OWN_IDS


_Hit = tuple[Target, int]
_BASE_AFTER = 1000
"""Rank of a lead's own words where the words of a past name something too."""


def _by_words(header: str, sample: Sequence[str], column: Seen, kind: ImportKind, is_crm: bool) -> list[_Hit]:
    """What a column may be, likeliest first."""
    words = plain_header(header)
    found = list(spelled_past(words, kind))
    base, only = spelled(header), BASE[kind]
    if base is not None and (only is None or base[0] in only):
        if is_crm and base[0] is Target.WON and words.startswith("converted"):
            base = None  # in a CRM's export it says that the lead was made into a contact, not that anybody bought
        elif base[0] not in {target for target, _ in found}:
            found.append((base[0], base[1] + (_BASE_AFTER if found else 0)))
    if _says_yes_or_no(column.words):  # a status of 1 and 0
        found = [(Target.WON if target is Target.RESULT else target, rank) for target, rank in found]
    if len(sample) >= _VETO_SIZE or any(target in PAST for target, _ in found):
        found = [hit for hit in found if _fits_column(hit[0], sample, column)]
    return found


def _says_yes_or_no(words: Sequence[str]) -> bool:
    """Whether a column says yes and no, and nothing else."""
    return {word.casefold() for word in words} in _YES_AND_NO


def _fits_column(target: Target, sample: Sequence[str], column: Seen) -> bool:
    if target in (Target.FIRST_DAY, Target.LAST_DAY):
        return column.is_days
    if target in DATES:
        return column.is_dates
    if target is Target.TIME:
        return sum(map(is_time, sample)) * 10 >= 8 * len(sample) > 0
    if target is Target.AMOUNT:
        return column.is_numbers and not column.is_dates
    if target is Target.RESULT:
        return any(result_of(word) is not Result.OPEN for word in column.words)
    if target is Target.TIER:
        return sum(tier_of(text) is not None for text in sample) * 2 > len(sample)
    if target is Target.LOST:
        sure = sum(is_yes(text) or text.casefold().strip(". ") in _NO_WORDS for text in sample)
        return sure * 2 > len(sample)
    if target in PAST:
        return bool(sample)
    return len(sample) < _VETO_SIZE or _fits(target, sample)


def _without_sense(targets: list[Target], kind: ImportKind, rest: Target) -> None:
    """Take back what says nothing alone: a time without a day, or whose a lead is where nothing says when it came or
    what became of it."""
    found = set(targets)
    for index, target in enumerate(targets):
        if target is Target.CALLED_BY and kind is not ImportKind.CALLS and Target.FIRST_CALL_AT not in found:
            targets[index] = rest
        if target is Target.TIME and found.isdisjoint((Target.CALLED_AT, Target.CAPTURED_AT)):
            targets[index] = rest
    telling = found & (DATES | {Target.RESULT, Target.LOST})
    if kind is ImportKind.LEADS and not telling:
        targets[:] = [rest if target in PAST else target for target in targets]


def _fits(target: Target, sample: Sequence[str]) -> bool:
    """Whether the cells may be what the header says; a single one that fits is enough for addresses and
    numbers."""
    if target == Target.EMAIL:
        return any("@" in text for text in sample)
    if target == Target.PHONE:
        return any(sum(map(str.isdigit, text)) >= 5 for text in sample)
    if target in (Target.WON, Target.NO_CALL, Target.NO_EMAIL, Target.IS_TEST):
        sure = sum(is_yes(text) or text.casefold().strip(". ") in _NO_WORDS for text in sample)
        return sure * 2 > len(sample)
    if target == Target.TITLE:  # "Title" is also what some call Mr and Ms
        polite = sum(text.casefold().strip(".") in _POLITE for text in sample)
        return polite * 2 < len(sample)
    return True


_POLITE_WORDS = "mr mrs ms miss dr prof sir herr frau m mme mlle sr sra srta sig dhr mevr pan pani"
_POLITE = frozenset(_POLITE_WORDS.split())


def _best_of_each(named: Sequence[Sequence[_Hit]], rest: Target) -> list[Target]:
    """A target for each column: of several that fit one the best spelled has it, the others their next meaning."""
    targets = [rest] * len(named)
    left = [list(hits) for hits in named]
    taken: set[Target] = set()
    while any(left):
        best: dict[Target, int] = {}
        for hits in left:
            if hits:
                target, rank = hits[0]
                best[target] = min(rank, best.get(target, rank))
        for index, hits in enumerate(left):
            if not hits:
                continue
            target, rank = hits[0]
            if target in MANY or (target not in taken and best[target] == rank):
                targets[index] = target
                taken.add(target)
                hits.clear()
            else:
                hits.pop(0)
    return targets


def _by_cells(
    headers: Sequence[str], samples: Sequence[Sequence[str]], targets: list[Target], has_header: bool
) -> None:
    """Fill in what the headers did not say, where the cells are plain enough."""
    for index, (header, sample) in enumerate(zip(headers, samples, strict=True)):
        words = plain_header(header).split()
        if targets[index] != Target.ANSWER or not sample or OWNERS.intersection(words):
            continue
        if Target.EMAIL not in targets and _mostly(is_address, sample):
            targets[index] = Target.EMAIL
        elif Target.PHONE not in targets and _mostly(is_number, sample):
            spoken = any(
                part in word for word in words for part in ("phone", "tel", "mobil", "cell", "whatsapp")
            )
            written = sum(not text.isdigit() for text in sample) * 2 > len(sample)
            if spoken or written or (not has_header and all(len(text) >= 10 for text in sample)):
                targets[index] = Target.PHONE
    if has_header or Target.NAME in targets:
        return
    for index, sample in enumerate(samples):
        named = sum(bool(_WORDY_NAME.fullmatch(text)) for text in sample)
        if targets[index] == Target.ANSWER and named and named * 10 >= 8 * len(sample):
            targets[index] = Target.NAME
            return
