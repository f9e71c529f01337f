"""A proxy is set, and nobody can use it."""

import dns.rcode

from kalshi_preflight.exchange.faults.dns_rcodes import failing
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks, Opening, TakeConnect
from kalshi_preflight.exchange.message import Request
from kalshi_preflight.exchange.wire import Stream

URL = "http://127.0.0.1:{port}"
NAMED = "http://proxy.kalshi.test:{port}"


async def _hang(stream: Stream, _: Request) -> bool:
    await stream.drain()
    return True


async def _hang_up(stream: Stream, _: Request) -> bool:
    await stream.close()
    return True


async def _reset(stream: Stream, _: Request) -> bool:
    stream.reset()
    return True


async def _banner(stream: Stream, _: Request) -> bool:
    await stream.send(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    await stream.close()
    return True


def _fault(
    name: str,
    sentence: str,
    *,
    opening: Opening = Opening.LISTEN,
    url: str = URL,
    answer: TakeConnect | None = None,
) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.proxy.url = url
        hooks.proxy.port.opening = opening
        if answer is not None:
            hooks.proxy.answers.append(answer)

    return Fault(name, "tcp", sentence, "proxy-unreachable", apply)


def _apply_unknown(hooks: Hooks) -> None:
    hooks.proxy.url = NAMED
    hooks.dns.answers.append(failing(dns.rcode.NXDOMAIN, all_names=False))


FAULTS = (
    _fault("proxy-dead", "Nothing listens at the proxy.", opening=Opening.REFUSE),
    _fault(
        "proxy-blackhole",
        "No SYN to the proxy is answered.",
        opening=Opening.BLACK_HOLE,
    ),
    _fault("proxy-hangs", "The proxy takes CONNECT and says nothing.", answer=_hang),
    _fault("proxy-closes", "The proxy hangs up on CONNECT.", answer=_hang_up),
    _fault("proxy-resets", "The proxy resets on CONNECT.", answer=_reset),
    _fault("proxy-banner", "What answers CONNECT is an SSH server.", answer=_banner),
    _fault(
        "proxy-https-to-plain",
        "The proxy's URL says https://, and the proxy speaks plain HTTP.",
        url="https://127.0.0.1:{port}",
    ),
    Fault(
        "proxy-name-unknown",
        "dns",
        "The name of the proxy does not exist; that of the exchange does.",
        "proxy-unreachable",
        _apply_unknown,
        # FIX takes no proxy and asks for the name that is denied.
        also=("dns-blocked-here",),
    ),
)
