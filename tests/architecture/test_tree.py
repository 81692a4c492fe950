"""What no committed file may hold, and what every module must."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, committed, modules, parsed

LONGEST = 400
"""Lines; above some 300 a module wants to be two."""

# Put together here, so that this file does not hold what it looks for.
HOSTS = [
    "py" + "pi.org",
    "files.python" + "hosted",
    "deb.deb" + "ian.org",
    "registry.npm" + "js",
    "snapshot.deb" + "ian.org",
    "proxy.golang" + ".org",
]
PLACES = [
    r"(?<![\w.])/" + name + r"\b/?" for name in ("wo" + "rk", "fa" + "rm", "ro" + "ot", "ho" + r"me/\w+")
]
FORBIDDEN = re.compile("|".join([*map(re.escape, HOSTS), *PLACES]))


def text_of(path: Path) -> str:
    content = (ROOT / path).read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")


def test_no_file_names_a_registry_or_a_place_on_a_machine() -> None:
    found = [
        f"{path}:{number}: {line.strip()[:90]}"
        for path in committed()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if FORBIDDEN.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "bad", ["https://" + HOSTS[0] + "/x", "see /wo" + "rk/main", "cd /ro" + "ot/x", '"/ho' + 'me/ana"']
)
def test_the_search_finds_what_it_looks_for(bad: str) -> None:
    assert FORBIDDEN.search(bad)


@pytest.mark.parametrize("good", ["resources/work/x", "the root/leaf", "app/home/x.py", "a network/workers"])
def test_the_search_leaves_the_rest_alone(good: str) -> None:
    assert not FORBIDDEN.search(good)


def test_packaging_is_no_package() -> None:
    """With an `__init__.py` it would hide the library `packaging`, which pytest and others import."""
    assert Path("packaging/__init__.py") not in committed()


def test_every_module_tells_its_story() -> None:
    paths = modules("app", "tests", "migrations", "main.py")
    silent = [str(path) for path in paths if parsed(path).body and not ast.get_docstring(parsed(path))]
    assert not silent, "\n".join(silent)


def test_no_module_grows_too_long() -> None:
    lengths = {path: len(text_of(path).splitlines()) for path in modules("app", "main.py")}
    # the one list of all commands: read by looking a name up, not from top to bottom
    lengths.pop(Path("app/domain/commands.py"))
    long = [f"{path}: {length} lines" for path, length in lengths.items() if length >= LONGEST]
    assert not long, "\n".join(long)


def test_one_sqlite_library_alone_is_in_use() -> None:
    """A second one in the same process knows nothing of the first one's locks: whoever closes a file with it takes
    its log away under the other's feet (sqlite.org/howtocorrupt.html, section 2.2.1)."""
    asking = [
        str(path)
        for path in modules("app", "tests", "migrations", "main.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        )
        if name.partition(".")[0] in ("sqlite3", "pysqlite3")
    ]
    assert set(asking) == {"app/store/driver.py"}
