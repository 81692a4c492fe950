"""R3: the power goes. Whatever the disk had not yet been told to keep is there, not there, or torn.

A real program commits to a real floor while its system calls are recorded. A power cut is a moment in that record:
what was synced before it is on the disk; of what was written since, any sectors of 512 bytes. The floor made of
that must open, be whole, and hold every commit that was acknowledged before that moment.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.store.book import Book, start_floor
from app.store.guards import chain_fault
from app.store.start_check import look_over
from tests.fresh import START
from tests.reliability.trial import Trial

COMMITS = 220
SECTOR = 512
ROOT = Path(__file__).parents[2]
CALLS = "openat,close,pwrite64,write,fsync,fdatasync,ftruncate,unlink"
LINE = re.compile(r"(\w+)\((.*)\) += (-?\d+)")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
pytestmark = pytest.mark.timeout(180)


@dataclass(frozen=True)
class Call:
    """One thing that happened to a file; `name` is "" for an acknowledgement, whose number is `at`."""

    kind: str
    name: str
    at: int = 0
    data: bytes = b""


def recorded(path: Path, folder: Path) -> list[Call]:
    """What a program did to a floor's files, in order."""
    log = folder / "calls"
    words = ["strace", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(log)]
    program = [sys.executable, "-m", "tests.reliability.committing", str(path), str(COMMITS)]
    done = subprocess.run([*words, *program], cwd=ROOT, capture_output=True, text=True, check=False)
    if not log.exists() or "Operation not permitted" in done.stderr:
        pytest.skip(f"system calls can't be recorded here: {done.stderr[-200:]}")
    assert done.returncode == 0, done.stderr
    calls: list[Call] = []
    names: dict[int, str] = {}
    for line in log.read_text().splitlines():
        found = LINE.match(line)
        if found is None or int(found[3]) < 0:
            continue
        kind, given, result = found[1], found[2], int(found[3])
        text = TEXT.search(given)
        data = bytes.fromhex(text[1].replace("\\x", "")) if text else b""
        if kind == "openat":
            names[result] = Path(data.decode()).name if data.decode().startswith(str(path)) else ""
        elif kind == "unlink":
            calls.append(Call("unlink", Path(data.decode()).name))
        else:
            handle = int(given.split(",")[0])
            name = names.get(handle, "")
            if kind == "close":
                names.pop(handle, None)
            elif kind == "write" and handle == 1:
                calls.append(Call("ack", "", int(data.split()[1])))
            elif name and kind == "pwrite64":
                calls.append(Call("write", name, int(given.rsplit(",", 1)[1]), data))
            elif name and kind == "ftruncate":
                calls.append(Call("truncate", name, int(given.split(",")[1])))
            elif name and kind in ("fsync", "fdatasync"):
                calls.append(Call("sync", name))
    return calls


def put(file: bytearray, at: int, data: bytes) -> None:
    file.extend(bytes(max(at - len(file), 0)))
    file[at : at + len(data)] = data


def cut(calls: list[Call], moment: int, files: dict[str, bytes], dice: random.Random) -> dict[str, bytearray]:
    """The disk after a power cut before the call of that number."""
    disk = {name: bytearray(content) for name, content in files.items()}
    waiting: dict[str, list[Call]] = {}

    def keep(call: Call, share: float) -> None:
        file = disk.setdefault(call.name, bytearray())
        if call.kind == "truncate":
            if dice.random() < share:
                del file[call.at :]
                file.extend(bytes(call.at - len(file)))
            return
        for start in range(0, len(call.data), SECTOR):
            if dice.random() < share:
                put(file, call.at + start, call.data[start : start + SECTOR])

    for call in calls[:moment]:
        if call.kind in ("write", "truncate"):
            waiting.setdefault(call.name, []).append(call)
        elif call.kind == "sync":
            for one in waiting.pop(call.name, []):
                keep(one, 1.0)
        elif call.kind == "unlink":
            disk.pop(call.name, None)
            waiting.pop(call.name, None)
    for rest in waiting.values():
        share = dice.choice((0.0, 0.3, 0.7, 1.0))
        for one in rest:
            keep(one, share)
    return disk


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.trial("R3", short=250, ci=1_000, full=10_000, unit="images")
def test_what_was_acknowledged_outlives_a_power_cut_at_any_moment(tmp_path: Path, trial: Trial) -> None:
    dice = trial.random
    path = tmp_path / "p.floor"
    start_floor(str(path), "Cut", START)
    files = {path.name: path.read_bytes()}
    calls = recorded(path, tmp_path)
    assert sum(call.kind == "ack" for call in calls) == COMMITS
    assert any(call.kind == "write" and call.name == path.name for call in calls), "nothing was checkpointed"
    lost = []
    for number in range(trial.size):
        moment = dice.randrange(len(calls) + 1)
        folder = tmp_path / f"cut{number}"
        folder.mkdir()
        for name, content in cut(calls, moment, files, dice).items():
            if not name.endswith("-shm"):
                (folder / name).write_bytes(content)
        floor = folder / path.name
        look_over(floor)
        book = Book(str(floor))
        with book.reading() as r:
            assert r.db.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one() == "ok", moment
            assert chain_fault(r) == "", moment
            told = max((call.at for call in calls[:moment] if call.kind == "ack"), default=0)
            if r.head()[0] < told:
                lost.append((moment, told, r.head()[0]))
        book.close()
        shutil.rmtree(folder)
    trial.found(corrupt=0, lost=len(lost))
    assert not lost
