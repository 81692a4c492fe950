"""Who gets the next lead: in turn, whatever happens, with every rep passed over named."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.domain.lead import Rep, RepStatus, Role
from app.domain.round_robin import round_robin, told, turn_on_return
from app.domain.routing import Decision

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def rep(name: str, status: RepStatus = RepStatus.AVAILABLE, turn: int = 0, **more: object) -> Rep:
    return replace(Rep(id=name, name=name, status=status, status_since=NOON, turn=turn), **more)  # type: ignore[arg-type]


class Round:
    """A floor of reps to whom leads are given as the store does it: the turn goes to the one who got it."""

    def __init__(self, *names: str) -> None:
        self.reps = {name: rep(name) for name in names}

    def give(self) -> str | None:
        chosen = round_robin(list(self.reps.values())).rep
        if chosen is None:
            return None
        top = max(other.turn for other in self.reps.values())
        self.reps[chosen.id] = replace(chosen, turn=top + 1)
        return chosen.id

    def leave(self, name: str) -> None:
        self.reps[name] = replace(self.reps[name], status=RepStatus.AWAY)

    def come_back(self, name: str) -> None:
        turn = turn_on_return(self.reps[name], list(self.reps.values()))
        self.reps[name] = replace(self.reps[name], status=RepStatus.AVAILABLE, turn=turn)


def test_everybody_has_a_turn_before_anybody_has_two() -> None:
    floor = Round("ana", "ben", "cem", "dora")
    given = [floor.give() for _ in range(12)]
    assert given[:4] == ["ana", "ben", "cem", "dora"]
    assert Counter(given) == dict.fromkeys(["ana", "ben", "cem", "dora"], 3)


def test_only_the_available_are_chosen_and_the_others_are_named_with_the_reason() -> None:
    reps = [
        rep("calling", RepStatus.ON_CALL), rep("writing", RepStatus.WRAP_UP), rep("eating", RepStatus.BREAK),
        rep("home", RepStatus.AWAY), rep("gone", active=False), rep("next", turn=1), rep("later", turn=2),
        rep("had it"),
    ]  # fmt: skip
    found = round_robin(reps, tried=("had it",))
    assert found.rep is not None
    assert found.rep.id == "next"
    assert found.why == "round robin, 2 available"
    assert {line.name: line.skipped for line in found.ledger} == {
        "next": "", "calling": "on a call", "writing": "in wrap-up", "eating": "on a break", "home": "away",
        "later": "it was not their turn", "had it": "had it already",
    }  # fmt: skip


def test_nobody_is_an_answer_too() -> None:
    found = round_robin([rep("home", RepStatus.AWAY)])
    assert found == Decision(rep=None, why="nobody was available", ledger=found.ledger)
    assert [line.skipped for line in found.ledger] == ["away"]
    assert round_robin([]).rep is None


def test_the_only_one_is_called_so() -> None:
    assert round_robin([rep("ana")]).why == "the only one available"


def test_who_comes_back_is_not_flooded() -> None:
    floor = Round("ana", "ben", "cem")
    floor.leave("ana")
    for _ in range(40):
        floor.give()
    floor.come_back("ana")
    given = [floor.give() for _ in range(9)]
    assert Counter(given) == {"ana": 3, "ben": 3, "cem": 3}
    assert Counter(given[:3]) == {"ana": 1, "ben": 1, "cem": 1}


def test_who_was_ahead_of_the_others_stays_where_they_are() -> None:
    here = [rep("ana", turn=9), rep("ben", turn=3)]
    assert turn_on_return(here[0], here) == 9
    assert turn_on_return(rep("new", turn=0), [rep("new")]) == 0  # nobody else is at work


def test_those_who_are_told_are_told_whatever_they_do() -> None:
    reps = [
        rep("lead", RepStatus.ON_CALL, role=Role.TEAM_LEAD),
        rep("gone", role=Role.TEAM_LEAD, active=False),
        rep("r"),
    ]
    assert [one.id for one in told(reps, (Role.TEAM_LEAD,))] == ["lead"]


_steps = st.lists(
    st.tuples(st.sampled_from(["give", "leave", "back"]), st.integers(0, 3)), min_size=20, max_size=200
)


@given(_steps)
def test_nobody_gets_two_while_somebody_waits_for_one(steps: list[tuple[str, int]]) -> None:
    """However they come and go: between two leads of one rep, everybody who stayed available had one."""
    names = ["ana", "ben", "cem", "dora"]
    floor = Round(*names)
    owed: dict[str, set[str]] = {name: set() for name in names}
    """For each rep who was available, and stayed so, since their last lead, and was given none."""
    for step, number in steps:
        name = names[number]
        here = {other for other in names if floor.reps[other].status == RepStatus.AVAILABLE}
        if step == "leave":
            floor.leave(name)
            served = name
        elif step == "back":
            if name not in here:
                floor.come_back(name)
            continue
        else:
            chosen = floor.give()
            assert (chosen is None) == (not here)
            if chosen is None:
                continue
            assert not owed[chosen], f"{chosen} had two before {owed[chosen]} had one"
            owed[chosen] = here - {chosen}
            served = chosen
        for others in owed.values():
            others.discard(served)
