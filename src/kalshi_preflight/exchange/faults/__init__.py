"""Every fault, in one literal, in the order of the layers."""

import difflib

from kalshi_preflight.exchange.faults import (
    clock_skew,
    dns_nxdomain,
    dns_silent,
    exchange_paused,
    fix_conversations,
    fix_goodbyes,
    fix_ports,
    fix_refusals,
    fix_silences,
    fix_strangers,
    fix_tier,
    http_500,
    http_not_found,
    http_stall,
    key_unknown,
    signature_rejected,
    tcp_blackhole,
    tcp_refused,
    tcp_reset,
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
    dns_nxdomain.FAULT,
    dns_silent.FAULT,
    tcp_refused.FAULT,
    tcp_blackhole.FAULT,
    tcp_reset.FAULT,
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
    *fix_ports.FAULTS,
    fix_tier.FAULT,
    *fix_refusals.FAULTS,
    *fix_silences.FAULTS,
    *fix_strangers.FAULTS,
    *fix_conversations.FAULTS,
    *fix_goodbyes.FAULTS,
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
