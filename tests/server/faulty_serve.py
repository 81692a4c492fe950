"""The program with three mistakes built in, each of which says in its error what it was given."""

from __future__ import annotations

import sys
from typing import Any

from app.boot import main
from app.channels import json_
from app.domain import commands as c
from app.domain.inquiry import Draft, Inquiry
from app.service.handle import USE_CASES
from app.store.writing import Writing

READING, KEEPING, NOTING = "stumble in reading", "stumble in keeping", "stumble in noting"
"""What has to stand in an inquiry or a note for the program to make its mistake there."""
_read, _capture, _note = json_.read, USE_CASES[c.CaptureInquiry], USE_CASES[c.AddNote]


def read(inquiry: Inquiry) -> Draft:
    if READING.encode() in inquiry.raw:
        raise ValueError(f"what is {inquiry.raw.decode()}?")
    return _read(inquiry)


def capture(w: Writing, command: c.CaptureInquiry) -> Any:
    if KEEPING.encode() in command.inquiry.raw:
        try:
            raise KeyError(command.inquiry.raw.decode())
        except KeyError as error:
            raise RuntimeError(repr(command)) from error
    return _capture(w, command)


def note(w: Writing, command: c.AddNote) -> Any:
    if NOTING in command.text:
        raise RuntimeError(command.text)
    return _note(w, command)


if __name__ == "__main__":
    json_.read = read
    USE_CASES.update({c.CaptureInquiry: capture, c.AddNote: note})
    sys.exit(main(sys.argv[1:]))
