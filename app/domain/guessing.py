"""Which column means what: a guess by the header's words and by what stands in the cells.

Words decide first, cells have a veto: a column called "E-mail" without one address in it is kept as an
answer. Columns whose header says nothing are known by their cells where these speak for themselves
(addresses, phone numbers; names only where a table has no header at all). What is left is kept as an
answer, so that a wrong guess never loses anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.header_words import OWNERS, plain_header, spelled
from app.domain.mapping import MANY, Mapping, Target, given, is_yes

_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]{2,}")
_NUMBER = re.compile(
    r"(?:(?:p|tel|phone):\s*)?(?=.*\d)(\+?[\d\s().\-/\u00a0]{7,24})(?:\s*(?:x|ext\.?)\s*\d{1,6})?", re.I
)
_DATED = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b.*|\d+[.,]\d+|\d+(\.\d+){3}")
_WORDY_NAME = re.compile(r"[^\W\d_][\w'’.\-]*(?: [^\W\d_][\w'’.\-]*){1,3}")
_NO = "no n false f 0 off nein non não nao nie нет lost"
_NO_WORDS = frozenset(_NO.split())

_STAGES = frozenset(
    ("stage", "deal stage", "opportunity stage", "sales stage", "pipeline stage", "result", "outcome")
)
_CRM_SIGNS = frozenset(("lead owner", "lead status", "contact owner", "record owner", "converted account id"))

_VETO_SIZE = 3


def is_address(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text))


def is_number(text: str) -> bool:
    """Whether a text is written like a phone number: 7 to 15 digits, and not a date, a decimal or an IP
    address."""
    if not (found := _NUMBER.fullmatch(text)) or _DATED.fullmatch(text):
        return False
    return 7 <= sum(map(str.isdigit, found[1])) <= 15


def guess(headers: Sequence[str], rows: Sequence[Sequence[str]], has_header: bool = True) -> Mapping:
    """A mapping of the columns `headers` by their words and by the sample `rows`, each as wide as the
    header."""
    samples = [[text for row in rows if (text := given(row[i]))] for i in range(len(headers))]
    found = [
        _by_words(header, sample) if has_header else None
        for header, sample in zip(headers, samples, strict=True)
    ]
    if any(plain_header(header) in _CRM_SIGNS for header in headers):
        # In a CRM's export "Converted" says that the lead was made into a contact, not that anybody bought.
        found = [
            None if hit and hit[0] == Target.WON and plain_header(header).startswith("converted") else hit
            for header, hit in zip(headers, found, strict=True)
        ]
    targets = _best_of_each(found)
    if [plain_header(header) for header in headers[:2]] == ["line", "why"]:
        # A file of refused rows, mended and brought back.
        targets[:2] = [Target.OUT, Target.OUT]
    _by_cells(headers, samples, targets, has_header)
    return Mapping(columns=tuple(zip(headers, targets, strict=True)))


def _by_words(header: str, sample: Sequence[str]) -> tuple[Target, int] | None:
    hit = spelled(header)
    if hit is None:
        if plain_header(header) in _STAGES and any("won" in text.casefold() for text in sample):
            return Target.WON, 90
        return None
    target = hit[0]
    if len(sample) >= _VETO_SIZE and not _fits(target, sample):
        return None
    return hit


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


def _best_of_each(found: Sequence[tuple[Target, int] | None]) -> list[Target]:
    best: dict[Target, int] = {}
    for hit in found:
        if hit:
            best[hit[0]] = min(hit[1], best.get(hit[0], hit[1]))
    targets: list[Target] = []
    for hit in found:
        if hit is None or (hit[0] not in MANY and best.get(hit[0]) != hit[1]):
            targets.append(Target.ANSWER)
            continue
        targets.append(hit[0])
        if hit[0] not in MANY:
            del best[hit[0]]
    return targets


def _by_cells(
    headers: Sequence[str], samples: Sequence[Sequence[str]], targets: list[Target], has_header: bool
) -> None:
    """Fill in what the headers did not say, where the cells are plain enough."""
    for index, (header, sample) in enumerate(zip(headers, samples, strict=True)):
        words = plain_header(header).split()
        if targets[index] != Target.ANSWER or not sample or OWNERS.intersection(words):
            continue
        if Target.EMAIL not in targets and sum(map(is_address, sample)) * 10 >= 6 * len(sample):
            targets[index] = Target.EMAIL
        elif Target.PHONE not in targets and sum(map(is_number, sample)) * 10 >= 6 * len(sample):
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
