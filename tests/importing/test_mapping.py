"""Which column means what, and a row as a draft."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.channels import table
from app.domain.clean import clean
from app.domain.guessing import guess, is_address, is_number
from app.domain.header_words import plain_header
from app.domain.inquiry import Draft, Inquiry, Unreadable
from app.domain.mapping import Mapping, Target, given, is_yes
from app.domain.past import ImportKind
from app.domain.past_reading import PastReader
from app.domain.row_reading import RowReader

T = Target


def rows_of(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return header, rows


def aimed(headers: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> dict[str, str]:
    """The columns that are more than answers."""
    return {header: str(t) for header, t in guess(headers, rows).columns if t != T.ANSWER}


def draft(*columns: tuple[str, Target, str]) -> Draft:
    reader = RowReader(Mapping(columns=tuple((header, target) for header, target, _ in columns)))
    return reader.draft([cell for _, _, cell in columns], 1)


# -- guesses


def test_x_education(data_dir: Path) -> None:
    headers, rows = rows_of(data_dir / "x-education/Leads.csv")
    assert aimed(headers, rows[:200]) == {
        "Lead Number": "external_id",
        "Lead Source": "medium",
        "Do Not Email": "no_email",
        "Do Not Call": "no_call",
        "Converted": "won",
        "Country": "country",
        "City": "city",
    }


def test_zoho(data_dir: Path) -> None:
    headers, rows = rows_of(data_dir / "zoho-crm/Leads.csv")
    # CONVERTED is kept as an answer: in a CRM's export it says that the lead became a contact.
    assert aimed(headers, rows[:200]) == {
        "LEADID": "external_id",
        "Last Name": "last_name",
        "Company": "company",
        "Lead Owner": "owner",
        "Email": "email",
        "Mobile": "phone",
        "Lead Source": "medium",
        "Lead Status": "result",
        "Created Time": "captured_at",
    }


@pytest.mark.parametrize(
    ("headers", "row", "wanted"),
    [
        (
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
            "1C1I7A6R,Moses Frase,GTX,Cancity,Won,2016-10-20,2017-03-01,1054",
            "external_id,owner,answer,company,result,captured_at,closed_at,amount",
        ),
        (
            "Deal - ID,Deal - Title,Deal - Organization,Deal - Contact person,Deal - Value,Deal - Status",
            "7,A deal,An org,Dana,120 EUR,won",
            "external_id,answer,company,name,amount,result",
        ),
        (
            "Lead ID,Company / Account,Lead Source,How did you hear about us?,Email",
            "00Q1,Brightline,Web,A friend,d@x.example",
            "external_id,company,medium,answer,email",
        ),
        ("Opportunity ID,Lead ID,Name", "1,2,Dana", "answer,external_id,name"),
    ],
)
def test_what_other_programs_write(headers: str, row: str, wanted: str) -> None:
    columns = guess(headers.split(","), [row.split(",")]).columns
    assert ",".join(target for _, target in columns) == wanted


@pytest.mark.parametrize(
    ("headers", "row", "wanted"),
    [
        (
            "Start Date (in UTC),Campaign Name,Total Spent",
            "1/14/2025,Brand,120.50",
            "first_day,campaign,amount",
        ),
        (
            "Gregorian date,Campaign,Ad group,Spend",
            "2025-01-14,Brand,All,12.50",
            "first_day,campaign,ad,amount",
        ),
        ("By Day,Campaign name,Cost (USD)", "2025-01-14,Brand,12.50", "first_day,campaign,amount"),
        ("Monat,Kanal,Ausgaben (EUR)", "01.2025,Google,12", "first_day,medium,amount"),
    ],
)
def test_bills_of_many_platforms(headers: str, row: str, wanted: str) -> None:
    columns = guess(headers.split(","), [row.split(",")], kind=ImportKind.COSTS).columns
    assert ",".join(target for _, target in columns) == wanted


def test_a_status_of_one_and_nought_says_whether_it_was_won() -> None:
    rows = [["EXT1", "1"], ["EXT2", "0"], ["EXT3", "0"]]
    assert aimed(["ID", "status"], rows) == {"ID": "external_id", "status": "won"}
    assert aimed(["ID", "status"], [["a", "New"], ["b", "Sold"], ["c", "New"]])["status"] == "result"
    assert aimed(["ID", "status"], [["a", "1"], ["b", "2"], ["c", "0"]]) == {"ID": "external_id"}


@pytest.mark.parametrize(
    ("headers", "target"),
    [(["Deal ID", "Status"], "external_id"), (["Deal ID", "E-mail", "Status"], "answer")],
)
def test_a_deals_number_finds_a_lead_only_where_nothing_else_does(headers: list[str], target: str) -> None:
    rows = [["17", "Won"]] if len(headers) == 2 else [["17", "d@x.example", "Won"]]
    assert dict(guess(headers, rows, kind=ImportKind.RESULTS).columns)["Deal ID"] == target


def test_olist(data_dir: Path) -> None:
    headers, rows = rows_of(data_dir / "olist-funnel/olist_marketing_qualified_leads_dataset.csv")
    assert aimed(headers, rows[:200]) == {
        "mql_id": "external_id",
        "first_contact_date": "captured_at",
        "origin": "medium",
    }
    headers, rows = rows_of(data_dir / "olist-funnel/olist_closed_deals_dataset.csv")
    assert aimed(headers, rows[:200])["won_date"] == "won_at"


def test_meta(data_dir: Path) -> None:
    headers, rows = rows_of(data_dir / "webhooks/meta_lead_ads_export.csv")
    assert aimed(headers, rows) == {
        "id": "external_id",
        "created_time": "captured_at",
        "ad_name": "ad",
        "campaign_name": "campaign",
        "platform": "medium",
        "full_name": "name",
        "phone_number": "phone",
        "email": "email",
    }


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (  # HubSpot
            "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Company Name,Job Title,"
            "Street Address,City,State/Region,Postal Code,Country/Region,Original Source,Contact owner,"
            "Lead Status,Unsubscribed from all email,Create Date",
            "external_id,first_name,last_name,email,phone,phone,company,title,street,city,region,postcode,country,"
            "medium,answer,answer,no_email,answer",
        ),
        (  # Salesforce
            "Id,FirstName,LastName,Title,Company,Street,City,State,PostalCode,Country,Phone,MobilePhone,Email,"
            "LeadSource,Status,HasOptedOutOfEmail,DoNotCall,IsConverted,Description,OwnerId",
            "external_id,first_name,last_name,title,company,street,city,region,postcode,country,phone,phone,"
            "email,medium,answer,no_email,no_call,answer,ask,answer",
        ),
        (
            "Vorname,Nachname,Firma,E-Mail-Adresse,Telefonnummer,Straße,Ort,PLZ,Land,Nachricht,Quelle",
            "first_name,last_name,company,email,phone,street,city,postcode,country,ask,medium",
        ),
        (
            "Prénom,Nom,Société,Courriel,Téléphone,Adresse,Ville,Code postal,Pays,Message",
            "first_name,last_name,company,email,phone,street,city,postcode,country,ask",
        ),
        (
            "Nombre,Apellidos,Empresa,Correo electrónico,Teléfono móvil,Dirección,Ciudad,Código postal,País,"
            "Comentarios",
            "first_name,last_name,company,email,phone,street,city,postcode,country,ask",
        ),
        ("Nome,Cognome,Azienda,E-mail,Cellulare", "first_name,last_name,company,email,phone"),
        ("Imię,Nazwisko,Nazwa firmy,Adres e-mail,Numer telefonu", "first_name,last_name,company,email,phone"),
        (
            "utm_source,utm_medium,utm_campaign,utm_content,utm_term,gclid,Landing page,Your message,Is test",
            "medium,answer,campaign,ad,keyword,click_id,page,ask,is_test",
        ),
        ("Lead Owner Email,Assigned to,Created by,Email (required)*", "answer,answer,answer,email"),
    ],
)
def test_headers_of_many_makers(headers: str, expected: str) -> None:
    found = [target for _, target in guess(headers.split(","), []).columns]
    assert found == expected.split(",")


def test_cells_have_a_veto_and_speak_where_headers_do_not() -> None:
    headers = ["E-mail", "Phone", "Reach", "Ring"]
    rows = [
        ["yes", "n/a?", "a@x.example", "+1 303 555 0148"],
        ["no", "yes", "b@x.example", "303-555-0149"],
    ] * 3
    assert [t for _, t in guess(headers, rows).columns] == [T.ANSWER, T.ANSWER, T.EMAIL, T.PHONE]


def test_numbers_that_are_no_phones() -> None:
    for text in ("2026-11-22", "15.04.2021 00:03", "1234567.89", "192.168.10.11", "12345", "1" * 18):
        assert not is_number(text), text
    for text in ("660-485-0224", "+49 (30) 90 18 20", "p:+61400000000", "303.555.0148", "3035550148 ext 12"):
        assert is_number(text), text
    headers = ["Order", "Amount", "Created"]
    rows = [["5000309", "1234567", "2021-04-15 23:03:00"], ["9000346", "7654321", "2021-04-16 23:03:00"]] * 3
    assert T.PHONE not in [t for _, t in guess(headers, rows).columns]


def test_a_table_without_header_is_known_by_its_cells() -> None:
    rows = [
        ["Dana Okafor", "3035550148", "dana@x.example", "yes"],
        ["Tom Becker", "3035550149", "t@x.example", "no"],
    ]
    found = guess(["Column 1", "Column 2", "Column 3", "Column 4"], rows, has_header=False)
    assert [t for _, t in found.columns] == [T.NAME, T.PHONE, T.EMAIL, T.ANSWER]


def test_title_may_be_mr_and_ms() -> None:
    assert aimed(["Title", "Name"], [["Mr", "A"], ["Ms.", "B"], ["Dr", "C"]]) == {"Name": "name"}
    assert aimed(["Title", "Name"], [["CEO", "A"], ["Buyer", "B"], ["Dr", "C"]])["Title"] == "title"


def test_refused_rows_that_are_brought_back() -> None:
    assert aimed(["line", "why", "name"])["line"] == "out"
    assert "line" not in aimed(["why", "line", "name"])


def test_headers_plain() -> None:
    assert plain_header(" E-Mail* ") == "email"
    assert plain_header("LeadSource") == "lead source"
    assert plain_header("Téléphone 1") == "telephone"
    assert plain_header("2") == "2"


# -- cells


def test_select_and_its_like_mean_not_given() -> None:
    for text in (
        "Select",
        " select ",
        "-- Select --",
        "Please select…",
        "-None-",
        "Bitte wählen",
        "N/A",
        "-",
        "...",
        "NULL",
    ):
        assert given(text) == "", text
    assert given("NA") == ""
    assert given("NA", T.COUNTRY) == "NA"
    assert given("Null", T.LAST_NAME) == "Null"
    assert given("Select Comfort") == "Select Comfort"
    assert given(" x ") == "x"


def test_13380_select_cells(data_dir: Path, facts: dict[str, Any]) -> None:
    _, rows = rows_of(data_dir / "x-education/Leads.csv")
    emptied = sum(bool(cell) and not given(cell) for row in rows for cell in row)
    assert emptied == facts["x-education"]["select_cells"] == 13380


def test_yes_in_many_words() -> None:
    for text in (
        "Yes",
        "1",
        "TRUE",
        "ja",
        "Sí",
        "oui",
        "x",
        "Closed Won",
        "26-02-2018 19:58",
        "15 Apr, 2021 00:03:00",
    ):
        assert is_yes(text), text
    for text in ("No", "0", "false", "nein", "Closed Lost", "", "unknown", "0.0"):
        assert not is_yes(text), text


# -- rows


def test_nothing_is_lost_where_two_columns_aim_at_one_field() -> None:
    found = draft(
        ("Name", T.NAME, "Dana"),
        ("Mobile", T.PHONE, ""),
        ("Phone", T.PHONE, "+1 303 555 0148"),
        ("Home phone", T.PHONE, "+1 303 555 0149"),
        ("Address 1", T.STREET, "1 Main St"),
        ("Address 2", T.STREET, "Unit 4"),
        ("Notes", T.ASK, "Call me"),
        ("More", T.ASK, "soon"),
        ("Size", T.ANSWER, "Select"),
        ("Stores", T.ANSWER, "14"),
        ("Secret", T.OUT, "x"),
    )
    assert (found.phone, found.street, found.ask) == ("+1 303 555 0148", "1 Main St, Unit 4", "Call me\nsoon")
    assert found.answers == (("Home phone", "+1 303 555 0149"), ("Stores", "14"))


def test_flags_and_consent() -> None:
    found = draft(
        ("Name", T.NAME, "Dana"), ("DNC", T.NO_CALL, "Yes"), ("DNE", T.NO_EMAIL, "No"), ("Won", T.WON, "1"),
        ("Test", T.IS_TEST, "true"), ("I agree to be called", T.CONSENT, "yes"),
    )  # fmt: skip
    assert (found.no_call, found.no_email, found.won, found.is_test) == (True, False, True, True)
    assert found.consent == "I agree to be called"
    assert draft(("Name", T.NAME, "D"), ("Consent", T.CONSENT, "no")).consent == ""
    assert draft(("Name", T.NAME, "D"), ("Consent", T.CONSENT, "web form v3")).consent == "web form v3"


def test_somebody_without_a_name() -> None:
    number = ("Lead Number", T.EXTERNAL_ID, "660737")
    assert draft(number).name == "Lead 660737"
    assert draft(number, ("Company", T.COMPANY, "Brightline")).name == "Brightline"
    assert draft(number, ("E-mail", T.EMAIL, "dana@brightline.com")).name == ""
    assert draft(("Phone", T.PHONE, "12")).name == "12"
    assert draft(("E-mail", T.EMAIL, "dana(at)brightline")).name == "dana(at)brightline"
    assert draft(("First", T.FIRST_NAME, "Dana"), number).name == ""
    with pytest.raises(Unreadable, match="nothing in this row says who it is"):
        draft(("City", T.CITY, "Rome"), ("Name", T.NAME, "\u202e \u200b"))


def test_metas_export_as_facts_say(data_dir: Path, facts: dict[str, Any]) -> None:
    headers, rows = rows_of(data_dir / "webhooks/meta_lead_ads_export.csv")
    reader, tells = RowReader(guess(headers, rows)), PastReader(guess(headers, rows), "UTC")
    found = [reader.draft(row, at) for at, row in enumerate(rows, 2)]
    expecteds = facts["webhooks"]["meta_lead_ads_export.csv"]["leads"]
    for read, row, expected in zip(found, rows, expecteds, strict=True):
        assert read.external_id == expected["external_id"]
        assert (read.name, read.email, read.phone) == (expected["name"], expected["email"], expected["phone"])
        assert read.is_test == expected["is_test"]
        past = tells.past(row)
        assert past is not None
        created = past.captured_at
        assert created is not None
        assert created.astimezone(UTC) == datetime.fromisoformat(expected["created_utc"])
    assert found[1].origin.medium == "fb"
    assert found[1].origin.campaign == "Camp"


def test_x_education_as_facts_say(data_dir: Path, facts: dict[str, Any]) -> None:
    headers, rows = rows_of(data_dir / "x-education/Leads.csv")
    reader = RowReader(guess(headers, rows[:200]))
    drafts = [reader.draft(row, at) for at, row in enumerate(rows, 2)]
    known = facts["x-education"]
    assert sum(d.won for d in drafts) == known["converted"] == 3561
    assert sum(d.no_call for d in drafts) == known["do_not_call"]
    assert sum(d.no_email for d in drafts) == known["do_not_email"]
    by_source = Counter(d.origin.medium.casefold() or "(blank)" for d in drafts)
    assert by_source == {
        source: counts["n"] for source, counts in known["by_lead_source_case_folded"].items()
    }
    assert {d.name for d in drafts} == {f"Lead {row[1]}" for row in rows}
    assert not any(answer.casefold() == "select" for d in drafts for _, answer in d.answers)


_ANY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["a@b", "a@x.test", "+1 303 555 0148", "123", "\u202e", "='1", "p:+", "l:1", "<test lead: x"]
    ),
)


@for_all(cells=st.lists(st.tuples(st.sampled_from(list(Target)), _ANY), min_size=1, max_size=8))
def test_every_draft_can_be_cleaned(cells: list[tuple[Target, str]]) -> None:
    """A row is refused here, with its line, or it passes: never a whole lot because of one row."""
    reader = RowReader(Mapping(columns=tuple((f"c{n}", target) for n, (target, _) in enumerate(cells))))
    try:
        found = reader.draft([cell.replace("\0", "") for _, cell in cells], 1)
    except Unreadable:
        return
    clean(found, "US")


@pytest.mark.parametrize("cells", [["Dana", "dana@x.example", "14", ""], ["", "", "15", ""]])
def test_a_row_read_again_from_the_store(cells: list[str]) -> None:
    headers = ["Name", "E-mail", "Stores", "Won"]
    mapping = guess(headers, []).changed("Stores", T.ASK)
    mapping = replace(mapping, medium="Trade fair", numbered=True)
    raw = table.raw_of(7, mapping, cells)
    kept = Inquiry(id="1", channel="import", raw=raw.encode(), received_at=datetime(2026, 11, 22, tzinfo=UTC))
    assert table.read(kept) == RowReader(mapping).draft(cells, 7)
    assert table.read(kept).origin.medium == "Trade fair"
    assert table.NAME == "import"


def test_a_medium_for_all_rows_is_for_those_that_name_none() -> None:
    columns = (("Name", T.NAME), ("Source", T.MEDIUM))
    reader = RowReader(Mapping(columns=columns, medium="Trade fair"))
    assert [reader.draft(row, 1).origin.medium for row in (["Dana", ""], ["Jo", "google"])] == [
        "Trade fair",
        "google",
    ]


def test_rows_that_name_nobody_are_known_by_their_line() -> None:
    columns = (("Name", T.NAME), ("Age", T.ANSWER))
    assert Mapping(columns=(("Age", T.ANSWER),)).lacks
    assert not Mapping(columns=(("Age", T.ANSWER),), numbered=True).lacks
    reader = RowReader(Mapping(columns=columns, numbered=True))
    assert [reader.draft(row, at).name for at, row in enumerate((["", "31"], ["Jo", "32"]), 2)] == [
        "Row 2",
        "Jo",
    ]
    with pytest.raises(Unreadable):
        RowReader(Mapping(columns=columns)).draft(["", "31"], 2)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not a row"),
        (b"\xff", "not a row"),
        (b'{"line":"x"}', "not a row"),
        (b'{"line":3,"cells":{"a":"1"},"targets":{"a":"martian"}}', "not a row"),
        (b'{"line":3,"cells":{"a":"1"}}', "Row of line 3: nothing in this row says who it is"),
    ],
)
def test_a_stored_row_that_can_not_be_read(raw: bytes, said: str) -> None:
    kept = Inquiry(id="1", channel="import", raw=raw, received_at=datetime(2026, 11, 22, tzinfo=UTC))
    with pytest.raises(Unreadable, match=said):
        table.read(kept)


def test_addresses() -> None:
    assert is_address("dana@brightline.example")
    assert not is_address("dana@brightline")
    assert not is_address("a@b.example, c@d.example")
