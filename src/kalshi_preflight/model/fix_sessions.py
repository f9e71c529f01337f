"""The exchange's FIX sessions: which TargetCompID belongs to which port and host.

Data only (docs.kalshi.com: fix/connectivity, fix/authentication; 2026-10); what to make
of a mismatch is a rule's business.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FixSession:
    """One kind of session.

    ``demands_reset`` is whether the logon has to carry ResetSeqNumFlag (141=Y). On the
    others it would throw the retransmission position away, so it is never sent there.
    """

    target_comp_id: str
    port: int
    demands_reset: bool
    market_data: bool = False


FIX_SESSIONS: tuple[FixSession, ...] = (
    FixSession(target_comp_id="KalshiNR", port=8228, demands_reset=True),
    FixSession(target_comp_id="KalshiDC", port=8229, demands_reset=True),
    FixSession(target_comp_id="KalshiRT", port=8230, demands_reset=False),
    FixSession(target_comp_id="KalshiPT", port=8231, demands_reset=False),
    FixSession(target_comp_id="KalshiRFQ", port=8232, demands_reset=True),
    FixSession(
        target_comp_id="KalshiMD", port=8233, demands_reset=True, market_data=True
    ),
)

#: The documented hosts, each with the host of the other kind of the same exchange:
#: order entry first, then market data.
FIX_HOSTS: tuple[tuple[str, str], ...] = (
    ("mm.fix.elections.kalshi.com", "marketdata.fix.elections.kalshi.com"),
    ("fix.demo.kalshi.co", "marketdata.fix.demo.kalshi.co"),
    (
        "margin-mm.fix.elections.kalshi.com",
        "margin-marketdata.fix.elections.kalshi.com",
    ),
    ("margin-fix.demo.kalshi.co", "margin-marketdata.fix.demo.kalshi.co"),
)


def session_on(port: int) -> FixSession | None:
    """The session that is served on a port, if it is one of the exchange's own."""
    return next((s for s in FIX_SESSIONS if s.port == port), None)


def session_named(target_comp_id: str) -> FixSession | None:
    """The session of a TargetCompID, if it is one of the exchange's own."""
    return next((s for s in FIX_SESSIONS if s.target_comp_id == target_comp_id), None)


def host_for(session: FixSession, host: str) -> str:
    """Where a session is served at the exchange of a documented host; else ``host``."""
    for order_entry, market_data in FIX_HOSTS:
        if host in (order_entry, market_data):
            return market_data if session.market_data else order_entry
    return host
