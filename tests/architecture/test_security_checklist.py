"""Every line of the security checklist names a test or document that exists, or says that there is none and why."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, parsed

CHECKLIST = Path("docs/security-checklist.md")
CHAPTERS = (
    "V1 Encoding and Sanitization",
    "V2 Validation and Business Logic",
    "V3 Web Frontend Security",
    "V4 API and Web Service",
    "V5 File Handling",
    "V6 Authentication",
    "V7 Session Management",
    "V8 Authorization",
    "V9 Self-contained Tokens",
    "V10 OAuth and OIDC",
    "V11 Cryptography",
    "V12 Secure Communication",
    "V13 Configuration",
    "V14 Data Protection",
    "V15 Secure Coding and Architecture",
    "V16 Security Logging and Error Handling",
    "V17 WebRTC",
)
"""All of ASVS 5.0."""
REASON = re.compile(r"(Not yet|Does not apply): (\S+ ){3,}\S+\.")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def lines(text: str) -> dict[str, list[tuple[str, str]]]:
    """(what is asked, what shows it), by chapter."""
    found: dict[str, list[tuple[str, str]]] = {}
    for chapter in text.split("\n## ")[1:]:
        title, *rest = chapter.splitlines()
        cells = [
            tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rest if row.startswith("|")
        ]
        found[title] = [(row[0], row[1]) if len(row) == 2 else ("", "") for row in cells[2:]]
    return found


def faults(shown: str, folder: Path) -> list[str]:
    """What is wrong with what a line is shown by; documents are looked for from `folder`, as a reader would."""
    links, told = LINK.findall(shown), re.findall(r"`([^`]+)`", shown)
    gone = [f"there is no {link}" for link in links if not (ROOT / folder / link).resolve().is_file()]
    gone += [f"there is no test {name}" for name in told if not is_test(name)]
    if shown.startswith(("Not yet", "Does not apply")):
        return gone if REASON.match(shown) else [*gone, f"no reason: {shown}"]
    return gone if links or told else [f"shown by nothing: {shown}"]


def is_test(name: str) -> bool:
    """Whether "path::name" is a test that pytest would find."""
    path, _, function = name.partition("::")
    if not function.startswith("test_") or not Path(path).name.startswith("test_"):
        return False
    return (ROOT / path).is_file() and any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function
        for node in ast.walk(parsed(Path(path)))
    )


def test_no_chapter_is_missing_or_empty() -> None:
    found = lines((ROOT / CHECKLIST).read_text(encoding="utf-8"))
    assert tuple(found) == CHAPTERS
    assert [title for title, rows in found.items() if not rows] == []


def test_every_line_is_shown_by_something_that_is_there() -> None:
    found = [
        f"{title}: {asked or 'a row without two cells'}: {fault}"
        for title, rows in lines((ROOT / CHECKLIST).read_text(encoding="utf-8")).items()
        for asked, shown in rows
        for fault in faults(shown, CHECKLIST.parent) + ([] if asked else ["nothing is asked"])
    ]
    assert not found, "\n".join(found)


def test_the_documents_of_security_md_are_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert str(CHECKLIST) in text
    assert [link for link in LINK.findall(text) if not (ROOT / link).is_file()] == []


HERE = "tests/architecture/test_security_checklist.py::test_no_chapter_is_missing_or_empty"


@pytest.mark.parametrize(
    "bad",
    [
        "", "It is safe.", "Not yet", "Not yet: no.", "Does not apply.", "`tests/gone.py::test_x`", "[it](gone.md)",
        "`tests/architecture/test_security_checklist.py`", f"`{HERE}_now`", f"`{HERE}`, `tests/test_x.py::test_y`",
        "`tests/architecture/tree.py::committed`", "Not yet: it is told, in part, in [gone](gone.md).",
    ],
)  # fmt: skip
def test_a_line_that_shows_nothing_is_found(bad: str) -> None:
    assert faults(bad, Path("docs"))


@pytest.mark.parametrize(
    "good",
    [f"`{HERE}`", "It is told in [SECURITY.md](../SECURITY.md).", "Not yet: nobody has written it down."],
)
def test_a_line_that_shows_something_is_left_alone(good: str) -> None:
    assert faults(good, Path("docs")) == []
