"""Every fault, in one literal, in the order of the layers."""

import difflib

from kalshi_preflight.exchange.faults import (
    clock_skew,
    clock_wrong,
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
    tls_alert,
    tls_client_certificate,
    tls_cut,
    tls_damaged,
    tls_expired,
    tls_expiring,
    tls_incomplete_chain,
    tls_intercepted,
    tls_name_filter,
    tls_no_shared_cipher,
    tls_not_yet_valid,
    tls_old_version,
    tls_plaintext,
    tls_self_signed,
    tls_stall,
    tls_truncated_close,
    tls_trust_store,
    tls_unfit,
    tls_unknown_ca,
    tls_weak,
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
    *tls_plaintext.FAULTS,
    *tls_stall.FAULTS,
    *tls_cut.FAULTS,
    *tls_name_filter.FAULTS,
    *tls_alert.FAULTS,
    *tls_damaged.FAULTS,
    *tls_old_version.FAULTS,
    *tls_no_shared_cipher.FAULTS,
    *tls_client_certificate.FAULTS,
    *clock_wrong.FAULTS,
    *tls_expired.FAULTS,
    *tls_not_yet_valid.FAULTS,
    *tls_wrong_host.FAULTS,
    *tls_self_signed.FAULTS,
    *tls_unknown_ca.FAULTS,
    *tls_incomplete_chain.FAULTS,
    *tls_intercepted.FAULTS,
    *tls_unfit.FAULTS,
    *tls_weak.FAULTS,
    *tls_trust_store.FAULTS,
    *tls_expiring.FAULTS,
    tls_truncated_close.FAULT,
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
