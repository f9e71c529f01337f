"""Typed reading of one row of an environments file; every complaint names its place."""

from collections.abc import Collection, Mapping
from typing import Any

from kalshi_preflight.model.environment import (
    Controls,
    Endpoint,
    EndpointKind,
    HostPort,
)
from kalshi_preflight.model.fix_sessions import session_on
from kalshi_preflight.settings.addresses import (
    AddressError,
    check_host,
    nearest,
    parse_host_port,
    parse_url,
)
from kalshi_preflight.settings.errors import Place
from kalshi_preflight.settings.masking import shown

SCHEMES = {EndpointKind.REST: "https", EndpointKind.WEBSOCKET: "wss"}

ROW_KEYS = (
    "rest",
    "websocket",
    "fix",
    "fix_market_data",
    "alternates",
    "resolver",
    "ca_file",
    "connect_to",
    "credentials",
    "controls",
    "sibling",
    "required",
)

Row = Mapping[str, Any]


def table(place: Place, value: object, keys: Collection[str] | None = None) -> Row:
    """``value`` as a table, with no key that is not among ``keys``."""
    if not isinstance(value, dict):
        raise place.error(f"{shown(value)} is not a table")
    for key in value:
        if keys is not None and key not in keys:
            known = ", ".join(keys)
            guess = nearest(key, keys)
            raise place.at(key).error(f"unknown key{guess}; known here: {known}")
    return value


def text(place: Place, value: object) -> str:
    """``value`` as text that is not empty."""
    if not isinstance(value, str):
        raise place.error(f"{shown(value)} is not a string")
    if not value:
        raise place.error("is empty; leave the key out if it is not to be used")
    return value


def texts(place: Place, value: object) -> list[str]:
    """``value`` as a list of such texts."""
    if not isinstance(value, list):
        raise place.error(f"{shown(value)} is not a list of strings")
    return [text(place, entry) for entry in value]


def host_port(place: Place, value: object, *, address_only: bool = False) -> HostPort:
    """``value`` as ``host:port``."""
    written = text(place, value)
    try:
        return parse_host_port(written, address_only=address_only)
    except AddressError as problem:
        raise place.error(f"{shown(written)} {problem}") from None


def url_endpoint(place: Place, kind: EndpointKind, value: object) -> Endpoint:
    """``value`` as the base URL of a REST or WebSocket endpoint."""
    written = text(place, value)
    try:
        target = parse_url(written, scheme=SCHEMES[kind])
    except AddressError as problem:
        raise place.error(f"{shown(written)} {problem}") from None
    return Endpoint(kind=kind, target=target, url=written)


def fix_endpoint(place: Place, value: object) -> Endpoint:
    """``value`` as ``{ host, port, target_comp_id }``; the last follows from the port.

    A port that is not one of the exchange's own is taken for order entry.
    """
    row = table(place, value, ("host", "port", "target_comp_id"))
    target = _fix_target(place, row)
    served = session_on(target.port)
    usual = served.target_comp_id if served else "KalshiNR"
    comp_id = row.get("target_comp_id", usual)
    comp_id = text(place.at("target_comp_id"), comp_id)
    if not (comp_id.isascii() and comp_id.isprintable() and " " not in comp_id):
        raise place.at("target_comp_id").error(f"{shown(comp_id)} is no FIX CompID")
    return Endpoint(kind=EndpointKind.FIX, target=target, target_comp_id=comp_id)


def fix_market_data_endpoint(place: Place, value: object) -> Endpoint:
    """``value`` as ``{ host, port }``: nobody logs on there, so no name is needed."""
    target = _fix_target(place, table(place, value, ("host", "port")))
    return Endpoint(kind=EndpointKind.FIX_MARKET_DATA, target=target)


def _fix_target(place: Place, row: Row) -> HostPort:
    for key in ("host", "port"):
        if key not in row:
            raise place.error(f"the key {key} is missing")
    written, port = text(place.at("host"), row["host"]), row["port"]
    if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65535:
        raise place.at("port").error(f"{shown(port)} is not a number from 1 to 65535")
    try:
        return HostPort(check_host(written), port)
    except AddressError as problem:
        raise place.at("host").error(f"{shown(written)} {problem}") from None


def endpoints(place: Place, row: Row) -> dict[EndpointKind, Endpoint]:
    """The endpoints that a row configures; ``rest`` has to be one of them."""
    if "rest" not in row:
        raise place.error("the key rest is missing")
    found = {
        kind: url_endpoint(place.at(kind.value), kind, row[kind.value])
        for kind in SCHEMES
        if kind.value in row
    }
    if EndpointKind.FIX in row:
        found[EndpointKind.FIX] = fix_endpoint(place.at("fix"), row["fix"])
    if (kind := EndpointKind.FIX_MARKET_DATA) in row:
        found[kind] = fix_market_data_endpoint(place.at(kind.value), row[kind.value])
    return found


def alternates(place: Place, row: Row) -> dict[EndpointKind, tuple[Endpoint, ...]]:
    """Other base URLs of the same exchange, by kind."""
    place = place.at("alternates")
    given = table(place, row.get("alternates", {}), tuple(SCHEMES))
    found = {}
    for key, value in given.items():
        kind, inner = EndpointKind(key), place.at(key)
        urls = texts(inner, value)
        found[kind] = tuple(url_endpoint(inner, kind, url) for url in urls)
    return found


def connect_to(place: Place, row: Row) -> dict[HostPort, HostPort]:
    """Where TCP goes instead, by the name and port that it would go to."""
    place = place.at("connect_to")
    given = table(place, row.get("connect_to", {}))
    return {
        host_port(place.at(key), key): host_port(place.at(key), value)
        for key, value in given.items()
    }


def controls(place: Place, row: Row) -> Controls | None:
    """The controls that a row gives, or ``None`` if it leaves them to the default."""
    if "controls" not in row:
        return None
    place = place.at("controls")
    given = table(place, row["controls"], ("hosts", "resolvers", "names"))

    def addresses(key: str) -> tuple[HostPort, ...]:
        inner = place.at(key)
        entries = texts(inner, given.get(key, []))
        return tuple(host_port(inner, entry, address_only=True) for entry in entries)

    def name(entry: str) -> str:
        try:
            return check_host(entry)
        except AddressError as problem:
            raise place.at("names").error(f"{shown(entry)} {problem}") from None

    names = texts(place.at("names"), given.get("names", []))
    return Controls(
        hosts=addresses("hosts"),
        resolvers=addresses("resolvers"),
        names=tuple(name(entry) for entry in names),
    )


def required(
    place: Place, row: Row, configured: Collection[EndpointKind]
) -> tuple[EndpointKind, ...]:
    """The endpoints without which the environment is unreachable.

    An empty list is refused: an environment that needs nothing could never fail.
    """
    if "required" not in row:
        usual = (EndpointKind.REST, EndpointKind.WEBSOCKET)
        return tuple(kind for kind in usual if kind in configured)
    place = place.at("required")
    entries = texts(place, row["required"])
    if not entries:
        raise place.error("is empty; name at least one endpoint")
    for entry in entries:
        kinds = tuple(kind.value for kind in EndpointKind)
        if entry not in kinds:
            known = ", ".join(kinds)
            guess = nearest(entry, kinds)
            raise place.error(f"{shown(entry)} is no endpoint{guess}; known: {known}")
        if entry not in configured:
            raise place.error(f"{shown(entry)} is not configured in this environment")
    return tuple(dict.fromkeys(EndpointKind(entry) for entry in entries))
