"""A file that is coming in: in its tables already, seen by nobody before it is whole."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.inquiry import InquiryState
from app.store.book import Book
from app.store.staging import Staging
from tests.fresh import START
from tests.store.notes import a_lead, an_inquiry


def stage(book: Book, *names: str, joined: str = "", import_id: str = "import-1") -> None:
    with book.writing("importer", START) as w:
        Staging(w).begin(import_id, "leads.csv", "5ha")
    with book.writing("importer", START) as w:
        leads = [(a_lead(name=name, import_id=import_id), f"{name}@x.example", "") for name in names]
        inquiries = [
            (an_inquiry(name.encode()), "d", lead[0].id, False)
            for name, lead in zip(names, leads, strict=True)
        ]
        if joined:
            inquiries.append((an_inquiry(b"again"), "d", joined, True))
        Staging(w).add(import_id, leads, inquiries)


def picture(book: Book) -> tuple[object, ...]:
    """Everything that anybody can see of leads and inquiries."""
    with book.reading() as r:
        leads = r.open_leads()
        return (
            sorted(lead.name for lead in leads),
            [
                sorted(i.raw for i in r.inquiries_of(lead.id))
                for lead in sorted(leads, key=lambda lead: lead.name)
            ],
            sorted(lead.name for lead in r.find("x", 100)),
            r.counts(),
            r.same_person("max@x.example", "", False) is not None,
            [r.inquiries_in(state, 100)[1] for state in InquiryState],
            r.head(),
            r.imported("5ha") is not None,
        )


def test_a_file_is_seen_by_nobody_until_it_is_finished(book: Book) -> None:
    here = a_lead(name="xena")
    with book.writing("tester", START) as w:
        w.add_lead(here, "", "")
        w.add_inquiry(an_inquiry(b"first"), "d", InquiryState.LEAD, lead_id=here.id)
    before = picture(book)
    stage(book, "max", "rex", joined=here.id)
    assert picture(book) == before
    with book.writing("importer", START) as w:
        assert Staging(w).check_open("import-1") == ("leads.csv", "5ha", "leads")
        assert Staging(w).known("import-1", {"max@x.example", ""}, {"", "+1"}).keys() == {"max@x.example"}
        assert Staging(w).known("import-2", {"max@x.example"}, set()) == {}
        assert Staging(w).finish("import-1") == (2, 1)
    names, inquiries, found, counts, same, by_state, _, imported = picture(book)
    assert names == found == ["max", "rex", "xena"]
    assert inquiries == [[b"max"], [b"rex"], [b"again", b"first"]]
    assert (same, imported) == (True, True)
    assert counts == ((("joined", 1), ("lead", 3)), 3, 3, 0)
    assert by_state == [3, 1, 0, 0, 0]


def test_a_file_that_is_cancelled_was_never_here(book: Book) -> None:
    before = picture(book)
    stage(book, "max", "rex")
    with book.writing("importer", START) as w:
        assert Staging(w).cancel("import-1")
        assert Staging(w).cancel("import-1")  # said twice, done once
        assert not Staging(w).cancel("import-9")
    assert picture(book) == before
    with pytest.raises(Refused, match="no longer open"), book.writing("importer", START) as w:
        Staging(w).check_open("import-1")


def test_a_file_that_a_dead_program_left_is_swept_away_where_there_is_one_program(book: Book) -> None:
    before = picture(book)
    stage(book, "max", "rex")
    again = Book(book.address)
    try:
        assert picture(again) == before
        with again.writing("importer", START) as w:
            state = "open"
            try:
                Staging(w).check_open("import-1")
            except Refused:
                state = "gone"
        assert state == ("gone" if book.is_sqlite else "open")  # on a shared database somebody may be at it
    finally:
        again.close()
