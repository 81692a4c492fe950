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

    def begin(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "FIRSTRING"))
        }
        pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        return subprocess.Popen(
            [getattr(sys, "_base_executable", sys.executable), "main.py", *words],
            cwd=self.root,
            env={**clean, **pip, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
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


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    tree = Tree(root=tmp_path / "tree", wheels=tmp_path / "wheels")
    (tree.root / "app").mkdir(parents=True)
    shutil.copy(ROOT / "main.py", tree.root)
    shutil.copy(ROOT / "app" / "__init__.py", tree.root / "app")
    shutil.copytree(ROOT / "app" / "bootstrap", tree.root / "app" / "bootstrap")
    (tree.root / "app" / "boot.py").write_text(BOOT)
    tree.lock(make_wheel(tree.wheels, "1.0"))
    return tree


def test_first_start_installs_second_only_starts_and_a_new_lock_updates(tree: Tree) -> None:
    said = tree.works()
    assert said.splitlines()[-1] == "Firstring: ready."
    assert list((tree.root / "app" / "__pycache__").glob("boot.*.pyc"))
    assert tree.works() == ""
    tree.lock(make_wheel(tree.wheels, "2.0"))
    assert "up to date" in tree.works("2.0")
    assert tree.works("2.0") == ""


def test_started_by_the_venvs_own_python_it_still_follows_the_lock(tree: Tree) -> None:
    tree.works()
    tree.lock(make_wheel(tree.wheels, "2.0"))
    environment = {
        **os.environ,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tree.wheels),
    }
    command = [tree.root / ".venv" / "bin" / "python", "main.py"]
    for _ in range(2):
        done = subprocess.run(
            command, cwd=tree.root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.stdout.startswith("running 2.0"), done.stderr


def test_a_venv_whose_python_was_replaced_is_made_again(tree: Tree) -> None:
    tree.works()
    stamp = tree.root / ".venv" / "ready"
    stamp.write_bytes(b"3.9" + stamp.read_bytes()[len("3.11") :])
    assert "fetching" in tree.works()
    (tree.root / ".venv" / "bin" / "python").unlink()
    (tree.root / ".venv" / "bin" / "python").symlink_to("/nonexistent/python3")
    assert "fetching" in tree.works()


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_a_start_killed_in_the_middle_heals(tree: Tree) -> None:
    tree.lock(make_wheel(tree.wheels, "1.0", more=4000))
    first = tree.begin()
    package = tree.root / ".venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages" / "PySide6"
    assert first.stderr is not None
    first.stderr.readline()  # "fetching the libraries"
    while not package.exists():
        assert first.poll() is None
    first.send_signal(
        signal.SIGKILL
    )  # its pip lives on for a moment: the next start has to wait for that one too
    first.communicate()
    said = tree.works()
    assert "fetching" in said
    assert len(list((package / "more").glob("*.py"))) == 4000
    assert tree.works() == ""


def test_of_two_starts_at_once_one_installs_and_one_waits(tree: Tree) -> None:
    both = [tree.begin(), tree.begin()]
    said = [process.communicate(timeout=50)[1] for process in both]
    assert [process.returncode for process in both] == [7, 7]
    assert sorted("ready." in text for text in said) == [False, True]
    assert sum("waiting" in text for text in said) == 1


def sentence(result: tuple[int, str, str]) -> str:
    """The one sentence with which a start ended that could not be."""
    code, out, err = result
    assert (code, out) == (3, ""), err
    lines = [line for line in err.splitlines() if not line.startswith("Firstring: fetching")]
    assert len(lines) == 1, err
    return lines[0]


def test_without_a_network_it_says_so(tree: Tree) -> None:
    result = tree.start(PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=NOWHERE, PIP_RETRIES="1")
    assert "is there a network?" in sentence(result)


def test_a_library_that_is_not_the_one_is_not_installed(tree: Tree) -> None:
    tree.lock("pyside6-essentials==1.0 --hash=sha256:" + "0" * 64 + "\n")
    assert "not the one this version was made with" in sentence(tree.start())
    assert not list(tree.root.rglob("PySide6"))


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
