"""A report's files read back: the numbers as they are, no formula, nothing half-written."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.domain.errors import AppError
from app.domain.mapping import given
from app.domain.report import Report, Unit
from app.workers.report_files import as_csv, as_json, put, safe_name, table_csv, write_xlsx
from tests.ui.report_samples import HOSTILE, report


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_one_table_is_a_head_and_rows_of_numbers_as_they_are() -> None:
    whole = report()
    rows = rows_of(table_csv(whole, whole.table("sources")))
    assert rows[0][:4] == ["Source", "Leads", "Cost", "CPL"]
    assert rows[0][4:8] == ["Contact (share)", "Contact, low", "Contact, high", "Contact, n"]
    assert rows[1][1:5] == ["412", "9880.0", "23.98", "0.66"]
    assert rows[4][-1] == "-0.1"  # a number may begin with a minus
    assert rows[5][3] == ""


def test_the_whole_report_says_of_what_it_is_and_every_table() -> None:
    text = as_csv(report())
    rows = rows_of(text)
    assert ["Report", "Response"] in rows
    assert ["Leads captured", "16–22 Nov 2026", "America/New_York"] in rows
    assert ["Median TTFC", "seconds", "52.0", "49.0", "55.0", "1893", "148800.0", "12 never called"] in rows
    assert [row for row in rows if row[:1] == ["Sources"]]


def test_no_cell_of_a_hostile_report_is_a_formula_and_the_import_takes_the_guard_off() -> None:
    whole = report("hostile")
    text = as_csv(whole) + table_csv(whole, whole.tables[0])
    found = [cell for row in rows_of(text) for cell in row if "cmd|" in cell]
    assert found
    assert all(cell.startswith("'=") for cell in found)
    assert given(found[0]) == HOSTILE
    assert not any(cell[:1] in ("=", "+", "@", "\t") for row in rows_of(text) for cell in row)


@pytest.fixture
def book(request: pytest.FixtureRequest) -> dict[str, list[tuple[object, ...]]]:
    whole: Report = report(request.param)
    file = io.BytesIO()
    write_xlsx(whole, file)
    read = load_workbook(io.BytesIO(file.getvalue()))
    for sheet in read:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in read}


@pytest.mark.parametrize("book", ["response"], indirect=True)
def test_a_workbook_has_a_sheet_for_each_table_and_numbers_are_numbers(
    book: dict[str, list[tuple[object, ...]]],
) -> None:
    assert list(book) == ["Response", "Chance of contact by response d", "SLA met by weekday and hour", "Sources",
                          "Reps · week 47"]  # fmt: skip
    assert book["Sources"][1][:5] == ("Google Ads · racking", 412, 9880, 23.98, 0.66)
    assert book["Reps · week 47"][1] == ("Ana Pereira", 38, 0.98, 22, 94)


@pytest.mark.parametrize("book", ["hostile"], indirect=True)
def test_a_workbook_holds_hostile_names_as_text(book: dict[str, list[tuple[object, ...]]]) -> None:
    names = list(book)
    assert len(set(map(str.casefold, names))) == 3
    assert all(len(name) <= 31 for name in names)
    assert any(str(row[0]).startswith("'=cmd") for row in book["Sources"])


def test_json_has_everything() -> None:
    whole = report()
    said = json.loads(as_json(whole))
    assert said["figures"][0]["now"]["value"] == 52.0
    assert said["tables"][2]["rows"][0][2]["value"] == 988000
    assert {column["unit"] for column in said["tables"][2]["columns"]} <= {unit.value for unit in Unit}


def test_a_file_takes_its_place_whole_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / safe_name(report(), "csv")
    assert path.name == "report-response-2026-11-22.csv"
    put(path, lambda file: file.write(b"old"))

    def breaks(file: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(AppError, match="No space left"):
        put(path, breaks)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
