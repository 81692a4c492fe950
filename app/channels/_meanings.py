"""What a field's name means, in the spellings that forms of several languages commonly use.

Names are compared without case, accents, punctuation and numbers at the end, and without words around
them that say nothing ("your-name", "form_fields[email]", "customer.phone"). What is not found here is no
lesser a field: it becomes a question with its answer.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from app.domain.places import folded

_WORDS = """
name: name, full name, contact name, complete name, name and surname, first and last name,
  vollständiger name, vor und nachname, vorname und nachname, vor und zuname, nom, nom complet,
  nom et prénom, nom prénom, prénom et nom, nombre, nombre completo, nombre y apellidos,
  nombre y apellido, nome, nome completo, nome e cognome, naam, volledige naam, imię i nazwisko, navn,
  namn, nimi, jméno, jméno a příjmení, ad soyad, isim, имя, фио, имя и фамилия, 姓名, 名前, お名前, 氏名,
  이름, 성명
first_name: first name, fname, first, given name, given names, forename, vorname, prénom, primer nombre,
  primeiro nome, voornaam, fornavn, förnamn, imię, etunimi, křestní jméno, 名
last_name: last name, lname, last, surname, family name, nachname, familienname, zuname, nom de famille,
  apellido, apellidos, cognome, sobrenome, apelido, achternaam, nazwisko, etternavn, efternavn, efternamn,
  sukunimi, příjmení, soyad, фамилия, 姓
email: email, mail, email address, email id, user email, work email, business email, email adresse,
  mail adresse, adresse mail, adresse email, adresse e mail, adresse électronique, courriel, correo,
  correo electrónico, indirizzo email, indirizzo e mail, posta elettronica, email adres, epost,
  epostadresse, eposta, endereço de email, adres email, adres e mail, sähköposti, почта,
  электронная почта, эл почта, 邮箱, 电子邮件, メール, メールアドレス, 이메일
phone: phone, phone number, phone no, telephone, telephone number, tel, tel no, tel number, mobile,
  mobile phone, mobile number, mobile no, cell, cell phone, cell number, contact number, contact phone,
  contact no, daytime phone, home phone, work phone, business phone, user phone, whatsapp,
  whatsapp number, callback number, call back number, handy, handynummer, telefon, telefonnummer,
  telefon nr, mobil, mobilnummer, mobiltelefon, rufnummer, téléphone, numéro de téléphone, portable,
  numéro de portable, teléfono, número de teléfono, móvil, celular, telefono, numero di telefono,
  cellulare, telefone, telemóvel, telefoon, telefoonnummer, mobiel, gsm, puhelin, puhelinnumero,
  numer telefonu, telefonní číslo, телефон, номер телефона, 电话, 电话号码, 手机, 手机号, 電話, 電話番号,
  携帯電話, 전화번호, 휴대폰
company: company, company name, organisation, organization, organisation name, organization name,
  business, business name, employer, firm, firma, firmenname, unternehmen, entreprise, société,
  nom de la société, nom de l entreprise, raison sociale, empresa, nombre de la empresa, compañía,
  azienda, ragione sociale, nome azienda, nome da empresa, bedrijf, bedrijfsnaam, nazwa firmy, företag,
  virksomhed, virksomhet, yritys, společnost, şirket, компания, организация, 公司, 公司名称, 会社, 会社名,
  회사, 회사명
title: title, job title, job, position, role, job role, occupation, funktion, beruf, berufsbezeichnung,
  stellung, fonction, poste, cargo, puesto, ruolo, posizione, functie, função, stanowisko, stilling,
  befattning, должность, 职位, 役職, 직책
street: street, address, street address, address line, mailing address, postal address, straße, adresse,
  anschrift, straße und hausnummer, straße hausnummer, rue, adresse postale, calle, dirección, domicilio,
  indirizzo, straat, adres, straatnaam, rua, endereço, morada, ulica, adresa, gata, gatuadress, osoite,
  улица, адрес, 地址, 住所, 주소
city: city, town, suburb, locality, ort, stadt, wohnort, ville, ciudad, población, localidad, città,
  comune, stad, plaats, woonplaats, cidade, miasto, miejscowość, kaupunki, město, şehir, город, 城市,
  市区町村, 도시
region: state, region, province, county, state province, state region, state or province, bundesland,
  kanton, département, région, provincia, estado, comunidad autónoma, regione, provincie, województwo,
  область, регион, 省, 都道府県
postcode: zip, zip code, postcode, post code, postal code, postal, zip postal code, zip or postal code,
  plz, postleitzahl, code postal, cp, código postal, cap, cep, kod pocztowy, postnummer, postinumero, psč,
  индекс, почтовый индекс, 邮编, 郵便番号, 우편번호, pin code, eircode
country: country, country name, nation, land, pays, país, paese, nazione, kraj, země, ülke, страна, 国家,
  国, 국가
ask: message, msg, comment, comments, question, questions, ask, inquiry, enquiry, request, description,
  note, notes, how can we help, how can we help you, what do you need, additional information,
  project details, nachricht, mitteilung, anliegen, anfrage, frage, kommentar, bemerkung, bemerkungen,
  commentaire, commentaires, demande, mensaje, comentario, comentarios, consulta, pregunta, messaggio,
  richiesta, commenti, domanda, bericht, opmerking, opmerkingen, vraag, mensagem, comentários, pergunta,
  wiadomość, treść, meddelande, meddelelse, besked, melding, viesti, zpráva, dotaz, mesaj, сообщение,
  комментарий, вопрос, 留言, 消息, メッセージ, お問い合わせ内容, 문의, 문의내용, subject, betreff, sujet,
  objet, asunto, oggetto, onderwerp, assunto, temat, emne, ämne, тема
consent: consent, gdpr, gdpr consent, privacy, privacy policy, privacy consent, accept privacy, agree,
  agreement, terms, accept terms, acceptance, opt in, marketing opt in, marketing consent, newsletter,
  subscribe, tos, einwilligung, datenschutz, zustimmung, consentement, rgpd, consentimiento, privacidad,
  consenso, toestemming, akkoord, zgoda, samtykke, samtycke, согласие
trap: honeypot, honey, gotcha, bot, bot field, hp field, hp website, leave blank, leave this blank,
  leave empty, leave this empty, trap
page: page, page url, page uri, page location, landing page, landing page url, current url, form url
referrer: referrer, referer, http referer, http referrer
utm_source: utm source
utm_medium: utm medium
utm_campaign: utm campaign
utm_content: utm content
utm_term: utm term
source: source, lead source, traffic source
campaign: campaign, campaign name, campaign id
ad: ad, ad id, ad name, creative, creative id
keyword: keyword
gclid: gclid, gcl id
gbraid: gbraid
wbraid: wbraid
fbclid: fbclid
msclkid: msclkid
ttclid: ttclid
li_fat_id: li fat id
twclid: twclid
external_id: external id, lead id, leadgen id, submission id, submission uuid, response id
is_test: is test, test lead
no_call: no call, do not call, dont call, dnc
no_email: no email, do not email, dont email, email opt out
noise: csrfmiddlewaretoken, csrf token, authenticity token, request verification token, xsrf token, nonce,
  wpnonce, g recaptcha response, h captcha response, cf turnstile response, form build id, utf8, submit
"""

_SAYING_NOTHING = """
your my the a our what whats is are please enter contact contacts customer client lead person user visitor
applicant buyer prospect data form forms field fields formfields body payload entry entries values attributes
properties submission record item input personal billing shipping text address ihr ihre dein deine votre su tu
il tuo uw je seu sua ваш ваше ваша
"""
_LEADING = frozenset(_SAYING_NOTHING.split())
_TRAILING = frozenset(("required", "optional", "pflichtfeld", "field"))
"""Words that say nothing, in front of a name and behind it."""


@cache
def _table() -> dict[str, str]:
    table = {}
    for row in _WORDS.strip().replace("\n  ", " ").splitlines():
        what, _, names = row.partition(": ")
        table.update({folded(name).replace(" ", ""): what for name in names.split(", ")})
    return table


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=2048)
def meaning(name: str) -> str:
    """What a field of this name holds: one of the meanings above, or "" for a question of the form's own."""
    if len(name) > 100:
        return ""
    words = folded(_CAMEL.sub(" ", name)).split()
    while len(words) > 1 and (words[-1].isdigit() or words[-1] in _TRAILING):
        words.pop()
    while words:
        compact = "".join(words)
        found = _table().get(compact) or _table().get(compact.rstrip("0123456789"), "")
        if found or words[0] not in _LEADING:
            return found
        words.pop(0)
    return ""
