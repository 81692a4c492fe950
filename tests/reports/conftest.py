"""A floor with known leads, on both databases."""

from tests.store.conftest import address, book, database, empty_address

__all__ = ["address", "book", "database", "empty_address"]
