"""Floors on the network: a server that says it is there is found, and forgotten when it goes."""

from __future__ import annotations

from queue import Empty, Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import new_id
from app.domain.errors import Unavailable
from app.floor.discovery import Announcement, FoundFloor, Search, own_addresses, read_found
from app.floor.link import address_of

LOOPBACK = ("127.0.0.1",)


def until(heard: Queue[tuple[FoundFloor, ...]], name: str, addresses: set[str]) -> None:
    """Wait until the floors of this name that are there are at these addresses. What other programs on this network
    say meanwhile is none of this test's business."""
    seen = set[str]()
    try:
        while (seen := {floor.address for floor in heard.get(timeout=60) if floor.name == name}) != addresses:
            pass
    except Empty:
        raise AssertionError(f"heard of {seen or 'nobody'} instead of {addresses or 'nobody'}") from None


def test_a_server_is_found_and_forgotten() -> None:
    heard: Queue[tuple[FoundFloor, ...]] = Queue()
    search = Search(heard.put, interfaces=LOOPBACK)
    name = f"{new_id()} <b>floor</b> " + "é" * 40
    announcement, twin = (Announcement(name, port, interfaces=LOOPBACK) for port in (8738, 8739))
    announcement.start()
    search.start()
    try:
        until(heard, name[:60], {"127.0.0.1:8738"})
        twin.start()
        until(heard, name[:60], {"127.0.0.1:8738", "127.0.0.1:8739"})
        twin.stop()
        until(heard, name[:60], {"127.0.0.1:8738"})
        announcement.stop()
        until(heard, name[:60], set())
    finally:
        announcement.stop()
        twin.stop()
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
