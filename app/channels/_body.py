"""The body of an inquiry as names and values, whatever its sender called it.

Browsers, form plugins and webhook tools disagree about content types, character sets and boundaries, so the
bytes are believed before the headers: what looks like JSON is read as JSON, what looks like multipart as
multipart, and text is UTF-8 if it can be. Only a body that makes no sense at all raises `Unreadable`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import unquote_to_bytes

from app.channels._json import flat, parse
from app.domain.inquiry import Inquiry, Unreadable
from app.domain.tidy import line

Pairs = list[tuple[str, str]]
"""Field names and values in the order they came."""

MOST_FIELDS = 1000
_LONGEST_UNPACKED = 1_000_000

_CHARSETS = frozenset(
    (
        "utf-8 utf8 utf-16 utf-16le utf-16be us-ascii ascii latin1 latin-1 koi8-r koi8-u shift-jis sjis "
        "euc-jp iso-2022-jp gb2312 gbk gb18030 big5 euc-kr cp866 cp850 macintosh tis-620 "
        + " ".join(f"iso-8859-{n}" for n in range(1, 17) if n != 12)
        + " "
        + " ".join(f"windows-{n} cp{n}" for n in range(1250, 1259))
    ).split()
)
"""Those that a form may be in. Python knows codecs beside them that take minutes over a few kilobytes."""


def fields(inquiry: Inquiry) -> Pairs:
    """Names and values of an inquiry's body; raises Unreadable, saying why."""
    raw = _unpacked(inquiry)
    media, charset, boundary = content_type(inquiry.content_type)
    start = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not start:
        raise Unreadable("The body is empty.")
    if start in (b"{", b"[") or (media.endswith("json") and b"=" not in raw):
        return _few(flat(parse(decoded(raw, charset))))
    if media.startswith("multipart/") or (start == b"-" and b"content-disposition:" in raw[:2000].lower()):
        return _few(_multipart(raw, boundary, charset))
    if media == "text/plain" and b"&" not in raw:
        return _few(_lines(decoded(raw, charset)))
    return _few(_urlencoded(raw, charset))


def content_type(header: str) -> tuple[str, str, str]:
    """Media type, charset and boundary of a Content-Type header, lower-case but for the boundary."""
    media, _, rest = header.partition(";")
    found = {
        name.casefold(): quoted or bare
        for name, quoted, bare in re.findall(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))", rest[:500])
    }
    return media.strip().casefold(), found.get("charset", "").casefold(), found.get("boundary", "")


def decoded(raw: bytes, charset: str = "") -> str:
    """Text of bytes: by their byte order mark, as UTF-8, as declared, or as Windows' western letters."""
    charset = charset.replace("_", "-").strip("'\" ")
    charset = charset if charset in _CHARSETS else ""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    if charset.startswith("utf-16") and b"\0" in raw:
        return raw.decode(charset, "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if charset and not charset.startswith("utf"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            pass
    return raw.decode("cp1252", "replace")


def _unpacked(inquiry: Inquiry) -> bytes:
    """The body without its compression, if it has one."""
    packing = dict(inquiry.headers).get("content-encoding", "").casefold().strip()
    if packing in ("", "identity"):
        return inquiry.raw
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable(f"The body is packed in a way that is not known here ({line(packing[:40])}).")
    for window in (47, -15):  # gzip or zlib by its own mark; else bare deflate, which many senders mean
        unpacker = zlib.decompressobj(window)
        try:
            found = unpacker.decompress(inquiry.raw, _LONGEST_UNPACKED)
        except zlib.error:
            continue
        if unpacker.unconsumed_tail:
            raise Unreadable("The packed body is far larger than an inquiry can be.")
        if found:
            return found
    raise Unreadable("The body says it is packed, but it can't be unpacked.")


def _few(pairs: Iterable[tuple[str, str]]) -> Pairs:
    found = list(islice(pairs, MOST_FIELDS + 1))
    if len(found) > MOST_FIELDS:
        raise Unreadable(f"The body has more than {MOST_FIELDS} fields.")
    return found


def _urlencoded(raw: bytes, charset: str) -> Iterator[tuple[str, str]]:
    for part in raw.split(b"&", MOST_FIELDS + 1):
        name, _, value = part.replace(b"+", b" ").partition(b"=")
        if name.strip():
            yield decoded(unquote_to_bytes(name), charset), decoded(unquote_to_bytes(value), charset)


def _lines(text: str) -> Pairs:
    """A form sent as text/plain: name=value on lines; a line without "=" goes on with the value before."""
    found: list[tuple[str, list[str]]] = []
    for row in text.splitlines():
        name, sign, value = row.partition("=")
        if sign and re.fullmatch(r"[\w .\-\[\]]{1,100}", name):
            found.append((name, [value]))
        elif found:
            found[-1][1].append(row)
    return [(name, "\n".join(rows)) for name, rows in found]


# -- multipart

_DISPOSITION = re.compile(r"content-disposition:\s*form-data\s*;?(.*)", re.IGNORECASE)
_PARAMETER = re.compile(r"(name|filename)(\*?)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;]+))", re.IGNORECASE)
_PART_TYPE = re.compile(r"content-type:\s*([^\r\n]*)", re.IGNORECASE)


def _multipart(raw: bytes, boundary: str, charset: str) -> Pairs:
    """Parts of a form, also where the boundary is missing from the header or the end from the body."""
    mark = b"--" + boundary.encode("utf-8", "replace")
    if not boundary or mark not in raw:
        first = re.search(rb"(?:^|\n)(--[^\r\n]{1,200})\r?\n[^\r\n]*:", raw[:4000])
        if first is None:
            raise Unreadable("The body should be a multipart form, but nothing divides its fields.")
        mark = first[1].rstrip()
    pairs: Pairs = []
    for part in raw.split(mark, MOST_FIELDS + 2)[1:]:
        if part.startswith(b"--"):
            break
        head, gap, value = part.lstrip(b" \t").removeprefix(b"\r").removeprefix(b"\n").partition(b"\r\n\r\n")
        if not gap:
            head, gap, value = part.lstrip(b"\r\n").partition(b"\n\n")
        if gap:
            value = value.removesuffix(b"\n").removesuffix(b"\r")
            pairs += _part(decoded(head[:4000], charset), value, charset)
    if (declared := dict(pairs).get("_charset_", "")) and not charset:
        return _multipart(raw, boundary, declared.casefold()[:40])
    return pairs


def _part(head: str, value: bytes, charset: str) -> Pairs:
    disposition = _DISPOSITION.search(head)
    if disposition is None:
        return []
    found: dict[str, str] = {}
    for key, star, quoted, bare in _PARAMETER.findall(disposition[1]):
        text = re.sub(r"\\([\"\\])", r"\1", quoted) or bare
        if star:
            declared, _, encoded = text.partition("''")
            text = decoded(unquote_to_bytes(encoded), declared.casefold())
        found[key.casefold()] = text
    name = found.get("name", "")
    if "filename" in found:
        if not found["filename"] and not value:
            return []
        return [(name or "file", f"file: {found['filename'] or 'without a name'}, {_size(len(value))}")]
    part_type = _PART_TYPE.search(head)
    own = content_type(part_type[1])[1] if part_type else ""
    return [(name, decoded(value, own or charset))] if name else []


def _size(count: int) -> str:
    return f"{count} bytes" if count < 1000 else f"{count / 1000:.1f} kB"
