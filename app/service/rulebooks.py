"""Rulebooks: the one in force, those that were, and the draft of the next.

A draft may be flawed for as long as it is one; what is put in force is checked as a whole first. A version that was
in force never changes: the next one gets the next number.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.commands import DropDraft, Made, PublishRulebook, SaveDraft
from app.domain.errors import NotFound, Refused
from app.domain.events import RulebookPublished
from app.domain.public_holidays import with_holidays
from app.domain.questions_rulebook import RulebookOf, Rulebooks, RulebookShelf
from app.domain.rulebook import Rulebook
from app.domain.rulebook_check import flaws
from app.service.people import names_of
from app.store import drafts
from app.store.reading import Reading
from app.store.writing import Writing


def publish(w: Writing, command: PublishRulebook) -> Made:
    """Put a rulebook in force under the next number; the draft, which it was, is gone. Raises Refused."""
    for flaw in flaws(command.rulebook, w.reps()):
        raise Refused(flaw.text, "Not published")
    year = w.now.year
    calendars = tuple(with_holidays(calendar, year) for calendar in command.rulebook.calendars)
    rulebook = replace(command.rulebook, calendars=calendars, version=w.rulebook().version + 1)
    w.publish(rulebook)
    drafts.save(w, None)
    w.record(
        RulebookPublished(version=rulebook.version, name=rulebook.name, by_name=names_of(w).get(w.actor, ""))
    )
    return Made(id=str(rulebook.version))


def save_draft(w: Writing, command: SaveDraft) -> Made:
    """Keep the draft; Refused when somebody else saved one that whoever writes has not seen."""
    standing = drafts.draft(w) if command.seen is not None else None
    if standing and command.seen and standing.by != w.actor and standing.at > command.seen:
        who = names_of(w).get(standing.by, "somebody")
        text = f"Meanwhile {who} saved a draft. Look at it first, then say which one holds."
        raise Refused(text, "Somebody else wrote too")
    drafts.save(w, command.rulebook)
    return Made(id="draft")


def drop_draft(w: Writing, command: DropDraft) -> Made:
    drafts.save(w, None)
    return Made(id="draft")


def shelf(r: Reading, question: Rulebooks) -> RulebookShelf:
    names = names_of(r)
    live = r.rulebook()
    versions = tuple(replace(one, by=names.get(one.by, "")) for one in drafts.versions(r))
    mine = next(one for one in versions if one.version == live.version)
    drafted = drafts.draft(r)
    return RulebookShelf(
        live=live,
        live_since=mine.published_at,
        live_by=mine.by,
        draft=drafted.rulebook if drafted else None,
        draft_since=drafted.at if drafted else None,
        draft_by=names.get(drafted.by, "") if drafted else "",
        versions=versions,
    )


def rulebook_of(r: Reading, question: RulebookOf) -> Rulebook:
    found = r.rulebook_of(question.version)
    if found is None:
        raise NotFound(f"No rulebook {question.version} was ever in force on this floor.")
    return found
