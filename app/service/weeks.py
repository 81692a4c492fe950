"""Freezing a week, disputing a score, answering: what is frozen is never touched again, all else stands beside it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from math import isfinite

from app.clock import new_id
from app.codec import encode
from app.domain.command import Made
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.hours import zone_of
from app.domain.lead import Role
from app.domain.roles import MACHINES, Machine, may
from app.domain.rulebook import Rulebook
from app.domain.sight import Viewer
from app.domain.tidy import text as tidied
from app.domain.week import (
    AnswerDispute,
    Dispute,
    DisputeScore,
    FreezeWeek,
    FrozenPage,
    FrozenWeek,
    FrozenWeeks,
    WeekLine,
    WeekPage,
    WeekShelf,
    bytes_of,
    digest_of,
    page_of,
)
from app.domain.week_count import Late, counted, later, span_of
from app.domain.week_events import DisputeAnswered, ScoreDisputed
from app.domain.week_page import pages
from app.service.post import tell_week
from app.store import weeks
from app.store.reading import Reading
from app.store.weeks import Said
from app.store.writing import Writing

_LONGEST = 2000
"""Letters of a dispute, and of an answer."""


def freeze(w: Writing, command: FreezeWeek) -> Made:
    """Keep a week as it is now. Raises Refused for one that is not over."""
    rulebook = w.rulebook()
    zone = zone_of(rulebook.calendars)
    since, until = span_of(command.week, zone)
    if until > w.now:
        raise Refused(f"The week {command.week} is not over.", "Too early")
    w.alone(f"week {command.week}")
    standing = weeks.hashes(w, command.week)
    if standing:
        return Made(id=digest_of(standing))
    people = {rep.id: rep for rep in w.reps()}
    lines = counted(weeks.deeds(w, since, until), rulebook, people.values(), since, until)
    head = w.head()[0]
    made = pages(command.week, lines, rulebook, people, (since, until), w.now, head)
    kept = tuple((page.rep_id, bytes_of(page)) for page in made)
    event = weeks.freeze(w, command.week, kept, head, rulebook.version)
    w.record(event)
    review = rulebook.scorecard.review
    if review.is_sent:
        tell_week(w, command.week, tuple(rep_id for rep_id, _ in kept), review.floor_to, w.floor_row().name)
    return Made(id=event.digest)


def dispute(w: Writing, command: DisputeScore) -> Made:
    """Say that one's own score is wrong."""
    if command.rep_id != w.actor:
        raise NotAllowed("A score is disputed by whose it is.", "Not yours")
    if weeks.page(w, command.week, command.rep_id) is None:
        raise NotFound(f"You have no page of the week {command.week}.")
    about = " ".join(tidied(command.about).split())[:80]
    said = Said(
        id=(made := new_id()), dispute_id=made, week=command.week, rep_id=command.rep_id, about=about,
        text=_words(command.text), accepted=False, points=0.0, at=w.now, by=w.actor,
    )  # fmt: skip
    weeks.say(w, said)
    w.record(ScoreDisputed(dispute_id=made, week=command.week, sha256=_sha256(said)))
    return Made(id=made)


def answer(w: Writing, command: AnswerDispute) -> Made:
    """Answer somebody else's dispute, once."""
    w.alone(f"dispute {command.dispute_id}")
    found = weeks.said_of(w, command.dispute_id)
    if not found:
        raise NotFound("That dispute is not on this floor.")
    first = found[0]
    if len(found) > 1:
        raise Refused("This dispute has been answered.", "Answered already")
    if first.rep_id == w.actor:
        raise NotAllowed("Somebody else answers your dispute.", "Your own")
    if not isfinite(command.points) or abs(command.points) > 100:
        raise Refused("A score is corrected by 100 points at most.", "Too many points")
    if command.points and not command.accepted:
        raise Refused("Points are given with a dispute that is accepted.", "Not accepted")
    said = first._replace(
        id=new_id(), about="", text=_words(command.text), accepted=command.accepted,
        points=round(command.points, 1), at=w.now, by=w.actor,
    )  # fmt: skip
    weeks.say(w, said)
    w.record(DisputeAnswered(dispute_id=first.id, week=first.week, sha256=_sha256(said)))
    return Made(id=said.id)


def _words(typed: str) -> str:
    words = tidied(typed)
    if not words:
        raise Refused("Say it in a few words.", "Nothing said")
    if len(words) > _LONGEST:
        raise Refused(f"Say it in {_LONGEST:,} letters.", "Too long")
    return words


def _sha256(said: Said) -> str:
    return hashlib.sha256(encode(said)).hexdigest()


# -- questions


def shelf(r: Reading, question: FrozenWeeks, who: Viewer) -> WeekShelf:
    """The weeks with the pages that this viewer may see."""
    rulebook = r.rulebook()
    names = _names(r)
    found: dict[str, WeekLine] = {}
    for line in weeks.lines(r):
        if not _sees(rulebook, who, line.rep_id):
            continue
        page = (line.rep_id, names.get(line.rep_id, "") if line.rep_id else "")
        before = found.get(line.week)
        found[line.week] = WeekLine(
            week=line.week, frozen_at=line.frozen_at, by=names.get(line.frozen_by, ""), rulebook=line.rulebook,
            head=line.head, pages=(*before.pages, page) if before else (page,),
        )  # fmt: skip
    return WeekShelf(
        weeks=tuple(found.values()),
        zone=zone_of(rulebook.calendars),
        review=rulebook.scorecard.review,
        since=r.floor_row().started_at,
        may_freeze=may(who.standing, FreezeWeek),
        may_answer=may(who.standing, AnswerDispute),
    )


def page(r: Reading, question: FrozenWeek, who: Viewer) -> FrozenPage:
    """A page with what stands beside it. Raises NotFound and NotAllowed."""
    span_of(question.week, "UTC")
    if not _sees(r.rulebook(), who, question.rep_id):
        raise NotAllowed("This page is for whose it is, and for who leads them.", "Not yours to see")
    kept = weeks.page(r, question.week, question.rep_id)
    if kept is None:
        raise NotFound(f"There is no such page of the week {question.week}.")
    names = _names(r)
    return FrozenPage(
        body=kept.body,
        sha256=kept.sha256,
        is_whole=weeks.is_whole(r, kept),
        frozen_at=kept.frozen_at,
        late=_late(r, page_of(kept.body)),
        disputes=_disputes(weeks.said(r, question.week, question.rep_id), names),
    )


def _late(r: Reading, page: WeekPage) -> tuple[Late, ...]:
    """What the page's rule would count now and did not, or not so, when it was frozen."""
    asked = page.report.asked
    rulebook = r.rulebook_of(page.rulebook) or r.rulebook()
    now = counted(weeks.deeds(r, asked.since, asked.until), rulebook, r.reps(), asked.since, asked.until)
    return later(page.counted, (one for one in now if page.rep_id in ("", one.rep_id)))


def _disputes(said: tuple[Said, ...], names: dict[str, str]) -> tuple[Dispute, ...]:
    answers = {one.dispute_id: one for one in said if one.id != one.dispute_id}
    found = []
    for one in said:
        if one.id != one.dispute_id:
            continue
        dispute = Dispute(
            id=one.id, week=one.week, rep_id=one.rep_id, rep_name=names.get(one.rep_id, ""), about=one.about,
            text=one.text, said_at=one.at,
        )  # fmt: skip
        answer = answers.get(one.id)
        if answer is not None:
            dispute = replace(
                dispute, answer=answer.text, accepted=answer.accepted, points=answer.points,
                answered_at=answer.at, answered_by=names.get(answer.by, ""),
            )  # fmt: skip
        found.append(dispute)
    return tuple(found)


def _sees(rulebook: Rulebook, who: Viewer, rep_id: str) -> bool:
    """Who runs the floor sees every page, everybody their own, and a team lead those of their teams; one who is in
    no team leads them all."""
    if who.standing in (Role.MANAGER, Role.OWNER) or isinstance(who.standing, Machine):
        return True
    if rep_id and rep_id == who.actor:
        return True
    if who.standing is not Role.TEAM_LEAD:
        return False
    teams = [{member.rep for member in team.members} for team in rulebook.teams]
    mine = [team for team in teams if who.actor in team]
    return not mine or any(rep_id in team for team in mine)


def _names(r: Reading) -> dict[str, str]:
    """What an actor is called."""
    machines = {word: machine.value for word, machine in MACHINES.items()}
    return machines | {rep.id: rep.name for rep in r.reps()}
