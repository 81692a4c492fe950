"""A floor of any number of leads over three years, filled by its database itself; about five events for a lead.

What the leads are is reckoned from their number, so that the same size is the same floor on both databases.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from app.codec import encode_text
from app.domain.events import AttemptStarted, LeadCaptured, LeadClaimed, OutcomeLogged
from app.domain.inquiry import Origin
from app.domain.lead import AttemptKind, Outcome
from app.store.book import Book, start_floor
from app.store.instants import micros
from app.store.rows import origin_id

__all__ = ["NOW", "SINCE", "fill"]

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=3 * 365)
REPS = 40
_MEDIUMS = ("google", "facebook", "referral", "trade show", "newsletter")
_CAMPAIGNS = ("spring", "summer", "autumn", "brand")
_ADS = ("a", "b", "c")
_SECOND, _DAY = 1_000_000, 86_400_000_000
_HASH = "0" * 64


def _dice(number: int, sides: str) -> str:
    """A number from 0 to below `sides` that a lead has by its own number: one of many that have nothing to do with
    each other, by the generator of Park and Miller."""
    return f"((n * {48271 + 2 * number * 16807} % 2147483647) * 16807 % 2147483647 % ({sides}))"


def fill(address: str, leads: int) -> None:
    """Start a floor and give it so many leads."""
    start_floor(address, "Bench", SINCE)
    book = Book(address)
    try:
        with book._writer.begin() as db:
            _Filling(db, book.is_sqlite, leads).run()
        if not book.is_sqlite:
            with book._writer.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
                for table in ("leads", "events", "attempts", "clocks", "origins"):
                    db.execute(text(f"VACUUM ANALYZE {table}"))  # as PostgreSQL does by itself by and by
    finally:
        book.close()


class _Filling:
    """The statements, in the words of either database."""

    def __init__(self, db: Connection, is_sqlite: bool, leads: int) -> None:
        self._db = db
        self._is_sqlite = is_sqlite
        self._leads = leads

    def run(self) -> None:
        if not self._is_sqlite:
            self._say("SET LOCAL statement_timeout = 0")
            self._say("SET LOCAL session_replication_role = replica")  # events are numbered here
        self._origins()
        self._reps()
        self._seeds()
        self._say(self._lead_rows())
        self._say(self._clock_rows())
        self._say(self._call_back_rows())
        for number in range(3):
            self._say(self._attempt_rows(number))
        last = self._events()
        self._say("UPDATE feed SET last = :last, head = :head", last=last, head=_HASH)
        self._say("DROP TABLE seed")

    def _say(self, statement: str, **values: Any) -> None:
        self._db.execute(text(statement), values)

    def _id(self, of: str, number: str = "n") -> str:
        """The id of a row, in the order of its number."""
        hexed = f"printf('%012x', {number})" if self._is_sqlite else f"lpad(to_hex({number}), 12, '0')"
        return f"'0193{of}-0000-7000-8000-' || {hexed}"

    def _at(self, micro: str) -> str:
        """An instant as the database keeps it."""
        if self._is_sqlite:
            return micro
        return f"(timestamptz 'epoch' + ({micro}) * interval '1 microsecond')"

    def _no(self) -> str:
        return "0" if self._is_sqlite else "false"

    def _origins(self) -> None:
        rows = []
        for place, (medium, campaign, ad) in enumerate(
            (m, c, a) for m in _MEDIUMS for c in _CAMPAIGNS for a in _ADS
        ):
            number = origin_id("json", Origin(medium=medium, campaign=campaign, ad=ad))
            rows.append({"id": number, "m": medium, "c": campaign, "a": ad, "place": place})
        self._db.execute(
            text("INSERT INTO origins (id, channel, medium, campaign, ad) VALUES (:id, 'json', :m, :c, :a)"),
            rows,
        )
        self._say("CREATE TEMP TABLE place (place int PRIMARY KEY, id bigint)")
        self._db.execute(text("INSERT INTO place VALUES (:place, :id)"), rows)

    def _reps(self) -> None:
        yes = "1" if self._is_sqlite else "true"
        for n in range(REPS):
            self._say(
                "INSERT INTO reps (id, version, name, role, status, status_since, turn, active) "
                f"VALUES ({self._id('0001', str(n))}, 1, 'Rep {n}', 'rep', 'available', "
                f"{self._at(str(micros(SINCE)))}, {n}, {yes})"
            )

    def _seeds(self) -> None:
        """By number: when each lead came, was called, was talked to, got an appointment and ended; microseconds."""
        numbers = (
            "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :leads)"
            if self._is_sqlite
            else "WITH number AS (SELECT generate_series(CAST(1 AS bigint), :leads) AS n)"
        )
        step = (micros(NOW) - micros(SINCE)) // self._leads
        wait = f"""CASE WHEN d < 30 THEN 10 + {_dice(1, "290")} WHEN d < 60 THEN 300 + {_dice(2, "3300")}
            WHEN d < 85 THEN 3600 + {_dice(3, "82800")} WHEN d < 92 THEN 86400 + {_dice(4, "864000")} END"""
        now, day, second = micros(NOW), _DAY, _SECOND
        self._say(
            f"""CREATE TEMP TABLE seed AS {numbers}
            , captured AS (
                SELECT n, {micros(SINCE)} + n * {step} + {_dice(5, str(step))} - {step} AS at, {_dice(6, "100")} AS d,
                       {_dice(7, "100")} AS c, {_dice(8, "100")} AS b, {_dice(9, "100")} AS e,
                       {_dice(10, "60")} AS place
                FROM number
            ), called AS (
                SELECT captured.*, CASE WHEN at + ({wait}) * {second} < {now} THEN at + ({wait}) * {second} END AS call
                FROM captured
            ), talked AS (
                SELECT called.*, CASE WHEN c < 48 THEN call + {_dice(11, "5")} * {day} + 60 * {second} END AS talk
                FROM called
            ), booked AS (
                SELECT talked.*, CASE WHEN b < 30 THEN talk + {_dice(12, "3")} * {day} + {second} END AS booked,
                       at + (11 + {_dice(13, "40")}) * {day} AS ended
                FROM talked
            )
            SELECT n, at, call, talk, booked, place,
                   CASE WHEN ended >= {now} THEN NULL ELSE ended END AS ended,
                   CASE WHEN ended >= {now} THEN CASE WHEN booked IS NOT NULL THEN 'prospect'
                            WHEN call IS NOT NULL THEN 'working' ELSE 'new' END
                        WHEN talk IS NOT NULL AND e < 9 THEN 'won' WHEN e < 20 THEN 'unfit' ELSE 'lost' END AS stage
            FROM booked""",
            leads=self._leads,
        )

    def _lead_rows(self) -> str:
        at = self._at
        rep = self._id("0001", f"n % {REPS}")
        met = f"CASE WHEN call - at <= 300 * {_SECOND} THEN 1 ELSE 0 END"
        columns = {
            "id": self._id("0002"), "version": "5", "name": "'Person ' || n", "company": "'Firm ' || n % 5000",
            "title": "'Head of operations'", "email": "'person' || n || '@firm.example'", "phone": "'+1303' || n",
            "email_key": "'person' || n || '@firm.example'", "phone_key": "'+1303' || n", "city": "'Denver'",
            "words": "'person ' || n || ' firm ' || n % 5000",
            "country": "CASE n % 4 WHEN 0 THEN 'DE' WHEN 1 THEN 'GB' ELSE 'US' END", "no_call": self._no(),
            "no_email": self._no(), "ask": "'Need pricing for 40 pallet bays before Friday, can someone call me?'",
            "channel": "'json'", "medium": "o.medium", "campaign": "o.campaign", "ad": "o.ad", "is_test": self._no(),
            "captured_at": at("at"), "tier": "CASE n % 7 WHEN 0 THEN 'HOT' WHEN 1 THEN 'WARM' ELSE 'COLD' END",
            "score": "n % 100", "rulebook": "1", "sla_seconds": "300", "deadline": at(f"at + 300 * {_SECOND}"),
            "clock": f"CASE {met} WHEN 1 THEN 'met' ELSE 'breached' END", "stage": "stage",
            "owner": f"CASE WHEN call IS NULL THEN '' ELSE {rep} END",
            "attempts": "CASE WHEN call IS NULL THEN 0 ELSE 1 + n % 3 END", "first_attempt_at": at("call"),
            "contact_at": at("talk"), "booked_at": at("booked"), "closed_at": at("ended"),
            "amount": "CASE WHEN stage = 'won' THEN 100000 + n % 900000 END", "origin": "p.id", "last_origin": "p.id",
            "qualified_at": at("CASE WHEN booked IS NOT NULL THEN booked WHEN stage = 'won' THEN ended END"),
            "first_call_at": at("call"), "first_call_by": f"CASE WHEN call IS NULL THEN '' ELSE {rep} END",
            "first_call_worked": "(call - at) / 3", "clocks": "CASE n % 10 WHEN 0 THEN 2 ELSE 1 END",
            "clocks_met": met, "clocks_breached": f"1 - {met}",
            "escalated_at": f"CASE WHEN {met} = 0 AND n % 3 = 0 THEN {at(f'at + 400 * {_SECOND}')} END",
        }  # fmt: skip
        return (
            f"INSERT INTO leads ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
            "FROM seed JOIN place p ON p.place = seed.place JOIN origins o ON o.id = p.id ORDER BY n"
        )

    def _clock_rows(self) -> str:
        at, met = self._at, f"call - at <= 300 * {_SECOND}"
        columns = {
            "id": self._id("0003"), "lead_id": self._id("0002"), "started_at": at("at"),
            "deadline": at(f"at + 300 * {_SECOND}"), "state": f"CASE WHEN {met} THEN 'met' ELSE 'breached' END",
            "ended_at": f"CASE WHEN {met} THEN {at('call')} ELSE {at(f'at + 300 * {_SECOND}')} END",
            "is_test": self._no(), "seconds": "300", "rulebook": "1",
        }  # fmt: skip
        return f"INSERT INTO clocks ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM seed ORDER BY n"

    def _call_back_rows(self) -> str:
        """A promised call-back for every tenth lead."""
        at = self._at
        columns = {
            "id": self._id("0008"), "lead_id": self._id("0002"), "started_at": at("at"), "kind": "'call_back'",
            "deadline": at(f"at + {_DAY}"), "state": "CASE n % 3 WHEN 0 THEN 'breached' ELSE 'met' END",
            "ended_at": at(f"at + {_DAY}"), "is_test": self._no(), "seconds": "300", "rulebook": "1",
        }  # fmt: skip
        some = "FROM seed WHERE n % 10 = 0 ORDER BY n"
        return f"INSERT INTO clocks ({', '.join(columns)}) SELECT {', '.join(columns.values())} {some}"

    def _attempt_rows(self, number: int) -> str:
        """The first, second or third call of each lead that has it; the last one is the talk, where there was one."""
        at = self._at
        began = f"call + {number} * {_DAY}"
        last = f"n % 3 = {number}"
        columns = {
            "id": self._id("0004", f"n * 3 + {number}"), "lead_id": self._id("0002"),
            "rep_id": self._id("0001", f"n % {REPS}"), "kind": "'call'", "number": str(number + 1),
            "started_at": at(began), "ended_at": at(f"{began} + 90 * {_SECOND}"),
            "outcome": f"CASE WHEN {last} AND booked IS NOT NULL THEN 'booked' WHEN {last} AND talk IS NOT NULL "
            "THEN 'call_back' ELSE 'no_answer' END",
            "outcome_at": at(f"{began} + 100 * {_SECOND}"), "undone": self._no(), "is_test": self._no(),
        }  # fmt: skip
        return (
            f"INSERT INTO attempts ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
            f"FROM seed WHERE call IS NOT NULL AND n % 3 >= {number} ORDER BY n"
        )

    def _events(self) -> int:
        """Captured, clock started, claimed, called and what came of it; the number of the last."""
        deadline = (
            f"strftime('%Y-%m-%dT%H:%M:%SZ', at / {_SECOND} + 300, 'unixepoch')"
            if self._is_sqlite
            else f"""to_char(to_timestamp(at / {_SECOND} + 300) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
        )
        rep, attempt = self._id("0001", f"n % {REPS}"), self._id("0004", "n * 3")
        captured = encode_text(LeadCaptured(inquiry_id="@", channel="json", source="Web site"))
        claimed = encode_text(LeadClaimed(rep_id="@", rep_name="Rep", claim_no=1))
        started = AttemptStarted(attempt_id="@", attempt_kind=AttemptKind.CALL, number=1, rep_name="Rep")
        logged = OutcomeLogged(attempt_id="@", number=1, outcome=Outcome.NO_ANSWER, rep_name="Rep")
        clock = f"""'{{"deadline":"' || {deadline} || '","sla_seconds":300}}'"""
        kinds = (
            ("lead.captured", "'capture'", "at", self._told(captured, self._id("0005"))),
            ("clock.started", "'capture'", "at", clock),
            ("lead.claimed", rep, f"call - {_SECOND}", self._told(claimed, rep)),
            ("attempt.started", rep, "call", self._told(encode_text(started), attempt)),
            ("outcome.logged", rep, f"call + 100 * {_SECOND}", self._told(encode_text(logged), attempt)),
        )
        for place, (kind, actor, at, body) in enumerate(kinds):
            number = f"{10 + place * self._leads} + n"
            columns = {
                "id": self._id("0006", number), "seq": number, "tx": self._id("0007", number), "at": self._at(at),
                "actor": actor, "kind": f"'{kind}'", "lead_id": self._id("0002"), "body": body, "hash": f"'{_HASH}'",
            }  # fmt: skip
            statement = (
                f"INSERT INTO events ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM seed "
            )
            statement += f"WHERE {'true' if place < 2 else 'call IS NOT NULL'} ORDER BY n"
            self._say(statement.replace(":", r"\:"))  # no colon of a body stands for a value
        return 10 + len(kinds) * self._leads

    def _told(self, body: str, name: str) -> str:
        """The body of an event with its id in it."""
        begin, end = body.split('"@"')
        return f"""'{begin}"' || {name} || '"{end}'"""
