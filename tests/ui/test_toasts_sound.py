"""Sounds: what is asked for is told, what can be played is played, nothing waits."""

from __future__ import annotations

import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui import sound as module
from app.ui import theme
from app.ui.sound import SOUNDS, Sounder

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows plays by itself")

PATH = "/usr/bin:/bin"


@pytest.fixture(autouse=True)
def sound_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIRSTRING_SOUND", raising=False)


@pytest.fixture
def players(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Puts players of the test's own on the path; what one was called with is in the file returned."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))

    def put(name: str, ending: str) -> Path:
        called = tmp_path / f"{name}.called"
        script = programs / name
        script.write_text(f'#!/bin/sh\nPATH={PATH}\necho "$@" >> {called}\n{ending}\n')
        script.chmod(0o755)
        return called

    return put


@pytest.fixture
def sounder(qapp: QApplication) -> Iterator[Sounder]:
    sounder = Sounder()
    yield sounder
    sounder.close()


@pytest.fixture
def beeps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append("beep"))
    return heard


@pytest.mark.parametrize("sound", SOUNDS)
def test_the_sounds_are_short_and_small(sound: str) -> None:
    path = theme.resources("sounds", f"{sound}.wav")
    assert path.stat().st_size < 40_000
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert 0.2 < file.getnframes() / file.getframerate() < module.LENGTH_MS / 1000


@posix
def test_the_first_player_plays(
    qtbot: QtBot, sounder: Sounder, players: Callable[[str, str], Path], beeps: list[str]
) -> None:
    called = players("paplay", "exit 0")
    unused = players("aplay", "exit 0")
    with qtbot.waitSignal(sounder.asked) as asked:
        sounder.play("hot")
    assert asked.args == ["hot"]
    qtbot.waitUntil(lambda: sounder._playing == "")
    assert called.read_text().split() == [str(theme.resources("sounds", "hot.wav"))]
    assert not unused.exists()
    assert beeps == []


@posix
def test_a_player_that_can_not_is_not_asked_again(
    qtbot: QtBot, sounder: Sounder, players: Callable[[str, str], Path], beeps: list[str]
) -> None:
    broken = players("paplay", "exit 1")
    crashing = players("pw-play", "kill -9 $$")
    called = players("aplay", "exit 0")
    for _ in range(2):
        sounder.play("warm")
        qtbot.waitUntil(lambda: sounder._playing == "")
    assert called.read_text().count("warm.wav") == 2
    assert broken.read_text().count("warm.wav") == 1
    assert crashing.read_text().count("warm.wav") == 1
    assert called.read_text().startswith("-q ")
    assert beeps == []


@posix
def test_one_that_can_not_be_started_is_passed_over(
    qtbot: QtBot, sounder: Sounder, players: Callable[[str, str], Path], beeps: list[str], tmp_path: Path
) -> None:
    players("paplay", "exit 0")
    assert sounder.can_play
    (tmp_path / "bin" / "paplay").unlink()  # found before, gone now
    sounder.play("breach")
    qtbot.waitUntil(lambda: beeps == ["beep"])
    assert not sounder.can_play


@posix
def test_without_a_player_the_desktop_beeps(
    sounder: Sounder, players: Callable[[str, str], Path], beeps: list[str]
) -> None:
    assert not sounder.can_play
    sounder.play("hot")
    assert beeps == ["beep"]


@posix
def test_a_softer_sound_does_not_cut_a_louder_one(
    qtbot: QtBot, sounder: Sounder, players: Callable[[str, str], Path]
) -> None:
    called = players("paplay", "exec sleep 30")
    asked: list[str] = []
    sounder.asked.connect(asked.append)
    sounder.play("hot")
    first = sounder._process
    sounder.play("hot")
    sounder.play("warm")
    assert sounder._process is first
    qtbot.waitUntil(lambda: called.exists() and "hot.wav" in called.read_text())
    sounder.play("breach")
    assert sounder._process is not first
    qtbot.waitUntil(lambda: "breach.wav" in called.read_text())
    assert asked == ["hot", "hot", "warm", "breach"]
    assert called.read_text().count(".wav") == 2


@posix
def test_a_player_that_hangs_is_ended(
    qtbot: QtBot, sounder: Sounder, players: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_MS", 50)
    players("paplay", "exec sleep 30")
    sounder.play("hot")
    process = sounder._process
    assert process
    qtbot.waitUntil(lambda: sounder._process is None)
    assert sounder.can_play, "it may be well again next time"


def test_silence_is_kept_and_the_request_told(
    sounder: Sounder, beeps: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("FIRSTRING_SOUND", "off")
    quiet = Sounder()
    asked: list[str] = []
    quiet.asked.connect(asked.append)
    caplog.set_level("INFO", "app.ui.sound")
    quiet.play("hot")
    assert asked == ["hot"]
    assert "sound asked for: hot" in caplog.text
    assert quiet._process is None
    assert beeps == []
