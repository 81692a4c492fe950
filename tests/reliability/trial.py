"""What a trial of reliability is: a test with an id of the plan, a size, a seed, and results that go into a table.

    @pytest.mark.trial("R5", ci=50, full=1000, unit="histories")
    def test_what_it_shows(trial: Trial) -> None:
        for _ in range(trial.size):
            ...trial.random...
        trial.found(histories=trial.size, bad_keys=0)

The marker says one id or several, then: `ci`, the size of `python3 tests reliability`; `full`, that of `--full`;
`unit`, what is counted; and, where the size of `ci` would be long for everyday, `short`, that of plain
`python3 tests` and of pytest by itself. A test that cannot be cut into pieces says no size: it is 1 of `unit`.

The words of the command line come as environment variables, so that pytest alone understands them too:
FIRSTRING_TRIALS (`ci`, `full`), FIRSTRING_SIZE (instead of any of them), FIRSTRING_SEED, FIRSTRING_SHARD (`2/5`),
FIRSTRING_ONLY (`R5 R6`), and FIRSTRING_KEEP, a file to which each result is added as a line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

Number = int | float


@dataclass
class Trial:
    """One run of one trial."""

    ids: tuple[str, ...]
    what: str
    size: int
    """How much of `unit` this run takes: the size asked for, or the shard's share of it."""
    unit: str
    seed: int
    measures: bool = False
    """Whether it was asked for as a trial, on a machine that has time for it. Among the other tests, with who knows
    what beside them, no wall time is held against anybody."""
    verdict: str = ""
    """ok, FAILED, or why it was skipped; "" until it is over."""
    seconds: float = 0.0
    sums: dict[str, Number] = field(default_factory=dict)
    peaks: dict[str, Number] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def found(self, **counts: Number) -> None:
        """Results by name, for the table. What is found again under the same name adds up."""
        for name, count in counts.items():
            self.sums[name] = self.sums.get(name, 0) + count

    def worst(self, **values: Number) -> None:
        """Results of which the greatest counts, such as waiting times."""
        for name, value in values.items():
            self.peaks[name] = max(self.peaks.get(name, value), value)

    def within(self, limit: float, **values: Number) -> None:
        """Like `worst`, and none of them may be above the limit, where this run measures."""
        self.worst(**values)
        over = {name: value for name, value in values.items() if value > limit}
        assert not (over and self.measures), f"more than {limit}: {over}"

    def share(self, part: float) -> int:
        """Take only this part of the size (at least one), where a database makes it slow; the new size."""
        self.size = max(1, round(self.size * part))
        return self.size


@dataclass(frozen=True)
class Asked:
    """What the words of the command line ask for."""

    sizes: str
    """`short`, `ci` or `full`."""
    size: int | None
    """Instead of all of these, for every trial."""
    seed: int | None
    shard: tuple[int, int]
    only: frozenset[str]
    keep: Path | None


def asked(words: Mapping[str, str] = os.environ) -> Asked:
    """Raises ValueError, in words, for a shard or a size that is none."""
    sizes = words.get("FIRSTRING_TRIALS") or "short"
    if sizes not in ("short", "ci", "full"):
        raise ValueError(f"FIRSTRING_TRIALS is {sizes!r}; it is ci or full")
    written = words.get("FIRSTRING_SHARD") or "1/1"
    fits = re.fullmatch(r"(\d+)/(\d+)", written)
    shard = (int(fits[1]), int(fits[2])) if fits else (0, 0)
    if not 1 <= shard[0] <= shard[1]:
        raise ValueError(f"a shard is written 2/5, which {written!r} is not")
    seed = words.get("FIRSTRING_SEED")
    size = words.get("FIRSTRING_SIZE")
    keep = words.get("FIRSTRING_KEEP")
    return Asked(
        sizes=sizes,
        size=int(size) if size else None,
        seed=int(seed) if seed else None,
        shard=shard,
        only=frozenset((words.get("FIRSTRING_ONLY") or "").split()),
        keep=Path(keep) if keep else None,
    )


def planned(
    name: str,
    ids: tuple[str, ...],
    wish: Asked,
    *,
    ci: int = 1,
    full: int | None = None,
    short: int | None = None,
    unit: str = "",
) -> Trial:
    """The trial of this name in the size asked for. Its size is 0 where this shard has no share of it."""
    whole = wish.size or {"short": short or ci, "ci": ci, "full": full or ci}[wish.sizes]
    at, of = wish.shard
    size = whole * at // of - whole * (at - 1) // of
    # From the name, so that a run can be repeated; a shard is there to try something else than the others.
    seed = zlib.crc32(f"{name} {at}".encode()) % 10**6 if wish.seed is None else wish.seed
    return Trial(
        ids=ids,
        what=told(name),
        size=size,
        unit=unit or ("piece" if whole == 1 else ""),
        seed=seed,
        measures=wish.sizes != "short",
    )


def told(name: str) -> str:
    """A test's name as words: `test_nobody_twice[sqlite]` is `nobody twice [sqlite]`."""
    plain, _, rest = name.removeprefix("test_").partition("[")
    return plain.replace("_", " ") + (f" [{rest}" if rest else "")


def keep(trial: Trial, file: Path) -> None:
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(asdict(trial)) + "\n")


def kept(files: Iterable[Path]) -> list[Trial]:
    """What the files hold, the shards of a trial put together."""
    trials: dict[tuple[object, ...], Trial] = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            one = Trial(**json.loads(line))
            key = (tuple(one.ids), one.what)
            if key not in trials:
                trials[key] = one
                continue
            all_ = trials[key]
            all_.size += one.size
            all_.seconds += one.seconds
            all_.found(**one.sums)
            all_.worst(**one.peaks)
            if one.verdict != "ok":
                all_.verdict = one.verdict
    return sorted(trials.values(), key=order)


def order(trial: Trial) -> tuple[int, str]:
    return int(re.sub(r"\D", "", trial.ids[0]) or 0), trial.what


def rows(trials: Iterable[Trial]) -> list[tuple[str, ...]]:
    """The table: a row of headings, then one a trial."""
    return [("id", "what", "size", "seed", "seconds", "found", "verdict")] + [
        (
            ", ".join(trial.ids),
            trial.what,
            f"{trial.size:,} {trial.unit}".strip(),
            str(trial.seed),
            f"{trial.seconds:.1f}",
            ", ".join(
                [f"{name.replace('_', ' ')} {_short(value)}" for name, value in trial.sums.items()]
                + [f"{name.replace('_', ' ')} ≤ {_short(value)}" for name, value in trial.peaks.items()]
            ),
            trial.verdict,
        )
        for trial in sorted(trials, key=order)
    ]


def lines(trials: Iterable[Trial]) -> list[str]:
    """The table for a terminal."""
    table = rows(trials)
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def markdown(trials: Iterable[Trial]) -> list[str]:
    """The table for a document."""
    head, *body = rows(trials)
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *body)]


def _short(value: Number) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"
