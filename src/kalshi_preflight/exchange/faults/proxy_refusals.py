"""The proxy answers CONNECT, and not with 200."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks, TakeConnect
from kalshi_preflight.exchange.message import Headers, Request, Response
from kalshi_preflight.exchange.proxy import written
from kalshi_preflight.exchange.wire import Stream

URL = "http://127.0.0.1:{port}"
PAGE = b"<html><body>Category: gambling. Access is denied by policy.</body></html>"
BASIC = (("Proxy-Authenticate", 'Basic realm="office"'),)
NEGOTIATE = (("Proxy-Authenticate", "Negotiate"), ("Proxy-Authenticate", "NTLM"))


def _answer(status: int, headers: Headers, body: bytes) -> TakeConnect:
    response = Response(status, body, (("Content-Type", "text/html"), *headers))

    async def answer(stream: Stream, _: Request) -> bool:
        await stream.send(written(response))
        await stream.close()
        return True

    return answer


def _fault(
    name: str,
    sentence: str,
    status: int,
    headers: Headers = (),
    *,
    body: bytes = b"",
    url: str = URL,
) -> Fault:
    cause = "proxy-refused-connect"
    if status == 407:
        cause = "proxy-authentication-required"

    def apply(hooks: Hooks) -> None:
        hooks.proxy.url = url
        hooks.proxy.answers.append(_answer(status, headers, body))

    return Fault(name, "tcp", sentence, cause, apply)


FAULTS = (
    _fault("proxy-407", "The proxy asks for a password (Basic).", 407, BASIC),
    _fault("proxy-407-ntlm", "The proxy asks for a Windows logon.", 407, NEGOTIATE),
    _fault(
        "proxy-407-wrong",
        "The proxy does not accept the password that is sent.",
        407,
        BASIC,
        url="http://trader:wrong-pa55word@127.0.0.1:{port}",
    ),
    _fault("proxy-403", "The proxy's policy forbids the exchange.", 403, body=PAGE),
    _fault("proxy-405", "What is set as the proxy is a web server.", 405),
    _fault(
        "proxy-502",
        "The proxy cannot resolve the exchange's name.",
        502,
        (("X-Squid-Error", "ERR_DNS_FAIL 0"),),
    ),
    _fault(
        "proxy-503",
        "The proxy cannot connect to the exchange.",
        503,
        (("X-Squid-Error", "ERR_CONNECT_FAIL 111"),),
    ),
    _fault("proxy-504", "The proxy gets no answer from the exchange.", 504),
)
