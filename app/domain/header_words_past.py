"""How columns that tell of a floor's past are called: when a lead came, whose it was, what became of it, what a call
was, what a campaign cost. Spelled as `plain_header` leaves them; the spelling that stands first wins.
"""

from __future__ import annotations

from typing import Final

from app.domain.mapping import KEYS, Target
from app.domain.past import ImportKind

_T = Target

_CAPTURED = (
    "captured at, capture date, captured, lead created at, lead created date, created at, created time, "
    "create date, created date, creation date, date created, created on, create time, creation time, "
    "created, add time, added on, date added, added at, lead date, received at, received on, received, "
    "date received, submitted at, submitted on, submission date, submission time, inquiry date, enquiry "
    "date, request date, date of inquiry, date of enquiry, date of request, signup date, sign up date, "
    "registration date, registered at, opt in time, entry date, first contact date, first contact, first "
    "seen, engage date, engaged at, engaged on, open date, date opened, opened at, opened on, timestamp, date time, "
    "datetime, date, erstellt am, erstellt, erstelldatum, erstellungsdatum, "
    "angelegt am, anlagedatum, angelegt, eingang, eingang am, eingangsdatum, eingegangen am, anfragedatum, "
    "anfrage am, anfrage vom, erfasst am, zeitstempel, datum, date de creation, cree le, date creation, "
    "date d ajout, ajoute le, date de la demande, date demande, date de reception, recu le, date d entree, "
    "date d inscription, horodatage, fecha de creacion, creado el, creado, fecha creacion, fecha de alta, "
    "fecha de registro, fecha de entrada, fecha de solicitud, fecha de contacto, recibido el, marca "
    "temporal, fecha, data de criacao, criado em, data criacao, data de cadastro, data cadastro, "
    "cadastrado em, data de entrada, data entrada, data do lead, data de registro, recebido em, data do "
    "contato, primeiro contato, data do primeiro contato, carimbo de data hora, data di creazione, creato "
    "il, data creazione, data richiesta, ricevuto il, data, aangemaakt op, aangemaakt, aanmaakdatum, datum "
    "aangemaakt, ontvangen op, data utworzenia, utworzono, data dodania, skapad, skapad datum, opprettet, "
    "oprettet, дата создания, дата"
)
_OWNER = (
    "lead owner, owner, owner name, contact owner, record owner, deal owner, opportunity owner, potential "
    "owner, owner full name, assigned to, assigned rep, assigned agent, assigned user, assignee, sales "
    "rep, sales rep name, sales representative, salesperson, sales person, salesman, sales agent, sales "
    "owner, rep, rep name, agent, agent name, account executive, closer, closed by, seller, sr id, sr, rep "
    "id, owner id, agent id, handled by, bearbeiter, zustandig, zustandiger, verantwortlich, "
    "verantwortlicher, besitzer, inhaber, eigentumer, betreuer, kundenbetreuer, vertriebler, "
    "vertriebsmitarbeiter, verkaufer, berater, mitarbeiter, ansprechpartner intern, proprietaire, "
    "proprietaire du contact, proprietaire du lead, responsable, commercial, vendeur, conseiller, attribue "
    "a, assigne a, gestionnaire, propietario, propietario del contacto, asignado a, vendedor, asesor, "
    "comercial, ejecutivo, agente, responsavel, proprietario, proprietario do lead, atribuido a, "
    "consultor, corretor, atendente, proprietario del contatto, responsabile, assegnato a, venditore, "
    "commerciale, eigenaar, toegewezen aan, verkoper, wlasciciel, handlowiec, opiekun, agare, eier, ejer, "
    "ответственный, менеджер"
)
_TIER = (
    "tier, lead tier, temperature, lead temperature, rating, lead rating, grade, lead grade, priority, "
    "lead priority, temperatur, prioritat, einstufung, bewertung, temperature du lead, priorite, "
    "temperatura, prioridad, prioridade, priorita, prioriteit"
)
_FIRST_CALL = (
    "first call at, first call, first call date, first call time, first called at, first called, first "
    "attempt at, first attempt, first attempt date, first outreach, first outreach date, first dialed, "
    "first dial, first touch at, first response at, first response date, first responded at, first "
    "activity date, first call attempt, called at, call date, call time, time of first call, erster anruf, "
    "erster anruf am, erstanruf, erstanruf am, angerufen am, premier appel, date du premier appel, date "
    "premier appel, appele le, primera llamada, fecha de primera llamada, fecha primera llamada, llamado "
    "el, primeira ligacao, data da primeira ligacao, primeira chamada, ligado em, prima chiamata, data "
    "prima chiamata, eerste oproep, eerste belpoging"
)
_CALLED_BY = (
    "called by, first called by, first call by, caller, sdr, sdr name, sdr id, bdr, bdr name, setter, "
    "angerufen von, anrufer, appele par, llamado por, ligado por, chiamato da, gebeld door"
)
_CONTACT = (
    "contacted at, first contacted at, first contacted, contacted on, contact date, contacted date, date "
    "contacted, first conversation, first conversation at, first connected at, connected at, contact at, "
    "contact made at, reached at, reached on, first spoken, talked at, first contact date, first contact, "
    "kontaktiert am, kontakt am, erreicht am, erstkontakt, erstkontakt am, erstgesprach, contacte le, date "
    "de contact, date du premier contact, premier contact, joint le, contactado el, primer contacto, fecha "
    "de primer contacto, fecha de contacto, contactado em, contatado em, data de contato, data do contato, "
    "primeiro contato, data do primeiro contato, contattato il, data contatto, primo contatto, contact op"
)
_QUALIFIED = (
    "qualified at, qualified on, qualified date, date qualified, qualification date, qualified, sql date, "
    "sql at, mql date, became a sales qualified lead date, became a marketing qualified lead date, became "
    "an opportunity date, opportunity created date, converted date, conversion date, date converted, "
    "converted at, qualifiziert am, qualifizierungsdatum, date de qualification, qualifie le, fecha de "
    "calificacion, fecha de cualificacion, calificado el, data de qualificacao, data qualificacao, "
    "qualificado em, data di qualifica, qualificato il"
)
_BOOKED = (
    "booked at, booked on, booked date, date booked, booking date, appointment at, appointment date, "
    "appointment booked at, appointment set at, first appointment, appointment, meeting booked at, meeting "
    "booked, meeting date, meeting at, first meeting, first meeting date, demo date, demo at, demo booked, "
    "demo scheduled, discovery call, termin am, terminiert am, termin vereinbart am, termin, termindatum, "
    "gebucht am, ersttermin, rendez vous, date de rendez vous, date du rendez vous, rdv, date rdv, date du "
    "rdv, rdv le, cita, fecha de cita, fecha de la cita, fecha de reunion, reunion, agendado el, reuniao, "
    "data da reuniao, data reuniao, agendamento, data do agendamento, data agendamento, agendado em, "
    "visita, data da visita, appuntamento, data appuntamento, afspraak, afspraak op"
)
_WON_AT = (
    "won at, won date, won time, won on, date won, closed won date, deal won date, sale date, date of "
    "sale, sold at, sold on, sold date, purchase date, purchased at, date of purchase, customer since, "
    "became a customer date, customer date, order date, ordered at, signed at, signed on, signature date, "
    "contract date, enrolled at, enrollment date, gewonnen am, gewinndatum, verkauft am, verkaufsdatum, "
    "kaufdatum, gekauft am, auftragsdatum, vertragsdatum, kunde seit, gagne le, date de gain, date gagne, "
    "date de vente, date vente, vendu le, date de signature, signe le, date d achat, client depuis, ganado "
    "el, fecha ganado, fecha de venta, vendido el, fecha de compra, fecha de firma, cliente desde, ganho "
    "em, data de ganho, data ganho, data da venda, data venda, vendido em, data da compra, data da "
    "assinatura, vinto il, data vincita, data vendita, venduto il, data acquisto, gewonnen op, verkocht op"
)
_LOST_AT = (
    "lost at, lost date, lost time, lost on, date lost, closed lost date, verloren am, verlustdatum, "
    "abgesagt am, perdu le, date de perte, date perdu, perdido el, fecha perdido, fecha de perdida, "
    "perdido em, data de perda, data perda, data da perda, perso il, data perdita, verloren op"
)
_RESULT = (
    "result, deal status, deal stage, opportunity stage, sales stage, pipeline stage, stage, stage name, "
    "final status, outcome, lead status, status, state of deal, lifecycle stage, conversion status, sale "
    "status, phase, ergebnis, dealphase, vertriebsphase, verkaufsphase, leadstatus, stufe, etape, etape de "
    "la transaction, phase de vente, statut, statut du lead, etat, resultat, resultado, etapa, etapa del "
    "negocio, fase, estado, estatus, situacao, etapa do negocio, etapa do funil, status do lead, stato, "
    "esito, fase di vendita, fase trattativa, stadium, resultaat, etap, статус, этап"
)
_CLOSED_AT = (
    "closed at, closed date, close date, closing date, date closed, closed on, close time, closed time, "
    "deal closed on, actual close date, end date of deal, abschlussdatum, abgeschlossen am, abschluss am, "
    "geschlossen am, date de cloture, date cloture, date de fermeture, cloture le, ferme le, fecha de "
    "cierre, fecha cierre, cerrado el, data de fechamento, data fechamento, fechado em, data de "
    "encerramento, data di chiusura, data chiusura, chiuso il, sluitdatum, afgesloten op, data zamkniecia"
)
_AMOUNT = (
    "won amount, amount, deal amount, deal value, sale amount, sale value, sales amount, order value, "
    "order amount, order total, contract value, opportunity amount, close value, closed value, closing value, "
    "value, revenue, actual revenue, total "
    "revenue, deal size, total, total price, total amount, price, purchase amount, amount in company "
    "currency, betrag, auftragswert, dealwert, wert, umsatz, summe, verkaufspreis, gesamtbetrag, "
    "auftragssumme, montant, montant de la transaction, valeur, chiffre d affaires, ca, prix, total ttc, "
    "total ht, importe, valor, monto, ingresos, precio, valor del negocio, importe de la venta, receita, "
    "valor do negocio, valor da venda, valor total, preco, faturamento, importo, valore, fatturato, "
    "prezzo, valore trattativa, bedrag, waarde, omzet, kwota, wartosc, belopp, belob, сумма"
)
_REASON = (
    "lost reason, closed lost reason, loss reason, reason lost, reason for loss, reason for losing, close "
    "reason, closed reason, unqualified reason, disqualification reason, reason, verlustgrund, "
    "absagegrund, ablehnungsgrund, grund, raison de perte, motif de perte, motif, raison, motivo de "
    "perdida, motivo de la perdida, razon de perdida, motivo da perda, motivo de perda, motivo perda, "
    "motivo, motivo perdita, motivo della perdita, reden, reden verlies, powod"
)
_LOST = "lost, is lost, islost, closed lost, verloren, perdu, perdido, perso"

_MILESTONES: Final[dict[Target, str]] = {
    _T.OWNER: _OWNER,
    _T.CONTACT_AT: _CONTACT,
    _T.QUALIFIED_AT: _QUALIFIED,
    _T.BOOKED_AT: _BOOKED,
    _T.WON_AT: _WON_AT,
    _T.LOST_AT: _LOST_AT,
    _T.RESULT: _RESULT,
    _T.LOST: _LOST,
    _T.CLOSED_AT: _CLOSED_AT,
    _T.AMOUNT: _AMOUNT,
    _T.REASON: _REASON,
    _T.CALLED_BY: _CALLED_BY,
}

_TIME = (
    "time, time of day, local time, call time, start time, time of call, time called, submission time, submitted time, "
    "entry time, creation time, create time, created time, uhrzeit, zeit, anrufzeit, startzeit, heure, heure d appel, "
    "heure de l appel, hora, hora de la llamada, hora de inicio, hora da ligacao, horario, ora, ora chiamata, orario, "
    "tijd, tijdstip, godzina, время"
)
_CALLS: Final[dict[Target, str]] = {
    _T.CALLED_AT: (
        "call start time, call started at, call start, call time, call date, call datetime, called at, "
        "called on, started at, start time, start date time, start datetime, time started, dialed at, call "
        "timestamp, timestamp, activity date, activity time, due date, date time, datetime, date, start, "
        "time, created time, created at, create date, created date, anrufbeginn, anrufzeit, anruf am, "
        "anrufdatum, angerufen am, zeitpunkt, beginn, startzeit, datum uhrzeit, zeitstempel, datum, date "
        "de l appel, date appel, heure d appel, heure de l appel, debut de l appel, appele le, horodatage, "
        "date et heure, date heure, debut, fecha de la llamada, fecha de llamada, hora de la llamada, hora "
        "de inicio, fecha y hora, fecha, data da ligacao, data da chamada, hora da ligacao, inicio da "
        "chamada, data e hora, data hora, data, inicio, data chiamata, ora chiamata, data e ora, inizio, "
        "datum en tijd, starttijd, data polaczenia"
    ),
    _T.TIME: _TIME,
    _T.CALLED_BY: (
        "call owner, called by, caller name, caller, activity assigned to, assigned, "
        "agent, agent name, rep, rep name, sales rep, made by, "
        "dialed by, user, user name, assigned to, owner, owner name, from user, employee, extension name, "
        "sdr, bdr, angerufen von, anrufer, mitarbeiter, bearbeiter, benutzer, appele par, appelant, "
        "utilisateur, agente, usuario, llamado por, vendedor, atendente, usuario responsavel, ligado por, "
        "responsavel, operatore, utente, chiamato da, medewerker, gebruiker"
    ),
    _T.SECONDS: (
        "call duration in seconds, duration in seconds, duration seconds, call duration seconds, duration "
        "sec, duration s, duration in call, in call duration, talking, talking time, conversation time, call duration "
        "hh mm ss, duration hh mm ss, call duration, talk time, talk time seconds, talk seconds, billsec, duration, "
        "length, call length, seconds, gesprachsdauer, anrufdauer, dauer in sekunden, dauer s, dauer, "
        "sekunden, duree de l appel, duree en secondes, duree, secondes, duracion de la llamada, duracion, "
        "duracion segundos, segundos, duracao da chamada, duracao da ligacao, duracao em segundos, "
        "duracao, durata chiamata, durata, secondi, duur, gespreksduur"
    ),
    _T.MINUTES: (
        "call duration in minutes, duration in minutes, duration minutes, call duration minutes, duration "
        "min, talk time minutes, minutes, dauer in minuten, dauer minuten, minuten, duree en minutes, "
        "duracion en minutos, minutos, duracao em minutos, durata minuti, minuti"
    ),
    _T.OUTCOME: (
        "outcome, call outcome, disposition, call disposition, call result, action result, result, call status, "
        "status, answered, call answered, was answered, connected, reached, "
        "hangup cause, state, anrufergebnis, ergebnis, resultat de l appel, resultat, statut, issue, "
        "resultado de la llamada, resultado, estado, resultado da ligacao, situacao, esito, esito "
        "chiamata, stato, resultaat, wynik"
    ),
    _T.DIRECTION: (
        "call direction, direction, call type, type, richtung, anrufrichtung, anrufart, sens, sens de l "
        "appel, type d appel, direccion, tipo de llamada, tipo, direcao, tipo de chamada, direzione, tipo "
        "chiamata, richting"
    ),
    _T.PHONE: (
        "to number, callee number, dialed number, number dialed, called number, destination, destination "
        "number, to, phone number, customer number, lead phone, callee, numero appele, numero marcado, "
        "numero discado, destino, gewahlte nummer, zielrufnummer"
    ),
}  # fmt: skip

_COSTS: Final[dict[Target, str]] = {
    _T.FIRST_DAY: (
        "first day, start date, reporting starts, from, from date, date from, start, begin, begin date, "
        "starts, day, date, by day, gregorian date, report date, reporting date, spend date, invoice date, billing "
        "date, month, week, week start, period, reporting start, startdatum, beginn, von, "
        "tag, monat, woche, zeitraum, datum, date de debut, date debut, debut, debut des rapports, jour, "
        "mois, semaine, periode, du, date, fecha de inicio, fecha inicio, inicio, inicio del informe, dia, "
        "mes, semana, periodo, fecha, desde, data de inicio, data inicio, data de inicio, inicio dos "
        "relatorios, inicio do relatorio, data, de, data di inizio, data inizio, inizio, giorno, mese, "
        "settimana, dal, begindatum, dag, maand, miesiac, dzien"
    ),
    _T.LAST_DAY: (
        "last day, end date, reporting ends, to, to date, until, end, ends, date to, reporting end, "
        "enddatum, ende, bis, date de fin, date fin, fin, fin des rapports, au, fecha de fin, fecha fin, "
        "fin del informe, hasta, data de termino, data termino, data final, data fim, termino, termino dos "
        "relatorios, fim, ate, data di fine, data fine, fine, al, einddatum, tot"
    ),
    _T.MEDIUM: (
        "lead source, source, utm source, platform, publisher platform, network, channel, medium, utm "
        "medium, traffic source, marketing channel, campaign channel, advertising channel, advertising platform, ad "
        "platform, ad network, quelle, kanal, plattform, netzwerk, source de trafic, plateforme, canal, "
        "reseau, fuente, origen, plataforma, red, fonte, origem, rede, piattaforma, canale, bron, kanaal, campaign "
        "type, type, typ, tipo"
    ),
    _T.CAMPAIGN: (
        "campaign name, campaign, utm campaign, kampagne, kampagnenname, nom de la campagne, nom de "
        "campagne, campagne, nombre de la campana, nombre de campana, campana, nome da campanha, campanha, "
        "nome della campagna, nome campagna, campagna, campagnenaam, kampania"
    ),
    _T.AD: (
        "ad name, ad, utm content, ad set name, ad set, ad group, adgroup, ad group name, creative, "
        "anzeige, anzeigenname, anzeigengruppe, annonce, nom de la publicite, nom de l annonce, anuncio, "
        "nombre del anuncio, nome do anuncio, conjunto de anuncios, inserzione, annuncio, advertentie"
    ),
    _T.AMOUNT: (
        "actual cost, amount spent, total spent, total cost, total spend, ad spend, spend, spent, cost, costs, media "
        "cost, media spend, amount, total, budget spent, investment, betrag ausgegeben, ausgegebener "
        "betrag, ausgaben, kosten, gesamtkosten, istkosten, betrag, werbekosten, montant depense, depense, "
        "depenses, cout, cout total, couts, montant, importe gastado, gasto, gastos, costo, costos, coste, "
        "costes, costo total, inversion, importe, valor gasto, valor usado, gasto total, custo, custos, "
        "custo total, investimento, valor investido, valor, importo speso, spesa, costo totale, importo, "
        "uitgaven, bedrag, koszt, wydatki"
    ),
}  # fmt: skip

WORDS: Final[dict[ImportKind, dict[Target, str]]] = {
    ImportKind.LEADS: {
        _T.CAPTURED_AT: _CAPTURED,
        _T.TIME: _TIME,
        _T.TIER: _TIER,
        _T.FIRST_CALL_AT: _FIRST_CALL,
        **_MILESTONES,
    },
    ImportKind.RESULTS: {_T.FIRST_CALL_AT: _FIRST_CALL, **_MILESTONES},
    ImportKind.CALLS: _CALLS,
    ImportKind.COSTS: _COSTS,
}
BASE: Final[dict[ImportKind, frozenset[Target] | None]] = {
    ImportKind.LEADS: None,
    ImportKind.RESULTS: KEYS | {_T.WON},
    ImportKind.CALLS: KEYS,
    ImportKind.COSTS: frozenset(),
}
"""Of the targets of a lead, those that this kind of file may have too; None: all."""

_ASIDE: Final = frozenset(
    "lead contact associated deal opportunity potential person record prospect client customer geschaft affaire "
    "negocio oportunidade "
    "oportunidad trattativa transaction".split()
)
_TAILS: Final = frozenset("in usd eur gbp brl chf cad aud utc gmt cet est pst local zone timezone".split())


def _spellings() -> dict[ImportKind, dict[str, tuple[tuple[Target, int], ...]]]:
    found: dict[ImportKind, dict[str, tuple[tuple[Target, int], ...]]] = {}
    for kind, by_target in WORDS.items():
        table: dict[str, tuple[tuple[Target, int], ...]] = {}
        for target, words in by_target.items():
            for rank, word in enumerate(dict.fromkeys(words.split(", "))):
                table[word] = (*table.get(word, ()), (target, rank))
        found[kind] = table
    return found


_SPELLINGS: Final = _spellings()


def spelled_past(words: str, kind: ImportKind) -> tuple[tuple[Target, int], ...]:
    """The targets that a plain header names in a file of this kind, likeliest first, each with the rank of its
    spelling."""
    table = _SPELLINGS[kind]
    if found := table.get(words):
        return found
    parts = words.split()
    while len(parts) > 1 and parts[0] in _ASIDE:
        parts = parts[1:]
        if found := table.get(" ".join(parts)):
            return tuple((target, rank + 100) for target, rank in found)
    while len(parts) > 1 and parts[-1] in _TAILS:
        parts = parts[:-1]
        if found := table.get(" ".join(parts)):
            return tuple((target, rank + 150) for target, rank in found)
    return ()
