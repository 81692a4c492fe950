"""Whether what many desks were answered can be explained by one order of events: a checker of linearizability.

Each thing that a desk said is an `Op` with the moment it was begun and the moment its answer came. A history is good
if the ops can be put in an order that contradicts no clock (one that was answered before another was begun comes
before it) and in which a single floor, doing one after the other, would have answered each the same. An op whose
answer never came may have taken effect at any time after it was begun, or never.

This is Wing and Gong's search with Lowe's memory of states already tried. Leads do not depend on each other here, so
each lead's history is judged by itself, which keeps the search short.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

State = TypeVar("State", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Op:
    """Something that a desk said of one key."""

    key: Hashable
    who: str
    name: str
    said: Hashable = None
    began: float
    ended: float = math.inf
    answer: Hashable = field(default=None)
    """None with `ended` infinite: nobody ever heard."""

    @property
    def is_open(self) -> bool:
        return self.ended == math.inf


Rule = Callable[[State, Op], tuple[State, Hashable]]
"""What one floor does with an op: (state after, answer)."""


def bad_keys(ops: Iterable[Op], start: State, rule: Rule[State]) -> dict[Hashable, list[Op]]:
    """The keys whose history no single floor explains, with that history."""
    by_key: defaultdict[Hashable, list[Op]] = defaultdict(list)
    for op in ops:
        by_key[op.key].append(op)
    return {key: history for key, history in by_key.items() if not is_linearizable(history, start, rule)}


def is_linearizable(history: list[Op], start: State, rule: Rule[State]) -> bool:
    """Whether one order of these ops explains every answer."""
    ops = sorted(history, key=lambda op: op.began)
    needed = sum(1 << n for n, op in enumerate(ops) if not op.is_open)
    todo: list[tuple[int, State]] = [(0, start)]
    seen: set[tuple[int, State]] = {(0, start)}
    while todo:
        done, state = todo.pop()
        if done & needed == needed:
            return True
        # The next one must have begun before the first answer among those that are left.
        latest = min(op.ended for n, op in enumerate(ops) if not done >> n & 1)
        for n, op in enumerate(ops):
            if op.began > latest:
                break
            if done >> n & 1:
                continue
            after, answer = rule(state, op)
            if not op.is_open and answer != op.answer:
                continue
            reached = (done | 1 << n, after)
            if reached not in seen:
                seen.add(reached)
                todo.append(reached)
    return False
