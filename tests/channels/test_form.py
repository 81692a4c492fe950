"""Forms as browsers, plugins and careless scripts send them."""

from __future__ import annotations

import gzip
import zlib
from urllib.parse import urlencode

import pytest

from app.channels import form
from app.channels._body import _CHARSETS, decoded
from app.channels._meanings import meaning
from app.domain.inquiry import Draft, Origin, Unreadable
from app.plugs import load
from tests.channels.conftest import Make

FORM = "application/x-www-form-urlencoded"


def test_the_shelf_lists_channels_and_nothing_else() -> None:
    names = {module.NAME for module in load("app.channels")}
    assert {"form", "json", "google"} <= names
    for module in load("app.channels"):
        assert module.TITLE
        assert callable(module.read)


def test_a_common_form(inquiry: Make) -> None:
    body = urlencode(
        [
            ("your-name", "Dana Okafor"),
            ("your-email", "dana@example.com"),
            ("tel-123", "(303) 555-0148"),
            ("phone", "(303) 555-0148"),
            ("organisation", "Brightline"),
            ("job_title", "Head of Logistics"),
            ("subject", "Pricing"),
            ("message", "Need 40 bays,\r\nplease call"),
            ("roof_type", "flat"),
            ("extras[]", "a"),
            ("extras[]", "b"),
            ("extras[]", "a"),
            ("empty", ""),
            ("_wpcf7", "12"),
            ("g-recaptcha-response", "0000"),
            ("gdpr", "on"),
        ]
    )
    assert form.read(inquiry(body, FORM)) == Draft(
        name="Dana Okafor",
        email="dana@example.com",
        phone="(303) 555-0148",
        company="Brightline",
        title="Head of Logistics",
        ask="Pricing\nNeed 40 bays,\nplease call",
        answers=(("roof_type", "flat"), ("extras[]", "a, b")),
        consent="gdpr",
    )


@pytest.mark.parametrize(
    ("name", "what"),
    [
        *[(name, "email") for name in ("email", "E-Mail", "e_mail", "mail", "EmailAddress", "Your Email *")],
        *[
            (name, "email")
            for name in ("form_fields[email]", "customer.email", "Adresse e-mail", "correo electrónico")
        ],
        *[
            (name, "email")
            for name in ("メールアドレス", "e-mail-adresse (required)", "email-1", "contact[email]")
        ],
        *[
            (name, "phone")
            for name in ("phone", "Tel.", "telephone", "Mobile Number", "Telefonnummer", "téléphone")
        ],
        *[
            (name, "phone")
            for name in ("handy", "móvil", "номер телефона", "電話番号", "billing_phone", "phone_no")
        ],
        *[
            (name, "name")
            for name in ("name", "full_name", "your-name", "Nom complet", "姓名", "ФИО", "contactName")
        ],
        *[(name, "first_name") for name in ("first", "fname", "firstName", "Vorname", "prénom", "Voornaam")],
        *[(name, "last_name") for name in ("last", "lname", "Surname", "Nachname", "apellidos", "Cognome")],
        *[(name, "company") for name in ("company", "organization", "Firma", "entreprise", "company.name")],
        *[(name, "title") for name in ("title", "Job Title", "position", "Berufsbezeichnung")],
        *[
            (name, "ask")
            for name in ("message", "comments", "question", "ask", "Nachricht", "How can we help?")
        ],
        *[(name, "city") for name in ("city", "town", "Ort", "ville", "customer.address.city")],
        *[(name, "region") for name in ("state", "region", "Province", "Bundesland")],
        *[
            (name, "postcode")
            for name in ("zip", "ZIP code", "postcode", "PLZ", "code postal", "postal_code")
        ],
        *[(name, "country") for name in ("country", "Land", "pays", "country_name")],
        *[(name, "trap") for name in ("_gotcha", "honeypot", "hp_website", "bot-field")],
        *[
            (name, "")
            for name in ("phone type", "product.name", "website", "budget", "email preferences", "")
        ],
        *[(name, "") for name in ("field_12", "x" * 500, "wpforms[fields][1]")],
    ],
)
def test_a_field_is_known_by_its_meaning(name: str, what: str) -> None:
    assert meaning(name) == what


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"first": "Dana", "last": "Okafor"}, ("", "Dana", "Okafor")),
        ({"nom": "Martin", "prénom": "Zoé"}, ("", "Zoé", "Martin")),
        ({"nombre": "Ana", "apellidos": "García Ruiz"}, ("", "Ana", "García Ruiz")),
        ({"name": "Dana Okafor", "first": "Dana"}, ("Dana Okafor", "Dana", "")),
        ({"name": "Dana"}, ("Dana", "", "")),
    ],
)
def test_first_and_last_name_by_what_is_beside_them(
    inquiry: Make, fields: dict[str, str], names: tuple[str, str, str]
) -> None:
    draft = form.read(inquiry(urlencode({**fields, "email": "a@b.com"}), FORM))
    assert (draft.name, draft.first_name, draft.last_name) == names


def test_a_second_address_is_an_answer(inquiry: Make) -> None:
    draft = form.read(inquiry("email=a@b.com&confirm=x&email_address=c@d.com&mail=a@b.com", FORM))
    assert draft.email == "a@b.com"
    assert draft.answers == (("confirm", "x"), ("email_address", "c@d.com"))


def test_where_they_came_from(inquiry: Make) -> None:
    body = urlencode(
        {
            "email": "a@b.com",
            "utm_source": "newsletter",
            "utm_medium": "email",
            "utm_campaign": "May",
            "utm_content": "button",
            "utm_term": "racking",
            "gclid": "Cj0",
            "page_url": "https://shop.example/contact",
            "referrer": "https://search.example/",
        }
    )
    draft = form.read(inquiry(body, FORM, referer="https://shop.example/?utm_source=other"))
    assert draft.origin == Origin(
        medium="newsletter",
        campaign="May",
        ad="button",
        keyword="racking",
        click_id="Cj0",
        page="https://shop.example/contact",
    )
    assert draft.answers == (("referrer", "https://search.example/"), ("utm_medium", "email"))


@pytest.mark.parametrize(
    ("click", "medium"),
    [
        ("gclid", "google"),
        ("wbraid", "google"),
        ("fbclid", "meta"),
        ("msclkid", "microsoft"),
        ("ttclid", "tiktok"),
    ],
)
def test_a_click_id_says_who_gave_it(inquiry: Make, click: str, medium: str) -> None:
    origin = form.read(inquiry(f"email=a@b.com&{click}=XYZ", FORM)).origin
    assert (origin.medium, origin.click_id) == (medium, "XYZ")


def test_without_marketing_fields_the_page_s_address_tells(inquiry: Make) -> None:
    page = "https://shop.example/?utm_source=meta&utm_campaign=a%20b&fbclid=F#top"
    assert form.read(inquiry("email=a@b.com", FORM, referer=page)).origin == Origin(
        medium="meta", campaign="a b", click_id="F", page=page
    )
    for odd in ("https://[", "https://x/?" + "&" * 500 + "utm_source=a", "no address"):
        form.read(inquiry("email=a@b.com", FORM, referer=odd))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("name=Müller&email=a@b.com".encode(), FORM),
        (b"name=M%C3%BCller&email=a@b.com", FORM + "; charset=iso-8859-1"),
        (b"name=M%FCller&email=a@b.com", FORM),
        (b"name=M%FCller&email=a@b.com", FORM + "; charset=utf-8"),
        ("name=Müller&email=a@b.com".encode("latin-1"), FORM + '; charset="ISO-8859-1"'),
        ("name=Müller&email=a@b.com".encode("cp1252"), FORM + "; charset=nonsense"),
        ("\ufeffname=Müller&email=a@b.com".encode(), "text/plain"),
    ],
)
def test_any_charset_is_read(inquiry: Make, body: bytes, kind: str) -> None:
    assert form.read(inquiry(body, kind)).name == "Müller"


def test_a_declared_charset_counts_where_it_is_not_utf_8(inquiry: Make) -> None:
    body = b"email=a@b.com&name=" + "Дана".encode("koi8-r")
    assert form.read(inquiry(body, FORM + "; charset=koi8-r")).name == "Дана"
    assert (
        form.read(
            inquiry(b"email=a@b.com&name=" + "田中".encode("shift_jis"), FORM + ";charset=Shift_JIS")
        ).name
        == "田中"
    )


def test_every_charset_we_say_we_know_is_one() -> None:
    for charset in _CHARSETS:
        decoded(b"\xe4\xff\x81x", charset)
    assert decoded(b"\x81\xff", "rot13") == "\ufffdÿ"


_PARTS = (
    b'--X\r\nContent-Disposition: form-data; name="full name"\r\n\r\nDana\r\n'
    b"--X\r\ncontent-disposition: form-data; name=email\r\n\r\ndana@example.com\r\n"
    b'--X\r\nContent-Disposition: form-data; name="message"\r\n'
    b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n"
    b"gr\xfc\xdfe\r\n--not a boundary\r\n\r\n"
    b'--X\r\nContent-Disposition: form-data; name="plan"; filename="pl\xc3\xa4n \\"A\\".pdf"\r\n'
    b"Content-Type: application/pdf\r\n\r\n" + b"%PDF" * 800 + b"\r\n"
    b'--X\r\nContent-Disposition: form-data; name="photo"; filename=""\r\n\r\n\r\n'
    b"--X--\r\n"
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (_PARTS, "multipart/form-data; boundary=X"),
        (_PARTS, 'multipart/form-data; charset=utf-8; boundary="X"'),
        (_PARTS, "multipart/form-data"),
        (_PARTS, "multipart/form-data; boundary=wrong"),
        (_PARTS, FORM),
        (b"preamble\r\n" + _PARTS + b"epilogue", "multipart/form-data; boundary=X"),
        (_PARTS.removesuffix(b"--X--\r\n"), "multipart/form-data; boundary=X"),
    ],
)
def test_multipart(inquiry: Make, body: bytes, kind: str) -> None:
    draft = form.read(inquiry(body, kind))
    assert (draft.name, draft.email) == ("Dana", "dana@example.com")
    assert draft.ask == "grüße\n--not a boundary"
    assert draft.answers == (("plan", 'file: plän "A".pdf, 3.2 kB'),)


def test_multipart_with_bare_newlines(inquiry: Make) -> None:
    body = b'--X\nContent-Disposition: form-data; name="email"\n\na@b.com\n--X--\n'
    assert form.read(inquiry(body, "multipart/form-data; boundary=X")).email == "a@b.com"


def test_multipart_that_ends_too_soon_gives_what_it_has(inquiry: Make) -> None:
    draft = form.read(inquiry(_PARTS[:200], "multipart/form-data; boundary=X"))
    assert (draft.name, draft.email) == ("Dana", "dana@example.com")


def test_a_form_sent_as_plain_text(inquiry: Make) -> None:
    body = "name=Dana\r\nemail=a@b.com\r\nmessage=line one\r\nline two = more\r\n\r\nend\r\n"
    draft = form.read(inquiry(body, "text/plain"))
    assert (draft.name, draft.email) == ("Dana", "a@b.com")
    assert draft.ask == "line one"
    assert draft.answers == (("line two", "more\n\nend"),)


@pytest.mark.parametrize(
    "kind", [FORM, "text/plain;charset=UTF-8", "", "application/json", "multipart/form-data"]
)
def test_json_at_the_form_s_door_is_read(inquiry: Make, kind: str) -> None:
    assert form.read(inquiry('{"email": "a@b.com"}', kind)).email == "a@b.com"


@pytest.mark.parametrize("packing", ["gzip", "deflate", "x-gzip"])
def test_a_packed_body(inquiry: Make, packing: str) -> None:
    plain = b"email=a@b.com"
    packed = gzip.compress(plain) if "gzip" in packing else zlib.compress(plain)
    assert form.read(inquiry(packed, FORM, content_encoding=packing)).email == "a@b.com"
    bare = zlib.compressobj(wbits=-15)
    assert form.read(inquiry(bare.compress(plain) + bare.flush(), FORM, content_encoding="deflate")).email


_NOBODY = "There is neither a phone number nor an e-mail address in it."


@pytest.mark.parametrize(
    ("body", "kind", "headers", "why"),
    [
        (b"", FORM, {}, "The body is empty."),
        (b"  \r\n", FORM, {}, "The body is empty."),
        (b"name=x&roof=flat", FORM, {}, _NOBODY + " Its fields are: name, roof."),
        (b"email=+&phone=%00", FORM, {}, _NOBODY),
        (b"garbage", "multipart/form-data; boundary=X", {}, "The body should be a multipart form, but"),
        (b"&".join(b"a%d=1" % n for n in range(1001)), FORM, {}, "The body has more than 1000 fields."),
        (b"x", FORM, {"content_encoding": "br"}, "The body is packed in a way that is not known here (br)."),
        (b"x", FORM, {"content_encoding": "gzip"}, "The body says it is packed, but it can't be unpacked."),
        (gzip.compress(b"a" * 2_000_000), FORM, {"content_encoding": "gzip"}, "The packed body is far"),
        (b"{]", FORM, {}, "The body is not JSON: "),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(
    inquiry: Make, body: bytes, kind: str, headers: dict[str, str], why: str
) -> None:
    with pytest.raises(Unreadable) as raised:
        form.read(inquiry(body, kind, **headers))
    assert raised.value.message.startswith(why)


def test_a_trap_is_noted_even_without_a_way_to_reach_them(inquiry: Make) -> None:
    assert form.read(inquiry("honeypot=x", FORM)).trap
    assert not form.read(inquiry("honeypot=&email=a@b.com", FORM)).trap


def test_an_address_under_a_name_that_says_nothing_is_found(inquiry: Make) -> None:
    draft = form.read(inquiry("input_1=Dana&input_3=dana@example.com", FORM))
    assert (draft.email, draft.answers) == ("dana@example.com", (("input_1", "Dana"),))
    with pytest.raises(Unreadable):
        form.read(inquiry("input_1=a@example.com&input_3=b@example.com", FORM))


def test_very_many_answers_are_counted_not_carried(inquiry: Make) -> None:
    draft = form.read(inquiry("email=a@b.com&" + "&".join(f"q{n}=a{n}" for n in range(500)), FORM))
    assert len(draft.answers) == 200
    assert draft.answers[-1] == ("…", "301 more answers stand in the inquiry itself")


def test_wishes_not_to_be_called(inquiry: Make) -> None:
    draft = form.read(inquiry("email=a@b.com&do_not_call=yes&no_email=0", FORM))
    assert (draft.no_call, draft.no_email) == (True, False)
