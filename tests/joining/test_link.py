"""The link of an invitation: what goes in comes out, and a hostile one is answered in one sentence."""

from __future__ import annotations

import base64
import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.device import new_secret
from app.domain.errors import Refused
from app.floor.link import PORT, JoinLink, address_of, format_link, is_link, read_link

PIN = "ab" * 32
F = base64.urlsafe_b64encode(bytes.fromhex(PIN)).rstrip(b"=").decode()
SECRET = "ABCD-EFGH-IJKL-2345"
GOOD = f"firstring://join?a=floor.example.com:8738&a=[2001:db8::1]:443&f={F}&s={SECRET}"

_label = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
_hosts = st.one_of(
    st.lists(_label, min_size=1, max_size=4).map(".".join),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(lambda ip: f"[{ipaddress.IPv6Address(int(ip))}]"),
)
_addresses = st.builds(lambda host, port: f"{host}:{port}", _hosts, st.integers(1, 65535))
_links = st.builds(
    lambda addresses, pins: JoinLink(addresses=tuple(addresses), pins=tuple(pins), secret=new_secret()),
    st.lists(_addresses, min_size=1, max_size=8, unique=True),
    st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=4, unique=True),
)


@given(_links)
def test_what_goes_in_comes_out(link: JoinLink) -> None:
    text = format_link(link)
    assert is_link(text)
    assert text.isascii()
    assert read_link(text) == link


@given(_links, st.data())
def test_a_mail_program_may_break_the_line(link: JoinLink, data: st.DataObject) -> None:
    text = format_link(link)
    at = data.draw(st.integers(0, len(text)))
    assert read_link(f" {text[:at]}\r\n {text[at:]}\n") == link


def test_a_link_says_where_which_key_and_the_secret() -> None:
    assert read_link(GOOD) == JoinLink(
        addresses=("floor.example.com:8738", "[2001:db8::1]:443"), pins=(PIN,), secret=SECRET
    )
    assert read_link(GOOD + "&new=1&v=2") == read_link(GOOD), "what a newer Firstring adds is passed over"
    assert read_link(GOOD.replace(SECRET, SECRET.lower().replace("-", ""))).secret == SECRET


@given(st.text(max_size=300))
@example("firstring://join?a=\x00&s=x")
@example("firstring://join?" + "a=h&" * 100)
@example("firstring://join?a=%ff%fe&s=ABCD")
@example("firstring:" * 1000)
@example("\ud800")
def test_anything_else_is_one_sentence(text: str) -> None:
    for tried in (text, "firstring://join?" + text, GOOD + "&a=" + text, GOOD + "&f=" + text):
        said = sentence(tried)
        assert said is None or (0 < len(said) < 300 and said.endswith(".") and "\n" not in said)


def sentence(text: str) -> str | None:
    try:
        read_link(text)
    except Refused as refused:
        return refused.message
    return None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "firstring://join",
        "firstring://leave?" + GOOD.partition("?")[2],
        "https://join?" + GOOD.partition("?")[2],
        GOOD.replace("a=", "b="),
        GOOD.replace(SECRET, SECRET[:-1]),
        GOOD.replace(SECRET, "ABCD-EFGH-IJKL-234!"),
        GOOD + "&s=" + SECRET,
        GOOD.replace(F, F[:-1]),
        GOOD.replace(F, F + "AA"),
        GOOD.replace(F, PIN),
        GOOD.replace(F, ""),
        GOOD + "".join(f"&a=h{n}" for n in range(9)),
        GOOD + "".join(f"&f={F[:-3]}{n}AA" for n in range(5)),
        GOOD + "&x=" + "y" * 3000,
        GOOD.replace("floor.example.com", "user:word@floor.example.com"),
        GOOD.replace("floor.example.com", "flооr.example.com"),  # two Cyrillic letters
        GOOD.replace(":8738", ":0"),
        GOOD.replace(":8738", ":99999"),
        GOOD.replace("[2001:db8::1]", "[fe80::1%25eth0]"),
    ],
)
def test_a_link_that_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_link(text)


def test_an_empty_pin_is_not_no_pin() -> None:
    """A link whose pin was cut off must not fall back on the authorities."""
    for broken in (GOOD.replace(f"f={F}", "f="), GOOD.replace(f"f={F}", "f=%20")):
        with pytest.raises(Refused):
            read_link(broken)
    assert read_link(GOOD.replace(f"&f={F}", "")).pins == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("floor.example.com", f"floor.example.com:{PORT}"),
        (" Floor.Example.COM. ", f"floor.example.com:{PORT}"),
        ("https://floor:443/", "floor:443"),
        ("192.168.1.20", f"192.168.1.20:{PORT}"),
        ("::1", f"[::1]:{PORT}"),
        ("[2001:DB8:0::1]:9", "[2001:db8::1]:9"),
        ("[::1]", f"[::1]:{PORT}"),
    ],
)
def test_an_address_may_be_typed_in_many_ways(typed: str, meant: str) -> None:
    assert address_of(typed) == address_of(meant) == meant


@pytest.mark.parametrize(
    "typed",
    ["", ":", "host:", "host:x", "host:٣", "a b", "-a", "a..b", "[::1", "[::1]9", "1.2.3", "127.1", "0x7f000001",
     "2130706433", "1.2.3.4.5", "①.②.③.④", "a/b", "a?b", "u@h", "x" * 300, "h\x00", "h\nx"],
)  # fmt: skip
def test_what_is_no_address_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        address_of(typed)
    assert refused.value.message.isprintable()
