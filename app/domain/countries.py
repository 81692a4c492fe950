"""The countries of ISO 3166 (and three that telephones know besides) by code, with their names and clocks.

Where a country has several clocks the zone of most of its people comes first, and zones that always tell
the same time as another are left out. Codes and zones follow the public-domain time zone database.
"""

from __future__ import annotations

from functools import cache

_TABLE = """\
AD|Andorra|Europe/Andorra
AC|Ascension Island|Atlantic/St_Helena
AE|United Arab Emirates|Asia/Dubai
AF|Afghanistan|Asia/Kabul
AG|Antigua and Barbuda|America/Antigua
AI|Anguilla|America/Anguilla
AL|Albania|Europe/Tirane
AM|Armenia|Asia/Yerevan
AO|Angola|Africa/Luanda
AQ|Antarctica|Antarctica/McMurdo Antarctica/Palmer Antarctica/Casey
AR|Argentina|America/Argentina/Buenos_Aires
AS|American Samoa|Pacific/Pago_Pago
AT|Austria|Europe/Vienna
AU|Australia|Australia/Sydney Australia/Brisbane Australia/Adelaide Australia/Darwin Australia/Perth
AW|Aruba|America/Aruba
AX|Åland Islands|Europe/Mariehamn
AZ|Azerbaijan|Asia/Baku
BA|Bosnia and Herzegovina|Europe/Sarajevo
BB|Barbados|America/Barbados
BD|Bangladesh|Asia/Dhaka
BE|Belgium|Europe/Brussels
BF|Burkina Faso|Africa/Ouagadougou
BG|Bulgaria|Europe/Sofia
BH|Bahrain|Asia/Bahrain
BI|Burundi|Africa/Bujumbura
BJ|Benin|Africa/Porto-Novo
BL|Saint Barthélemy|America/St_Barthelemy
BM|Bermuda|Atlantic/Bermuda
BN|Brunei|Asia/Brunei
BO|Bolivia|America/La_Paz
BQ|Caribbean Netherlands|America/Kralendijk
BR|Brazil|America/Sao_Paulo America/Manaus America/Rio_Branco America/Noronha
BS|Bahamas|America/Nassau
BT|Bhutan|Asia/Thimphu
BW|Botswana|Africa/Gaborone
BY|Belarus|Europe/Minsk
BZ|Belize|America/Belize
CA|Canada|America/Toronto America/Winnipeg America/Regina America/Edmonton America/Vancouver \
America/Halifax America/St_Johns
CC|Cocos Islands|Indian/Cocos
CD|DR Congo|Africa/Kinshasa Africa/Lubumbashi
CF|Central African Republic|Africa/Bangui
CG|Congo|Africa/Brazzaville
CH|Switzerland|Europe/Zurich
CI|Côte d’Ivoire|Africa/Abidjan
CK|Cook Islands|Pacific/Rarotonga
CL|Chile|America/Santiago America/Punta_Arenas Pacific/Easter
CM|Cameroon|Africa/Douala
CN|China|Asia/Shanghai
CO|Colombia|America/Bogota
CR|Costa Rica|America/Costa_Rica
CU|Cuba|America/Havana
CV|Cape Verde|Atlantic/Cape_Verde
CW|Curaçao|America/Curacao
CX|Christmas Island|Indian/Christmas
CY|Cyprus|Asia/Nicosia
CZ|Czechia|Europe/Prague
DE|Germany|Europe/Berlin
DJ|Djibouti|Africa/Djibouti
DK|Denmark|Europe/Copenhagen
DM|Dominica|America/Dominica
DO|Dominican Republic|America/Santo_Domingo
DZ|Algeria|Africa/Algiers
EC|Ecuador|America/Guayaquil Pacific/Galapagos
EE|Estonia|Europe/Tallinn
EG|Egypt|Africa/Cairo
EH|Western Sahara|Africa/El_Aaiun
ER|Eritrea|Africa/Asmara
ES|Spain|Europe/Madrid Atlantic/Canary
ET|Ethiopia|Africa/Addis_Ababa
FI|Finland|Europe/Helsinki
FJ|Fiji|Pacific/Fiji
FK|Falkland Islands|Atlantic/Stanley
FM|Micronesia|Pacific/Pohnpei Pacific/Chuuk
FO|Faroe Islands|Atlantic/Faroe
FR|France|Europe/Paris
GA|Gabon|Africa/Libreville
GB|United Kingdom|Europe/London
GD|Grenada|America/Grenada
GE|Georgia|Asia/Tbilisi
GF|French Guiana|America/Cayenne
GG|Guernsey|Europe/Guernsey
GH|Ghana|Africa/Accra
GI|Gibraltar|Europe/Gibraltar
GL|Greenland|America/Nuuk America/Danmarkshavn America/Thule
GM|Gambia|Africa/Banjul
GN|Guinea|Africa/Conakry
GP|Guadeloupe|America/Guadeloupe
GQ|Equatorial Guinea|Africa/Malabo
GR|Greece|Europe/Athens
GS|South Georgia|Atlantic/South_Georgia
GT|Guatemala|America/Guatemala
GU|Guam|Pacific/Guam
GW|Guinea-Bissau|Africa/Bissau
GY|Guyana|America/Guyana
HK|Hong Kong|Asia/Hong_Kong
HN|Honduras|America/Tegucigalpa
HR|Croatia|Europe/Zagreb
HT|Haiti|America/Port-au-Prince
HU|Hungary|Europe/Budapest
ID|Indonesia|Asia/Jakarta Asia/Makassar Asia/Jayapura
IE|Ireland|Europe/Dublin
IL|Israel|Asia/Jerusalem
IM|Isle of Man|Europe/Isle_of_Man
IN|India|Asia/Kolkata
IO|British Indian Ocean Territory|Indian/Chagos
IQ|Iraq|Asia/Baghdad
IR|Iran|Asia/Tehran
IS|Iceland|Atlantic/Reykjavik
IT|Italy|Europe/Rome
JE|Jersey|Europe/Jersey
JM|Jamaica|America/Jamaica
JO|Jordan|Asia/Amman
JP|Japan|Asia/Tokyo
KE|Kenya|Africa/Nairobi
KG|Kyrgyzstan|Asia/Bishkek
KH|Cambodia|Asia/Phnom_Penh
KI|Kiribati|Pacific/Tarawa Pacific/Kanton Pacific/Kiritimati
KM|Comoros|Indian/Comoro
KN|Saint Kitts and Nevis|America/St_Kitts
KP|North Korea|Asia/Pyongyang
KR|South Korea|Asia/Seoul
KW|Kuwait|Asia/Kuwait
KY|Cayman Islands|America/Cayman
KZ|Kazakhstan|Asia/Almaty
LA|Laos|Asia/Vientiane
LB|Lebanon|Asia/Beirut
LC|Saint Lucia|America/St_Lucia
LI|Liechtenstein|Europe/Vaduz
LK|Sri Lanka|Asia/Colombo
LR|Liberia|Africa/Monrovia
LS|Lesotho|Africa/Maseru
LT|Lithuania|Europe/Vilnius
LU|Luxembourg|Europe/Luxembourg
LV|Latvia|Europe/Riga
LY|Libya|Africa/Tripoli
MA|Morocco|Africa/Casablanca
MC|Monaco|Europe/Monaco
MD|Moldova|Europe/Chisinau
ME|Montenegro|Europe/Podgorica
MF|Saint Martin|America/Marigot
MG|Madagascar|Indian/Antananarivo
MH|Marshall Islands|Pacific/Majuro
MK|North Macedonia|Europe/Skopje
ML|Mali|Africa/Bamako
MM|Myanmar|Asia/Yangon
MN|Mongolia|Asia/Ulaanbaatar Asia/Hovd
MO|Macau|Asia/Macau
MP|Northern Mariana Islands|Pacific/Saipan
MQ|Martinique|America/Martinique
MR|Mauritania|Africa/Nouakchott
MS|Montserrat|America/Montserrat
MT|Malta|Europe/Malta
MU|Mauritius|Indian/Mauritius
MV|Maldives|Indian/Maldives
MW|Malawi|Africa/Blantyre
MX|Mexico|America/Mexico_City America/Cancun America/Mazatlan America/Tijuana America/Ciudad_Juarez
MY|Malaysia|Asia/Kuala_Lumpur
MZ|Mozambique|Africa/Maputo
NA|Namibia|Africa/Windhoek
NC|New Caledonia|Pacific/Noumea
NE|Niger|Africa/Niamey
NF|Norfolk Island|Pacific/Norfolk
NG|Nigeria|Africa/Lagos
NI|Nicaragua|America/Managua
NL|Netherlands|Europe/Amsterdam
NO|Norway|Europe/Oslo
NP|Nepal|Asia/Kathmandu
NR|Nauru|Pacific/Nauru
NU|Niue|Pacific/Niue
NZ|New Zealand|Pacific/Auckland Pacific/Chatham
OM|Oman|Asia/Muscat
PA|Panama|America/Panama
PE|Peru|America/Lima
PF|French Polynesia|Pacific/Tahiti Pacific/Marquesas Pacific/Gambier
PG|Papua New Guinea|Pacific/Port_Moresby Pacific/Bougainville
PH|Philippines|Asia/Manila
PK|Pakistan|Asia/Karachi
PL|Poland|Europe/Warsaw
PM|Saint Pierre and Miquelon|America/Miquelon
PN|Pitcairn|Pacific/Pitcairn
PR|Puerto Rico|America/Puerto_Rico
PS|Palestine|Asia/Gaza
PT|Portugal|Europe/Lisbon Atlantic/Azores
PW|Palau|Pacific/Palau
PY|Paraguay|America/Asuncion
QA|Qatar|Asia/Qatar
RE|Réunion|Indian/Reunion
RO|Romania|Europe/Bucharest
RS|Serbia|Europe/Belgrade
RU|Russia|Europe/Moscow Europe/Kaliningrad Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Novosibirsk \
Asia/Irkutsk Asia/Yakutsk Asia/Vladivostok Asia/Magadan Asia/Kamchatka
RW|Rwanda|Africa/Kigali
SA|Saudi Arabia|Asia/Riyadh
SB|Solomon Islands|Pacific/Guadalcanal
SC|Seychelles|Indian/Mahe
SD|Sudan|Africa/Khartoum
SE|Sweden|Europe/Stockholm
SG|Singapore|Asia/Singapore
SH|Saint Helena|Atlantic/St_Helena
SI|Slovenia|Europe/Ljubljana
SJ|Svalbard and Jan Mayen|Arctic/Longyearbyen
SK|Slovakia|Europe/Bratislava
SL|Sierra Leone|Africa/Freetown
SM|San Marino|Europe/San_Marino
SN|Senegal|Africa/Dakar
SO|Somalia|Africa/Mogadishu
SR|Suriname|America/Paramaribo
SS|South Sudan|Africa/Juba
ST|São Tomé and Príncipe|Africa/Sao_Tome
SV|El Salvador|America/El_Salvador
SX|Sint Maarten|America/Lower_Princes
SY|Syria|Asia/Damascus
SZ|Eswatini|Africa/Mbabane
TA|Tristan da Cunha|Atlantic/St_Helena
TC|Turks and Caicos Islands|America/Grand_Turk
TD|Chad|Africa/Ndjamena
TF|French Southern Territories|Indian/Kerguelen
TG|Togo|Africa/Lome
TH|Thailand|Asia/Bangkok
TJ|Tajikistan|Asia/Dushanbe
TK|Tokelau|Pacific/Fakaofo
TL|Timor-Leste|Asia/Dili
TM|Turkmenistan|Asia/Ashgabat
TN|Tunisia|Africa/Tunis
TO|Tonga|Pacific/Tongatapu
TR|Türkiye|Europe/Istanbul
TT|Trinidad and Tobago|America/Port_of_Spain
TV|Tuvalu|Pacific/Funafuti
TW|Taiwan|Asia/Taipei
TZ|Tanzania|Africa/Dar_es_Salaam
UA|Ukraine|Europe/Kyiv
UG|Uganda|Africa/Kampala
UM|US Minor Outlying Islands|Pacific/Midway Pacific/Wake
US|United States|America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles \
America/Anchorage Pacific/Honolulu
UY|Uruguay|America/Montevideo
UZ|Uzbekistan|Asia/Tashkent
VA|Vatican City|Europe/Vatican
VC|Saint Vincent|America/St_Vincent
VE|Venezuela|America/Caracas
VG|British Virgin Islands|America/Tortola
VI|US Virgin Islands|America/St_Thomas
VN|Vietnam|Asia/Ho_Chi_Minh
VU|Vanuatu|Pacific/Efate
WF|Wallis and Futuna|Pacific/Wallis
WS|Samoa|Pacific/Apia
XK|Kosovo|Europe/Belgrade
YE|Yemen|Asia/Aden
YT|Mayotte|Indian/Mayotte
ZA|South Africa|Africa/Johannesburg
ZM|Zambia|Africa/Lusaka
ZW|Zimbabwe|Africa/Harare
"""

_ALSO = """\
US usa, united states of america, america, estados unidos, etats unis, vereinigte staaten; GB uk,
gbr, great britain, britain, england, scotland, wales, northern ireland, vereinigtes konigreich,
reino unido, royaume uni; CA can, kanada; AU aus; DE deu, ger, deutschland, allemagne, alemania,
germania; AT aut, osterreich, autriche; CH che, schweiz, suisse, svizzera, suiza; FR fra,
frankreich, francia; ES esp, espana, spanien, espagne; IT ita, italia, italien, italie; NL nld,
holland, the netherlands, nederland, niederlande, pays bas; BE bel, belgie, belgique, belgien; PT
prt; PL pol, polska, polen; SE swe, sverige, schweden; NO nor, norge, norwegen; DK dnk, danmark,
danemark; FI fin, suomi, finnland; IE irl, eire, republic of ireland; CZ cze, czech republic, ceska
republika, cesko, tschechien; HU hun, magyarorszag, ungarn; RO rou; GR grc, hellas; TR turkey,
turkei, tur; RU rus, russian federation, россия; UA ukr, украина, україна; BR bra, brasil; MX mex;
AR arg; CN chn, prc, mainland china, 中国; JP jpn, 日本; KR kor, korea, republic of korea, korea south;
IN ind, bharat; NZ nzl, aotearoa; ZA zaf; AE uae, emirates; SA ksa; HK hongkong; MO macao; VN viet
nam; MM burma; CI ivory coast; SZ swaziland; CV cabo verde; TL east timor; MK macedonia; CD
democratic republic of the congo, congo kinshasa; CG republic of the congo, congo brazzaville; BN
brunei darussalam; PH phl; ID idn; MY mys; SG sgp; IL isr; VA vatican, holy see; SY syrian arab
republic; MD moldova republic of; KP korea north; PS palestinian territories
"""
"""Other ways to write a country."""


@cache
def countries() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Name and zones by ISO 3166 alpha-2 code."""
    rows = (line.split("|") for line in _TABLE.splitlines())
    return {code: (name, tuple(zones.split())) for code, name, zones in rows}


@cache
def other_names() -> dict[str, str]:
    """Codes by abbreviations, earlier names and names in other languages."""
    found = {}
    for line in _ALSO.replace("\n", " ").split(";"):
        code, _, names = line.strip().partition(" ")
        found.update(dict.fromkeys(names.split(", "), code))
    return found
