"""HTTP messages as values: what arrived, and what goes out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

JSON_TYPE = "application/json"

Headers = tuple[tuple[str, str], ...]


def compact(document: object) -> bytes:
    """JSON without blanks, as the exchange writes it."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True)
class Request:
    """One request head with its body; header names keep the case they came in."""

    method: str
    target: str
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> str:
        """The target without its query string: this is what clients sign."""
        return urlsplit(self.target).path

    @property
    def query(self) -> Mapping[str, list[str]]:
        """Query parameters; blank values are kept, since Go binds them too."""
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    def header(self, name: str) -> str | None:
        """First value of a header, or None; names match without regard to case."""
        wanted = name.lower()
        return next(
            (value for key, value in self.headers if key.lower() == wanted), None
        )

    def tokens(self, name: str) -> set[str]:
        """Lower-case members of a comma separated header (RFC 9110, 5.6.1)."""
        joined = ",".join(value for key, value in self.headers if key.lower() == name)
        return {token.strip().lower() for token in joined.split(",") if token.strip()}

    def without(self, *names: str) -> Self:
        """Return the request as a box on the way left it that removed some headers."""
        dropped = {name.lower() for name in names}
        kept = tuple(pair for pair in self.headers if pair[0].lower() not in dropped)
        return replace(self, headers=kept)


@dataclass(frozen=True)
class Response:
    """One answer. ``Date`` and ``Content-Length`` are added when it is written."""

    status: int
    body: bytes = b""
    headers: Headers = ()

    @property
    def reason(self) -> str:
        """The standard reason phrase; empty for a status that has none."""
        try:
            return HTTPStatus(self.status).phrase
        except ValueError:
            return ""

    def header(self, name: str) -> str | None:
        """First value of a header, or None."""
        wanted = name.lower()
        return next(
            (value for key, value in self.headers if key.lower() == wanted), None
        )

    def with_header(self, name: str, value: str) -> Self:
        """Return the same answer with one header set, replacing every older value."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*kept, (name, value)))


def as_json(document: Any, status: int = 200) -> Response:
    """Answer with JSON."""
    return Response(status, compact(document), (("Content-Type", JSON_TYPE),))


def as_text(text: str, status: int) -> Response:
    """Answer as Go's ``http.Error`` does: plain text and ``nosniff``."""
    return Response(
        status,
        text.encode(),
        (
            ("Content-Type", "text/plain; charset=utf-8"),
            ("X-Content-Type-Options", "nosniff"),
        ),
    )


def as_html(page: str, status: int) -> Response:
    """Answer with an HTML page, as load balancers and captive portals send it."""
    return Response(status, page.encode(), (("Content-Type", "text/html"),))
