"""As what the rows of a file most likely come in: leads, calls, results or costs. A proposal by its columns, made of
what each kind would make of them; a person says.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.columns_seen import Seen
from app.domain.guessing import guess, is_own_id
from app.domain.header_words import plain_header
from app.domain.mapping import Target
from app.domain.past import ImportKind

_PERSON = frozenset((Target.NAME, Target.FIRST_NAME, Target.LAST_NAME, Target.EMAIL, Target.PHONE))
_ARRIVAL = _PERSON | {Target.CAPTURED_AT, Target.MEDIUM, Target.COMPANY, Target.CONSENT, Target.CLICK_ID}
"""What only a list of leads says: who they are, and how they came."""
_OF_A_CALL = frozenset((Target.SECONDS, Target.MINUTES, Target.DIRECTION))
_OF_A_DEAL = frozenset((Target.WON_AT, Target.LOST_AT, Target.CLOSED_AT, Target.AMOUNT, Target.RESULT))
_OF_A_BILL = frozenset((Target.FIRST_DAY, Target.CAMPAIGN, Target.AMOUNT))
_NO_BILL = _PERSON | (_OF_A_DEAL - {Target.AMOUNT}) | {Target.EXTERNAL_ID, Target.COMPANY}
_DEALS = (
    "deal deals opportunity opportunities potential potentials geschaft geschafte verkaufschance affaire opportunite "
    "negocio oportunidad oportunidade trattativa opportunita"
)
_DEAL = frozenset(_DEALS.split())
"""Words in the headers of a list of deals; it often says who they are with and where these came from, too."""


def kind_of(
    headers: Sequence[str], rows: Sequence[Sequence[str]], has_header: bool, columns: Sequence[Seen]
) -> ImportKind:
    """The kind of a file with these columns and these first rows; leads where nothing speaks for another."""
    mappings = {kind: guess(headers, rows, has_header, kind, columns) for kind in ImportKind}
    found = {kind: {target for _, target in one.columns} for kind, one in mappings.items()}
    whole = {kind for kind, one in mappings.items() if not one.lacks}
    if any(is_own_id(*column) for column in mappings[ImportKind.RESULTS].columns):
        whole.discard(ImportKind.RESULTS)  # no other file brought leads that are known by these
    leads = found[ImportKind.LEADS]
    who = leads & _ARRIVAL - {Target.EMAIL, Target.PHONE}
    costs = found[ImportKind.COSTS]
    if ImportKind.COSTS in whole and not leads & _PERSON:
        return ImportKind.COSTS
    if costs >= _OF_A_BILL and not leads & _NO_BILL:  # of one platform, which its own export does not name
        return ImportKind.COSTS
    if ImportKind.RESULTS in whole:
        words = {word for header in headers for word in plain_header(header).split()}
        if words & _DEAL and len(found[ImportKind.RESULTS] & _OF_A_DEAL) > 1:
            return ImportKind.RESULTS
    if ImportKind.CALLS in whole:
        calls = found[ImportKind.CALLS]
        if calls & _OF_A_CALL or (Target.OUTCOME in calls and not who):
            return ImportKind.CALLS
    return ImportKind.RESULTS if ImportKind.RESULTS in whole and not who else ImportKind.LEADS
