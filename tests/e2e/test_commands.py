"""The commands of the terminal: what they say, what they write, and the number they end with."""

from __future__ import annotations

import json
import os
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import urlencode

import pytest

from app import VERSION, plugs
from app.store.driver import sqlite_module
from tests.e2e.driver import House, begin_floor, looking, paths, post

pytestmark = pytest.mark.timeout(400)
THEMES = ("light", "dark")
PLACES = ("welcome", "palette", "keys", "offline", "empty")
"""What `shot` draws besides the screens of the shelf; a call is drawn on the practice floor alone."""
SIZE = (900, 640)


def sentence(done: CompletedProcess[str]) -> str:
    """The one line that was said on stderr, and nothing else."""
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("firstring")
    return line.partition(": ")[2]


@pytest.mark.parametrize("command", [(), ("demo",), ("shot",), ("import",), ("doctor",)])
def test_each_command_explains_itself(bare_house: House, command: tuple[str, ...]) -> None:
    done = bare_house.run(*command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: firstring")
    assert "--floor" in done.stdout or command == ("demo",)
    assert list(bare_house.home.iterdir()) == []


def test_it_knows_its_version(bare_house: House) -> None:
    assert bare_house.run("--version").stdout == f"Firstring {VERSION}\n"


@pytest.mark.parametrize(
    ("words", "about"),
    [
        (("frobnicate",), "frobnicate"),
        (("--floor",), "expected one argument"),
        (("demo", "--speed", "0"), "between 0.1 and 1000"),
        (("demo", "--seed", "x"), "--seed"),
        (("shot",), "SCREEN"),
        (("shot", "queue"), "--out"),
        (("shot", "queue", "--out", "q.png", "--size", "10x10"), "like 1440x900"),
        (("shot", "queue", "--out", "q.png", "--theme", "pink"), "pink"),
        (("import",), "file"),
        (("doctor", "now"), "now"),
    ],
)
def test_wrong_use_is_told_in_one_line(bare_house: House, words: tuple[str, ...], about: str) -> None:
    done = bare_house.run(*words)
    assert done.returncode == 2
    said = sentence(done)
    assert about in said
    assert said.endswith(" --help")


# doctor


def test_doctor_where_there_is_no_floor(bare_house: House) -> None:
    done = bare_house.run("doctor")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] == f"! There is no floor at {bare_house.address}."
    assert list(bare_house.home.iterdir()) == []


def test_doctor_beside_an_open_desk(house: House) -> None:
    begin_floor(house)
    with house.start() as program, looking(house.address) as floor:
        program.ready()
        ways = paths(floor)
        for number in range(3):
            body = urlencode({"name": f"Person {number}", "email": f"p{number}@brightline.example"}).encode()
            assert post(house.port, ways["form"], body).status == 303
        assert post(house.port, ways["json"], b"what?").status == 202
        done = house.run("doctor", "--json")
        batch = floor.batch_after(None)
        assert (done.returncode, done.stderr) == (0, "")
        told = json.loads(done.stdout)
        said = house.run("doctor")
        assert (said.returncode, said.stderr) == (0, "")
        assert program.leave() == 0
        facts = told["facts"]
        assert told["faults"] == []
        assert told["floor"] == house.address
        assert told["sqlite"] == sqlite_module().sqlite_version
        assert told["notifications"].startswith("Xfce Notify Daemon ")
        assert told["display"] == house.env["DISPLAY"]
        assert (facts["name"], facts["inquiries"], facts["leads"], facts["open_leads"]) == (
            "North floor",
            4,
            3,
            3,
        )
        assert dict(facts["by_state"]) == {"lead": 3, "review": 1}
        assert batch is not None
        assert facts["head"] == facts["events"] == batch.last
        assert facts["chain_holds"] is True
        assert f"feed at {batch.last}" in said.stdout
        assert "Chain               holds" in said.stdout


def test_doctor_finds_a_journal_that_was_written_over(bare_house: House) -> None:
    begin_floor(bare_house)
    forger = sqlite_module().connect(bare_house.address)
    (victim,) = forger.execute("SELECT seq FROM events WHERE kind = 'rep.added'").fetchone()
    with pytest.raises(sqlite_module().DatabaseError, match="append-only"):
        forger.execute("UPDATE events SET body = '{}' WHERE seq = ?", (victim,))
    forger.execute("DROP TRIGGER events_never_change")
    forger.execute("UPDATE events SET body = replace(body, 'Mara', 'Nara') WHERE seq = ?", (victim,))
    forger.commit()
    forger.close()
    done = bare_house.run("doctor", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["facts"]["chain_holds"] is False
    (fault,) = told["faults"]
    assert f"{victim}" in fault
    said = bare_house.run("doctor")
    assert said.returncode == 1
    assert said.stdout.splitlines()[-1] == f"! {fault}"


# shot


def size_of(path: Path) -> tuple[int, int]:
    """Width and height of a PNG, from its own header."""
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", head[16:])
    return width, height


def test_a_picture_of_every_screen_in_light_and_dark(bare_house: House) -> None:
    begin_floor(bare_house)
    screens = [module.KEY for module in plugs.load("app.ui.screens")]
    assert "queue" in screens
    wanted = [(screen, theme) for screen in screens for theme in THEMES]
    wanted += [(place, THEMES[number % 2]) for number, place in enumerate(PLACES)]
    pictures = bare_house.folder / "new" / "pictures"

    def draw(screen: str, theme: str) -> CompletedProcess[str]:
        out = ["--out", str(pictures / f"{screen}-{theme}.png"), "--theme", theme]
        size = ["--size", "x".join(map(str, SIZE))]
        return bare_house.run("shot", screen, *out, *size, "--floor", bare_house.address)

    with ThreadPoolExecutor(os.cpu_count()) as drawers:
        done = list(drawers.map(lambda pair: draw(*pair), wanted))
    assert [(one.returncode, one.stdout, one.stderr) for one in done] == [(0, "", "")] * len(wanted)
    assert {path.name for path in pictures.iterdir()} == {f"{s}-{theme}.png" for s, theme in wanted}
    for screen, theme in wanted:
        assert size_of(pictures / f"{screen}-{theme}.png") == SIZE
    seen = {path.read_bytes() for path in pictures.iterdir()}
    # On a floor without leads "empty" is the queue itself, unless a minute passed between the two.
    assert len(seen) >= len(wanted) - 1


def test_a_picture_of_a_call_on_the_practice_floor(bare_house: House) -> None:
    out = bare_house.folder / "call.png"
    done = bare_house.run("shot", "call", "--out", str(out), "--size", "900x640", "--scale", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert size_of(out) == (1800, 1280)
    assert list(bare_house.home.iterdir()) == []
    assert list(bare_house.temp.iterdir()) == []


def test_what_can_not_be_drawn(bare_house: House) -> None:
    begin_floor(bare_house)
    here = ("--floor", bare_house.address)
    done = bare_house.run("shot", "nonsense", "--out", "q.png", *here)
    assert done.returncode == 3
    assert sentence(done).startswith("There is no screen “nonsense”. There are: queue, ")
    done = bare_house.run("shot", "call", "--out", "q.png", *here)
    assert done.returncode == 3
    assert sentence(done).startswith("A call is shown on the practice floor only")
    done = bare_house.run("shot", "welcome", "--out", "/proc/none/q.png")
    assert done.returncode == 3
    assert sentence(done).startswith("The folder /proc/none can't be made")
