"""What one process of this program starts another for (`app/program.py`); no words for a person to type."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def work_of(argv: Sequence[str]) -> Callable[[], int] | None:
    """The work that a command line asks for, which gives an exit code; None for a person's."""
    if len(argv) != 1:
        return None
    if argv[0] == "answer":
        from app.floor.asking_apart import serve as answer

        return answer
    if argv[0] == "draw-week":
        from app.ui.week_paper import serve as draw

        return draw
    if argv[0] == "read-file":
        from app.workers.file_reading import serve as read

        return read
    return None
