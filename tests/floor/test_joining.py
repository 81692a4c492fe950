"""Computers come in by an invitation, once, and are let in until they are revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.commands import (
    ChangeRep,
    InviteDesk,
    Joined,
    RenameDevice,
    RenewToken,
    RevokeDevice,
)
from app.domain.device import new_secret, new_token, secret_sha256, token_sha256
from app.domain.errors import AppError, CommandReused, NotAllowed, NotFound, Refused
from app.domain.lead import Role
from app.domain.questions import DeviceList, Devices
from app.floor.floor import Receipt
from tests.floor.joining import invited, join, joined
from tests.floor.stand import Ear, Stand, at_once
from tests.fresh import NAME

pytestmark = pytest.mark.usefixtures("served")


def list_of(stand: Stand, rep_id: str = "") -> DeviceList:
    return stand.setup.ask(Devices(rep_id=rep_id))


def refusal(stand: Stand, secret: str) -> str:
    with pytest.raises(NotAllowed) as error:
        stand.by("joining").do(join(secret))
    return f"{error.value.title}: {error.value.message}"


def test_a_computer_joins_by_its_invitation(stand: Stand) -> None:
    ana = stand.rep("Ana")
    secret = invited(stand, ana)
    (open_one,) = list_of(stand, ana).invitations
    assert open_one.expires_at == stand.clock.now() + timedelta(hours=24)
    value = stand.by("joining").do(join(secret, device="  Front \n desk ")).value
    assert (value.rep_id, value.rep_name, value.floor_name) == (ana, "Ana", NAME)
    (device,) = list_of(stand, ana).devices
    assert (device.id, device.name, device.rep_id) == (value.device_id, "Front desk", ana)
    assert device.revoked_at is None
    assert list_of(stand).invitations == ()


def test_a_secret_may_be_typed_as_people_type(stand: Stand) -> None:
    ana = stand.rep("Ana")
    secret = invited(stand, ana).lower().replace("-", " ").replace("o", "0").replace("b", "8")
    assert stand.by("joining").do(join(secret)).value.rep_id == ana


def test_used_expired_replaced_and_unknown_secrets_get_one_sentence(stand: Stand) -> None:
    ana, leo, zoe, _ = stand.rep("Ana"), stand.rep("Leo"), stand.rep("Zoe"), stand.rep("Owner", Role.OWNER)
    used, replaced = invited(stand, ana), invited(stand, leo)
    stand.by("joining").do(join(used))
    invited(stand, leo)
    left = invited(stand, zoe)
    stand.setup.do(ChangeRep(rep_id=zoe, name="Zoe", role=Role.REP, active=False))
    expired = invited(stand, ana, hours=1)
    stand.clock.advance(hours=1)
    said = {refusal(stand, one) for one in (used, replaced, left, expired, new_secret(), "", "☎\ud800" * 500)}
    assert said == {"Not joined: This invitation is not good, or no longer. Ask for a new one."}
    assert len(list_of(stand).devices) == 1


def test_one_invitation_lets_one_computer_in_even_at_one_moment(stand: Stand) -> None:
    ana = stand.rep("Ana")
    secret = invited(stand, ana)
    door = stand.by("joining")
    answers = at_once(*[lambda: door.do(join(secret)) for _ in range(6)])
    assert sum(isinstance(answer, Receipt) for answer in answers) == 1, answers
    assert all(isinstance(answer, (Receipt, AppError)) for answer in answers)
    assert len(list_of(stand).devices) == 1


def test_a_lost_answer_to_joining_is_given_again_to_the_same_computer_alone(stand: Stand) -> None:
    secret = invited(stand, stand.rep("Ana"))
    command = join(secret, "my token")
    first = stand.by("joining").do(command)
    assert stand.by("joining").do(command) == first
    stolen = type(command)(
        id=command.id, secret=secret, device="Laptop", token_sha256=token_sha256("a thief's")
    )
    with pytest.raises(CommandReused):
        stand.by("joining").do(stolen)


@pytest.mark.parametrize("device", ["", "  ", "x" * 201, "a\x1bb", "bell\a"])
def test_a_computer_needs_a_name_and_the_invitation_is_not_used_up(stand: Stand, device: str) -> None:
    secret = invited(stand, stand.rep("Ana"))
    with pytest.raises(Refused, match="what this computer is to be called"):
        stand.by("joining").do(join(secret, device=device))
    stand.by("joining").do(join(secret))


@pytest.mark.parametrize("digest", ["", "abc", "G" * 64, "a" * 63, "a" * 64 + "\n", "A" * 64])
def test_what_is_no_hash_is_refused(stand: Stand, digest: str) -> None:
    ana = stand.rep("Ana")
    with pytest.raises(Refused, match="missing or was used before"):
        stand.setup.do(InviteDesk(rep_id=ana, secret_sha256=digest))
    secret = invited(stand, ana)
    with pytest.raises(Refused, match="missing or was used before"):
        stand.by("joining").do(type(join(secret))(secret=secret, device="Laptop", token_sha256=digest))


def test_a_token_or_secret_is_never_used_twice(stand: Stand) -> None:
    ana = stand.rep("Ana")
    mine = joined(stand, ana, "one token")
    with pytest.raises(Refused, match="was used before"):
        joined(stand, ana, "one token")
    with pytest.raises(Refused, match="was used before"):
        stand.by(ana).do(RenewToken(device_id=mine, token_sha256=token_sha256("one token")))
    digest = secret_sha256(new_secret())
    stand.setup.do(InviteDesk(rep_id=ana, secret_sha256=digest))
    with pytest.raises(Refused, match="was used before"):
        stand.setup.do(InviteDesk(rep_id=ana, secret_sha256=digest))


@pytest.mark.parametrize("hours", [0, -1, 14 * 24 + 1, 10**9])
def test_an_invitation_is_good_for_a_while(stand: Stand, hours: int) -> None:
    with pytest.raises(Refused, match="1 to 336 hours"):
        invited(stand, stand.rep("Ana"), hours=hours)


ALLOWED = {
    Role.REP: (),
    Role.TEAM_LEAD: (Role.REP,),
    Role.MANAGER: (Role.REP, Role.TEAM_LEAD),
    Role.OWNER: (Role.REP, Role.TEAM_LEAD, Role.MANAGER, Role.OWNER),
}


def test_nobody_becomes_more_than_they_are_by_an_invitation(stand: Stand) -> None:
    others = {role: stand.rep(f"Other {role}", role) for role in ALLOWED}
    theirs = {role: joined(stand, rep) for role, rep in others.items()}
    for role, allowed in ALLOWED.items():
        asking = stand.rep(f"Asking {role}", role)
        may = {
            other for other, rep in others.items() if _does(lambda a=asking, r=rep: invited(stand, r, by=a))
        }
        assert may == set(allowed), role
        renames = {
            other: RenameDevice(device_id=device, name=f"By {role}") for other, device in theirs.items()
        }
        may = {
            other
            for other, command in renames.items()
            if _does(lambda a=asking, c=command: stand.by(a).do(c))
        }
        assert may == set(allowed), role
        assert _does(lambda a=asking: invited(stand, a, by=a)) == (role != Role.REP)


def _does(job: object) -> bool:
    try:
        job()  # type: ignore[operator]
    except NotAllowed:
        return False
    return True


def test_a_rep_names_and_revokes_computers_of_their_own_alone(stand: Stand) -> None:
    ana, leo = stand.rep("Ana"), stand.rep("Leo")
    mine, his = joined(stand, ana), joined(stand, leo)
    stand.by(ana).do(RenameDevice(device_id=mine, name="Kitchen table"))
    for command in (RenameDevice(device_id=his, name="Mine"), RevokeDevice(device_id=his)):
        with pytest.raises(NotAllowed):
            stand.by(ana).do(command)
    with pytest.raises(NotFound):
        stand.by(ana).do(RenewToken(device_id=his, token_sha256=token_sha256(new_token())))
    stand.by(ana).do(RevokeDevice(device_id=mine))
    for command in (
        RenameDevice(device_id=mine, name="Back"),
        RenewToken(device_id=mine, token_sha256=token_sha256(new_token())),
        RevokeDevice(device_id="nobody's"),
    ):
        with pytest.raises(NotFound):
            stand.by(ana).do(command)
    names = {device.id: (device.name, device.revoked_at is None) for device in list_of(stand).devices}
    assert names == {mine: ("Kitchen table", False), his: ("Laptop", True)}


def test_who_leaves_the_floor_takes_their_computers_along(stand: Stand) -> None:
    stand.rep("Owner", Role.OWNER)
    ana = stand.rep("Ana")
    joined(stand, ana)
    stand.setup.do(ChangeRep(rep_id=ana, name="Ana", role=Role.REP, active=False))
    stand.setup.do(ChangeRep(rep_id=ana, name="Ana", role=Role.REP, active=True))
    (device,) = list_of(stand).devices
    assert device.revoked_at is not None


def test_every_desk_is_told_who_came_and_who_was_sent_away_and_no_secret(stand: Stand) -> None:
    ana = stand.rep("Ana")
    ear = Ear(stand.setup).until(0)  # the snapshot is there
    token, secret = new_token(), invited(stand, ana)
    device = stand.by("joining").do(join(secret, token)).value.device_id
    stand.setup.do(RenameDevice(device_id=device, name="Front desk"))
    last = stand.setup.do(RevokeDevice(device_id=device, why="lost"))
    ear.until(last.cursor)
    ear.stop()
    told = [entry.event for batch in ear.batches for entry in batch.entries]
    names = [type(event).__name__ for event in told]
    assert names == ["DeskInvited", "DeskJoined", "DeskRenamed", "DeskRevoked"]
    for word in (token, token_sha256(token), secret, secret_sha256(secret)):
        assert word not in repr(told)


def test_joining_needs_no_answer_that_could_give_something_away() -> None:
    assert set(Joined.__slots__) == {"device_id", "rep_id", "rep_name", "floor_id", "floor_name"}
    assert "SECRETWORD" not in repr(join("SECRETWORD"))
