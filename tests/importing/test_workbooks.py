"""Workbooks: the right sheet and cells, and those that are made to do harm are refused quickly and by
name."""

from __future__ import annotations

import struct
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from app.channels.table import NotATable, Wishes, open_table
from tests.importing.conftest import Write

NEWSPAPERS = ("text", "date", "integer", "boolean", "float", "datetime", "empty_column")


def cells_of(path: Path, wishes: Wishes | None = None) -> list[tuple[int, list[str], str]]:
    with open_table(path, wishes).rows() as rows:
        return [(row.line, row.cells, row.why) for row in rows]


@pytest.mark.parametrize(
    ("name", "first"), [("sheets.xlsx", 2), ("test.xlsx", 2), ("test_skip_lines.xlsx", 5)]
)
def test_agates_workbooks(data_dir: Path, name: str, first: int) -> None:
    path = data_dir / "messy-csv/csvkit-agate" / name
    table = open_table(path)
    assert table.reading.headers == NEWSPAPERS
    chicago = ["Chicago Reader", "1971-01-01", "40", "True", "1", "1971-01-01 04:14:00", ""]
    rows = cells_of(path)
    assert rows[0] == (first, chicago, "")
    assert rows[1][0] == first + 1
    assert rows[1][2] == "it has 8 cells, the header has 7"
    assert rows[2][1][4] == "41800000.01"
    assert rows[3:] == [
        (first + 3, ["This row has blanks", *[""] * 6], ""),
        (first + 4, ["Unicode! Σ", *[""] * 6], ""),
    ]


def test_the_first_sheet_with_something_in_it_or_the_one_asked_for(data_dir: Path) -> None:
    path = data_dir / "messy-csv/csvkit-agate/sheets.xlsx"
    assert open_table(path).reading.sheet == "data"
    assert cells_of(path, Wishes(sheet="ʤ")) == [(2, ["1", "2", "3"], "")]
    with pytest.raises(NotATable, match="no sheet “x”; there are: not this one, data, ʤ"):
        open_table(path, Wishes(sheet="x"))


def test_cells_as_a_csv_would_hold_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["name", "a", "b", "c", "d"])
    sheet.append(["A", 6504850224, 2.5, True, datetime(2026, 11, 22, 9, 30, tzinfo=UTC).replace(tzinfo=None)])
    sheet.append(["B", 3.0, 1e20, None, date(2026, 11, 22)])
    path = tmp_path / "b.xlsx"
    book.save(path)
    assert [cells for _, cells, _ in cells_of(path)] == [
        ["A", "6504850224", "2.5", "True", "2026-11-22 09:30:00"],
        ["B", "3", "1e+20", "", "2026-11-22"],
    ]


# -- bombs


def workbook(path: Path, parts: dict[str, bytes]) -> Path:
    """An archive that passes for a workbook, with more parts."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["name", "city"])
    sheet.append(["A", "Rome"])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name not in parts}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**kept, **parts}.items():
            archive.writestr(name, content)
    return path


SHEET = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"


def test_an_honest_workbook_passes(tmp_path: Path) -> None:
    assert cells_of(workbook(tmp_path / "b.xlsx", {})) == [(2, ["A", "Rome"], "")]


def test_one_that_unpacks_to_far_more(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": SHEET + b"<row/>" * (8 << 20) + END})
    assert path.stat().st_size < 1 << 20
    with pytest.raises(NotATable, match="unpacks to far more"):
        open_table(path)


def test_a_cell_of_many_megabytes(tmp_path: Path) -> None:
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"x" * (6 << 20) + b"</t></is></c></row>"
    with pytest.raises(NotATable, match="more than 4 MB of text"):
        open_table(workbook(tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": SHEET + cell + END}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", [0, (1 << 16) - 20])
def test_entities_are_not_unfolded(tmp_path: Path, encoding: str, before: int) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<?xml version="1.0" encoding="{encoding}"?>{" " * before}'
    text = f'{head}<!DOCTYPE s [<!ENTITY a0 "lol">{entities}]><s>&a8;</s>'
    with pytest.raises(NotATable, match="document type"):
        open_table(workbook(tmp_path / "b.xlsx", {"xl/sharedStrings.xml": text.encode(encoding)}))


def test_a_document_type_between_two_pieces(tmp_path: Path) -> None:
    head = '<?xml version="1.0"?>'
    text = head + " " * ((1 << 16) - 5 - len(head)) + "<!DOCTYPE s><s/>"
    with pytest.raises(NotATable, match="document type"):
        open_table(workbook(tmp_path / "b.xlsx", {"xl/sharedStrings.xml": text.encode()}))


def test_a_single_cell_in_the_far_corner(tmp_path: Path) -> None:
    cell = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    path = workbook(tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": SHEET + cell + END})
    with pytest.raises(NotATable, match=r"nothing in this workbook|beyond what can be read"):
        cells_of(path)
    near = b'<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>' + cell
    path = workbook(tmp_path / "c.xlsx", {"xl/worksheets/sheet1.xml": SHEET + near + END})
    with pytest.raises(NotATable, match="beyond what can be read"):
        cells_of(path)


def test_sizes_that_are_stated_too_small_are_not_believed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {"xl/worksheets/sheet1.xml": SHEET + b"<row/>" * (8 << 20) + END})
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/worksheets/sheet1.xml"))
    struct.pack_into("<I", content, at + 24, 1000)  # the size in the archive's directory
    path.write_bytes(content)
    with pytest.raises(NotATable):
        open_table(path)


def test_many_parts_and_other_archives(tmp_path: Path, write: Write) -> None:
    with pytest.raises(NotATable, match="parts"):
        open_table(workbook(tmp_path / "b.xlsx", {f"xl/media/{n}.png": b"" for n in range(2500)}))
    path = tmp_path / "leads.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("leads.csv", "name\nA\n")
    with pytest.raises(NotATable, match="an archive; unpack it first"):
        open_table(path)


def test_a_torn_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {})
    whole = path.read_bytes()
    for size in (10, 100, len(whole) // 2, len(whole) - 30):
        path.write_bytes(whole[:size])
        with pytest.raises(NotATable):
            cells_of(path)
    cut = workbook(tmp_path / "c.xlsx", {"xl/worksheets/sheet1.xml": SHEET + b'<row r="1"><c r="A1"'})
    with pytest.raises(NotATable, match="damaged"):
        cells_of(cut)
