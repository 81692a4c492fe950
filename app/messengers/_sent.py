"""What every messenger says when a message was not taken over."""

from __future__ import annotations


class NotSent(Exception):
    """Why, in the other side's words. `is_final`: this message would be refused again, whenever it is tried."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.is_final = is_final
