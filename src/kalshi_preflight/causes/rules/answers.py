"""Who answered: the exchange, its edge, or somebody on the way."""

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from kalshi_preflight.causes.findings import Context
from kalshi_preflight.model.evidence import Facts
from kalshi_preflight.model.retired_hosts import RETIRED_HOSTS

#: An answer that is older is stale. Younger copies are what the exchange's own CDN is
#: for: it has been seen to keep public answers for a quarter of a minute.
STALE_SECONDS = 60

_MOVED = re.compile(r"API has been moved to (https://[A-Za-z0-9.-]+)")
_COUNTRY = "block access from your country"
_TAGS = re.compile(r"<[^>]*>")
#: What a refusal's page says when it says nothing: its status, and what wrote it.
_NO_WORDS = re.compile(r"403|error|forbidden|awselb/[\d.]+|nginx(/[\d.]+)?|openresty")
#: A page that wants something of the reader before it lets anybody through.
_PORTAL = re.compile(
    r"http-equiv=.?refresh|<form|\bwi-?fi\b|hotspot|captive|accept the terms", re.I
)
#: Where such a page stands, by the words of its address.
_PORTAL_ADDRESS = re.compile(r"log-?in|sign-?in|portal|hotspot|captive|wi-?fi", re.I)
_OWN_SITE = re.compile(r"<title>[^<]*kalshi", re.I)


def header(facts: Facts, name: str) -> str:
    """One header of an answer; empty if it was not there."""
    return str(facts.get("headers", {}).get(name, ""))


def answer_particulars(facts: Facts) -> dict[str, Any]:
    """What every hint about an answer may name."""
    body = str(facts.get("body", ""))
    return {
        "status": facts.get("status"),
        "content_type": header(facts, "content-type") or "none",
        "server": header(facts, "server") or "unnamed",
        "location": header(facts, "location") or "none",
        "request_id": header(facts, "x-amz-cf-id") or "none",
        "retry_after": header(facts, "retry-after") or "not given",
        "exchange_time": facts.get("exchange_time", "unknown"),
        "body": body[:200],
        "words": words_of(body)[:120] or "no words",
        "bytes": facts.get("body_bytes", 0),
        "error": f"HTTP {facts.get('status')}",
    }


def words_of(body: str) -> str:
    """A page without its tags, on one line."""
    return " ".join(_TAGS.sub(" ", body).split())


def is_page(facts: Facts) -> bool:
    """Whether the answer is HTML, whatever it is labelled."""
    labelled = "html" in header(facts, "content-type").lower()
    body = str(facts.get("body", "")).lstrip().lower()
    return (labelled and bool(body)) or body.startswith(("<!doctype html", "<html"))


def is_portal(facts: Facts) -> bool:
    """Whether the answer is a network's page that asks for a log-in."""
    body = str(facts.get("body", ""))
    return is_page(facts) and bool(_PORTAL.search(body)) and not _OWN_SITE.search(body)


def location_of(facts: Facts) -> SplitResult:
    """Where a redirect leads, in parts; all of them empty where that is no address."""
    try:
        return urlsplit(header(facts, "location"))
    except ValueError:  # a bracket too many or too few
        return urlsplit("")


def leads_to_portal(facts: Facts, context: Context) -> bool:
    """Whether a redirect leads to a network's log-in page, and not to another host."""
    target = location_of(facts)
    host = target.hostname or ""
    if not host or host == context.endpoint.target.host:
        return False
    try:
        inside = not ip_address(host).is_global
    except ValueError:
        inside = False
    address = f"{host}{target.path}?{target.query}"
    return inside or target.scheme == "http" or bool(_PORTAL_ADDRESS.search(address))


def is_challenge(facts: Facts) -> bool:
    """Whether a web application firewall wants to see a browser (AWS WAF)."""
    return bool(header(facts, "x-amzn-waf-action"))


def names_country(facts: Facts) -> bool:
    """Whether the CDN says in so many words that the country is blocked."""
    return _COUNTRY in str(facts.get("body", ""))


def is_wordless(facts: Facts) -> bool:
    """Whether a refusal is a bare page that explains nothing."""
    words = words_of(str(facts.get("body", ""))).lower()
    return not _NO_WORDS.sub("", words).strip()


def is_unknown_path(facts: Facts) -> bool:
    """Whether it is an API gateway's way of saying that it knows no such path.

    "Missing Authentication Token" is about the path and about no token (AWS API
    Gateway, gateway response type MISSING_AUTHENTICATION_TOKEN).
    """
    kind = header(facts, "x-amzn-errortype")
    return kind.startswith("MissingAuthenticationToken") or (
        '"Missing Authentication Token"' in str(facts.get("body", ""))
    )


def moved_to(facts: Facts, context: Context) -> str | None:
    """The current host, if this one is retired; its 401 is not about a key."""
    if match := _MOVED.match(str(facts.get("body", ""))):
        return match[1].removeprefix("https://")
    retired = RETIRED_HOSTS.get(context.endpoint.target.host)
    return retired.current if retired and facts["status"] != 200 else None
