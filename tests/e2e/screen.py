"""A desktop nobody sees: a screen in memory, a window manager, a bus, Xfce's notification daemon, a hand.

All of it is real and all of it is this run's own: the screen takes a display number that is free, the bus
has no service files and so can start nothing of this machine's. The picture on the screen is read from the
memory of the X server, so that no further program is needed to look at it.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from jeepney import DBusAddress, HeaderFields, Message, MessageType, message_bus, new_method_call
from jeepney.io.blocking import open_dbus_connection
from PySide6.QtGui import QColor, QImage

from tests.fake_notifications import PATH, SERVICE, PrivateBus

T = TypeVar("T")

SIZE = (2000, 1000)
"""Wider than the program's window, so that the bubbles stand beside it."""
DAEMON = next(Path("/usr/lib").glob("*/xfce4/notifyd/xfce4-notifyd"), None)
_LOOK_S = 0.02
_never = threading.Event()


def missing() -> str:
    """Why there can be no desktop here; empty when there can."""
    lacks = [name for name in ("Xvfb", "openbox", "xdotool", "dbus-daemon") if not shutil.which(name)]
    if DAEMON is None:
        lacks.append("xfce4-notifyd")
    return f"not installed: {', '.join(lacks)}" if lacks else ""


def until(holds: Callable[[], T | None], what: str, seconds: float = 60.0) -> T:
    """The first answer of `holds` that is true; fails saying `what` did not come about."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        _never.wait(_LOOK_S)
    return found


def press_until(holds: Callable[[], object], press: Callable[[], object], what: str) -> None:
    """Press, and again every few seconds, until it has come about: a desk that only just opened has no floor yet that
    could be told."""
    deadline = time.monotonic() + 60.0
    while not holds():
        press()
        pressed = time.monotonic()
        assert pressed < deadline, f"not within 60 s: {what}"
        while not holds() and time.monotonic() < pressed + 3.0:
            _never.wait(_LOOK_S)


def end(process: subprocess.Popen[bytes], seconds: float = 10.0) -> None:
    """End one process that was started here."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Box:
    """A place on the screen, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


class Picture:
    """What was on the screen at one moment."""

    def __init__(self, dump: bytes) -> None:
        # The X window dump's header is of big-endian words: its own size, ..., and how many colours follow.
        words = struct.unpack(">25I", dump[:100])
        start, self.width, self.height, self._line = words[0] + words[19] * 12, words[4], words[5], words[12]
        self._raw = dump[start : start + self.height * self._line]
        self._pixels = memoryview(self._raw).cast("I")

    def row(self, x: int, y: int, width: int) -> list[int]:
        """So many pixels from there to the right, as 0xRRGGBB."""
        if not 0 <= y < self.height:
            return []
        start = y * self._line // 4
        return [pixel & 0xFFFFFF for pixel in self._pixels[start + x : start + min(x + width, self.width)]]

    def runs(self, colour: QColor, box: Box, least: int) -> Iterator[Box]:
        """Each run of a colour, at least so long, on the lines of a part of the screen, from the top."""
        wanted = colour.rgb() & 0xFFFFFF
        for y in range(box.y, box.y + box.height):
            row = self.row(box.x, y, box.width)
            if wanted in row:
                line = "".join("#" if pixel == wanted else "." for pixel in row)
                for found in re.finditer(f"#{{{least},}}", line):
                    yield Box(box.x + found.start(), y, found.end() - found.start(), 1)

    def has(self, colour: QColor, box: Box, least: int = 1) -> bool:
        """Whether that colour is anywhere in a part of the screen."""
        return next(self.runs(colour, box, least), None) is not None

    def save(self, path: Path) -> None:
        QImage(self._raw, self.width, self.height, self._line, QImage.Format.Format_RGB32).save(str(path))


@dataclass(frozen=True)
class Bubble:
    """One `Notify` that went over the bus."""

    at: float
    """time.time() when it was heard."""
    replaces: int
    summary: str
    body: str
    actions: tuple[str, ...]
    urgency: int


class Ear:
    """Hears everything that is said on the bus, through the bus's own monitoring."""

    def __init__(self, address: str) -> None:
        self._bus = open_dbus_connection(address)
        monitoring = DBusAddress(
            "/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus.Monitoring"
        )
        self._bus.send_and_get_reply(new_method_call(monitoring, "BecomeMonitor", "asu", ([], 0)))
        self._heard: list[tuple[float, Message]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="bus-ear", daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                message = self._bus.receive(timeout=0.2)
            except TimeoutError:
                continue
            except OSError:
                return
            self._heard.append((time.time(), message))

    def _said(self, kind: MessageType, member: str, since: float) -> list[tuple[float, Message]]:
        return [
            (at, message)
            for at, message in list(self._heard)
            if at >= since
            and message.header.message_type is kind
            and message.header.fields.get(HeaderFields.member) == member
        ]

    def bubbles(self, since: float = 0.0) -> list[Bubble]:
        """Every notification asked for since then (time.time())."""
        found = []
        for at, message in self._said(MessageType.method_call, "Notify", since):
            _app, replaces, _icon, summary, body, actions, hints, _lasting = message.body
            urgency = hints.get("urgency", ("y", 1))[1]
            found.append(Bubble(at, replaces, summary, body, tuple(actions), urgency))
        return found

    def pressed(self, since: float = 0.0) -> list[str]:
        """The keys of the buttons that the daemon says were pressed."""
        return [message.body[1] for _, message in self._said(MessageType.signal, "ActionInvoked", since)]

    def put_away(self, since: float = 0.0) -> int:
        """How many bubbles the daemon says have left the screen."""
        return len(self._said(MessageType.signal, "NotificationClosed", since))

    def standing(self) -> set[int]:
        """The numbers of the bubbles that came onto the screen and have not left it."""
        asked: set[tuple[str, int]] = set()
        there: set[int] = set()
        for _, message in list(self._heard):
            fields, kind = message.header.fields, message.header.message_type
            member = fields.get(HeaderFields.member)
            if kind is MessageType.method_call and member == "Notify":
                asked.add((fields[HeaderFields.sender], message.header.serial))
            elif kind is MessageType.method_return:
                answer = fields.get(HeaderFields.destination, ""), fields[HeaderFields.reply_serial]
                if answer in asked:
                    there.add(message.body[0])
            elif kind is MessageType.signal and member == "NotificationClosed":
                there.discard(message.body[0])
        return there

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()
        self._bus.close()


class Desktop:
    """Everything a rep's computer has around the program. Use as a context."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        folder = tempfile.mkdtemp(prefix="firstring-desktop-")
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        os.chmod(folder, 0o700)
        self._folder = Path(folder)
        self.env = {
            "HOME": folder,
            "LANG": "C.UTF-8",
            "NO_AT_BRIDGE": "1",
            "PATH": os.environ["PATH"],
            "XDG_CONFIG_HOME": folder,
            "XDG_RUNTIME_DIR": folder,
        }
        try:
            self._open()
        except BaseException:
            self._stack.close()
            raise

    def _open(self) -> None:
        reader, writer = os.pipe()
        words = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24"]
        self._start([*words, "-nolisten", "tcp", "-fbdir", str(self._folder)], pass_fds=(writer,))
        os.close(writer)
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        self.env["DISPLAY"] = f":{number}"
        self._start(["openbox"])
        until(lambda: self._xdotool("get_num_desktops"), "the window manager is there")
        bus = self._stack.enter_context(PrivateBus())
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.address
        self._start([str(DAEMON)])
        with open_dbus_connection(bus.address) as asking:
            owned = message_bus.NameHasOwner(SERVICE)
            until(lambda: asking.send_and_get_reply(owned).body[0], "the notification daemon is there")
        self.ear = Ear(bus.address)
        self._stack.callback(self.ear.stop)

    def _start(self, words: Sequence[str], pass_fds: tuple[int, ...] = ()) -> None:
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(words, env=self.env, stdout=quiet, stderr=quiet, pass_fds=pass_fds)
        self._stack.callback(end, process)

    def __enter__(self) -> Desktop:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def sweep(self) -> None:
        """Take away the bubbles of programs that are gone and could not do it themselves."""
        with open_dbus_connection(self.env["DBUS_SESSION_BUS_ADDRESS"]) as asking:
            service = DBusAddress(PATH, SERVICE, SERVICE)
            for number in self.ear.standing():
                asking.send_and_get_reply(new_method_call(service, "CloseNotification", "u", (number,)))
        until(lambda: not self.ear.standing(), "the desktop is swept")

    # the eye

    def picture(self) -> Picture:
        """What is on the screen now."""
        return Picture((self._folder / "Xvfb_screen0").read_bytes())

    def windows(self, *, name: str = "", cls: str = "", pid: int = 0) -> list[int]:
        """The visible windows of this title or class, and of this process."""
        search = ["--name", name] if name else ["--class", cls]
        found = [int(word) for word in self._xdotool("search", "--onlyvisible", *search).split()]
        of = ("getwindowpid",)  # xdotool can't search for a title and a process at once
        return [one for one in found if not pid or self._xdotool(*of, str(one)).strip() == str(pid)]

    def box(self, window: int) -> Box:
        told = dict(
            line.split("=", 1)
            for line in self._xdotool("getwindowgeometry", "--shell", str(window)).splitlines()
            if "=" in line
        )
        return Box(*(int(told.get(name, 0)) for name in ("X", "Y", "WIDTH", "HEIGHT")))

    def active(self) -> int:
        """The window that has the keyboard; 0 for none."""
        told = self._xdotool("getactivewindow").strip()
        return int(told) if told.isdigit() else 0

    def claim_button(self) -> Box | None:
        """The left one of the two buttons that the daemon has drawn at the foot of its newest bubble."""
        for window in reversed(self.windows(cls="xfce4-notifyd")):
            box = self.box(window)
            y = box.y + box.height - 31
            row = self.picture().row(box.x + 4, y, box.width - 8)
            ground = row[0] if row else 0
            drawn = "".join("." if _near(pixel, ground) else "#" for pixel in row)
            # The gaps in a word on a button have the button's colour, which is not the ground's.
            buttons = [found.span() for found in re.finditer(r"#{40,}", drawn)]
            if len(buttons) == 2:
                left, right = buttons[0]
                return Box(box.x + 4 + left, y, right - left, 1)
        return None

    def filled(self, colour: QColor, within: Box) -> Box | None:
        """A button that is filled with this colour, in a part of the screen."""
        first = next(self.picture().runs(colour, within, 30), None)
        return first and Box(first.x, first.y + 2, first.width, 4)

    # the hand

    def click(self, box: Box) -> None:
        x, y = box.middle
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def keys(self, window: int, *keys: str) -> None:
        """Bring a window to the front and press keys, by their X names."""
        if self.active() != window:
            self._xdotool("windowactivate", "--sync", str(window))
        self._xdotool("key", "--clearmodifiers", "--delay", "30", *keys)

    def write(self, window: int, text: str) -> None:
        if self.active() != window:
            self._xdotool("windowactivate", "--sync", str(window))
        self._xdotool("type", "--clearmodifiers", "--delay", "15", text)

    def move(self, window: int, x: int, y: int) -> None:
        self._xdotool("windowmove", "--sync", str(window), str(x), str(y))

    def minimise(self, window: int) -> None:
        self._xdotool("windowminimize", "--sync", str(window))

    def _xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self.env, capture_output=True, text=True, timeout=20, check=False
        )
        return done.stdout


def _near(one: int, other: int) -> bool:
    return all(abs((one >> shift & 255) - (other >> shift & 255)) < 4 for shift in (0, 8, 16))
