"""Tables of every kind are read as they are meant, and what can't be read is named with its line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.channels.table import NotATable, Table, TableRow, Wishes, open_table
from tests.importing.conftest import Write

PEOPLE = (
    "name,e-mail,phone\nDana Okafor,dana@brightline.example,+1 303 555 0148\nZoë Müller,zoe@halle.example,\n"
)
DANA = ["Dana Okafor", "dana@brightline.example", "+1 303 555 0148"]
ZOE = ["Zoë Müller", "zoe@halle.example", ""]


def rows_of(path: Path, wishes: Wishes | None = None) -> tuple[Table, list[TableRow]]:
    table = open_table(path, wishes)
    with table.rows() as rows:
        return table, list(rows)


def good(path: Path) -> list[list[str]]:
    return [row.cells for row in rows_of(path)[1] if not row.why]


def refused(path: Path) -> list[tuple[int, str]]:
    return [(row.line, row.why) for row in rows_of(path)[1] if row.why]


# -- the real files

AGATE: list[tuple[str, tuple[str, ...], list[list[str]], list[tuple[int, str]]]] = [
    (
        "bad.csv",
        ("column_a", "column_b", "column_c"),
        [["0", "mixed types.... uh oh", "17"]],
        [(2, "it has 4 cells, the header has 3"), (3, "it has only 2 cells, the header has 3")],
    ),
    ("blanks.csv", tuple("abcdef"), [["", "NA", "N/A", "NONE", "NULL", "."]], []),
    ("dummy.tsv", tuple("abc"), [["1", "2", "3"]], []),
    ("mac_newlines.csv", tuple("abc"), [["1", "2", "3"], ["Once upon\ra time", "5", "6"]], []),
    ("no_header_row.csv", ("Column 1", "Column 2", "Column 3"), [["1", "2", "3"]], []),
    ("null_byte.csv", tuple("abc"), [["", "2", "3"]], []),
    ("optional_quote_characters.csv", tuple("abc"), [["1", "2", "3"]], []),
    (
        "test_cr.csv",
        ("number", "text", "boolean", "date", "datetime", "timedelta"),
        [
            ["1", "a", "True", "2015-11-04", "2015-11-04T12:22:00", "0:04:15"],
            ["2", "👍", "False", "2015-11-05", "2015-11-04T12:45:00", "0:06:18"],
            ["", "b", "", "", "", ""],
        ],
        [],
    ),
    (
        "test_csv_sniff.csv",
        ("number", "text", "boolean", "date", "datetime", "timedelta"),
        [
            ["1", "a", "True", "2015-11-04", "2015-11-04T12:22:00", "0:04:15"],
            ["2", "👍", "False", "2015-11-05", "2015-11-04T12:45:00", "0:06:18"],
            ["", "b", "", "", "", ""],
        ],
        [],
    ),
    (
        "test_empty_columns.csv",
        ("a", "b", "c", "Column 4", "Column 5"),
        [["a", "", "", "", ""], ["", "", "c", "", ""]],
        [],
    ),
    ("test_empty_columns_long_row.csv", tuple("abc"), [], []),
    ("test_empty_columns_short_row.csv", tuple("abc"), [], []),
    ("test_extra_header.csv", tuple("abcd"), [["1", "2", "3", ""]], []),
    ("test_header_newline.csv", ("start end", "b", "c"), [["d", "e", "f"]], []),
    ("test_latin1.csv", tuple("abc"), [["1", "2", "3"], ["4", "5", "©"]], []),
    ("test_locale.csv", tuple("abc"), [["1,7", "200.000.000", ""]], []),
    ("test_skip_lines.csv", tuple("abc"), [["1", "2", "3"]], []),
    ("test_utf16_big.csv", tuple("abc"), [["1", "2", "3"], ["4", "5", "ʤ"]], []),
    ("test_utf16_little.csv", tuple("abc"), [["1", "2", "3"], ["4", "5", "ʤ"]], []),
    ("test_utf8.csv", ("foo", "bar", "baz"), [["1", "2", "3"], ["4", "5", "ʤ"]], []),
    ("test_utf8_bom.csv", ("foo", "bar", "baz"), [["1", "2", "3"], ["4", "5", "ʤ"]], []),
]


@pytest.mark.parametrize(("name", "headers", "cells", "bad"), AGATE, ids=[case[0] for case in AGATE])
def test_agates_examples(
    data_dir: Path, name: str, headers: tuple[str, ...], cells: list[list[str]], bad: list[tuple[int, str]]
) -> None:
    table, rows = rows_of(data_dir / "messy-csv/csvkit-agate" / name)
    assert table.reading.headers == headers
    assert [row.cells for row in rows if not row.why] == cells
    assert [(row.line, row.why) for row in rows if row.why] == bad


def test_an_empty_file_is_named(data_dir: Path, write: Write) -> None:
    for path in (
        data_dir / "messy-csv/csvkit-agate/empty.csv",
        write(b""),
        write(b"\n\r\n ,,\n"),
        write(b"\x00\x00"),
    ):
        with pytest.raises(NotATable, match="nothing in this file"):
            open_table(path)


def test_every_text_file_of_the_collection_was_decided(data_dir: Path) -> None:
    here = {path.name for path in (data_dir / "messy-csv/csvkit-agate").iterdir() if path.suffix != ".xlsx"}
    assert here == {case[0] for case in AGATE} | {"empty.csv"}


SPECTRUM = "comma_in_quotes empty empty_crlf escaped_quotes json newlines newlines_crlf quotes_and_newlines"


@pytest.mark.parametrize("name", [*SPECTRUM.split(), "simple", "simple_crlf", "utf8"])
def test_csv_spectrum_as_its_json_says(data_dir: Path, name: str) -> None:
    folder = data_dir / "messy-csv/csv-spectrum"
    table, rows = rows_of(folder / "csvs" / f"{name}.csv")
    expected = json.loads((folder / "json" / f"{name}.json").read_text())
    assert [dict(zip(table.reading.headers, row.cells, strict=True)) for row in rows] == expected
    assert not any(row.why for row in rows)


def test_csv_spectrums_coordinates(data_dir: Path) -> None:
    # Its JSON is of another telephone number and is no list, so only what the trap is about is compared.
    folder = data_dir / "messy-csv/csv-spectrum"
    table, (row,) = rows_of(folder / "csvs/location_coordinates.csv")
    expected = json.loads((folder / "json/location_coordinates.json").read_text())
    assert table.reading.headers == tuple(expected)
    assert row.cells == ["2095257564", *list(expected.values())[1:]]


def test_rows_quoted_twice_are_recovered_and_no_others(data_dir: Path) -> None:
    whole = rows_of(data_dir / "x-education/Leads.csv")[1]
    damaged = rows_of(data_dir / "messy-csv/x-education-338-rows-double-quoted.csv")[1]
    assert sum(row.mended for row in damaged) == 338
    assert not any(row.mended for row in whole)
    assert [(row.line, row.cells) for row in damaged] == [(row.line, row.cells) for row in whole]
    assert len(whole) == 9240


def test_a_workbook_under_a_csv_name_holds_the_same_cells(data_dir: Path) -> None:
    table, rows = rows_of(data_dir / "messy-csv/xlsx-saved-as-Leads.csv")
    assert table.reading.is_workbook
    text, expected = rows_of(data_dir / "x-education/Leads.csv")
    assert table.reading.headers == text.reading.headers
    assert [row.cells for row in rows] == [row.cells for row in expected]
    assert (rows[0].line, rows[-1].line) == (2, 9241)


# -- encodings, line ends, separators, quote marks


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
        ("latin-1", b""),
        ("cp1252", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(write: Write, encoding: str, mark: bytes, end: str) -> None:
    path = write(mark + PEOPLE.replace("\n", end).encode(encoding))
    table, rows = rows_of(path)
    assert table.reading.headers == ("name", "e-mail", "phone")
    assert [(row.line, row.cells) for row in rows] == [(2, DANA), (3, ZOE)]


def test_mixed_line_ends(write: Write) -> None:
    path = write(b"name,city\nA,1\r\nB,2\rC,3\n\r\nD,4")
    assert [(row.line, row.cells) for row in rows_of(path)[1]] == [
        (2, ["A", "1"]),
        (3, ["B", "2"]),
        (4, ["C", "3"]),
        (6, ["D", "4"]),
    ]


def test_windows_characters_beyond_latin_1(write: Write) -> None:
    assert good(write("name,note\nA,“5 €” – ok…\n".encode("cp1252"))) == [["A", "“5 €” – ok…"]]


def test_a_utf8_file_with_some_bytes_of_an_older_encoding(write: Write) -> None:
    path = write("name,note\nZoë,Müller ✓\nŁukasz,✓\n".encode() + b"Ren\xe9,caf\xe9\n")
    assert good(path) == [["Zoë", "Müller ✓"], ["Łukasz", "✓"], ["René", "café"]]


def test_an_encoding_told_by_hand(write: Write) -> None:
    path = write("имя;телефон\nАнна;+7 495 000 00 00\n".encode("cp1251"))
    table, rows = rows_of(path, Wishes(encoding="cp1251"))
    assert table.reading.headers == ("имя", "телефон")
    assert rows[0].cells == ["Анна", "+7 495 000 00 00"]
    with pytest.raises(NotATable, match="no text encoding called martian"):
        open_table(path, Wishes(encoding="martian"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("always", [True, False])
def test_separators_and_quote_marks(write: Write, delimiter: str, quote: str, always: bool) -> None:
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, quotechar=quote, quoting=quoting)
    cells = [
        ["Okafor, Dana; Ms | x\ty", "5' 6\" tall", "a\nb"],
        ["B", "O'Neill", 'the "best"'],
        ["C", "", "1,5;2|3"],
    ]
    writer.writerows([["name", "company", "notes"], *cells])
    assert good(write(out.getvalue())) == cells


def test_the_separator_excel_names_itself(write: Write) -> None:
    table, rows = rows_of(write("sep=;\nname;price\nA;1,5\nB;2,5\n"))
    assert table.reading.delimiter == ";"
    assert [row.cells for row in rows] == [["A", "1,5"], ["B", "2,5"]]
    assert [row.line for row in rows] == [3, 4]


def test_decimal_commas_between_semicolons(write: Write) -> None:
    assert good(write("a;b\n1,5;2,5\n3,5;4,5\n")) == [["1,5", "2,5"], ["3,5", "4,5"]]


def test_quote_marks_escaped_by_backslash(write: Write) -> None:
    path = write('name,note\n"A","said \\"hi, you\\" twice"\n"B","plain"\n')
    assert good(path) == [["A", 'said "hi, you" twice'], ["B", "plain"]]


def test_one_column(write: Write) -> None:
    assert good(write("e-mail\na@x.example\nb@x.example\n")) == [["a@x.example"], ["b@x.example"]]
    table, rows = rows_of(write("a@x.example\nb@x.example\n"))
    assert not table.reading.has_header
    assert [row.cells for row in rows] == [["a@x.example"], ["b@x.example"]]


def test_a_file_quoted_twice_from_its_header_on(write: Write) -> None:
    inner = 'name,company,city\nA,"X, Inc",Rome\nB,Y,Oslo\n'
    path = write("".join('"' + text.replace('"', '""') + '"\r\n' for text in inner.splitlines()))
    table, rows = rows_of(path)
    assert table.reading.headers == ("name", "company", "city")
    assert [row.cells for row in rows] == [["A", "X, Inc", "Rome"], ["B", "Y", "Oslo"]]


# -- headers


def test_lines_above_the_header_are_left_out_by_number(write: Write) -> None:
    table, rows = rows_of(
        write("Leads of November\n\nExported,2026-11-22\nname,city,phone,notes\nA,Rome,1,x\n")
    )
    assert table.reading.headers == ("name", "city", "phone", "notes")
    assert table.reading.skipped == (1, 3)
    assert [(row.line, row.cells) for row in rows] == [(5, ["A", "Rome", "1", "x"])]


def test_a_first_row_that_is_a_person_is_not_a_header(write: Write) -> None:
    path = write("Dana Okafor,dana@x.example,+1 303 555 0148\nTom Becker,tom@x.example,+49 30 901820\n")
    table, rows = rows_of(path)
    assert not table.reading.has_header
    assert table.reading.headers == ("Column 1", "Column 2", "Column 3")
    assert [row.line for row in rows] == [1, 2]
    assert rows_of(path, Wishes(header=True))[0].reading.headers[0] == "Dana Okafor"


def test_headers_are_named_once_and_never_empty(write: Write) -> None:
    table, _ = rows_of(write("email,, Email ,note\r\n1,2,3,4\r\n"))
    assert table.reading.headers == ("email", "Column 2", "Email (2)", "note")


def test_the_header_in_the_middle_of_a_glued_file(write: Write) -> None:
    path = write("name,city\nA,1\nname,city\nB,2\n")
    assert good(path) == [["A", "1"], ["B", "2"]]
    assert refused(path) == [(3, "it is the header once more")]


# -- rows that can't be read


def test_long_and_short_rows_are_named(write: Write) -> None:
    path = write("name,city,phone\nA,1,2\nB,1,2,3\nC,1\nD,1,2,,\n\n,,\nE\nF,1,2\n")
    assert good(path) == [["A", "1", "2"], ["D", "1", "2"], ["F", "1", "2"]]
    assert refused(path) == [
        (3, "it has 4 cells, the header has 3"),
        (4, "it has only 2 cells, the header has 3"),
        (8, "it has only 1 cell, the header has 3"),
    ]


def test_short_rows_are_filled_up_where_that_is_said(write: Write) -> None:
    path = write("name,city,phone\nA,1,2\nB,1\nC,1,2\n")
    assert [row.cells for row in rows_of(path, Wishes(pad_short=True))[1]][1] == ["B", "1", ""]


def test_a_quote_mark_that_is_not_closed_costs_one_row(write: Write) -> None:
    rest = "".join(f"N{n},city {n},x\n" for n in range(50))
    path = write('name,city,note\nA,1,x\nB,"2,x\n' + rest)
    assert refused(path) == [(3, "a quote mark opened in this row is not closed")]
    assert len(good(path)) == 51
    path = write('name,city,note\nA,1,x\nB,"2,x\n' + rest + 'C,"Rome, Italy",x\n')
    assert refused(path) == [(3, "a quote mark opened in this row is not closed")]
    assert good(path)[-1] == ["C", "Rome, Italy", "x"]


def test_quote_marks_inside_are_read_as_meant_where_that_is_plain(write: Write) -> None:
    path = write(
        'name,company,city\n"Dana "Dee" Okafor","Bright, Line",Rome\nB,"X" ,Y\nC,"a"b,"c"d,e\nD,x,y\n'
    )
    _, rows = rows_of(path)
    assert rows[0].cells == ['Dana "Dee" Okafor', "Bright, Line", "Rome"]
    assert rows[0].mended
    assert rows[1].cells == ["B", "X", "Y"]
    assert (rows[2].line, rows[2].why) == (4, "the quote marks in this row don't add up")
    assert rows[3].cells == ["D", "x", "y"]


def test_cells_up_to_one_megabyte(write: Write) -> None:
    big, too_big = "x" * (1 << 20), "y" * ((1 << 20) + 1)
    path = write(f"name,note\nA,{big}\nB,{too_big}\nC,{'z' * (5 << 20)}\nD,ok\n")
    assert [row[0] for row in good(path)] == ["A", "D"]
    assert good(path)[0][1] == big
    assert refused(path) == [(3, "a cell holds more than 1 MB of text"), (4, "the line is longer than 4 MB")]


def test_lines_are_counted_through_cells_of_several_lines(write: Write) -> None:
    path = write('name,note\r\nA,"1\r\n2\r\n3"\r\nB,x,y\r\n')
    assert refused(path) == [(5, "it has 3 cells, the header has 2")]


# -- what is no table


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n...", "a PDF document"),
        (b"\x1f\x8b\x08\x00abc", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel workbook"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        (b'<?xml version="1.0"?><leads/>', "web page or XML"),
        (b'[{"name": "Dana"}]', "JSON"),
        (b"BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", "card"),
        (bytes(range(1, 9)) * 4000 + b"\n" * 10, "not a text file"),
        (b"PK\x03\x04 and nothing else", "damaged"),
    ],
)
def test_other_things_are_called_by_their_name(write: Write, content: bytes, said: str) -> None:
    with pytest.raises(NotATable, match=said):
        open_table(write(content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotATable, match="There is no file"):
        open_table(tmp_path / "none.csv")
    with pytest.raises(NotATable, match="is a folder"):
        open_table(tmp_path)


def test_too_many_columns(write: Write) -> None:
    with pytest.raises(NotATable, match="1200 columns"):
        open_table(write(",".join(f"c{n}" for n in range(1200)) + "\n" + ",".join("x" * 1200) + "\n"))


# -- properties

_CELL = st.text(
    st.one_of(st.sampled_from("ab ,;\t|\"'\n\r\\é€漢"), st.characters(exclude_categories=["Cs", "Cc"])),
    max_size=12,
)
_KEEPS = st.tuples(st.just("x"), _CELL).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    cells=st.lists(st.tuples(_KEEPS, _CELL, _CELL), min_size=1, max_size=12),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_spreadsheet_writes_is_read_back(
    tmp_path: Path, cells: list[tuple[str, str, str]], delimiter: str, quoting: int, end: str, encoding: str
) -> None:
    if quoting == csv.QUOTE_MINIMAL:  # Python's own writer leaves a bare CR unquoted
        cells = [(a.replace("\r", "\n"), b.replace("\r", "\n"), c.replace("\r", "\n")) for a, b, c in cells]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerows([["first name", "last name", "e-mail"], *cells])
    path = tmp_path / "back.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    table, rows = rows_of(path)
    assert table.reading.headers == ("first name", "last name", "e-mail")
    assert [(row.cells, row.why) for row in rows] == [(list(row), "") for row in cells]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(content=st.one_of(st.binary(max_size=300), st.text("ab,;|\t\"\n\r'\\x", max_size=200).map(str.encode)))
@example(b'"')
@example(b'a,b\n"\n"x,"\n')
@example(b"\xff\xfe\x00")
@example(b"\xfe\xff\xd8\x00")
def test_no_bytes_do_harm(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        table, rows = rows_of(path)
    except NotATable:
        return
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    for row in rows:
        assert row.why or len(row.cells) == table.reading.width
