"""Every fault, in one literal, in the order of the layers."""

import difflib

from kalshi_preflight.exchange.faults import (
    auth_boxes,
    auth_refusals,
    auth_wires,
    clock_skew,
    clock_skews,
    dns_nxdomain,
    dns_silent,
    exchange_paused,
    exchange_pauses,
    http_500,
    http_bodies,
    http_captive_portals,
    http_copies,
    http_floods,
    http_forbidden,
    http_hang_ups,
    http_not_found,
    http_rate_limits,
    http_redirects,
    http_refusals,
    http_server_errors,
    http_stall,
    http_stalls,
    http_truncations,
    http_unknown_paths,
    http_violations,
    key_unknown,
    keys_elsewhere,
    retired_hosts,
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
    ws_conversations,
    ws_endings,
    ws_frames,
    ws_handshakes,
    ws_origin,
    ws_origins,
    ws_refusals,
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
    *exchange_pauses.FAULTS,
    *http_bodies.FAULTS,
    *http_captive_portals.FAULTS,
    *http_copies.FAULTS,
    *http_floods.FAULTS,
    *http_forbidden.FAULTS,
    *http_hang_ups.FAULTS,
    *http_rate_limits.FAULTS,
    *http_redirects.FAULTS,
    *http_refusals.FAULTS,
    *http_server_errors.FAULTS,
    *http_stalls.FAULTS,
    *http_truncations.FAULTS,
    *http_unknown_paths.FAULTS,
    *http_violations.FAULTS,
    *retired_hosts.FAULTS,
    clock_skew.FAULT,
    key_unknown.FAULT,
    signature_rejected.FAULT,
    *auth_boxes.FAULTS,
    *auth_refusals.FAULTS,
    *auth_wires.FAULTS,
    *clock_skews.FAULTS,
    *keys_elsewhere.FAULTS,
    ws_origin.FAULT,
    ws_401.FAULT,
    ws_closed.FAULT,
    *ws_conversations.FAULTS,
    *ws_endings.FAULTS,
    *ws_frames.FAULTS,
    *ws_handshakes.FAULTS,
    *ws_origins.FAULTS,
    *ws_refusals.FAULTS,
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
