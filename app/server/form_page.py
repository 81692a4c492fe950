"""The hosted form page, its thank-you page, and the notices a browser may be shown instead.

Plain HTML that works without a script; the templates lie in `resources/form`. Everything that came from
outside (the query string, what was typed) is escaped here and nowhere else, and the pages forbid scripts
altogether. They may be shown inside another site's frame: there is no session that such a frame could
misuse.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "form"

MARKER = "_form"
"""Hidden field that tells the hosted form from a form on somebody's own site."""
TYPED = ("name", "company", "phone", "email", "message")
"""The form's visible fields."""
CARRIED = (
    "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "utm_id",
    "gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id", "twclid", "referrer",
)  # fmt: skip
"""What is taken over from the query string into hidden fields."""
CONSENT = "Asked on the form to be contacted about this"


def form(action: str, given: Mapping[str, str], said: str = "", wrong: bool = False) -> str:
    """The form, posting to `action`, with what was typed before and the marketing fields of `given`.

    `said` is a sentence shown above the fields; `wrong` marks phone and e-mail as what it is about.
    """
    carried = [(name, given[name][:500]) for name in CARRIED if given.get(name)]
    hidden = [(MARKER, "hosted"), ("consent", CONSENT), *carried]
    invalid = ' aria-invalid="true" aria-describedby="said"' if wrong else ""
    body = _template("form.html").substitute(
        {name: escape(given.get(name, "")[:8000]) for name in TYPED},
        action=escape(action),
        said=f'<p class="say wrong" id="said" role="alert">{escape(said)}</p>' if said else "",
        wrong=invalid + " autofocus" if invalid else "",
        wrong_too=invalid,
        hidden="\n".join(_hidden(hidden)),
    )
    return _page("Contact us" if not said else "Please check the form", body)


def thanks() -> str:
    """The page after a form was taken."""
    return _page("Thank you", _template("thanks.html").substitute())


def notice(title: str, text: str) -> str:
    """A page that says one thing."""
    return _page(title, _template("notice.html").substitute(title=escape(title), text=escape(text)))


@cache
def policy() -> str:
    """The Content-Security-Policy of these pages: their own style, and posting back; nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    rest = "img-src data:; form-action 'self'; base-uri 'none'"
    return f"default-src 'none'; style-src 'sha256-{digest}'; {rest}"


def _hidden(fields: Iterable[tuple[str, str]]) -> Iterable[str]:
    return (f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields)


def _page(title: str, body: str) -> str:
    return _template("shell.html").substitute(title=escape(title), style=_style(), body=body)


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text(encoding="utf-8"))


@cache
def _style() -> str:
    return (FOLDER / "style.css").read_text(encoding="utf-8")
