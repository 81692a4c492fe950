"""Which languages somebody is likely to speak: by what they said, else by where they live.

Codes are ISO 639-1. For a country stand the languages in which most of its people can be called, the commonest first
(Unicode CLDR's list of languages by territory, official and above a tenth of the people). A country that is not
listed says nothing.
"""

from __future__ import annotations

from functools import cache

__all__ = ["of_country", "said", "spoken"]

_COUNTRIES = """\
ar AE BH DZ EG IQ JO KW LB LY MA OM PS QA SA SD SY TN YE
bg BG
bs BA
ca AD
cs CZ
da DK
de AT CH DE LI LU
el CY GR
en AU BB BS BZ CA GB GH GI GY IE IM IN JE JM KE MT NG NZ PH SG TT UG US ZA ZM ZW
es AR BO CL CO CR CU DO EC ES GT HN MX NI PA PE PR PY SV UY VE
et EE
fi FI
fr BE BF BJ CA CD CG CH CI CM FR GA GN LU MC ML NE RE SN TG
ga IE
he IL
hi IN
hr HR
hu HU
id ID
is IS
it CH IT SM VA
ja JP
ko KR
lt LT
lv LV
mk MK
ms MY SG
mt MT
nl BE NL SR
no NO
pl PL
pt AO BR MZ PT
ro MD RO
ru BY KZ RU
sk SK
sl SI
sq AL XK
sr ME RS
sv SE
th TH
tr CY TR
uk UA
vi VN
zh CN HK MO SG TW
"""
_NAMES = """\
ar Arabic,العربية,arabisch,arabe
bg Bulgarian,български
bs Bosnian,bosanski
ca Catalan,català
cs Czech,čeština,česky,tschechisch
da Danish,dansk,dänisch
de German,deutsch,allemand,alemán,tedesco,duits
el Greek,ελληνικά,griechisch
en English,englisch,anglais,inglés,inglese,engels
es Spanish,español,spanisch,espagnol,spagnolo,castellano
et Estonian,eesti
fi Finnish,suomi,finnisch
fr French,français,französisch,francés,francese,frans
ga Irish,gaeilge
he Hebrew,עברית
hi Hindi,हिन्दी
hr Croatian,hrvatski,kroatisch
hu Hungarian,magyar,ungarisch
id Indonesian,bahasa indonesia
is Icelandic,íslenska
it Italian,italiano,italienisch,italien
ja Japanese,日本語,japanisch
ko Korean,한국어
lt Lithuanian,lietuvių
lv Latvian,latviešu
mk Macedonian,македонски
ms Malay,bahasa melayu
mt Maltese,malti
nl Dutch,nederlands,niederländisch,néerlandais
no Norwegian,norsk,norwegisch
pl Polish,polski,polnisch,polonais
pt Portuguese,português,portugiesisch,portugais
ro Romanian,română,rumänisch
ru Russian,русский,russisch
sk Slovak,slovenčina,slowakisch
sl Slovene,slovenščina,slovenian,slowenisch
sq Albanian,shqip
sr Serbian,srpski,српски,serbisch
sv Swedish,svenska,schwedisch
th Thai,ไทย
tr Turkish,türkçe,türkisch
uk Ukrainian,українська,ukrainisch
vi Vietnamese,tiếng việt
zh Chinese,中文,mandarin,chinesisch
"""
_ASKED = ("language", "sprache", "langue", "idioma", "lingua", "taal")
"""What a form's question for the language has in it."""
_FIRST = {
    "CH": "de",
    "BE": "nl",
    "LU": "fr",
    "CA": "en",
    "IE": "en",
    "IN": "en",
    "SG": "en",
    "CY": "el",
    "MT": "en",
}


@cache
def _by_country() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _COUNTRIES.splitlines():
        code, *countries = line.split()
        for country in countries:
            found[country] = (*found.get(country, ()), code)
    return {
        country: tuple(sorted(codes, key=lambda code: code != _FIRST.get(country)))
        for country, codes in found.items()
    }


@cache
def _names() -> dict[str, str]:
    return {code: names.partition(",")[0] for code, names in map(_line, _NAMES.splitlines())}


@cache
def _codes() -> dict[str, str]:
    found = {
        name.casefold(): code for code, names in map(_line, _NAMES.splitlines()) for name in names.split(",")
    }
    return found | {code: code for code in _names()}


def _line(line: str) -> tuple[str, str]:
    code, _, names = line.partition(" ")
    return code, names


def of_country(country: str) -> tuple[str, ...]:
    """The languages of a country (ISO 3166 alpha-2); none where that can't be told."""
    return _by_country().get(country, ())


def said(answers: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The languages that answers name, to questions for the language."""
    for question, answer in answers:
        if any(word in question.casefold() for word in _ASKED):
            words = answer.casefold().replace("/", ",").replace(";", ",").split(",")
            codes = [_codes().get(word.strip().partition("-")[0].strip()) for word in words]
            return tuple(dict.fromkeys(code for code in codes if code))
    return ()


def spoken(code: str) -> str:
    """What a language is called in English; the code itself where that is not known."""
    return _names().get(code, code)
