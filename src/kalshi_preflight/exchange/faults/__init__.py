"""Every fault, in one literal, in the order of the layers."""

import difflib

from kalshi_preflight.exchange.faults import (
    clock_skew,
    dns_addresses,
    dns_bogus,
    dns_nxdomain,
    dns_port_closed,
    dns_rcodes,
    dns_silent,
    dns_slow,
    dns_wire,
    exchange_paused,
    host_dead,
    http_500,
    http_not_found,
    http_stall,
    key_unknown,
    network_offline,
    proxy_page,
    proxy_refusals,
    proxy_unreachable,
    proxy_urls,
    signature_rejected,
    tcp_addresses,
    tcp_blackhole,
    tcp_closed,
    tcp_refused,
    tcp_reset,
    tcp_slow,
    tls_expired,
    tls_plaintext,
    tls_stall,
    tls_unknown_ca,
    tls_wrong_host,
    trading_paused,
    ws_401,
    ws_closed,
    ws_origin,
)
from kalshi_preflight.exchange.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    network_offline.FAULT,
    dns_nxdomain.FAULT,
    dns_silent.FAULT,
    host_dead.FAULT,
    dns_port_closed.FAULT,
    *dns_rcodes.FAULTS,
    *dns_bogus.FAULTS,
    *dns_addresses.FAULTS,
    *dns_wire.FAULTS,
    *dns_slow.FAULTS,
    tcp_refused.FAULT,
    tcp_blackhole.FAULT,
    tcp_reset.FAULT,
    tcp_closed.FAULT,
    *tcp_addresses.FAULTS,
    tcp_slow.FAULT,
    *proxy_unreachable.FAULTS,
    *proxy_refusals.FAULTS,
    *proxy_urls.FAULTS,
    proxy_page.FAULT,
    tls_plaintext.FAULT,
    tls_stall.FAULT,
    tls_expired.FAULT,
    tls_wrong_host.FAULT,
    tls_unknown_ca.FAULT,
    http_not_found.FAULT,
    http_500.FAULT,
    http_stall.FAULT,
    exchange_paused.FAULT,
    trading_paused.FAULT,
    clock_skew.FAULT,
    key_unknown.FAULT,
    signature_rejected.FAULT,
    ws_origin.FAULT,
    ws_401.FAULT,
    ws_closed.FAULT,
)


class UnknownFault(ValueError):
    """A fault name that is not listed."""


def find(name: str) -> Fault:
    """Look a fault up by name; raises ``UnknownFault`` naming close matches."""
    by_name = {fault.name: fault for fault in FAULTS}
    if name in by_name:
        return by_name[name]
    close = difflib.get_close_matches(name, by_name)
    advice = f"did you mean {' or '.join(close)}?" if close else "see --list-faults."
    raise UnknownFault(f"There is no fault {name!r}: {advice}")
