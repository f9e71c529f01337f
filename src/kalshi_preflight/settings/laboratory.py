"""Which environments live on this machine, and what those must not reach out for."""

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address

from kalshi_preflight.model.environment import (
    Controls,
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)

INTERNET_CONTROLS = Controls(
    hosts=(HostPort("1.1.1.1", 443), HostPort("8.8.8.8", 443)),
    resolvers=(HostPort("1.1.1.1", 53), HostPort("8.8.8.8", 53)),
    names=("one.one.one.one", "dns.google"),
)


def is_laboratory(environment: Environment) -> bool:
    """Whether an environment is not on the open internet, as far as its row tells.

    It has a resolver or a redirection of its own, or an endpoint on an address that
    the internet does not route.
    """
    return bool(
        environment.resolver is not None
        or environment.connect_to
        or any(is_private(e.target.host) for e in environment.endpoints.values())
    )


def is_private(host: str) -> bool:
    """Whether a host is a literal private address or a name of this machine."""
    if host.rstrip(".") == "localhost" or host.rstrip(".").endswith(".localhost"):
        return True  # RFC 6761 section 6.3
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def default_controls(environment: Environment) -> Controls:
    """The controls of an environment whose row gives none: a laboratory has none."""
    return Controls() if is_laboratory(environment) else INTERNET_CONTROLS


def without_ways_out(environment: Environment) -> Environment:
    """A laboratory without those alternates that would leave it.

    For alternates that were inherited: whoever points ``production`` at a laboratory
    does not mean the real exchange to be asked when the laboratory fails.
    """
    if not is_laboratory(environment):
        return environment

    def stays(alternate: Endpoint) -> bool:
        return (
            environment.resolver is not None
            or alternate.target in environment.connect_to
            or is_private(alternate.target.host)
        )

    alternates = {
        kind: kept
        for kind, given in environment.alternates.items()
        if (kept := tuple(alternate for alternate in given if stays(alternate)))
    }
    return replace(environment, alternates=alternates)


def without_market_data(environment: Environment) -> Environment:
    """A laboratory without market data over FIX that it inherited."""
    if not is_laboratory(environment):
        return environment
    endpoints = dict(environment.endpoints)
    endpoints.pop(EndpointKind.FIX_MARKET_DATA, None)
    return replace(environment, endpoints=endpoints)


def without_real_sibling(
    environment: Environment, environments: Mapping[str, Environment]
) -> Environment:
    """A laboratory whose inherited sibling is the real exchange has no sibling."""
    sibling = environments.get(environment.sibling or "")
    if sibling is None or not is_laboratory(environment) or is_laboratory(sibling):
        return environment
    return replace(environment, sibling=None)
