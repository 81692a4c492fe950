"""As what the rows of a file come in, by its columns."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.domain.columns_seen import seen
from app.domain.guessing_kind import kind_of
from app.domain.past import ImportKind

LEADS, CALLS, RESULTS, COSTS = ImportKind.LEADS, ImportKind.CALLS, ImportKind.RESULTS, ImportKind.COSTS


def kind(*lines: str) -> ImportKind:
    headers, *rows = csv.reader(lines)
    return kind_of(headers, rows, True, seen(len(headers), rows))


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        (LEADS, ("Name,E-mail,Phone", "Dana,d@x.example,+1 303 555 0101")),
        (LEADS, ("Lead ID,Name,Email,Created,Status,Amount", "1,Dana,d@x.example,2024-03-01,Closed Won,120")),
        (LEADS, ("mql_id,first_contact_date,origin", "a,01-02-2018,social")),
        (
            CALLS,
            ("Email,Call time,Duration (seconds),Call Status", "d@x.example,2024-03-01 09:00,61,connected"),
        ),
        (CALLS, ("Contact Name,Phone,Call Time,Duration", "Dana,+1 303 555 0101,2024-03-01 09:00,61")),
        (CALLS, ("Telefon;Anrufzeit;Dauer".replace(";", ","), "+49 30 901820,03.04.2024 09:00,61")),
        (RESULTS, ("mql_id,seller_id,won_date", "a,b,26-02-2018 19:58")),
        (
            RESULTS,
            ("Deal name,Email,Deal stage,Amount,Close date", "Kitchen,d@x.example,Closed Won,120,2024-03-01"),
        ),
        (RESULTS, ("Email,Stage,Closed on", "d@x.example,Closed Won,2024-03-09")),
        (COSTS, ("Day,Medium,Campaign,Cost", "2024-03-01,google,spring,12.50")),
        (COSTS, ("Datum,Kanal,Kampagne,Kosten", "01.03.2024,google,spring,12")),
        (COSTS, ("Campaign name,Reporting starts,Amount spent (EUR)", "Spring,2024-03-01,12.50")),
        (COSTS, ("Day,Campaign,Ad group,Cost,Clicks", "2024-03-01,Spring,All,12.50,7")),
        (LEADS, ("Customer No,Campaign,Date,Amount", "D17,Spring,2024-03-01,12.50")),
        (LEADS, ("Opportunity ID,Deal stage,Close date,Close value", "C3,Won,2024-03-01,120")),
        (RESULTS, ("Deal ID,E-mail,Deal stage,Close date", "17,d@x.example,Closed Won,2024-03-01")),
        (LEADS, ("Colour,Size", "red,3")),
    ],
)
def test_the_kind_of_a_file(wanted: ImportKind, lines: tuple[str, ...]) -> None:
    assert kind(*lines) is wanted


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("olist-funnel/olist_marketing_qualified_leads_dataset.csv", LEADS),
        ("olist-funnel/olist_closed_deals_dataset.csv", RESULTS),
        ("olist-funnel/us-dates/olist_closed_deals_dataset.csv", RESULTS),
        ("x-education/Leads.csv", LEADS),
        ("zoho-crm/Leads.csv", LEADS),
        ("zoho-crm/Potentials.csv", RESULTS),
        ("zoho-crm/Calls.csv", CALLS),
        ("zoho-crm/Campaigns.csv", COSTS),
    ],
)
def test_the_kind_of_real_files(data_dir: Path, path: str, wanted: ImportKind) -> None:
    with (data_dir / path).open(encoding="utf-8-sig", newline="") as file:
        headers, *rows = csv.reader(file)
    assert kind_of(headers, rows[:200], True, seen(len(headers), rows[:200])) is wanted
