"""A proxy's URL is written in a way that not every program, or none, can use."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks


def _fault(name: str, sentence: str, url: str, cause: str) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.proxy.url = url

    return Fault(name, "tcp", sentence, cause, apply)


FAULTS = (
    _fault(
        "proxy-bad-scheme",
        "The scheme of the proxy's URL is misspelt.",
        "htp://127.0.0.1:{port}",
        "proxy-misconfigured",
    ),
    _fault(
        "proxy-bad-port",
        "The port of the proxy's URL is no number.",
        "http://127.0.0.1:abc",
        "proxy-misconfigured",
    ),
    _fault(
        "proxy-password-unescaped",
        "The password in the proxy's URL has an @ and a # in it.",
        "http://trader:p@ss#1word@127.0.0.1:{port}",
        "proxy-misconfigured",
    ),
    _fault(
        "proxy-socks",
        "The proxy is a SOCKS proxy, which needs packages of its own.",
        "socks5://127.0.0.1:{port}",
        "proxy-misconfigured",
    ),
    _fault(
        "proxy-no-scheme",
        "The proxy's URL has no scheme: httpx takes it, websockets does not.",
        "127.0.0.1:{port}",
        "proxy-scheme-missing",
    ),
)
