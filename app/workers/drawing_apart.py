"""A frozen page as a PDF, drawn by another program of ours: who draws needs Qt, and a worker may not."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Sequence

from app.domain.errors import Unavailable
from app.program import own_words, quietly

__all__ = ["WORD", "drawn_apart"]

_log = logging.getLogger(__name__)
WORD = "draw-week"
"""Asks another program of ours for it: a page's bytes on its standard input, the PDF on its standard output."""
_PATIENCE_S = 60.0


def drawn_apart(body: bytes, program: Sequence[str] = ()) -> bytes:
    """The PDF of a page. `program` are the words that start another program of ours. Raises Unavailable."""
    why = "The program that draws the weekly pages broke off."
    try:
        done = subprocess.run(  # noqa: S603 - this program's own interpreter and words
            [*(program or own_words()), WORD],
            input=body,
            capture_output=True,
            check=False,
            timeout=_PATIENCE_S,
            **quietly(is_patient=True, QT_QPA_PLATFORM="offscreen"),
        )
    except OSError as error:
        raise Unavailable(
            f"The program that draws the weekly pages did not start: {error.strerror}."
        ) from error
    except subprocess.TimeoutExpired as error:
        raise Unavailable(why) from error
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        _log.warning(
            "a weekly page was not drawn (%s): %s",
            done.returncode,
            done.stderr[-2000:].decode(errors="replace"),
        )
        raise Unavailable(why)
    return bytes(done.stdout)
