"""A second computer joins a floor: `serve` prints an invitation, the desk is typed into, and calls a lead back.

Two programs, each with a house of its own; between them there is HTTPS and nothing else. There is no keyring in
the second house, so that a passphrase is asked for, at the joining and at the next start.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.domain import events as e
from app.domain.commands import AddRep, SetStatus
from app.domain.lead import RepStatus
from app.domain.questions import Devices
from app.floor.link import format_link, read_link
from app.floor.local import LocalFloor
from tests.e2e.driver import House, Program, begin_floor, lead_named, looking, paths, post, told
from tests.e2e.screen import Desktop, press_until, until
from tests.server.serve_house import Serving

WORDS = "correct horse battery"
ASKED = {
    "name": "Dana Okafor",
    "email": "dana@brightline.example",
    "phone": "+1 303 555 0148",
    "message": "Need a quote today, can someone call me?",
}


def said(program: Program, words: str, times: int = 1) -> None:
    """Wait until the program has said it on its terminal, as often."""
    until(lambda: program.said.count(words) >= times, f"the program says {words!r}")


def live(floor: LocalFloor, me: str, status: RepStatus) -> None:
    until(lambda: any(rep.id == me and rep.status == status for rep in floor.reps()), f"{me} is {status}")


@pytest.mark.timeout(400)
def test_a_second_computer_joins_and_calls_back(house: House, desktop: Desktop, tmp_path: Path) -> None:
    office = House(tmp_path / "office")
    me = begin_floor(office, AddRep(name="Ana Brito"))
    office.carry_out((me, SetStatus(status=RepStatus.AWAY)))
    server = Serving(office.address, tmp_path / "office-server")
    capture = int(server.capture_url.rpartition(":")[2])
    try:
        with looking(office.address) as floor:
            with house.start() as program:
                window = program.window()
                desktop.keys(window, "Tab", "Tab", "Return")
                desktop.write(window, format_link(server.link))
                desktop.keys(window, "Return")
                said(program, "choose a passphrase")
                window = program.window()
                desktop.write(window, WORDS)
                desktop.keys(window, "Return")
                until(lambda: told(floor, e.DeskJoined), "the computer has joined")
                window = program.window()
                works(house, 1)
                desktop.keys(window, "ctrl+shift+a")
                live(floor, me, RepStatus.AVAILABLE)
                way = paths(floor)["form"]
                assert post(capture, way, urlencode(ASKED).encode()).status == 303
                until(lambda: lead_named(floor, "Dana Okafor"), "the lead is there")
                until(lambda: desktop.ear.bubbles(0.0), "the desk rings")

                def calls_back() -> None:
                    desktop.keys(
                        window, "space"
                    )  # where the floor is away for a moment, a desk says so and waits

                press_until(
                    lambda: (lead_named(floor, "Dana Okafor") or ABSENT).on_call,
                    calls_back,
                    "is being called",
                )
                (started,) = told(floor, e.AttemptStarted)
                assert started.actor == me
                assert until(house.lines_dialled, "the dial is asked for") == ["tel:+13035550148"]
                assert program.leave() == 0
            (device,) = floor.ask(Devices()).devices
            assert device.rep_id == me

            with house.start() as program:  # and again: this desk knows where it belongs
                program.window()
                said(program, "Say this desk’s passphrase")
                window = program.window()
                desktop.write(window, WORDS)
                desktop.keys(window, "Return")
                works(house, 2)
                window = program.window()

                def hung_up() -> object:
                    desktop.keys(window, "Escape")  # as often as it takes until the desk has its leads
                    return (lead_named(floor, "Dana Okafor") or ABSENT).hung_up_at

                until(hung_up, "the line is down")
                assert program.leave() == 0
        invited = house.run("invite", "ana")
        assert (invited.returncode, invited.stdout) == (3, ""), "nobody is there to say the passphrase"
        kept = "".join(path.read_text() for path in house.home.rglob("*.json"))
        assert server.link.secret not in kept
    finally:
        assert server.stop() == 0


class _Absent:
    on_call = ""
    hung_up_at = None


ABSENT = _Absent()


def works(house: House, starts: int) -> None:
    """Wait until a desk of this house is at work, and has been as often."""
    until(lambda: house.logged.count("freedesktop is used") >= starts, "the desk works")
    assert '"last_floor": "firstring://' in (house.home / "desk.json").read_text("utf-8")


@pytest.mark.timeout(400)
def test_the_terminal_invites(bare_house: House) -> None:
    begin_floor(bare_house, AddRep(name="Ana Brito"), AddRep(name="Anatol Reis"))
    said = bare_house.run("invite", "Ana Brito")
    assert said.returncode == 3
    assert "no server's key yet" in said.stderr
    with bare_house.start("serve", "--quiet", "--listen", "127.0.0.1:0", "--capture", "off") as program:
        until(lambda: "ready" in program.said, "it serves")
        assert program.leave() == 0
    for name, sentence in (("Bob", "Nobody of that name"), ("ana", "may be several people")):
        done = bare_house.run("invite", name)
        assert (done.returncode, done.stdout) == (3, "")
        assert sentence in done.stderr
    done = bare_house.run("invite", "ana b", "--server", "floor.example.com")
    assert (done.returncode, done.stderr) == (0, "")
    link = read_link(next(line for line in done.stdout.splitlines() if line.startswith("firstring:")))
    assert link.addresses == ("floor.example.com:8738",)
    assert f"key {link.pins[0]}" in program.said
    with looking(bare_house.address) as floor:
        (entry,) = [entry for entry in told(floor, e.DeskInvited) if entry.actor == "admin"][-1:]
        assert isinstance(entry.event, e.DeskInvited)
        assert entry.event.rep_name == "Ana Brito"
