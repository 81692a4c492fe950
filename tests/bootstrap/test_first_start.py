"""The first start and the second, an interrupted one, two at once, and each thing that can be in the way.

The real `main.py` and the real bootstrap run as processes, with real venvs and a real pip, in a small tree
whose lock file asks for one library: a wheel made here that stands in for Qt. pip is told to look nowhere
else.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

BOOT = """
import sys
import PySide6

def main(arguments):
    print("running", PySide6.VERSION, sys.prefix, *arguments)
    return 7
"""
PYTHON: str = getattr(sys, "_base_executable", sys.executable)
"""The machine's own, as a person would start it."""

NOWHERE = "http://127.0.0.1:1/simple"


def make_wheel(folder: Path, version: str, more: int = 0) -> str:
    """A wheel that holds what the bootstrap looks for in Qt, and `more` files; the lock's lines for it."""
    folder.mkdir(exist_ok=True)
    info = f"PySide6_Essentials-{version}.dist-info"
    files = {
        "PySide6/__init__.py": f"VERSION = {version!r}\n",
        "PySide6/QtWidgets.py": "",
        "PySide6/QtNetwork.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: PySide6-Essentials\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files |= {f"PySide6/more/m{number}.py": f"N = {number}\n" for number in range(more)}
    record = [f"{info}/RECORD,,"]
    wheel = folder / f"PySide6_Essentials-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
            sha = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={sha},{len(text)}")
        archive.writestr(f"{info}/RECORD", "\n".join(record) + "\n")
    return f"pyside6-essentials=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@dataclass
class Tree:
    """A small copy of the project that a test may start."""

    root: Path
    wheels: Path

    def lock(self, text: str) -> None:
        (self.root / "requirements.lock").write_text(text)

    def begin(self, *words: str, python: str = PYTHON, **environment: str) -> subprocess.Popen[str]:
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "FIRSTRING"))
        }
        pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        return subprocess.Popen(
            [python, "main.py", *words],
            cwd=self.root,
            env={**clean, **pip, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def start(self, *words: str, **environment: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error of a start that is let run to its end."""
        process = self.begin(*words, **environment)
        out, err = process.communicate(timeout=50)
        return process.returncode, out, err

    def works(self, version: str = "1.0") -> str:
        """Start it, see it run inside its own `.venv`; what it said meanwhile."""
        code, out, err = self.start("demo", "--seed", "4")
        assert (code, out) == (7, f"running {version} {self.root / '.venv'} demo --seed 4\n"), err
        return err


def plant(folder: Path) -> Tree:
    tree = Tree(root=folder / "tree", wheels=folder / "wheels")
    (tree.root / "app").mkdir(parents=True)
    shutil.copy(ROOT / "main.py", tree.root)
    shutil.copy(ROOT / "app" / "__init__.py", tree.root / "app")
    shutil.copytree(ROOT / "app" / "bootstrap", tree.root / "app" / "bootstrap")
    (tree.root / "app" / "boot.py").write_text(BOOT)
    tree.lock(make_wheel(tree.wheels, "1.0"))
    return tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Just unpacked, never started."""
    return plant(tmp_path)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A tree after its first start, and what that start said."""
    folder = tmp_path_factory.mktemp("started")
    return folder, plant(folder).works()


@pytest.fixture
def ready_tree(started: tuple[Path, str], tmp_path: Path) -> Tree:
    """A copy of the tree that has been started once."""
    shutil.copytree(started[0], tmp_path, symlinks=True, dirs_exist_ok=True)
    return Tree(root=tmp_path / "tree", wheels=tmp_path / "wheels")


def test_first_start_installs_second_only_starts_and_a_new_lock_updates(
    started: tuple[Path, str], ready_tree: Tree
) -> None:
    assert started[1].splitlines()[-1] == "Firstring: ready."
    assert list((ready_tree.root / "app" / "__pycache__").glob("boot.*.pyc"))
    assert ready_tree.works() == ""
    ready_tree.lock(make_wheel(ready_tree.wheels, "2.0"))
    assert "up to date" in ready_tree.works("2.0")
    assert ready_tree.works("2.0") == ""


def test_started_by_the_venvs_own_python_it_still_follows_the_lock(ready_tree: Tree) -> None:
    ready_tree.lock(make_wheel(ready_tree.wheels, "2.0"))
    for _ in range(2):
        process = ready_tree.begin("demo", python=str(ready_tree.root / ".venv" / "bin" / "python"))
        out, err = process.communicate(timeout=50)
        assert out.startswith("running 2.0"), err


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_a_venv_whose_python_is_gone_is_made_again(ready_tree: Tree) -> None:
    (ready_tree.root / ".venv" / "bin" / "python").unlink()
    (ready_tree.root / ".venv" / "bin" / "python").symlink_to("/nonexistent/python3")
    process = ready_tree.begin()
    assert process.stderr is not None
    assert "fetching" in process.stderr.readline()
    os.killpg(process.pid, signal.SIGKILL)  # how it goes on from here, another test sees to the end
    process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_a_start_killed_in_the_middle_heals(ready_tree: Tree) -> None:
    ready_tree.lock(make_wheel(ready_tree.wheels, "2.0", more=1000))
    first = ready_tree.begin()
    version = f"python3.{sys.version_info.minor}"
    package = ready_tree.root / ".venv" / "lib" / version / "site-packages" / "PySide6"
    while not (package / "more").exists():
        assert first.poll() is None
    os.killpg(first.pid, signal.SIGKILL)  # the start and its pip
    first.communicate()
    assert "fetching" in ready_tree.works("2.0")
    assert len(list((package / "more").glob("*.py"))) == 1000
    assert ready_tree.works("2.0") == ""


def test_of_two_starts_at_once_one_installs_and_one_waits(ready_tree: Tree) -> None:
    ready_tree.lock(make_wheel(ready_tree.wheels, "2.0", more=500))
    both = [ready_tree.begin(), ready_tree.begin()]
    said = [process.communicate(timeout=50)[1] for process in both]
    assert [process.returncode for process in both] == [7, 7]
    assert sorted("ready." in text for text in said) == [False, True]
    assert sum("waiting" in text for text in said) == 1


def sentence(result: tuple[int, str, str]) -> str:
    """The one sentence with which a start ended that could not be."""
    code, out, err = result
    assert (code, out) == (3, ""), err
    lines = [line for line in err.splitlines() if not line.startswith("Firstring: bringing")]
    assert len(lines) == 1, err
    return lines[0]


def test_without_a_network_it_says_so(ready_tree: Tree) -> None:
    ready_tree.lock(make_wheel(ready_tree.wheels, "2.0"))
    result = ready_tree.start(PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=NOWHERE, PIP_RETRIES="1")
    assert "is there a network?" in sentence(result)


def test_a_library_that_is_not_the_one_is_not_installed(ready_tree: Tree) -> None:
    make_wheel(ready_tree.wheels, "2.0")
    ready_tree.lock("pyside6-essentials==2.0 --hash=sha256:" + "0" * 64 + "\n")
    assert "not the one this version was made with" in sentence(ready_tree.start())
    assert not list(ready_tree.root.rglob("*-2.0.dist-info"))


def test_a_venv_of_someone_elses_is_left_alone(tree: Tree) -> None:
    mine = tree.root / ".venv" / "mine"
    mine.parent.mkdir()
    mine.write_text("precious")
    assert "was not made by Firstring" in sentence(tree.start())
    assert mine.read_text() == "precious"


def test_a_tree_without_its_lock_says_so(tree: Tree) -> None:
    (tree.root / "requirements.lock").unlink()
    assert "requirements.lock is missing" in sentence(tree.start())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="to root no folder is read-only")
def test_a_folder_that_cannot_be_written_says_so(tree: Tree) -> None:
    tree.root.chmod(0o555)
    try:
        assert "cannot write to" in sentence(tree.start())
    finally:
        tree.root.chmod(0o755)


def test_the_bootstrap_can_be_left_out(tree: Tree) -> None:
    code, _, err = tree.start(FIRSTRING_NO_BOOTSTRAP="1")
    assert code == 1  # the bare Python has no PySide6
    assert "No module named 'PySide6'" in err
    assert not (tree.root / ".venv").exists()
