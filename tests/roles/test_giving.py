"""Nobody becomes, or makes somebody, more than they are; a floor keeps its owner."""

from __future__ import annotations

import pytest

from app.domain.commands import AddRep, ChangeRep
from app.domain.errors import NotAllowed, Refused
from app.domain.lead import Role
from app.domain.roles import GIVES, RIGHTS
from tests.roles.conftest import Cast


def test_whoever_may_change_people_has_a_list_of_roles_to_give() -> None:
    assert set(GIVES) == RIGHTS[ChangeRep].who == RIGHTS[AddRep].who


@pytest.mark.parametrize("giver", [Role.MANAGER, Role.ADMIN, Role.OWNER])
def test_a_role_is_given_only_by_whoever_may(cast: Cast, giver: Role) -> None:
    for role in Role:
        before = cast.everything()
        adding, changing = (
            AddRep(name="New", role=role),
            ChangeRep(rep_id=cast.people[Role.REP], name="Rep", role=role),
        )
        if role in GIVES[giver]:
            made = cast.by(giver).do(adding).value.id
            assert any(rep.id == made and rep.role == role for rep in cast.terminal.reps())
            cast.by(giver).do(changing)
            cast.terminal.do(ChangeRep(rep_id=cast.people[Role.REP], name="Rep", role=Role.REP))
            continue
        for command in (adding, changing):
            with pytest.raises(NotAllowed, match="may make or change"):
                cast.by(giver).do(command)
        assert cast.everything() == before


@pytest.mark.parametrize("giver", [Role.MANAGER, Role.ADMIN])
def test_an_owner_is_not_touched_by_less(cast: Cast, giver: Role) -> None:
    before = cast.everything()
    for role, active in ((Role.REP, True), (Role.OWNER, False)):
        with pytest.raises(NotAllowed, match="Only an owner may"):
            cast.by(giver).do(
                ChangeRep(rep_id=cast.people[Role.OWNER], name="Owner", role=role, active=active)
            )
    assert cast.everything() == before


def test_ones_own_role_is_changed_by_somebody_else_unless_one_is_an_owner(cast: Cast) -> None:
    admin, owner = cast.people[Role.ADMIN], cast.people[Role.OWNER]
    with pytest.raises(NotAllowed, match="Your own role"):
        cast.by(Role.ADMIN).do(ChangeRep(rep_id=admin, name="Admin", role=Role.MANAGER))
    cast.by(Role.ADMIN).do(ChangeRep(rep_id=admin, name="Ada", role=Role.ADMIN))
    with pytest.raises(Refused, match="A floor needs an owner"):
        cast.by(Role.OWNER).do(ChangeRep(rep_id=owner, name="Owner", role=Role.REP))
    cast.by(Role.OWNER).do(AddRep(name="Second", role=Role.OWNER))
    cast.by(Role.OWNER).do(ChangeRep(rep_id=owner, name="Owner", role=Role.REP))
