"""How a text table is written: its encoding, what stands between its cells, where its header is.

Only the first part of the file is looked at. Every pair of separator and quote mark is tried on it with the
very reader that will read the file, and the one under which most rows are as wide as each other wins.
Things that are no table (a web page, a PDF, an archive) are called by their name.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from app.channels._reading import (
    MAX_COLUMNS,
    NotATable,
    Reading,
    TableRow,
    Wishes,
    filled,
    find_header,
    labels,
)
from app.channels._text_table import ERRORS, lines_of, records
from app.domain.header_words import spelled

_HEAD = 1 << 19
_ROWS = 1000
_DELIMITERS = (",", ";", "\t", "|")
_NO_DELIMITER = "\x1f"

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_THINGS = (
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls); save it as .xlsx or CSV"),
    (b"SQLite format 3", "a database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"7z\xbc\xaf", "an archive; unpack it first"),
    (b"Rar!", "an archive; unpack it first"),
    (b"BZh", "an archive; unpack it first"),
)
_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml|table|head|body)\b", re.IGNORECASE)
_JSON = re.compile(r'\s*(\[\s*)?\{\s*"[^"]*"\s*:')
_CARD = re.compile(r"\s*BEGIN:V(CARD|CALENDAR)", re.IGNORECASE)


class Guess(NamedTuple):
    score: float
    delimiter: str
    quote: str
    escape: str
    rows: list[TableRow]


def sniff(path: Path, wishes: Wishes) -> tuple[Reading, list[TableRow]]:
    """How to read a text file, and its first rows as they stand; raises NotATable."""
    with open(path, "rb") as file:
        head = file.read(_HEAD)
    is_all = len(head) < _HEAD
    for start, what in _OTHER_THINGS:
        if head.startswith(start):
            raise NotATable(f"This is not a table but {what}.")
    encoding = wishes.encoding or encoding_of(head, is_all)
    lines = _first_lines(head, encoding, is_all)
    if not any(line.strip() for line in lines):
        raise NotATable(
            "There is nothing in this file." if is_all else "This is not a table: it has no lines."
        )
    _refuse_other_texts(lines[0])
    wanted = wishes.delimiter
    if told := re.fullmatch(r"sep=(.)", lines[0].strip("\ufeff\r\n")):
        wanted = wanted or told[1]  # Excel's own way of naming the separator
    guess = _dialect(lines, wanted)
    rows = [row for row in guess.rows if filled(row.cells) and not (told and row.line == 1)]
    header, data = find_header(rows, wishes.header)
    cells = rows[header].cells if header is not None else []
    width = len(cells) or _usual(rows[data:])
    if width > MAX_COLUMNS:
        raise NotATable(f"This table has {width} columns; at most {MAX_COLUMNS} can be read.")
    if header is None:
        first_line = rows[data].line
    else:
        after = (row.line for row in guess.rows if row.line > rows[header].line)
        first_line = next(after, rows[header].line + 1)
    short = sum(len(row.cells) < width for row in rows[data:])
    reading = Reading(
        headers=labels(cells or [""] * width),
        has_header=header is not None,
        header_cells=tuple(cells),
        first_line=first_line,
        skipped=tuple(row.line for row in rows[: data if header is None else header]),
        pad_short=wishes.pad_short if wishes.pad_short is not None else short * 2 > len(rows) - data,
        encoding=encoding,
        delimiter=guess.delimiter,
        quote=guess.quote,
        escape=guess.escape,
    )
    return reading, rows[data:]


def encoding_of(head: bytes, is_all: bool) -> str:
    """The encoding of a file that begins with `head`, by its mark, its zero bytes, or by trying."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    for half, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[half::2].count(0), head[1 - half :: 2].count(0)
        if zeros * 10 > len(head) // 2 and others * 20 <= zeros and _is_wide(head, name):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, is_all)
    except UnicodeDecodeError:
        text = head.decode("utf-8", "surrogateescape")
        wrong = sum("\udc80" <= c <= "\udcff" for c in text)
        right = sum(c > "\x7f" for c in text) - wrong
        return "cp1252" if wrong > right else "utf-8"
    return "utf-8"


def _is_wide(head: bytes, name: str) -> bool:
    """Whether bytes read as UTF-16 have lines, as a table has."""
    text = head[: len(head) // 2 * 2].decode(name, "replace")
    return "\n" in text or "\r" in text


def _first_lines(head: bytes, encoding: str, is_all: bool) -> list[str]:
    try:
        text = io.TextIOWrapper(io.BytesIO(head), encoding=encoding, errors=ERRORS, newline="")
        lines = list(islice(lines_of(text), _ROWS * 4))
    except LookupError as error:
        raise NotATable(f"There is no text encoding called {encoding}.") from error
    except UnicodeError as error:
        raise NotATable(f"The file is not written in {encoding}.") from error
    if not is_all and len(lines) < _ROWS * 4:
        lines = lines[:-1]  # cut off in the middle
    if encoding == "utf-8" and lines:
        strange = sum(c < " " and c not in "\t\r\n\f\v\x1c\x1d\x1e\x1f" for line in lines for c in line)
        if strange * 10 > sum(map(len, lines)):
            raise NotATable("This is not a text file, so it can't be read as a table.")
    return lines


def _refuse_other_texts(first: str) -> None:
    if _MARKUP.match(first):
        raise NotATable(
            "This is not a table but a web page or XML; export the leads as CSV or as a workbook."
        )
    if _JSON.match(first):
        raise NotATable("This is not a table but JSON; export the leads as CSV or as a workbook.")
    if _CARD.match(first):
        raise NotATable("This is not a table but a card or calendar file; export the leads as CSV.")


def _dialect(lines: Sequence[str], wanted: str) -> Guess:
    """The best separator and quote mark for the lines; one column where nothing separates them."""
    delimiters = (wanted,) if wanted else _DELIMITERS
    quotes = ['"']
    if any(re.search(r"(^|[,;\t|])\s?'[^']*'\s*($|[,;\t|])", line) for line in lines[:50]):
        quotes.append("'")
    escapes = [""]
    if any('\\"' in line or "\\'" in line for line in lines):
        escapes.append("\\")
    tried = [_tried(lines, d, q, e) for d in delimiters for q in quotes for e in escapes]
    best = max(tried, key=lambda guess: guess.score)
    if wanted or best.score >= 0.5:
        return best
    opened = [row.cells[0] for row in tried[0].rows if len(row.cells) == 1]
    if opened and any('"' in line for line in lines[:1]):
        # Every row, the header too, was quoted a second time: look at what is inside.
        inner = max(
            (_tried([cell + "\n" for cell in opened], d, '"', "") for d in delimiters), key=lambda g: g.score
        )
        if inner.score >= 0.5:
            rows = list(_again(lines, inner.delimiter, _usual(inner.rows)))
            return Guess(inner.score, inner.delimiter, '"', "", rows)
    alone = next((d for d in _DELIMITERS if not any(d in line for line in lines)), _NO_DELIMITER)
    return _tried(lines, alone, '"', "")


def _again(lines: Sequence[str], delimiter: str, width: int) -> Iterator[TableRow]:
    yield from islice(records(iter(lines), delimiter, '"', "", width), _ROWS)


def _tried(lines: Sequence[str], delimiter: str, quote: str, escape: str) -> Guess:
    rows = list(islice(records(iter(lines), delimiter, quote, escape), _ROWS))
    full = [row for row in rows if filled(row.cells)]
    usual = _usual(full)
    if usual < 2:
        return Guess(0.0, delimiter, quote, escape, rows)
    score = sum(len(row.cells) == usual and not row.why for row in full) / len(full)
    # Where two separators do alike: words that name columns, then cells that are not left in quote marks,
    # then the larger number of columns decide.
    score += 0.2 * min(5, sum(bool(spelled(cell)) for cell in full[0].cells)) / 5
    cells = [cell for row in full[:50] for cell in row.cells if cell]
    bare = sum(len(cell) > 1 and cell[0] == cell[-1] and cell[0] in "\"'" for cell in cells)
    score -= 0.3 * bare / max(1, len(cells))
    score -= 0.1 * sum(cell.endswith("\\") for cell in cells) / max(1, len(cells))
    return Guess(score + min(usual, 50) / 1000, delimiter, quote, escape, rows)


def _usual(rows: Sequence[TableRow]) -> int:
    """The number of cells that most rows have; of two as frequent, the one met first."""
    return Counter(len(row.cells) for row in rows).most_common(1)[0][0] if rows else 1
