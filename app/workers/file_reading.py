"""Reads a file in a process of its own, which may do little else: `main.py read-file`.

A file comes from anywhere, and what unpacks and parses it is large. So a second program of ours does that, and the
system holds it to a size, to some seconds of work, to few open files, to writing none, and, on Linux, to no network.
It is told its order on standard input and answers in parts on standard output, each led by its length. What else
the desk does (reading the rows' meaning, sending them, telling how far it is) is done on the other side
(`reading_apart`). Windows knows no such limits; there it is a process of its own and no more.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from app.channels.table import NotATable, Reading, Table, TableRow, Wishes, open_table
from app.codec import Malformed, decode, encode, keepable
from app.program import send

WORD: Final = "read-file"
"""What starts this program as a reader."""
WRONG_USE: Final = 2
"""Exit code for whoever is no program of ours."""
_ROWS: Final = 250
_CHARACTERS: Final = 1 << 20
"""A part is sent once it has so many rows, or so many characters."""
TOO_MUCH: Final = "To read this file takes more memory than a reader of files may have; it is not read."


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the system is asked to hold the reader to."""

    memory: int = 1 << 30
    """Bytes of addresses, the program's own among them."""
    seconds: int = 60
    """Of work, to begin with; of waiting for whoever takes the rows there may be any number."""
    seconds_per_megabyte: int = 5
    files: int = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    path: str
    wishes: Wishes
    bounds: Bounds
    reading: Reading | None = None
    """How the file is to be read, where it was looked at before."""
    expected: int = 0
    most: int = 0
    """Rows of a workbook after which it is enough; 0: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the reader tells: how the file is written, then rows, then its digest; or why it can't go on."""

    reading: Reading | None = None
    expected: int = 0
    rows: tuple[TableRow, ...] = ()
    share: float = 0.0
    blank: int = 0
    sha256: str = ""
    trouble: str = ""
    """A sentence for a person."""
    mistake: str = ""
    """Where in this program a mistake was made, for the log; nothing of the file is in it."""


def serve() -> int:
    """Carry out the order on standard input; the exit code."""
    if sys.platform != "win32":
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # the terminal's Ctrl+C is for the program that started this one
    sys.dont_write_bytecode = True  # it may write no file, not even what Python keeps of a module
    # openpyxl would load it where it is there, and it takes addresses for every core of the machine.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        order = decode(sys.stdin.buffer.read(), Order)
    except Malformed:
        return WRONG_USE
    with suppress(BrokenPipeError):  # nobody wants to know any more
        _carry_out(order, sys.stdout.buffer)
    return 0


def _carry_out(order: Order, out: BinaryIO) -> None:
    try:
        confine(order.bounds, Path(order.path))
        _read(order, lambda part: tell(out, part))
    except NotATable as error:
        tell(out, Part(trouble=error.message))
    except MemoryError:
        tell(out, Part(trouble=TOO_MUCH))
    except BrokenPipeError:
        raise
    except OSError as error:
        tell(out, Part(trouble=f"{order.path} can't be read to its end: {error.strerror or error}."))
    except Exception as error:  # noqa: BLE001 - told to whoever gave the order
        from traceback import format_tb

        tell(out, Part(mistake="".join([*format_tb(error.__traceback__), type(error).__name__])))


def tell(out: BinaryIO, part: Part) -> None:
    """Write one part."""
    try:
        text = encode(part)
    except UnicodeEncodeError:  # half a character, as some encodings let through
        text = encode(replace(keepable(replace(part, rows=())), rows=tuple(map(_whole, part.rows))))
    send(out, text)


def _whole(row: TableRow) -> TableRow:
    return row._replace(cells=[keepable(cell) for cell in row.cells])


def _read(order: Order, say: Callable[[Part], None]) -> None:
    path = Path(order.path)
    if order.reading is None:
        table = open_table(path, order.wishes)
        say(Part(reading=table.reading, expected=table.expected))
    else:
        table = Table(path=path, reading=order.reading, first=(), expected=order.expected)
    most = order.most if table.reading.is_workbook else 0
    rows: list[TableRow] = []
    size = count = 0
    with table.rows() as source:
        for row in source:
            rows.append(row)
            size += sum(map(len, row.cells))
            if len(rows) >= _ROWS or size >= _CHARACTERS:
                count += len(rows)
                say(Part(rows=tuple(rows), share=source.share, blank=source.blank))
                rows, size = [], 0
            if most and count + len(rows) >= most:
                break
        say(Part(rows=tuple(rows), share=source.share, blank=source.blank, sha256=source.sha256))


def confine(bounds: Bounds, path: Path) -> None:
    """Give up what reading a file doesn't need. What the system can't hold this process to, it is not held to."""
    if sys.platform == "win32":
        return
    import resource as system

    size = path.stat().st_size if path.is_file() else 0
    seconds = bounds.seconds + bounds.seconds_per_megabyte * (size >> 20)
    for what, soft, hard in (
        (system.RLIMIT_AS, bounds.memory, bounds.memory),
        (system.RLIMIT_CPU, seconds, seconds + 5),  # the first ends it by a signal that says why
        (system.RLIMIT_NOFILE, bounds.files, bounds.files),
        (system.RLIMIT_FSIZE, 0, 0),
        (system.RLIMIT_CORE, 0, 0),
    ):
        with suppress(OSError, ValueError):
            system.setrlimit(what, (soft, hard))
    if sys.platform == "linux":
        _leave_the_network()


def _leave_the_network() -> None:
    """Into a network of this process's own, in which there is nothing; where the system lets it."""
    import ctypes
    import os

    new_user, new_network = 0x10000000, 0x40000000  # unshare(2)
    # The administrator would lose the right to read others' files in a room of users of its own.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(new_network if os.geteuid() == 0 else new_user | new_network)
