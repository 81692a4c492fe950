"""How good a lead is: fit (who they are) plus intent (what they did), each point with its reason.

Words are matched whole and case-folded, so "priceless" asks for no price. A rule without words asks only
whether the field is there and, for phone and e-mail, valid. What they did fades, where its rule has a half-life,
from the moment they did it; the score is the whole points of the sum, the tier is read from it, and with it comes
the instant at which mere waiting will change the tier.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from math import floor
from typing import TYPE_CHECKING

from app.domain.behaviour import Behaviour, Did
from app.domain.fading import Term, leaving, total
from app.domain.frozen import dataclass
from app.domain.lead import Lead, Reason, Tier
from app.domain.rulebook import Rulebook, ScoreRule

if TYPE_CHECKING:
    from app.domain.clean import Person

FREE_MAIL = frozenset(
    (
        "gmail.com googlemail.com yahoo.com yahoo.co.uk ymail.com hotmail.com hotmail.co.uk outlook.com live.com "
        "msn.com aol.com icloud.com me.com mac.com gmx.com gmx.de gmx.net web.de t-online.de mail.com mail.ru "
        "yandex.ru proton.me protonmail.com zoho.com qq.com 163.com 126.com orange.fr free.fr libero.it"
    ).split()
)
"""Mail providers whose addresses say nothing of a company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the rules look at. `phone` and `email` are empty unless they are valid."""

    ask: str = ""
    channel: str = ""
    phone: str = ""
    email: str = ""
    company: str = ""
    title: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    inquiries: int = 1
    country: str = ""
    region: str = ""
    city: str = ""
    postcode: str = ""
    source: str = ""
    """The name of the way in."""
    medium: str = ""
    campaign: str = ""
    ad: str = ""
    keyword: str = ""
    page: str = ""
    did: tuple[Behaviour, ...] = ()
    asked_at: datetime | None = None
    """When they last wrote: what they wrote fades from then on."""


def subject_of(lead: Lead, person: Person, source: str, did: tuple[Behaviour, ...] = ()) -> Subject:
    """A lead as the rules look at it; `source` is the name of its way in, `did` what it did, newest first."""
    written = [deed.at for deed in did if deed.kind == Did.INQUIRY]
    return Subject(
        ask=lead.ask,
        channel=lead.channel,
        phone=person.phone_key,
        email=person.email_key,
        company=lead.company,
        title=lead.title,
        answers=lead.answers,
        inquiries=lead.inquiries,
        country=lead.country,
        region=lead.region,
        city=lead.city,
        postcode=lead.postcode,
        source=source,
        medium=lead.origin.medium,
        campaign=lead.origin.campaign,
        ad=lead.origin.ad,
        keyword=lead.origin.keyword,
        page=lead.origin.page,
        did=did,
        asked_at=max(written, default=lead.captured_at),
    )


WRITTEN = ("ask", "answers", "channel", "source", "medium", "campaign", "ad", "keyword", "page")
WHO = ("phone", "email", "domain", "company", "title", "country", "region", "city", "postcode", "size")
FIELDS: tuple[str, ...] = (*WRITTEN, *WHO, "inquiries", *(kind.value for kind in Did if kind != Did.INQUIRY))
"""What a rule may look at. `domain` is the e-mail's; `size` how many people work there, as a form asked."""
_SIZE = ("employees", "company size", "team size", "headcount", "number of people", "mitarbeiter", "staff")
_NUMBER = re.compile(r"\d[\d,.'  ]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    score: int
    fit: int
    intent: int
    tier: Tier
    sla_seconds: int
    reasons: tuple[Reason, ...]
    """Largest first; their points add up to the score."""
    rescore_at: datetime | None = None
    """When the tier changes by waiting alone; None: it does not."""


@lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word.casefold()) for word in words) + r")(?!\w)")


@lru_cache(maxsize=512)
def _parts(words: tuple[str, ...]) -> tuple[str, ...]:
    """Of each phrase its longest word: where none of them stands the phrases don't either."""
    return tuple({max(word.casefold().split() or [""], key=len) for word in words})


def has_words(words: tuple[str, ...], text: str) -> bool:
    """Whether one of the words stands in a case-folded text, whole."""
    if not any(part in text for part in _parts(words)):
        return False
    return bool(_pattern(words).search(text))


def number_in(text: str) -> float | None:
    """The first number of a text ("51–200 people" is 51, "1,200" is 1200); None where there is none."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    digits = re.sub(r"[,'  ](?=\d{3}(?!\d))|\.(?=\d{3}(?!\d))", "", found.group()).strip(" ,.'")
    try:
        return float(re.split(r"[,'  ]", digits)[0])
    except ValueError:
        return None


class Look:
    """A subject as rules look at it: each field's text is made once, however many rules ask for it."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._texts: dict[tuple[str, str], str] = {}

    def text(self, field: str, question: str = "") -> str:
        """The case-folded text of a field."""
        found = self._texts.get((field, question))
        if found is None:
            found = self._texts[field, question] = self._made(field, question)[:20_000].casefold()
        return found

    def _made(self, field: str, question: str) -> str:
        subject = self.subject
        if field == "ask+":  # what they want may stand in an answer to a form's own question
            return "\n".join((subject.ask, *(answer for _, answer in subject.answers)))
        if field == "answers" and question:
            wanted = question.casefold()
            return " \n ".join(answer for asked, answer in subject.answers if wanted in asked.casefold())
        if field == "answers":
            return " \n ".join(f"{asked} {answer}" for asked, answer in subject.answers)
        if field == "size":
            sizes = (a for q, a in subject.answers if any(word in q.casefold() for word in _SIZE))
            return next(sizes, "")
        if field == "domain":
            return subject.email.rpartition("@")[2]
        return str(getattr(subject, field))

    def has(
        self,
        field: str,
        words: tuple[str, ...] = (),
        question: str = "",
        least: float | None = None,
        most: float | None = None,
    ) -> bool:
        """Whether a field that is no behaviour holds what is asked of it."""
        if field == "inquiries":
            return self.subject.inquiries > 1
        text = self.text("ask+" if field == "ask" and words else field, question)
        if least is not None or most is not None:
            number = number_in(text)
            if (
                number is None
                or (least is not None and number < least)
                or (most is not None and number > most)
            ):
                return False
        elif not words:
            return bool(text) and (field != "email" or text.rpartition("@")[2] not in FREE_MAIL)
        return not words or has_words(words, text)


def _times(rule: ScoreRule, look: Look) -> list[datetime | None]:
    """When what the rule asks for happened; None for what has no time."""
    subject = look.subject
    kind = Did.INQUIRY.value if rule.field == "inquiries" else rule.field
    if kind in _KINDS:
        found: list[datetime | None] = [
            deed.at
            for deed in subject.did
            if deed.kind == kind and (not rule.words or has_words(rule.words, deed.what.casefold()))
        ]
        if rule.field == "inquiries" and not found and subject.inquiries > 1:
            found.append(subject.asked_at)
        return found
    if not look.has(rule.field, rule.words, rule.question, rule.least, rule.most):
        return []
    return [subject.asked_at]


_KINDS = frozenset(kind.value for kind in Did)


def _term(rule: ScoreRule, times: list[datetime | None]) -> Term:
    """A rule's points for what happened, as one amount at the instant of the newest."""
    cap = float(rule.cap or abs(rule.points))
    dated = [at for at in times if at is not None]
    newest = max(dated, default=None)
    if rule.half_life is None or newest is None:
        return Term(float(rule.points * len(times)), None, None, cap)
    shares = (0.5 ** ((newest - at).total_seconds() / rule.half_life) for at in dated)
    return Term(rule.points * sum(shares), newest, rule.half_life, cap)


def judge(
    subject: Subject, rulebook: Rulebook, now: datetime | None = None, tier: Tier | None = None
) -> Judgement:
    """Score a lead by a rulebook at the instant `now` (None: the moment they wrote); `tier` is what it has been."""
    look = Look(subject)
    fired: list[tuple[ScoreRule, Term]] = []
    for rule in rulebook.rules:
        times = _times(rule, look)
        if times:
            fired.append((rule, _term(rule, times)))
    fits = [term for rule, term in fired if not rule.is_intent]
    intents = [term for rule, term in fired if rule.is_intent]
    fit = total(fits, now, rulebook.fit_most)
    score = floor(fit + total(intents, now, rulebook.intent_most))
    found = rulebook.tier_of(score, tier)
    lines = [(rule.text, term.points(now)) for rule, term in fired]
    for text, terms, most in (
        ("at most that much for who they are", fits, rulebook.fit_most),
        ("at most that much for what they did", intents, rulebook.intent_most),
    ):
        over = 0.0 if most is None else sum(term.points(now) for term in terms) - most
        if over > 0:
            lines.append((text, -over))
    rescore_at = None
    if now is not None:
        low, high = rulebook.range_of(found.tier)
        rescore_at = leaving(intents, now, rulebook.intent_most, low - fit, high - fit)
    return Judgement(
        score=score,
        fit=floor(fit),
        intent=score - floor(fit),
        tier=found.tier,
        sla_seconds=found.sla,
        reasons=_reasons(lines, score),
        rescore_at=rescore_at,
    )


def _reasons(lines: list[tuple[str, float]], score: int) -> tuple[Reason, ...]:
    """The lines in whole points that add up to the score: who lost most by rounding gets back first."""
    whole = [floor(points) for _, points in lines]
    owed = sorted(range(len(lines)), key=lambda n: whole[n] - lines[n][1])
    for n in owed[: max(0, score - sum(whole))]:
        whole[n] += 1
    reasons = [
        Reason(text=text, points=points)
        for (text, exact), points in zip(lines, whole, strict=True)
        if points or exact == 0
    ]
    reasons.sort(key=lambda reason: -reason.points)
    return tuple(reasons)
