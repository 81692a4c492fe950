"""How the columns of leads' tables are called: by CRMs, ad platforms and form makers, in several languages.

Spellings are given as `plain_header` leaves them: lower case, without accents, words apart, so that
"E-Mail", "email_address" and "EmailAddress" are found by "email" and "email address". Of several columns
that fit one target the spelling that stands first wins; `guessing.py` does the choosing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from app.domain.mapping import Target

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_EMAIL = re.compile(r"\be[\s_-]*mails?\b")
_NOT_WORD = re.compile(r"[\W_]+")
_TAIL = re.compile(r"( (\d+|required|optional|pflichtfeld|obligatoire))+$")


@lru_cache(maxsize=2048)
def plain_header(header: str) -> str:
    """A header's words: "E-Mail*" → "email", "LeadSource" → "lead source", "Téléphone 1" → "telephone"."""
    text = _CAMEL.sub(" ", header).replace("ß", "ss")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    text = _NOT_WORD.sub(" ", _EMAIL.sub("email", text)).strip()
    return _TAIL.sub("", text) or text


_OWNERS = (
    "owner agent rep sdr bdr assigned assignee created modified creator manager referrer referred bearbeiter "
    "besitzer eigentumer proprietaire propietario responsavel proprietario"
)
OWNERS: Final = frozenset(_OWNERS.split())
"""A column with one of these words speaks of the customer's own people, not of the lead."""

_ASIDE = (
    "lead contact associated your customer person primary main home work business mailing billing private mobile other "
    "prospect client applicant visitor kontakt kunde kunden interessent cliente contacto contatto"
)
ASIDE: Final = frozenset(_ASIDE.split())
"""Words before a name that say no more than whose it is: "Lead Email", "Mailing City"."""

_OWN_IDS = (
    "opportunity id, opportunity number, opportunity no, deal id, deal number, inquiry id, inquiry number, enquiry id, "
    "enquiry number, request id, request number, application id, application number, ticket id, ticket number, case "
    "id, case number, quote id, quote number, booking id, order id, order number, user id, member id, student id, "
    "account id, unique id, unique number, identifier, reference, reference number, reference no, ref, vorgangsnummer, "
    "angebotsnummer, anfragenummer, numero de demande, numero de solicitud, numero do pedido"
)
OWN_IDS: Final = frozenset(_OWN_IDS.split(", "))
"""Ids of what came of a lead, or of the one who asked: they tell the rows of their own file apart."""

_WORDS: Final[dict[Target, str]] = {
    Target.NAME: (
        "full name, name, contact name, lead name, person name, display name, complete name, name of "
        "contact, contact person, deal contact person, vollstandiger name, ansprechpartner, kontaktperson, "
        "nom complet, nom et prenom, nombre completo, nombre y apellidos, nome completo, nome e cognome, naam, "
        "volledige naam, imie i nazwisko, namn, navn, ad soyad, fio, имя и фамилия, фио, 姓名, 氏名"
    ),
    Target.FIRST_NAME: (
        "first name, firstname, first, given name, forename, fname, vorname, prenom, nombre, nome, primeiro "
        "nome, voornaam, imie, fornamn, fornavn, имя"
    ),
    Target.LAST_NAME: (
        "last name, lastname, last, surname, family name, lname, nachname, familienname, nom, nom de "
        "famille, apellido, apellidos, cognome, sobrenome, achternaam, nazwisko, efternamn, etternavn, "
        "фамилия"
    ),
    Target.TITLE: (
        "job title, title, position, role, job role, job, function, designation, occupation, jobtitle, "
        "beruf, berufsbezeichnung, funktion, poste, fonction, cargo, puesto, ruolo, posizione, functie, "
        "stanowisko, должность"
    ),
    Target.COMPANY: (
        "company, company name, account name, organization, organisation, organization name, organisation "
        "name, associated company, company account, deal organization, deal organisation, business name, employer, "
        "account, firm, firma, firmenname, unternehmen, "
        "societe, entreprise, raison sociale, empresa, nombre de la empresa, nome da empresa, azienda, "
        "societa, bedrijf, bedrijfsnaam, nazwa firmy, foretag, virksomhed, компания, организация, 会社名"
    ),
    Target.EMAIL: (
        "email, email address, work email, email 1 value, mail, mail address, email id, emailadresse, "
        "email adresse, mailadresse, adresse email, adresse mail, courriel, correo, correo electronico, "
        "direccion de correo, indirizzo email, posta elettronica, endereco de email, epost, emailadres, "
        "adres email, почта, электронная почта, メール"
    ),
    Target.PHONE: (
        "mobile, mobile phone, mobile phone number, mobile number, phone number, phone, telephone, "
        "telephone number, cell, cell phone, cellphone, whatsapp, whatsapp number, whatsapp phone number, "
        "contact number, tel, tel no, phone no, mobile no, phone 1 value, direct phone, home phone, work "
        "phone, other phone, telefon, telefonnummer, handy, handynummer, mobil, mobilnummer, rufnummer, "
        "festnetz, telephone portable, portable, numero de telephone, telefono, telefono movil, movil, "
        "celular, numero de telefono, cellulare, numero di telefono, telefone, telemovel, telefoon, "
        "telefoonnummer, mobiel, numer telefonu, komorka, телефон, мобильный, 電話番号"
    ),
    Target.STREET: (
        "street, street address, address, address line, addr, mailing street, strasse, anschrift, adresse, "
        "rue, direccion, calle, indirizzo, via, endereco, rua, straat, adres, ulica, адрес, улица"
    ),
    Target.CITY: (
        "city, town, city town, place, stadt, ort, wohnort, ville, ciudad, citta, cidade, stad, plaats, "
        "woonplaats, miasto, by, город"
    ),
    Target.REGION: (
        "state, region, province, state region, state province, county, state code, bundesland, "
        "departement, provincia, estado, regione, regiao, provincie, wojewodztwo, регион, область"
    ),
    Target.POSTCODE: (
        "postcode, postal code, zip, zip code, zipcode, zip postal code, post code, plz, postleitzahl, code "
        "postal, codigo postal, cp, cap, cep, postnummer, kod pocztowy, индекс"
    ),
    Target.COUNTRY: (
        "country, country code, country region, nation, land, pays, pais, paese, kraj, страна, 国"
    ),
    Target.ASK: (
        "message, comments, comment, enquiry, inquiry, question, your message, request, what do you need, "
        "how can we help, how can we help you, description, details, notes, note, remarks, nachricht, "
        "anfrage, frage, bemerkung, bemerkungen, kommentar, message du client, demande, commentaire, "
        "commentaires, mensaje, comentario, comentarios, consulta, messaggio, richiesta, mensagem, bericht, "
        "opmerking, wiadomosc, сообщение, комментарий"
    ),
    Target.MEDIUM: (
        "lead source, source, utm source, original source, original source type, traffic source, first "
        "source, acquisition source, platform, origin, channel, medium, utm medium, marketing channel, acquisition "
        "channel, campaign channel, advertising channel, source channel, source name, how did you hear about us, how "
        "did you hear, how did you find us, quelle, leadquelle, "
        "herkunft, source du prospect, provenance, fuente, origen, fonte, origem, bron, zrodlo, источник"
    ),
    Target.CAMPAIGN: (
        "campaign, campaign name, utm campaign, most recent campaign, kampagne, campagne, campana, "
        "campagna, campanha, kampania, кампания"
    ),
    Target.AD: ("ad name, ad, utm content, ad group, adgroup, creative, anzeige, annonce, anuncio"),
    Target.KEYWORD: ("keyword, utm term, search term, search keyword, suchbegriff, mot cle, palabra clave"),
    Target.CLICK_ID: "gclid, google click id, gcl id, fbclid, facebook click id, msclkid, click id",
    Target.PAGE: (
        "landing page, landing page url, page url, first page seen, conversion page, referring page, url of "
        "page"
    ),
    Target.EXTERNAL_ID: (
        "lead number, lead no, lead nr, lead id, leadid, record id, mql id, contact id, contactid, external "
        "id, externalid, customer number, customer no, customer id, prospect id, person id, potential id, "
        "id, uuid, guid, kundennummer, kontaktnummer, numero client, numero de cliente, codice cliente, "
        f"klantnummer, {_OWN_IDS}"
    ),
    Target.CONSENT: (
        "consent, marketing consent, gdpr consent, gdpr, opt in, optin, email opt in, newsletter opt in, "
        "legal basis for processing contact s data, i agree, privacy consent, einwilligung, dsgvo, "
        "werbeeinwilligung, consentement, rgpd, consentimiento, consenso, consentimento, zgoda, toestemming"
    ),
    Target.NO_CALL: (
        "do not call, donotcall, dnc, no call, no calls, do not phone, phone opt out, call opt out, nicht "
        "anrufen, ne pas appeler, no llamar, non chiamare, nao ligar, niet bellen"
    ),
    Target.NO_EMAIL: (
        "do not email, donotemail, no email, no emails, email opt out, has opted out of email, "
        "unsubscribed, unsubscribed from all email, opted out, opt out, keine email, keine emails, ne pas "
        "envoyer d email, no enviar email, non inviare email, nao enviar email, geen email"
    ),
    Target.WON: (
        "won, is won, iswon, closed won, converted, conversion, is customer, sold, "
        "purchased, konvertiert, converti, convertido, gewonnen, gagne, ganado, vinto, ganho"
    ),
    Target.IS_TEST: "is test, istest, test, test lead, test record",
}

SPELLINGS: Final[dict[str, tuple[Target, int]]] = {}
"""Spelling → its target and its rank within it (0 is best)."""
for _target, _words in _WORDS.items():
    for _rank, _word in enumerate(_words.split(", ")):
        SPELLINGS.setdefault(_word, (_target, _rank))


def spelled(header: str) -> tuple[Target, int] | None:
    """The target that a header's words name, with the rank of the spelling; None where they name none."""
    words = plain_header(header)
    if found := SPELLINGS.get(words):
        return found
    parts = words.split()
    if OWNERS.intersection(parts):
        return None
    while len(parts) > 1 and parts[0] in ASIDE:
        parts = parts[1:]
        if found := SPELLINGS.get(" ".join(parts)):
            return found[0], found[1] + 50
    return None
