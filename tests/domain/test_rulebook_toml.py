"""A rulebook as TOML and back, and what is said of a file that can't be read."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings

from app.domain.durations import read_duration, say_duration
from app.domain.errors import Refused
from app.domain.routes import Member, Team
from app.domain.rulebook import DEFAULT, Rulebook
from app.domain.rulebook_check import flaws
from app.domain.rulebook_toml import from_toml, to_toml
from app.domain.toml_layout import TABLES
from tests.domain.rulebooks import PEOPLE, person, rulebooks


@settings(max_examples=150)
@given(rulebooks())
def test_a_rulebook_is_the_same_after_a_file(rulebook: Rulebook) -> None:
    assert flaws(rulebook, PEOPLE) == ()
    assert from_toml(to_toml(rulebook, PEOPLE), PEOPLE) == rulebook


def test_every_field_of_a_rulebook_is_in_a_file() -> None:
    told = [name for table in TABLES for name in (*table.fields, *(field for _, field, _ in table.many))]
    assert sorted(told) == sorted({field.name for field in fields(Rulebook)} - {"name", "version"})


def test_a_file_reads_well() -> None:
    team = Team(name="North", members=(Member(rep="a1"), Member(rep="d4", weight=2)))
    text = to_toml(replace(DEFAULT, teams=(team,)), PEOPLE)
    for line in (
        'sla = "60 s"',
        'sla = "1 h"',
        'half_life = "3 d"',
        '    { kind = "team_lead", after = "30 s" },',
        '    { person = "Ana Pereira" },',
        '    { person = "d4", weight = 2 },',  # two are called so
    ):
        assert line in text.splitlines()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (45, "45 s"), (60, "60 s"), (90, "1 min 30 s"), (900, "15 min"), (3600, "1 h"), (5400, "1 h 30 min"),
        (86400, "1 d"), (-30, "-30 s"), (0.5, "0.5 s"), (-5400, "-1 h 30 min"),
    ],
)  # fmt: skip
def test_lengths_of_time(seconds: float, words: str) -> None:
    assert say_duration(seconds) == words
    assert read_duration(words) == seconds


@pytest.mark.parametrize("words", ["", "soon", "15", "15 m", "1 h and more", "h", "min 5", "- 5 s 3"])
def test_what_is_no_length_of_time(words: str) -> None:
    with pytest.raises(ValueError, match=f"^{words}$"):
        read_duration(words)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = "A"\nname = "B"\n', "Line 2: this is no TOML"),
        ('name = "A"\n[score\n', "Line 2: this is no TOML"),
        ('nam = "A"\n', "Line 1: a rulebook knows nothing of “nam”. Did you mean “name”?"),
        ("\nname = 3\n", "Line 2: this is a text: write it in quotes."),
        ("[score]\nfit_most = 1.5\n", "Line 2: this is a whole number"),
        ('[[rule]]\nreason = "x"\nfield = "ask"\n', "Line 1: a rule needs “points”."),
        (
            '[[rule]]\nreason = "x"\nfield = "ask"\npoints = 3\n\n[[rule]]\nreson = "y"\n',
            "Line 7: a rule knows",
        ),
        (
            '[[rule]]\nreason = "x"\nfield = "ask"\npoints = 3\nhalf_life = "a week"\n',
            "Line 5: “a week” is no length",
        ),
        (
            '[[tier]]\ntier = "HOTT"\nat_least = 3\nsla = "60 s"\n',
            "Line 2: “HOTT” is not known here. Write one of HOT",
        ),
        ('[[tier]]\ntier = "HOT"\nat_least = true\nsla = "60 s"\n', "Line 3: this is a whole number"),
        (
            '[[team]]\nname = "N"\nmembers = [\n  { person = "Ana" },\n]\n',
            "Line 4: nobody on this floor is called “Ana”",
        ),
        (
            '[[team]]\nname = "N"\nmembers = [{ person = "Sam Lee" }]\n',
            "2 people are called “Sam Lee”. .* d4 or e5",
        ),
        ('[[calendar]]\nname = "O"\n[calendar.week]\nmonday = ["9 to 5"]\n', "Line 4: “9 to 5” are no hours"),
        (
            '[[calendar]]\nname = "O"\n[calendar.week]\nmoonday = []\n',
            "Line 4: a week knows nothing of “moonday”",
        ),
        (
            '[[route]]\nname = "R"\n[route.when]\ntier = ["HOT"]\n',
            "Line 4: the conditions .* Did you mean “tiers”",
        ),
        ("[rule]\npoints = 3\n", r"Line 1: there may be several of “rule”: write \[\[rule\]\]"),
        ("order = 3\n", r"“order” is a table: write \[order\]"),
        ("[order]\nchances = [[1, 2, 3]]\n", "Line 2: each of chances has 2 values"),
        ("[order.curve]\nodds = 'x'\n", "Line 2: this is a number"),
        (
            '[[calendar]]\nname = "O"\ndays = [{ on = "2026-12-25" }]\n[calendar.week]\n',
            "like 2026-12-25, without",
        ),
    ],
)
def test_what_cant_be_read_is_said_with_its_line(text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        from_toml(text, PEOPLE)


def test_people_may_be_written_by_id_and_by_a_name_in_any_letters() -> None:
    text = '[[shift]]\nname = "Early"\ncalendar = "O"\npeople = ["ana  PEREIRA", "e5"]\n'
    (shift,) = from_toml(text, PEOPLE).shifts
    assert shift.reps == ("a1", "e5")


def test_a_name_that_is_anothers_id_is_not_taken_for_them() -> None:
    people = (person("x", "Ana"), person("Ana", "Ben"))
    rulebook = replace(DEFAULT, teams=(Team(name="N", members=(Member(rep="x"),)),))
    assert from_toml(to_toml(rulebook, people), people) == rulebook
