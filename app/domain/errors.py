"""What can go wrong, said to a person.

Every error that may reach a screen or a terminal is an `AppError` with a short title and one clear sentence.
Drivers' errors are turned into one of these where they come in, with the cause kept. Anything else that
escapes is a bug and is shown as one.
"""

from __future__ import annotations


class AppError(Exception):
    """An error for a person: a title of a few words and a message of one or two sentences."""

    def __init__(self, title: str, message: str) -> None:
        super().__init__(message)
        self.title = title
        self.message = message

    def __str__(self) -> str:
        return self.message


class Refused(AppError):
    """A rule said no; nothing was changed. `code` is stable and travels to other desks as itself."""

    code = "refused"

    def __init__(self, message: str, title: str = "That was not done") -> None:
        super().__init__(title, message)


class LeadAlreadyClaimed(Refused):
    code = "lead_already_claimed"


class LeadChanged(Refused):
    """The lead moved on since this desk looked at it."""

    code = "lead_changed"


class Clash(Refused):
    """Somebody else changed the same thing meanwhile; the message names both values."""

    code = "clash"


class NotFound(Refused):
    code = "not_found"


class NotAllowed(Refused):
    code = "not_allowed"


class CommandReused(Refused):
    """The id of an earlier, different command was used again."""

    code = "command_reused"


class LeaseLost(Refused):
    """Another program does this for the floor now."""

    code = "lease_lost"


class Unavailable(AppError):
    """The database, the disk, the server or the network did not answer; worth trying again."""

    def __init__(self, message: str, title: str = "The floor can't be reached") -> None:
        super().__init__(title, message)


class Damaged(Unavailable):
    """The floor's file is not there, is no floor, or can't be read whole; a backup may help. It is left as it is."""


class NoAnswer(Unavailable):
    """Nobody answered at the floor's address: it may be there again by itself."""


class NeedsPassword(Unavailable):
    """The floor's database asks for a password, or `refused` the one it was given."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message, "Password")
        self.refused = refused


class WrongVersion(AppError):
    """This program and the floor's database do not fit together."""

    def __init__(self, message: str, title: str = "Please update Firstring") -> None:
        super().__init__(title, message)


REFUSALS: dict[str, type[Refused]] = {
    kind.code: kind
    for kind in (
        Refused,
        LeadAlreadyClaimed,
        LeadChanged,
        Clash,
        NotFound,
        NotAllowed,
        CommandReused,
        LeaseLost,
    )
}
"""By code, so that a refusal raised far away is raised here as itself."""
