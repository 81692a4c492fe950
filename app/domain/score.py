"""How good a lead is: fit (who they are) plus intent (what they did), each point with its reason.

Words are matched whole and case-folded, so "priceless" asks for no price. A rule without words asks only
whether the field is there and, for phone and e-mail, valid. The score is the sum of the points of the rules
that fire; the tier is read from it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from app.domain.frozen import dataclass
from app.domain.lead import Reason, Tier
from app.domain.rulebook import Rulebook, ScoreRule

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    score: int
    fit: int
    intent: int
    tier: Tier
    sla_seconds: int
    reasons: tuple[Reason, ...]
    """Largest first."""


@lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word.casefold()) for word in words) + r")(?!\w)")


def _fires(rule: ScoreRule, subject: Subject) -> bool:
    if rule.field == "inquiries":
        return subject.inquiries > 1
    if rule.field == "ask" and rule.words:  # what they want may stand in an answer to a form's own question
        text = "\n".join((subject.ask, *(answer for _, answer in subject.answers)))
    elif rule.field == "answers":
        text = " \n ".join(f"{question} {answer}" for question, answer in subject.answers)
    else:
        text = str(getattr(subject, rule.field))
    if rule.field == "email" and not rule.words:
        return bool(text) and text.rpartition("@")[2].casefold() not in FREE_MAIL
    if not rule.words:
        return bool(text)
    return bool(_pattern(rule.words).search(text[:20_000].casefold()))


def judge(subject: Subject, rulebook: Rulebook) -> Judgement:
    """Score a lead by a rulebook."""
    fit = intent = 0
    reasons: list[Reason] = []
    for rule in rulebook.rules:
        if not _fires(rule, subject):
            continue
        reasons.append(Reason(text=rule.text, points=rule.points))
        if rule.is_intent:
            intent += rule.points
        else:
            fit += rule.points
    tier = rulebook.tier_of(fit + intent)
    reasons.sort(key=lambda reason: -reason.points)
    return Judgement(
        score=fit + intent,
        fit=fit,
        intent=intent,
        tier=tier.tier,
        sla_seconds=tier.sla,
        reasons=tuple(reasons),
    )
