"""How the program starts, where it can and where it can't, and how it ends: one clear sentence each time."""

from __future__ import annotations

import json
import shutil
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from app import settings as profile
from app.domain.commands import AddRep
from app.domain.lead import RepStatus
from app.store.driver import sqlite_module
from app.ui.theme_look import LIGHT
from tests.e2e.driver import JSON, House, Line, Program, begin_floor, looking, paths, post
from tests.e2e.screen import Box, Desktop, until

pytestmark = pytest.mark.timeout(400)
PRACTICE = "practice floor"


def sentence(said: str) -> str:
    """The one line that was said, which is a sentence for a person."""
    (line,) = said.splitlines()
    assert line.startswith("firstring: ")
    assert line.endswith((".", "?"))
    assert "Traceback" not in line
    return line.removeprefix("firstring: ")


def refused(house: House, program: Program) -> str:
    """It says in one sentence why it can't, offers another way in its window, and ends with 3."""
    program.window()
    said = sentence(until(lambda: program.said, "a sentence on the terminal"))
    desktop = house.desktop
    assert desktop is not None
    # Asked each time: the window that was there first may have made room for the one that says so.
    until(
        lambda: desktop.picture().has(LIGHT.danger, desktop.box(program.window())), "a sentence in the window"
    )
    assert program.leave() == 3
    assert program.said.count("\n") == 1
    assert list(house.temp.iterdir()) == []
    return said


def fill_up(path: Path) -> None:
    """Write a file until its disk is full."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(65536)):
            pass


# where it can't


def test_without_a_display(bare_house: House) -> None:
    done = bare_house.run()
    assert (done.returncode, done.stdout) == (3, "")
    assert sentence(done.stderr).startswith("There is no display here.")
    assert list(bare_house.home.iterdir()) == []


def test_with_a_display_that_is_not_there(bare_house: House) -> None:
    bare_house.env["DISPLAY"] = ":54321"
    done = bare_house.run()
    assert (done.returncode, done.stdout) == (3, "")
    assert "can't open a window on the display :54321" in sentence(done.stderr)


@pytest.mark.parametrize("is_first", [True, False])
def test_with_a_read_only_data_folder(house: House, is_first: bool) -> None:
    if not is_first:
        begin_floor(house)
    before = house.in_own_mounts("mount --bind $HERE $HERE; mount -o remount,ro,bind $HERE")
    with house.start(before=before) as program:
        said = refused(house, program)
    assert said.startswith(f"Firstring can't write in {house.home}.")


def test_with_a_full_disk(house: House) -> None:
    begin_floor(house)
    full = "mount -t tmpfs -o size=4m none $HERE; cp $KEPT/* $HERE; cat /dev/zero >$HERE/fill 2>&- || true"
    with house.start(before=house.in_own_mounts(full)) as program:
        said = refused(house, program)
    assert said.startswith(f"The disk with {house.home} ")
    assert said.endswith("Free some space and start again.")


def test_with_a_floor_of_a_newer_firstring(house: House) -> None:
    begin_floor(house)
    newer = sqlite_module().connect(house.address)
    newer.execute("UPDATE floor SET schema_major = schema_major + 1")
    newer.commit()
    newer.close()
    before = Path(house.address).read_bytes()
    with house.start() as program:
        said = refused(house, program)
    assert said.startswith("This floor was made by a newer Firstring")
    assert "Please update Firstring" in said
    assert Path(house.address).read_bytes() == before


def test_with_a_floor_that_can_be_looked_at_and_not_opened(house: House) -> None:
    """The desk is on the screen already when the rest of the floor turns out to be missing."""
    begin_floor(house)
    half = sqlite_module().connect(house.address)
    half.execute("DROP TABLE imports")
    half.commit()
    half.close()
    with house.start() as program:
        said = refused(house, program)
    assert said == "The floor's database does not answer."


@pytest.mark.parametrize("what", ["text", "another database", "a folder", "nothing", "cut off"])
def test_with_what_is_not_a_floor(house: House, what: str) -> None:
    house.remember(theme="light")
    path = house.home / "sales.floor"
    if what == "text":
        path.write_text("name,phone\n" * 100)
    elif what == "another database":
        other = sqlite_module().connect(path)
        other.execute("CREATE TABLE leads (name)")
        other.commit()
        other.close()
    elif what == "a folder":
        path.mkdir()
    elif what == "cut off":
        begin_floor(house)
        path.write_bytes(Path(house.address).read_bytes()[:9000])
    before = path.read_bytes() if path.is_file() else b""
    with house.start("--floor", str(path)) as program:
        said = refused(house, program)
    assert (
        said
        == {
            "text": "sales.floor is not a Firstring floor.",
            "another database": "sales.floor is not a Firstring floor.",
            "a folder": "sales.floor can't be read as a floor's file.",
            "nothing": f"There is no floor at {path}.",
            "cut off": "sales.floor is cut short and was left as it is.",
        }[what]
    )
    assert (path.read_bytes() if path.is_file() else b"") == before


# where it can all the same


def test_with_the_port_taken(house: House, desktop: Desktop) -> None:
    begin_floor(house)
    with (
        socket.create_server(("127.0.0.1", house.port)),
        house.start() as program,
        looking(house.address) as floor,
    ):
        window = program.window()
        said = sentence(until(lambda: program.said, "a sentence on the terminal"))
        assert said == f"Inquiries can't come in: Port {house.port} is already in use by another program."
        box = desktop.box(window)
        banner = Box(box.x + 100, box.y + 50, box.width - 200, 60)
        until(lambda: desktop.picture().has(LIGHT.warm_tint, banner, 300), "a banner in the window")
        desktop.keys(window, "ctrl+shift+a")
        until(lambda: floor.reps()[0].status == RepStatus.AVAILABLE, "the desk works")
        assert program.leave() == 0


def test_a_disk_that_fills_up_while_it_runs(house: House) -> None:
    begin_floor(house)
    own = house.in_own_mounts("mount -t tmpfs -o size=80m none $HERE; cp $KEPT/* $HERE")
    with looking(house.address) as floor:
        path = paths(floor)["json"]
    with house.start(before=own) as program:
        program.ready()
        line = Line(house.port)
        kept = 0

        def send(number: int) -> int:
            nonlocal kept
            body = {"name": f"Person {number}", "email": f"p{number}@brightline.example", "ask": "x" * 20_000}
            answer = line.send(path, json.dumps(body).encode(), JSON)
            assert answer.status in (201, 503)
            if answer.status == 503:
                told = json.loads(answer.body)
                assert told == {"ok": False, "message": told["message"]}
                assert told["message"].endswith("Please send it again in a moment.")
            kept += answer.status == 201
            return answer.status

        assert [send(number) for number in range(5)] == [201] * 5
        fill = program.in_its_mounts(str(house.home / "fill"))
        fill_up(fill)
        # what the log of the database has room for already may still be kept
        until(lambda: send(1000 + kept) == 503, "there is no room for another inquiry")
        assert [send(number) for number in range(2000, 2005)] == [503] * 5
        assert program.alive
        fill.unlink()
        assert [send(number) for number in range(3000, 3005)] == [201] * 5
        line.close()
        told = json.loads(house.run("doctor", "--json", before=program.beside()).stdout)
        assert told["faults"] == []
        assert (told["facts"]["inquiries"], told["facts"]["leads"]) == (kept, kept)
        assert program.leave() == 0


# the first start, the next, the second


def test_the_first_start_and_the_next_by_keyboard(house: House, desktop: Desktop) -> None:
    with house.start() as program:
        window = program.window()
        assert not Path(house.address).exists()
        desktop.keys(window, "Tab", "Return")  # from the practice floor to "Start a floor"
        desktop.write(window, "North floor")
        desktop.keys(window, "Tab")
        desktop.write(window, "Mara Keller")
        desktop.keys(window, "Return")
        until(lambda: Path(house.address).exists(), "the floor is made")
        until(lambda: profile.load(house.home).last_floor == house.address, "the desk is open")
        with looking(house.address) as floor:
            (rep,) = floor.reps()
            assert (rep.name, rep.role.value) == ("Mara Keller", "owner")
            assert list(paths(floor)) == ["form"]
            window = program.window()
            desktop.keys(window, "ctrl+shift+a")
            until(lambda: floor.reps()[0].status == RepStatus.AVAILABLE, "the queue is there")
        assert program.leave() == 0
        assert program.said == ""
    kept = json.loads((house.home / "desk.json").read_text())
    assert kept["me"] == {house.address: rep.id}
    house.remember(**(kept | {"port": house.port}))
    with house.start() as again:  # reopens it without a question
        again.ready()
        assert again.leave() == 0
        assert again.said == ""


def test_a_second_start_raises_the_first(house: House, desktop: Desktop) -> None:
    begin_floor(house)
    other = House(house.folder / "other", desktop)
    with house.start() as program, other.start() as beside:
        program.ready()
        window, cover = program.window(), beside.window()
        for how in ("covered", "minimised"):
            desktop.keys(cover, "Tab") if how == "covered" else desktop.minimise(window)
            assert desktop.active() != window
            done = house.run()
            assert done.returncode == 0
            assert done.stderr == "Firstring is open already; its window was raised.\n"
            until(lambda: desktop.active() == window, "the first window is in front")
        assert program.leave() == 0
        assert beside.leave() == 0


def test_it_leaves_nothing_open(house: House) -> None:
    begin_floor(house, AddRep(name="Ana Brito"))
    with house.start() as program, looking(house.address) as floor:
        program.ready()
        assert post(house.port, paths(floor)["form"], b"name=Eve&phone=%2B13035550148").status == 303
        children = Path(f"/proc/{program.process.pid}/task")
        assert program.leave() == 0
        assert not children.exists()
    with looking(house.address) as floor:
        assert floor.batch_after(None) is not None
    left = {path.name for path in house.home.iterdir()}
    assert left == {"desk.json", "floor.firstring", "floor.firstring.lock"}
    assert list(house.temp.iterdir()) == []
    assert program.said == ""


@pytest.mark.parametrize("when", ["while it opens", "when it lives"])
def test_a_practice_floor_leaves_nothing_behind(house: House, when: str) -> None:
    shutil.rmtree(house.home)
    with house.start("demo", "--speed", "60") as program:
        program.window()
        if when == "when it lives":
            program.window(PRACTICE)
            until(lambda: "sound asked for" in house.logged, "somebody rings")
        # tempfile tries a folder with a file of its own, which is gone at once
        until(
            lambda: {path.name[:19] for path in house.temp.iterdir()} <= {"firstring-practice-"},
            "at most the practice floor's folder",
        )
        assert program.leave() == 0
    assert not house.home.exists()
    assert list(house.temp.iterdir()) == []
    assert program.said == ""
