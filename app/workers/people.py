"""Invented people for the practice floor: who they are, what they ask, by which way they come in.

All of it is made up. Phone numbers are from the ranges kept free for fiction (North America 555-0100 to 555-0199,
London 020 7946 0xxx), addresses end in .example, so that a practice call reaches nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_FIRST = (
    "Dana Luis Priya Tomas Grace Anders Yuki Marcus Nadia Owen Ines Ravi Clara Hugo Leila Simon Amara Felix Rosa "
    "Kenji Elena Victor Maya Jonah Sofia Darius Helen Mateo Freya Samir Olga Theo Bianca Arthur Noor Peter"
).split()
_LAST = (
    "Okafor Ferreira Raman Becker Lin Holm Sato Webb Haddad Price Duarte Mehta Novak Laurent Karimi Frost Diallo "
    "Brandt Moreno Ito Petrova Stone Iyer Marsh Rossi Cole Whitaker Vega Lindqvist Aziz Orlov Grant Silva Hale"
).split()
_FIRMS = (
    "Brightline Logistics|Northgate Retail|Halle Foods|Lin Dental|Holm & Sons|Webb Roofing|Castle Kitchens|"
    "Aurora Hotels|Bluefin Marine|Cedar Street Clinic|Delta Parcel|Eastside Storage|Fairway Auto Parts|"
    "Granite Works|Harbour Cold Store|Ironwood Furniture|Juniper Pharma|Keystone Print|Lakeside Dairy|"
    "Meridian Tools|Newton Textiles|Orchard Grocers|Pioneer Packaging|Quarry Lane Wines"
).split("|")
_TITLES = (
    "Warehouse manager|Operations director|Owner|Head of purchasing|Office manager|Founder|Facilities lead|"
    "Buyer|Project engineer|Store manager||"
).split("|")
_PLACES = (
    ("Denver", "CO", "US", "+1303555"), ("Chicago", "IL", "US", "+1312555"), ("New York", "NY", "US", "+1212555"),
    ("Seattle", "WA", "US", "+1206555"), ("Miami", "FL", "US", "+1305555"), ("Austin", "TX", "US", "+1512555"),
    ("Toronto", "ON", "CA", "+1416555"), ("Boston", "MA", "US", "+1617555"), ("London", "", "GB", "+442079460"),
    ("Manchester", "", "GB", "+442079460"), ("Phoenix", "AZ", "US", "+1602555"), ("Atlanta", "GA", "US", "+1404555"),
)  # fmt: skip
_EAGER = (
    "Need pricing for 40 pallet bays before Friday, can someone call me?",
    "Please call me back today, we are moving into a second hall.",
    "Could you send a quote for two mezzanine floors? It is urgent.",
    "We need a price for shelving in 14 stores. Can I talk to somebody today?",
    "Our supplier let us down. Who can quote 60 m of racking this week? Call me.",
    "I would like a demo and a price for the scanner set, please phone me.",
)
_KEEN = (
    "What does the enterprise plan cost compared with what we have?",
    "Please send an estimate for a cold store with 200 places.",
    "We are looking at options for next quarter and would like a demo.",
    "How much is delivery and fitting for 12 workbenches?",
    "Interested in a trial for one site, then maybe six more.",
)
_CURIOUS = (
    "Please send me your brochure.",
    "Just comparing for now.",
    "Subscribed at your stand.",
    "Do you also ship spare parts?",
    "",
)
_CAMPAIGNS = (
    ("google", "warehouse racking", "pallet racking price"), ("google", "mezzanine floors", "mezzanine quote"),
    ("newsletter", "spring offers", ""), ("referral", "", ""), ("bing", "shelving", "shop shelving"),
    ("linkedin", "operations leads", ""), ("organic", "", ""), ("partner", "fit-out partners", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventee:
    """Somebody who never lived, with the inquiry they send. `warmth` is 2 for eager, 1 for keen, 0 for curious."""

    first: str
    last: str
    firm: str
    title: str
    email: str
    phone: str
    city: str
    region: str
    country: str
    ask: str
    medium: str
    campaign: str
    keyword: str
    number: int
    warmth: int

    def form(self) -> dict[str, str]:
        """As the fields of a web form."""
        return {
            "name": f"{self.first} {self.last}", "company": self.firm, "job_title": self.title, "email": self.email,
            "phone": self.phone, "city": self.city, "state": self.region, "country": self.country,
            "message": self.ask, "consent": "May call and e-mail me about this inquiry", "utm_source": self.medium,
            "utm_campaign": self.campaign, "utm_term": self.keyword,
        }  # fmt: skip

    def google(self) -> dict[str, object]:
        """As a Google Ads lead form sends it."""
        lead_id = f"practice-{self.number}"
        columns = {
            "FULL_NAME": f"{self.first} {self.last}", "EMAIL": self.email, "PHONE_NUMBER": self.phone,
            "CITY": self.city, "REGION": self.region, "COUNTRY": self.country, "COMPANY_NAME": self.firm,
            "JOB_TITLE": self.title, "What do you need?": self.ask,
        }  # fmt: skip
        return {
            "lead_id": lead_id, "api_version": "1.0", "form_id": 40000000001, "campaign_id": 20000000017,
            "google_key": "", "is_test": False, "gcl_id": f"gcl-{lead_id}",
            "user_column_data": [{"column_id": key, "string_value": value} for key, value in columns.items() if value],
        }  # fmt: skip


def invent(random: Random, number: int, warmth: int | None = None) -> Inventee:
    """The `number`-th person of a practice floor, of a given warmth or any."""
    first, last = random.choice(_FIRST), random.choice(_LAST)
    city, region, country, prefix = random.choice(_PLACES)
    firm = random.choice(_FIRMS)
    warmth = random.choices((2, 1, 0), (3, 4, 4))[0] if warmth is None else warmth
    medium, campaign, keyword = random.choice(_CAMPAIGNS)
    # three digits in London's fiction range, two (after "01") in North America's; taken in turn, so seldom twice
    phone = f"{prefix}{number % 1000:03d}" if country == "GB" else f"{prefix}01{number % 100:02d}"
    domain = "".join(filter(str.isalpha, firm.split(" ")[0].lower()))
    return Inventee(
        first=first,
        last=last,
        firm=firm if warmth == 2 or random.random() < 0.75 else "",
        title=random.choice(_TITLES),
        email=f"{first}.{last}{number}@{domain}.example".lower(),
        phone=phone if warmth or random.random() < 0.7 else "",
        city=city,
        region=region,
        country=country,
        ask=random.choice((_CURIOUS, _KEEN, _EAGER)[warmth]),
        medium=medium,
        campaign=campaign,
        keyword=keyword,
        number=number,
        warmth=warmth,
    )


def shape(random: Random) -> bytes:
    """Now and then something arrives that nobody can read: such a body."""
    return random.choice(
        (b'{"lead": {"email": "no-at-sign", "note": ', b"\x00\x01\x02 not a form", b"hello=there")
    )
