"""One row of a table as a draft, by a mapping.

Nothing a file says is lost: where two columns aim at one field, the second value is kept as an answer. A row in a
file is somebody the customer knows, so an id of theirs is enough to make a lead of it; a row that names nobody at all
is refused, unless its line is to do for a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain import reach
from app.domain.inquiry import Draft, Origin, Unreadable
from app.domain.mapping import NAMES, PAST, WHO, Mapping, Target, consent_of, given, is_yes, phone_of, row_id
from app.domain.tidy import line

_FLAGS = (Target.NO_CALL, Target.NO_EMAIL, Target.WON, Target.IS_TEST)
_JOINED = {Target.STREET: ", ", Target.ASK: "\n"}
"""Of these every column counts; of all others the first that says something."""
_LINES = (*NAMES, Target.COMPANY)
_TEST_MARK = "<test lead:"


class RowReader:
    """Turns the cells of one table into drafts, by a mapping."""

    def __init__(self, mapping: Mapping) -> None:
        self._plan = tuple(
            (index, header, target)
            for index, (header, target) in enumerate(mapping.columns)
            if target != Target.OUT and target not in PAST
        )
        self._medium, self._numbered = mapping.medium, mapping.numbered

    def draft(self, cells: Sequence[str], at: int) -> Draft:
        """The row of a line as a draft; raises Unreadable, saying why, where the row names nobody."""
        found: dict[Target, str] = {}
        answers: list[tuple[str, str]] = []
        is_test = False
        for index, header, target in self._plan:
            cell = cells[index]
            if not cell or not (text := given(cell, target)):
                continue
            if target != Target.ANSWER and not (text := _in_field(text, target, header)):
                continue
            if text.startswith("<") and text.casefold().startswith(_TEST_MARK):
                is_test = True
            if target == Target.ANSWER:
                answers.append((header, text))
            elif target not in found:
                found[target] = text
            elif target in _JOINED:
                found[target] += _JOINED[target] + text
            elif found[target] != text:
                answers.append((header, text))
        get = found.get
        return Draft(
            name=self._name(found, at),
            first_name=get(Target.FIRST_NAME, ""),
            last_name=get(Target.LAST_NAME, ""),
            title=get(Target.TITLE, ""),
            company=get(Target.COMPANY, ""),
            email=get(Target.EMAIL, ""),
            phone=get(Target.PHONE, ""),
            street=get(Target.STREET, ""),
            city=get(Target.CITY, ""),
            region=get(Target.REGION, ""),
            postcode=get(Target.POSTCODE, ""),
            country=get(Target.COUNTRY, ""),
            ask=get(Target.ASK, ""),
            answers=tuple(answers),
            consent=get(Target.CONSENT, ""),
            origin=Origin(
                medium=get(Target.MEDIUM) or self._medium,
                campaign=get(Target.CAMPAIGN, ""),
                ad=get(Target.AD, ""),
                keyword=get(Target.KEYWORD, ""),
                click_id=get(Target.CLICK_ID, ""),
                page=get(Target.PAGE, ""),
            ),
            external_id=get(Target.EXTERNAL_ID, ""),
            is_test=is_test or Target.IS_TEST in found,
            no_call=Target.NO_CALL in found,
            no_email=Target.NO_EMAIL in found,
            won=Target.WON in found,
        )

    def _name(self, found: dict[Target, str], at: int) -> str:
        """The name of a row. One without a name and without a sure way to be reached is called by its
        company, its id, or what was typed for its e-mail or phone, so that no row that says something of
        somebody is lost."""
        if name := found.get(Target.NAME, ""):
            return name
        if Target.FIRST_NAME in found or Target.LAST_NAME in found:
            return ""  # joined where names are cleaned
        email, phone = found.get(Target.EMAIL, ""), found.get(Target.PHONE, "")
        if (email and reach.email(email, [])[1]) or (phone[:1] == "+" and reach.phone(phone, "", [])[1]):
            return ""
        if company := found.get(Target.COMPANY, ""):
            return company
        if number := found.get(Target.EXTERNAL_ID, ""):
            return f"Lead {number}"
        if typed := line(email) or line(phone):
            return typed
        if self._numbered:
            return f"Row {at}"
        raise Unreadable(f"nothing in this row says who it is: no {WHO}")


def _in_field(text: str, target: Target, header: str) -> str:
    """A cell's text as it goes into a field; "" where it says nothing there."""
    if target in _FLAGS:
        return "yes" if is_yes(text) else ""
    if target == Target.CONSENT:
        return consent_of(header, text)
    if target == Target.PHONE:
        return phone_of(text)
    if target == Target.EXTERNAL_ID:
        return row_id(text)
    return line(text) if target in _LINES else text
