"""What the words of stages, statuses and call logs are taken for before a person says otherwise."""

from __future__ import annotations

import pytest

from app.domain.lead import Outcome
from app.domain.past import Result
from app.domain.result_words import call_end, is_inbound, plain_value, result_of, tier_of
from app.domain.tier import Tier


@pytest.mark.parametrize(
    ("word", "result"),
    [
        ("Closed Won", Result.WON),
        ("closed_won", Result.WON),
        ("Deal closed!", Result.WON),
        ("Gewonnen", Result.WON),
        ("Gagné", Result.WON),
        ("Fechado ganho", Result.WON),
        ("Converted", Result.WON),
        ("Closed - Lost", Result.LOST),
        ("Closed Lost to Competition", Result.LOST),
        ("Verloren", Result.LOST),
        ("Perdido", Result.LOST),
        ("NOT INTERESTED", Result.LOST),
        ("Kein Interesse", Result.LOST),
        ("Junk Lead", Result.UNFIT),
        ("Not Qualified", Result.UNFIT),
        ("Ungültig", Result.UNFIT),
        ("wrong number", Result.UNFIT),
        ("not converted", Result.OPEN),
        ("Closed - Not Converted", Result.LOST),
        ("Geschlossen, nicht konvertiert", Result.LOST),
        ("never bought", Result.OPEN),
        ("Nicht verkauft", Result.OPEN),
        ("Contacted", Result.OPEN),
        ("Qualified", Result.OPEN),
        ("Attempted to Contact", Result.OPEN),
        ("Negotiation/Review", Result.OPEN),
        ("In Bearbeitung", Result.OPEN),
        ("", Result.OPEN),
        ("???", Result.OPEN),
        ("wonderful", Result.OPEN),
        ("closet", Result.OPEN),
    ],
)
def test_a_stage_means_a_result(word: str, result: Result) -> None:
    assert result_of(word) is result


@pytest.mark.parametrize(
    ("word", "end"),
    [
        ("no answer", (Outcome.NO_ANSWER, False)),
        ("No-Answer", (Outcome.NO_ANSWER, False)),
        ("busy", (Outcome.NO_ANSWER, False)),
        ("Nicht erreicht", (Outcome.NO_ANSWER, False)),
        ("não atendeu", (Outcome.NO_ANSWER, False)),
        ("Left voicemail", (Outcome.VOICEMAIL, False)),
        ("Anrufbeantworter", (Outcome.VOICEMAIL, False)),
        ("Demo scheduled", (Outcome.BOOKED, True)),
        ("Termin vereinbart", (Outcome.BOOKED, True)),
        ("RDV pris", (Outcome.BOOKED, True)),
        ("Call back later", (Outcome.CALL_BACK, True)),
        ("Rückruf", (Outcome.CALL_BACK, True)),
        ("call_back", (Outcome.CALL_BACK, True)),
        ("not interested", (Outcome.LOST, True)),
        ("connected", (None, True)),
        ("Completed", (None, True)),
        ("Gespräch", (None, True)),
        ("not connected", (Outcome.NO_ANSWER, False)),
        ("nicht angenommen", (Outcome.NO_ANSWER, False)),
        ("", None),
        ("7", None),
        ("purple", None),
    ],
)
def test_a_word_says_how_a_call_ended(word: str, end: tuple[Outcome | None, bool] | None) -> None:
    assert call_end(word) == end


@pytest.mark.parametrize("outcome", list(Outcome))
def test_our_own_words_mean_themselves(outcome: Outcome) -> None:
    assert call_end(outcome.value) == (outcome, outcome.is_contact)
    assert call_end(outcome.value.replace("_", " ").title()) == (outcome, outcome.is_contact)


@pytest.mark.parametrize(
    ("word", "tier"),
    [
        ("HOT", Tier.HOT),
        ("heiß", Tier.HOT),
        ("Warm lead", Tier.WARM),
        ("C", Tier.COLD),
        ("photo", None),
        ("", None),
    ],
)
def test_a_word_names_a_tier(word: str, tier: Tier | None) -> None:
    assert tier_of(word) is tier


def test_who_called_whom() -> None:
    assert all(map(is_inbound, ("Inbound", "incoming call", "Eingehend", "IN")))
    assert not any(map(is_inbound, ("outbound", "Outgoing", "", "ausgehend", "inboundary")))


def test_values_are_compared_without_case_accents_and_signs() -> None:
    assert plain_value("  Não_Atendeu! ") == plain_value("nao atendeu") == "nao atendeu"
    assert plain_value("heiß") == plain_value("HEISS")
