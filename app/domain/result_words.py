"""What the words of a Stage, Status or Converted column mean: won, lost, not a fit, or still open; how a call ended.

A proposal, made of words of several languages; a person changes it, and the mapping file keeps what was chosen.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from app.domain.lead import Outcome
from app.domain.past import Result
from app.domain.tier import Tier

_UNFIT = (
    "junk, spam, disqualified, unqualified, not qualified, non qualified, invalid, bogus, fake, wrong "
    "number, wrong person, duplicate, not a fit, no fit, bad fit, unfit, bad lead, bad timing, bad data, "
    "out of area, unqualifiziert, nicht qualifiziert, disqualifiziert, ungultig, dublette, unpassend, "
    "ungeeignet, non qualifie, disqualifie, invalide, faux numero, doublon, hors cible, no calificado, "
    "descalificado, invalido, numero equivocado, duplicado, desqualificado, nao qualificado, fora do "
    "perfil, sem perfil, numero errado, non qualificato, squalificato, ongeldig, gediskwalificeerd"
)
_LOST = (
    "lost, closed lost, lose, loss, dead, cancelled, canceled, rejected, declined, refused, no sale, "
    "failed, not interested, dropped, dropped out, gone, abandoned, churned, chose competitor, "
    "unsuccessful, not won, verloren, absage, abgesagt, abgelehnt, storniert, kein interesse, nicht "
    "interessiert, gescheitert, perdu, perdue, refuse, annule, abandonne, non abouti, pas interesse, "
    "perdido, perdida, rechazado, cancelado, cancelada, no interesado, descartado, recusado, desistiu, "
    "desistencia, nao interessado, sem interesse, perso, persa, rifiutato, annullato, non interessato, "
    "geannuleerd, afgewezen, stracony, przegrana, utracony, forlorad, tabt"
)
_WON = (
    "won, closed won, win, sold, sale, sale made, converted, customer, client, purchased, bought, signed, "
    "signed up, enrolled, registered, paid, ordered, contracted, deal closed, successful, success, active "
    "customer, gewonnen, verkauft, kunde, bestandskunde, gekauft, auftrag, auftrag erteilt, beauftragt, "
    "abschluss, unterschrieben, erfolgreich, konvertiert, gagne, gagnee, vendu, vendue, signe, signee, "
    "converti, convertie, client gagne, conclu, conclue, commande, ganado, ganada, vendido, vendida, "
    "venta, cliente, convertido, convertida, firmado, comprado, ganho, ganha, venda, fechado ganho, "
    "assinado, comprou, vinto, vinta, venduto, acquistato, chiuso vinto, firmato, gewonnen deal, verkocht, "
    "klant, wygrana, sprzedane, klient, vunnen, vunnet, solgt, sald"
)
_NOT: Final = frozenset("not no non never un nicht kein keine pas nao nie niet ikke inte".split())

_CLOSED: Final = frozenset(
    "closed geschlossen abgeschlossen ferme cloture cerrado fechado chiuso gesloten".split()
)


def _list(words: str) -> tuple[str, ...]:
    return tuple(sorted(words.split(", "), key=len, reverse=True))


_RESULTS: Final = ((Result.UNFIT, _list(_UNFIT)), (Result.LOST, _list(_LOST)), (Result.WON, _list(_WON)))


@lru_cache(maxsize=8192)
def plain_value(text: str) -> str:
    """A value's words as values are compared: case-folded, without accents and signs."""
    folded = "".join(
        c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
    ).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded.replace("ß", "ss")).split())


@lru_cache(maxsize=8192)
def result_of(text: str) -> Result:
    """What a value of a stage column most likely means."""
    words = f" {plain_value(text)} "
    for result, spelled in _RESULTS:
        for one in spelled:
            at = words.find(f" {one} ")
            if at < 0:
                continue
            before = words[:at].split()
            if result is Result.WON and before and before[-1] in _NOT:
                return Result.LOST if _CLOSED.intersection(before) else Result.OPEN
            return result
    return Result.OPEN


_OUTCOMES: Final = (
    (Outcome.VOICEMAIL, "voicemail, voice mail, left message, left voicemail, answering machine, machine, mailbox, vm, "
        "anrufbeantworter, ab besprochen, mailbox besprochen, messagerie, repondeur, buzon, buzon de voz, "
        "contestador, caixa postal, correio de voz, segreteria, antwoordapparaat"),
    (Outcome.NO_ANSWER, "no answer, not answered, unanswered, no response, didn t answer, did not answer, not reached, "
        "unreachable, not available, busy, failed, cancelled, canceled, missed, abandoned, no contact, "
        "noanswer, wrong number, nicht erreicht, nicht erreichbar, keine antwort, besetzt, verpasst, pas "
        "de reponse, sans reponse, non repondu, injoignable, occupe, absent, no contesta, sin respuesta, "
        "no contestado, ocupado, no localizado, nao atendeu, nao atendida, sem resposta, ocupada, nessuna "
        "risposta, non risponde, occupato, geen gehoor, bezet, attempted, attempt"),
    (Outcome.BOOKED, "booked, appointment, appointment set, appointment booked, meeting, meeting set, meeting booked, "
        "meeting scheduled, demo, demo booked, demo scheduled, scheduled, termin, termin vereinbart, "
        "terminiert, rendez vous, rdv, rdv pris, cita, cita agendada, reunion agendada, reuniao, reuniao "
        "agendada, agendado, agendada, appuntamento, afspraak"),
    (Outcome.CALL_BACK, "call back, callback, call later, call back later, follow up, ruckruf, wiedervorlage, spater "
        "anrufen, rappeler, a rappeler, rappel, volver a llamar, llamar despues, llamar mas tarde, "
        "retornar, ligar depois, ligar mais tarde, richiamare, terugbellen"),
    (Outcome.UNFIT, _UNFIT),
    (Outcome.LOST, _LOST),
    (Outcome.WON, _WON),
)  # fmt: skip
_TALKED = (
    "connected, answered, completed, complete, contacted, reached, talked, spoke, spoken, conversation, "
    "contact made, live, interested, success, successful, human, done, held, erreicht, gesprochen, "
    "gesprach, angenommen, interessiert, joint, repondu, contacte, interesse, contestada, contestado, "
    "contactado, atendida, atendeu, atendido, conectado, interessado, falou, risposto, contattato, "
    "beantwoord, bereikt, gesproken"
)
_TALKED_YES: Final = frozenset("yes y true t 1 ja oui si sim tak".split())
_TALKED_NO: Final = frozenset("no n false f 0 nein non nao nee nie".split())
_ENDINGS: Final = tuple((outcome, _list(words)) for outcome, words in _OUTCOMES)
_LIVE: Final = _list(_TALKED)


def call_end(text: str) -> tuple[Outcome | None, bool] | None:
    """How a call ended by the word of its log: (outcome, whether they talked); None for a word that says nothing."""
    plain = plain_value(text)
    if not plain:
        return None
    if plain in {outcome.value.replace("_", " ") for outcome in Outcome}:
        outcome = Outcome(plain.replace(" ", "_"))
        return outcome, outcome.is_contact
    if plain in _TALKED_YES or plain in _TALKED_NO:  # "Answered: yes"
        return (None, True) if plain in _TALKED_YES else (Outcome.NO_ANSWER, False)
    words = f" {plain} "
    for outcome, spelled in _ENDINGS:
        if any(f" {one} " in words for one in spelled):
            return outcome, outcome.is_contact
    if any(f" {one} " in words for one in _LIVE):
        before = words.split(maxsplit=1)[0]
        return (Outcome.NO_ANSWER, False) if before in _NOT else (None, True)
    return None


_HOT: Final = frozenset("hot heiss chaud caliente quente caldo heet high hoch haut alto alta a 1".split())
_WARM: Final = frozenset("warm tiede tibio morno tiepido medium mittel moyen medio media b 2".split())
_COLD: Final = frozenset(
    "cold kalt froid frio freddo koud low niedrig bas bajo baja baixo baixa basso c 3".split()
)


def tier_of(text: str) -> Tier | None:
    """The tier that a word names; None for none."""
    words = set(plain_value(text).split())
    for tier, named in ((Tier.HOT, _HOT), (Tier.WARM, _WARM), (Tier.COLD, _COLD)):
        if words & named:
            return tier
    return None


_INBOUND: Final = frozenset(
    "inbound incoming in received eingehend eingang entrant entrante entrantes recebida recebido recibida "
    "in entrata "
    "binnenkomend przychodzace".split()
)


def is_inbound(text: str) -> bool:
    """Whether a word of a call log says that the lead called."""
    return bool(_INBOUND.intersection(plain_value(text).split()))
