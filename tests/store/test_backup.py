"""Backups of both databases: whole or none, verified, kept by the plan, and put back with what stood there kept."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from app.clock import HandClock
from app.domain.commands import AddRep, Command, InviteDesk, JoinFloor, RevokeDevice
from app.domain.device import new_secret, new_token, secret_sha256, token_sha256
from app.domain.errors import AppError, NotAllowed
from app.domain.inquiry import InquiryState
from app.floor.local import LocalFloor
from app.store.backup import Backup, BadBackup, back_up, back_up_to, backups_in, clear_out, copy_to
from app.store.book import Book, start_floor
from app.store.devices import devices
from app.store.driver import sqlite_module
from app.store.engine import open_postgresql
from app.store.place import FloorInUse, FloorLock
from app.store.restore import examine, loss, restore
from app.store.restore_file import settle
from tests.fresh import START, Database
from tests.store.notes import a_lead, an_inquiry, note, only_postgresql

LATER = START + timedelta(days=1)
TOKENS = tuple(new_token() for _ in range(5))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def fill(address: str, *texts: str) -> None:
    book = Book(address)
    note(book, *texts)
    with book.writing("tester", START) as w:
        w.add_lead(a_lead(name="Zoë ☎"), "", "")
        w.add_inquiry(an_inquiry(bytes(range(256)) * 300), "d", InquiryState.REVIEW)
    book.close()


def taken(address: str, folder: Path) -> Backup:
    made = back_up(address, folder, START)
    assert made is not None
    return made


def notes_of(address: str) -> list[str]:
    book = Book(address)
    with book.reading() as r:
        found = [entry.event.text for entry in r.since(0, 10_000)]  # type: ignore[attr-defined]
    book.close()
    return found


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_backup_is_made_verified_and_found_again(address: str, folder: Path) -> None:
    fill(address, "one", "two")
    made = taken(address, folder)
    assert backups_in(folder) == (made,)
    assert (made.facts.head, made.facts.shown_leads, made.facts.restored) == (2, 1, True)
    assert made.facts.counts["inquiries"] == 1
    assert made.facts.size == made.path.stat().st_size
    assert {name for name in names(folder) if not name.endswith(".lock")} == {
        made.path.name, f"{made.path.name}.json"
    }  # fmt: skip
    assert examine(made.path, address) == made.facts


def test_a_floor_comes_back_as_it_was_and_what_stood_there_is_kept(address: str, folder: Path) -> None:
    fill(address, "one", "two")
    made = taken(address, folder)
    fill(address, "three")
    lost = loss(address, made.facts)
    assert (lost.events, lost.leads, lost.other_floor, lost.nothing_there) == (1, 1, False, False)
    before = restore(made.path, address, LATER)
    assert notes_of(address) == ["one", "two"]
    elsewhere = (
        str(make_url(address).set(database=before).render_as_string(False)) if "://" in address else before
    )
    assert notes_of(elsewhere) == ["one", "two", "three"]
    book = Book(address)
    assert note(book, "and on it goes") == 3
    book.close()


def test_a_floor_that_is_gone_comes_back(address: str, folder: Path, database: Database) -> None:
    fill(address, "one")
    made = taken(address, folder)
    if database == "sqlite":
        Path(address).unlink()
    else:
        address = make_url(address).set(database="fresh_place").render_as_string(False)
    assert loss(address, made.facts).nothing_there
    assert restore(made.path, address, LATER) == ""
    assert notes_of(address) == ["one"]


def people_and_doors(address: str, *commands: Command[Any]) -> list[Any]:
    book = Book(address)
    floor = LocalFloor(book, HandClock(START), "admin")
    try:
        return [
            (floor.as_actor("joining") if isinstance(command, JoinFloor) else floor).do(command).value
            for command in commands
        ]
    finally:
        floor.close()


def seat(address: str, rep: str, name: str, *, token: str) -> tuple[str, str]:
    """A computer joins; (its id, the secret it came by)."""
    secret = new_secret()
    _, joined = people_and_doors(
        address,
        InviteDesk(rep_id=rep, secret_sha256=secret_sha256(secret)),
        JoinFloor(secret=secret, device=name, token_sha256=token_sha256(token)),
    )
    return joined.device_id, secret


def doors(address: str) -> dict[str, bool]:
    """The computers by name: whether each is let in."""
    book = Book(address)
    try:
        with book.reading() as r:
            return {device.name: device.revoked_at is None for device in devices(r)}
    finally:
        book.close()


def test_who_was_put_out_since_the_backup_stays_out(address: str, folder: Path) -> None:
    ana, ben = (made.id for made in people_and_doors(address, AddRep(name="Ana"), AddRep(name="Ben")))
    stolen, _ = seat(address, ana, "stolen", token=TOKENS[0])
    seat(address, ben, "kept", token=TOKENS[1])
    unused = new_secret()
    people_and_doors(address, InviteDesk(rep_id=ana, secret_sha256=secret_sha256(unused)))
    made = taken(address, folder)
    people_and_doors(address, RevokeDevice(device_id=stolen))
    people_and_doors(address, JoinFloor(secret=unused, device="new", token_sha256=token_sha256(TOKENS[2])))
    cem = people_and_doors(address, AddRep(name="Cem"))[0].id
    seat(address, cem, "of somebody the backup does not know", token=TOKENS[3])
    restore(made.path, address, LATER)
    assert doors(address) == {"stolen": False, "kept": True, "new": True}
    with pytest.raises(NotAllowed):
        people_and_doors(
            address, JoinFloor(secret=unused, device="again", token_sha256=token_sha256(TOKENS[4]))
        )


def test_an_unused_invitation_does_not_come_back_where_nothing_stands(
    address: str, folder: Path, database: Database
) -> None:
    ana = people_and_doors(address, AddRep(name="Ana"))[0].id
    seat(address, ana, "hers", token=TOKENS[0])
    unused = new_secret()
    people_and_doors(address, InviteDesk(rep_id=ana, secret_sha256=secret_sha256(unused)))
    made = taken(address, folder)
    place = f"{address}_else" if database == "postgresql" else str(folder / "else.floor")
    restore(made.path, place, LATER)
    assert doors(place) == {"hers": True}
    with pytest.raises(NotAllowed):
        people_and_doors(place, JoinFloor(secret=unused, device="x", token_sha256=token_sha256(TOKENS[4])))


@only_postgresql
def test_a_restored_database_belongs_to_the_owner_role_and_people_may_what_they_may(
    address: str, folder: Path
) -> None:
    made = taken(address, folder)
    place = f"{address}_owned"
    restore(made.path, place, LATER)
    name = make_url(place).database
    engine = open_postgresql(place)
    with engine.connect() as c:
        owners = c.exec_driver_sql("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert owners.scalars().all() == [f"{name}_owner"]
        may = "SELECT has_table_privilege('{0}_people', 'events', '{1}')"
        assert c.exec_driver_sql(may.format(name, "INSERT")).scalar_one() is False  # by column only
        assert c.exec_driver_sql(may.format(name, "SELECT")).scalar_one() is True
        assert c.exec_driver_sql(may.format(name, "DELETE")).scalar_one() is False
    engine.dispose()


def test_when_nothing_changed_there_is_nothing_to_back_up(address: str, folder: Path) -> None:
    fill(address, "one")
    taken(address, folder)
    assert back_up(address, folder, LATER, only_changed=True) is None
    fill(address, "two")
    assert back_up(address, folder, LATER, only_changed=True) is not None
    assert len(backups_in(folder)) == 2


def test_another_floor_in_the_same_place_is_told_apart(address: str, folder: Path, tmp_path: Path) -> None:
    other = str(tmp_path / "other.floor")
    start_floor(other, "Other", START)
    fill(other, "one")
    if "://" in address:
        with pytest.raises(BadBackup, match="can only be restored to a file"):
            examine(taken(other, folder).path, address)
        return
    fill(address, "one", "two")
    lost = loss(address, taken(other, folder).facts)
    assert (lost.other_floor, lost.events, lost.name) == (True, 2, "Test floor")


@pytest.mark.parametrize("where", ["start", "middle", "end", "short", "empty", "facts"])
def test_a_spoilt_backup_is_refused_and_the_floor_left_alone(address: str, folder: Path, where: str) -> None:
    fill(address, "one", "two")
    made = taken(address, folder)
    content = bytearray(made.path.read_bytes())
    at = {"start": 40, "middle": len(content) // 2, "end": len(content) - 1}.get(where, 0)
    content[at] ^= 1
    if where == "facts":
        beside = Path(f"{made.path}.json")
        beside.write_text(beside.read_text().replace('"head":2', '"head":3'))
    else:
        made.path.write_bytes(
            {"short": content[: len(content) // 2], "empty": b""}.get(where, bytes(content))
        )
    with pytest.raises(AppError):
        restore(made.path, address, LATER)
    assert notes_of(address) == ["one", "two"]


def test_the_copy_is_one_look_however_much_is_written_meanwhile(address: str, folder: Path) -> None:
    fill(address, *(f"{n} {'x' * 200}" for n in range(500)))
    book, ended = Book(address), threading.Event()

    def write() -> None:
        while not ended.is_set():
            note(book, "meanwhile", "and more")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            made = back_up(address, folder, START + timedelta(minutes=n))
            assert made is not None
            assert made.facts.counts["events"] == made.facts.head >= 500
    finally:
        ended.set()
        writer.join()
        book.close()
    restore(made.path, address, LATER)
    assert len(notes_of(address)) == made.facts.head


def test_a_second_folder_gets_copies_and_both_are_cleared_by_the_plan(
    address: str, folder: Path, tmp_path: Path
) -> None:
    for hours in range(40):
        made = back_up(address, folder, START + timedelta(hours=hours)) if hours in (0, 1, 39) else None
        if made is not None:
            copy = copy_to(made, tmp_path / "share")
            assert copy.path.read_bytes() == made.path.read_bytes()
    assert len(backups_in(tmp_path / "share")) == 3
    for n in range(60):  # as many as in an hour
        shutil.copy(made.path, folder / f"extra{n}.floor")  # type: ignore[union-attr]
        facts = json.loads(Path(f"{made.path}.json").read_text())  # type: ignore[union-attr]
        facts["at"] = (START + timedelta(hours=39, minutes=n)).isoformat()
        (folder / f"extra{n}.floor.json").write_text(json.dumps(facts))
    assert clear_out(folder, made.facts.floor_id) == 60  # type: ignore[union-attr]
    assert len(backups_in(folder)) == 3
    assert clear_out(folder, "another floor") == 0


def test_into_a_file_that_is_named_and_never_over_one(address: str, tmp_path: Path) -> None:
    fill(address, "one")
    made = back_up_to(address, tmp_path / "by hand.floor", START)
    assert made.path == tmp_path / "by hand.floor"
    with pytest.raises(BadBackup, match="already"):
        back_up_to(address, made.path, START)


def test_a_floor_that_is_not_there_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(AppError, match="no floor"):
        back_up(str(tmp_path / "gone.floor"), folder, START)
    assert names(folder) <= {"gone.lock"}


class TestFile:
    """What there is only for files."""

    @pytest.fixture
    def database(self) -> Database:
        return "sqlite"

    def test_an_open_floor_is_not_replaced(self, address: str, folder: Path) -> None:
        fill(address, "one")
        made = taken(address, folder)
        lock = FloorLock(Path(address))
        lock.take()
        try:
            for attempt in (lambda: loss(address, made.facts), lambda: restore(made.path, address, LATER)):
                with pytest.raises(FloorInUse):
                    attempt()
        finally:
            lock.release()

    def test_what_is_damaged_is_kept_byte_for_byte(self, address: str, folder: Path) -> None:
        fill(address, "one")
        made = taken(address, folder)
        Path(address).write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
        Path(f"{address}-wal").write_bytes(b"its log")
        lost = loss(address, made.facts)
        assert lost.unreadable
        before = restore(made.path, address, LATER)
        assert Path(before).read_bytes() == b"SQLite format 3\0" + b"\xff" * 5000
        assert Path(f"{before}-wal").read_bytes() == b"its log"
        assert not Path(f"{address}-wal").exists()
        assert notes_of(address) == ["one"]

    @pytest.mark.parametrize("done", range(4))
    def test_a_restore_broken_off_anywhere_is_brought_to_its_end(
        self, address: str, folder: Path, done: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every renaming in turn is the last thing that the computer does."""
        fill(address, "one")
        made = taken(address, folder)
        book = Book(address)
        note(book, "two")
        log = Path(f"{address}-wal").read_bytes()  # what a crash leaves: a log with a commit in it
        content = Path(address).read_bytes()
        book.close()
        Path(address).write_bytes(content)
        Path(f"{address}-wal").write_bytes(log)
        left, real = [done], Path.rename

        def rename(self: Path, target: Path) -> Path:
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            return real(self, target)

        with monkeypatch.context() as broken:
            broken.setattr(Path, "rename", rename)
            try:
                restore(made.path, address, LATER)
            except KeyboardInterrupt:
                assert done < 3
            else:
                assert done == 3
        settle(Path(address))
        texts = notes_of(address)
        assert texts == (["one", "two"] if done == 0 else ["one"])
        if done:
            (before,) = (path for path in Path(address).parent.glob("*before-restore-*Z"))
            assert notes_of(str(before)) == ["one", "two"]

    def test_an_event_changed_behind_the_floors_back_is_found_out(self, address: str, folder: Path) -> None:
        fill(address, "one", "two")
        with sqlite_module().connect(address) as forger:
            forger.execute("DROP TRIGGER events_never_change")
            forger.execute("UPDATE events SET body = replace(body, 'two', 'won') WHERE seq = 2")
        forger.close()
        with pytest.raises(BadBackup, match="event 2 was changed"):
            back_up(address, folder, START)
        assert backups_in(folder) == ()
