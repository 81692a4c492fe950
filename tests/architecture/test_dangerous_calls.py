"""What the program never does: run text as code or in a shell, unpickle, or put what came from outside into SQL."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import modules, parsed

READERS = {"pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle"}
"""Libraries whose reading of a file may run what the file says."""
RUNNERS = {"eval", "exec", "compile"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
STARTERS = {"run", "Popen", "call", "check_call", "check_output"}
SQL = {"text", "execute", "exec_driver_sql", "executescript"}

PUT_TOGETHER = {
    "backup_postgresql": "names of databases and settings, quoted",
    "backup_sqlite": "the program's own pragmas",
    "bounds": "the name of its own function",
    "engine": "the program's own pragmas",
    "facts": "the program's own columns and conditions",
    "facts_sampled": "the program's own columns and conditions",
    "grants": "names of tables and roles, quoted",
    "journal": "the program's own pragmas",
    "lags": "the program's own columns and conditions",
    "look": "the program's own columns",
    "moving": "the program's own tables",
    "restore_postgresql": "names of databases, quoted",
    "schema": "the program's own pragmas",
}
"""Modules of the store that put a statement together from parts, and which: none of them is a value from outside."""


def called(node: ast.Call) -> str:
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def is_put_together(node: ast.expr) -> bool:
    """Whether a text is made of parts: f"…{x}", "…" % x, "…" + x, "…".format(x)."""
    return (
        isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add))
        or (isinstance(node, ast.Call) and called(node) == "format")
    )


def dangers(tree: ast.AST, *, sql: bool = True) -> list[str]:
    """The line and the name of each."""
    found = []
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [name.name.partition(".")[0] for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [(node.module or "").partition(".")[0]]
        found += [f"{node.lineno}: {name}" for name in names if name in READERS]  # type: ignore[attr-defined]
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        in_shell = name in STARTERS and "shell" in [word.arg for word in node.keywords]
        by_word = isinstance(node.func, ast.Name) and name in RUNNERS
        if by_word or in_shell or name == "create_subprocess_shell" or ast.unparse(node.func) in SHELLS:
            found.append(f"{node.lineno}: {name}")
        elif sql and name in SQL and node.args and is_put_together(node.args[0]):
            found.append(f"{node.lineno}: {name} of a text made of parts")
    return found


def test_nothing_is_run_unpickled_or_put_into_sql() -> None:
    found = [
        f"{path}:{danger}"
        for path in modules("app", "main.py")
        for danger in dangers(
            parsed(path), sql=not (path.parent == Path("app/store") and path.stem in PUT_TOGETHER)
        )
    ]
    assert not found, "\n".join(found)


def test_the_list_of_exceptions_has_none_too_many() -> None:
    needless = [name for name in PUT_TOGETHER if not dangers(parsed(Path(f"app/store/{name}.py")))]
    assert needless == []


@pytest.mark.parametrize(
    "bad",
    [
        "import pickle", "from yaml import load", "import marshal as m", "eval(x)", "exec('y')", "os.system(x)",
        "subprocess.run(x, shell=True)", "text(f'SELECT {x}')", "db.execute('SELECT ' + x)",
        "db.exec_driver_sql('SELECT %s' % x)", "text('SELECT {}'.format(x))",
    ],
)  # fmt: skip
def test_the_search_finds_each(bad: str) -> None:
    assert dangers(ast.parse(bad))


@pytest.mark.parametrize(
    "good",
    ["app.exec()", "re.compile(x)", "db.execute(text('SELECT :x'), {'x': x})", "label.text(a)", "run([x])"],
)
def test_the_search_leaves_the_rest_alone(good: str) -> None:
    assert not dangers(ast.parse(good))
