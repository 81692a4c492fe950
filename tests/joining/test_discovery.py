"""Floors on the network: a server that says it is there is found, and forgotten when it goes."""

from __future__ import annotations

from queue import Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Unavailable
from app.floor.discovery import Announcement, FoundFloor, Search, own_addresses, read_found
from app.floor.link import address_of

LOOPBACK = ("127.0.0.1",)


def test_a_server_is_found_and_forgotten() -> None:
    heard: Queue[tuple[FoundFloor, ...]] = Queue()
    search = Search(heard.put, interfaces=LOOPBACK)
    name = "Denver <b>floor</b> " + "é" * 40
    announcement = Announcement(name, 8738, interfaces=LOOPBACK)
    announcement.start()
    search.start()
    try:
        (found,) = heard.get(timeout=20)
        assert found.address == "127.0.0.1:8738"
        assert found.name == name[:60]
        twin = Announcement(name, 8739, interfaces=LOOPBACK)
        twin.start()
        assert {floor.address for floor in heard.get(timeout=20)} == {"127.0.0.1:8738", "127.0.0.1:8739"}
        twin.stop()
        assert [floor.address for floor in heard.get(timeout=20)] == ["127.0.0.1:8738"]
        announcement.stop()
        assert heard.get(timeout=20) == ()
    finally:
        announcement.stop()
        search.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the library leaves one open
def test_where_there_is_no_network_it_says_so_or_is_quiet() -> None:
    nowhere = ("203.0.113.77",)
    with pytest.raises(Unavailable, match="typed in"):
        Announcement("Floor", 8738, interfaces=nowhere).start()
    heard: list[object] = []
    search = Search(heard.append, interfaces=nowhere)
    search.start()
    search.stop()
    assert heard == []


@given(
    st.lists(st.text(max_size=20) | st.ip_addresses().map(str), max_size=3),
    st.none() | st.integers(-1, 70000),
    st.dictionaries(st.sampled_from([b"floor", b"v"]), st.none() | st.binary(max_size=300)),
)
def test_what_strangers_say_is_fit_to_be_shown(
    addresses: list[str], port: int | None, said: dict[bytes, bytes | None]
) -> None:
    found = read_found(addresses, port, said)
    if found is not None:
        assert address_of(found.address) == found.address
        assert 0 < len(found.name) <= 60
        assert found.name.isprintable()


def test_a_computer_knows_where_it_can_be_reached() -> None:
    for address in own_addresses():
        assert address_of(address) == f"{address}:8738"
