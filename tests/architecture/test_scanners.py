"""The scanner for security (bandit's rules, as ruff has them) looks at everything; no finding is passed over unsaid."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, modules, parsed

PASSED_OVER = re.compile(r"# noqa: (S\d+)(.*)")


def findings(path: str, source: str) -> set[str]:
    """The codes that the project's own lint gives to a file of this name and content."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--output-format=concise", f"--stdin-filename={path}", "-"],
        input=source,
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return set(re.findall(r": (S\d+)", done.stdout))


def is_narrowing(test: ast.expr) -> bool:
    """Whether an assertion tells the type checker no more than what kind of thing this is."""
    if isinstance(test, ast.Compare):
        nothing = isinstance(test.comparators[-1], ast.Constant) and test.comparators[-1].value is None
        return nothing and isinstance(test.ops[0], ast.IsNot)
    return isinstance(test, ast.Call) and getattr(test.func, "id", "") == "isinstance"


@pytest.mark.parametrize("path", ["app/service/made_up.py", "app/ui/made_up.py", "main.py"])
def test_the_scanner_looks_at_the_program(path: str) -> None:
    source = "\n".join(
        [
            "import hashlib, random, subprocess, tempfile",
            "subprocess.run('ls', shell=True)",
            "hashlib.md5(b'x')",
            "random.random()",
            "tempfile.mktemp()",
            "sql = 'SELECT * FROM leads WHERE id = %s' % path",
            "exec(path)",
        ]
    )
    assert {"S102", "S306", "S311", "S324", "S602", "S608"} <= findings(path, source)


def test_an_assert_guards_nothing() -> None:
    """`python -O` leaves them out, so only what a type checker wants to hear may stand in one."""
    found = [
        f"{path}:{node.lineno}"
        for path in modules("app", "main.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Assert) and not is_narrowing(node.test)
    ]
    assert found == []


def test_what_is_passed_over_says_why() -> None:
    found = [
        f"{path}:{number}: {line.strip()}"
        for path in modules("app", "main.py")
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1)
        for code, why in PASSED_OVER.findall(line)
        if not re.fullmatch(r" - (\S+ ?){3,}", why)
    ]
    assert found == []


def test_the_search_knows_a_guard_when_it_sees_one() -> None:
    guards = ["rep.may(x)", "len(a) < 9", "x is None", "token == secret", "not isinstance(x, Path)", "x"]
    assert [text for text in guards if is_narrowing(ast.parse(text, mode="eval").body)] == []
    assert all(
        is_narrowing(ast.parse(text, mode="eval").body) for text in ("a.b is not None", "isinstance(a, B)")
    )


def test_tests_alone_are_exempt() -> None:
    source = "import subprocess\nsubprocess.run('ls', shell=True)\n"
    assert findings("tests/domain/made_up.py", source) == set()
    assert all(
        findings(str(Path(folder) / "made_up.py"), source) for folder in ("app", "migrations", "packaging")
    )
