"""Several addresses, and not every one of them answers."""

from kalshi_preflight.exchange.faults.dns_addresses import answering
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks, Opening

_SIX, _SECOND = "::1", "127.0.0.2"
_SIX_BROKEN = "tcp-ipv6-broken"
_HOLE, _CLOSED, _OPEN = Opening.BLACK_HOLE, Opening.REFUSE, Opening.LISTEN


def _fault(
    name: str, sentence: str, cause: str, first: Opening, **others: Opening
) -> Fault:
    addresses = {"six": _SIX, "second": _SECOND}
    given = {addresses[word]: opening for word, opening in others.items()}

    def apply(hooks: Hooks) -> None:
        hooks.web.opening = first
        hooks.web.others.update(given)
        hooks.dns.answers.append(answering("127.0.0.1", *given))

    # The FIX port is not on ::1, whatever becomes of the other one.
    also = () if cause == _SIX_BROKEN or "six" not in others else (_SIX_BROKEN,)
    return Fault(name, "tcp", sentence, cause, apply, also)


FAULTS = (
    _fault(
        "tcp-refused-everywhere",
        "Both families are refused: 127.0.0.1 and ::1.",
        "tcp-refused",
        _CLOSED,
        six=_CLOSED,
    ),
    _fault(
        "tcp-blackhole-everywhere",
        "Neither family answers a SYN.",
        "tcp-timeout",
        _HOLE,
        six=_HOLE,
    ),
    _fault(
        "tcp-mixed",
        "IPv6 is silent and IPv4 is refused.",
        "tcp-refused",
        _CLOSED,
        six=_HOLE,
    ),
    _fault(
        "tcp-ipv6-blackhole",
        "IPv6 is silent, IPv4 works.",
        "tcp-ipv6-broken",
        _OPEN,
        six=_HOLE,
    ),
    _fault(
        "tcp-ipv6-refused",
        "IPv6 is refused, IPv4 works.",
        "tcp-ipv6-broken",
        _OPEN,
        six=_CLOSED,
    ),
    _fault(
        "tcp-ipv4-blackhole",
        "IPv4 is silent, IPv6 works.",
        "tcp-some-addresses-fail",
        _HOLE,
        six=_OPEN,
    ),
    _fault(
        "tcp-one-refused",
        "One of two IPv4 addresses is refused.",
        "tcp-some-addresses-fail",
        _OPEN,
        second=_CLOSED,
    ),
    _fault(
        "tcp-one-silent",
        "One of two IPv4 addresses is silent.",
        "tcp-some-addresses-fail",
        _OPEN,
        second=_HOLE,
    ),
)
