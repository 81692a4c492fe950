"""The clocks within countries that have several: states and regions by the zones they keep.

A line starts with its zones, that of most people first, then a colon and the names and codes of the states
that keep them; a line that starts with blanks goes on with more names.
"""

from __future__ import annotations

from functools import cache

STATES = {
    "US": """\
America/Chicago: AL, alabama, AR, arkansas, IL, illinois, IA, iowa, LA, louisiana, MN, minnesota, MS,
  mississippi, MO, missouri, OK, oklahoma, WI, wisconsin
America/Anchorage: AK, alaska
America/Phoenix: AZ, arizona
America/Los_Angeles: CA, california, NV, nevada, WA, washington
America/Denver: CO, colorado, MT, montana, NM, new mexico, UT, utah, WY, wyoming
America/New_York: CT, connecticut, DE, delaware, DC, district of columbia, washington dc, GA, georgia,
  ME, maine, MD, maryland, MA, massachusetts, NH, new hampshire, NJ, new jersey, NY, new york, NC, north
  carolina, OH, ohio, PA, pennsylvania, RI, rhode island, SC, south carolina, VT, vermont, VA, virginia,
  WV, west virginia
America/New_York, America/Chicago: FL, florida, IN, indiana, KY, kentucky, MI, michigan
Pacific/Honolulu: HI, hawaii
America/Denver, America/Los_Angeles: ID, idaho
America/Chicago, America/Denver: KS, kansas, NE, nebraska, ND, north dakota, SD, south dakota, TX, texas
America/Los_Angeles, America/Denver: OR, oregon
America/Chicago, America/New_York: TN, tennessee
America/Puerto_Rico: PR, puerto rico
Pacific/Guam: GU, guam
America/St_Thomas: VI, virgin islands
Pacific/Pago_Pago: AS, american samoa
Pacific/Saipan: MP, northern mariana islands
""",
    "CA": """\
America/Edmonton: AB, alberta, NT, northwest territories
America/Vancouver, America/Edmonton: BC, british columbia, colombie britannique
America/Winnipeg: MB, manitoba
America/Halifax: NB, new brunswick, nouveau brunswick, NS, nova scotia, nouvelle ecosse, PE, prince
  edward island, ile du prince edouard
America/St_Johns, America/Halifax: NL, newfoundland and labrador, newfoundland, terre neuve et labrador
America/Toronto, America/Winnipeg, America/Edmonton: NU, nunavut
America/Toronto, America/Winnipeg: ON, ontario
America/Toronto: QC, quebec
America/Regina: SK, saskatchewan
America/Whitehorse: YT, yukon
""",
    "AU": """\
Australia/Sydney: NSW, new south wales, ACT, australian capital territory
Australia/Melbourne: VIC, victoria
Australia/Brisbane: QLD, queensland
Australia/Adelaide: SA, south australia
Australia/Perth: WA, western australia
Australia/Hobart: TAS, tasmania
Australia/Darwin: NT, northern territory
""",
    "BR": """\
America/Rio_Branco: AC, acre
America/Maceio: AL, alagoas, SE, sergipe
America/Belem: AP, amapa, PA, para
America/Manaus, America/Rio_Branco: AM, amazonas
America/Bahia: BA, bahia
America/Fortaleza: CE, ceara, MA, maranhao, PB, paraiba, PI, piaui, RN, rio grande do norte
America/Sao_Paulo: DF, distrito federal, ES, espirito santo, GO, goias, MG, minas gerais, PR, parana,
  RJ, rio de janeiro, RS, rio grande do sul, SC, santa catarina, SP, sao paulo
America/Cuiaba: MT, mato grosso
America/Campo_Grande: MS, mato grosso do sul
America/Recife: PE, pernambuco
America/Porto_Velho: RO, rondonia
America/Boa_Vista: RR, roraima
America/Araguaina: TO, tocantins
""",
    "RU": """\
Europe/Kaliningrad: kaliningrad
Europe/Moscow: moscow, москва, московская, saint petersburg, st petersburg, санкт петербург, leningrad,
  adygea, arkhangelsk, belgorod, bryansk, vladimir, vologda, voronezh, dagestan, ivanovo, ingushetia,
  kabardino balkaria, kalmykia, kaluga, karachay cherkessia, karelia, komi, kostroma, krasnodar, kursk,
  lipetsk, mari el, mordovia, murmansk, nenets, nizhny novgorod, novgorod, north ossetia, orel, oryol,
  penza, pskov, rostov, ryazan, smolensk, stavropol, tambov, tatarstan, tver, tula, chechnya, chuvashia,
  yaroslavl, kirov, volgograd
Europe/Samara: samara, самара, udmurtia, saratov, ulyanovsk, astrakhan
Asia/Yekaterinburg: bashkortostan, kurgan, orenburg, perm, sverdlovsk, yekaterinburg, екатеринбург,
  tyumen, chelyabinsk, khanty mansi, yamalo nenets
Asia/Omsk: omsk, омск
Asia/Novosibirsk: altai, kemerovo, krasnoyarsk, novosibirsk, новосибирск, tomsk, tuva, khakassia
Asia/Irkutsk: buryatia, irkutsk
Asia/Yakutsk: amur, zabaykalsky
Asia/Yakutsk, Asia/Vladivostok, Asia/Magadan: sakha, yakutia
Asia/Vladivostok: primorsky, primorye, khabarovsk, jewish autonomous
Asia/Magadan: magadan, sakhalin
Asia/Kamchatka: kamchatka, chukotka
""",
}
"""Countries of which every state is told."""

EXCEPTIONS = {
    "ES": """\
Atlantic/Canary: canary islands, canarias, islas canarias, las palmas, santa cruz de tenerife, tenerife
""",
    "PT": """\
Atlantic/Azores: azores, acores
""",
    "NZ": """\
Pacific/Chatham: chatham islands
""",
    "EC": """\
Pacific/Galapagos: galapagos
""",
    "CL": """\
America/Punta_Arenas: magallanes, aysen, aisen, punta arenas
Pacific/Easter: easter island, isla de pascua
""",
    "ID": """\
Asia/Makassar: bali, nusa tenggara barat, nusa tenggara timur, west nusa tenggara, east nusa tenggara,
  sulawesi selatan, south sulawesi, sulawesi utara, north sulawesi, sulawesi tengah, central sulawesi,
  sulawesi tenggara, southeast sulawesi, sulawesi barat, west sulawesi, gorontalo, kalimantan timur,
  east kalimantan, kalimantan selatan, south kalimantan, kalimantan utara, north kalimantan
Asia/Jayapura: papua, west papua, papua barat, maluku, north maluku, maluku utara
""",
    "MX": """\
America/Cancun: quintana roo, qroo
America/Tijuana: baja california, bc, bcn
America/Mazatlan: baja california sur, bcs, sonora, son, sinaloa, sin, nayarit, nay
America/Mexico_City, America/Ciudad_Juarez: chihuahua, chih, chh
""",
}
"""Countries in which every region that is not told keeps the clock of most people."""


@cache
def regions(country: str) -> dict[str, tuple[str, ...]]:
    """Zones by the name or code of a region, for a country that stands in one of the tables; else empty."""
    found: dict[str, tuple[str, ...]] = {}
    for line in (STATES.get(country) or EXCEPTIONS.get(country, "")).replace("\n  ", " ").splitlines():
        zones, _, names = line.partition(": ")
        found.update(dict.fromkeys(names.split(", "), tuple(zones.split(", "))))
    return found
