"""Google Ads lead forms, as Google's webhook delivers them.

The contract: a JSON object with `lead_id`, the answers in `user_column_data`, ids of form, campaign, ad
group and creative beyond 32 bits, the click's `gcl_id`, `is_test`, and `google_key`, the secret that the
advertiser typed in. Fields that are not known are passed over. Deliveries may come twice; `lead_id`
tells.
"""

from __future__ import annotations

from app.channels._body import content_type, decoded
from app.channels._fields import nobody
from app.channels._json import Json, parse, scalar
from app.channels._meanings import meaning
from app.domain.clean import plain
from app.domain.inquiry import Draft, Inquiry, Origin, Unreadable
from app.domain.tidy import line

NAME = "google"
TITLE = "Google Ads lead form"
ORDER = 30

DOUBT = "firstring-doubt"
"""Header under which the capture face notes why it does not trust a delivery; senders can't set it."""

_COLUMNS = {
    "FULL_NAME": "name",
    "FIRST_NAME": "first_name",
    "LAST_NAME": "last_name",
    "EMAIL": "email",
    "USER_EMAIL": "email",
    "WORK_EMAIL": "email",
    "PHONE_NUMBER": "phone",
    "USER_PHONE": "phone",
    "WORK_PHONE": "phone",
    "STREET_ADDRESS": "street",
    "CITY": "city",
    "REGION": "region",
    "POSTAL_CODE": "postcode",
    "COUNTRY": "country",
    "COMPANY_NAME": "company",
    "JOB_TITLE": "title",
}
_IDS = (
    ("Google campaign", "campaign_id"),
    ("Google ad group", "adgroup_id"),
    ("Google asset group", "asset_group_id"),
    ("Google creative", "creative_id"),
    ("Google form", "form_id"),
    ("Google lead stage", "lead_stage"),
    ("Submitted at", "lead_submit_time"),
)


def read(inquiry: Inquiry) -> Draft:
    """The draft of a delivery; raises Unreadable."""
    if doubt := dict(inquiry.headers).get(DOUBT, ""):
        raise Unreadable(doubt)
    body = _object(inquiry)
    columns = body.get("user_column_data")
    if not isinstance(columns, list):
        raise Unreadable("There is no list user_column_data in it, so this is not a Google lead form.")
    found: dict[str, str] = {}
    answers: list[tuple[str, str]] = []
    for column in columns:
        if not isinstance(column, dict):
            continue
        column_id = scalar(column.get("column_id"))
        question = scalar(column.get("column_name")) or column_id
        answer = scalar(column.get("string_value"))
        field = _COLUMNS.get(column_id, "")
        if (
            not field and meaning(question) == "ask"
        ):  # the advertiser's own question, but it asks what they want
            field = "ask"
        if not answer.strip():
            continue
        if field and field not in found:
            found[field] = answer
        elif answer != found.get(field):
            answers.append((question or "?", answer))
    answers += [(label, text) for label, key in _IDS if (text := scalar(body.get(key)))]
    draft = plain(
        Draft(
            **found,  # type: ignore[arg-type] # only names of text fields
            answers=tuple(answers),
            origin=Origin(
                medium="google",
                campaign=scalar(body.get("campaign_id")),
                ad=scalar(body.get("creative_id")),
                click_id=scalar(body.get("gcl_id")),
            ),
            external_id=scalar(body.get("lead_id")),
            is_test=scalar(body.get("is_test")).casefold() in ("yes", "true"),
        )
    )
    if not (draft.email or draft.phone):
        ids = (scalar(column.get("column_id")) for column in columns if isinstance(column, dict))
        raise Unreadable(nobody(name for name in ids if name))
    return draft


def key_of(inquiry: Inquiry) -> str | None:
    """The `google_key` of a delivery, "" where it carries none; None when the body can't be read."""
    try:
        return line(scalar(_object(inquiry).get("google_key")))
    except Unreadable:
        return None


def _object(inquiry: Inquiry) -> dict[str, Json]:
    body = parse(decoded(inquiry.raw, content_type(inquiry.content_type)[1]))
    if not isinstance(body, dict):
        raise Unreadable("The body is JSON, but not an object, so this is not a Google lead form.")
    return body
