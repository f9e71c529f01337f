"""The request is sent elsewhere."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_rest
from kalshi_preflight.exchange.message import Response
from kalshi_preflight.exchange.state import REST_PATH

_STATUS = f"{REST_PATH}/exchange/status"


def _fault(name: str, status: int, location: str, sentence: str) -> Fault:
    answer = Response(
        status, b"", (("Content-Type", "application/json"), ("Location", location))
    )

    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_rest, answer))

    return Fault(name, "http", sentence, "http-redirected", apply)


FAULTS = (
    *(
        _fault(
            f"http-redirect-{status}",
            status,
            "https://kalshi.test/",
            f"REST answers {status} to a web site.",
        )
        for status in (301, 302, 303, 307, 308)
    ),
    _fault(
        "http-redirect-to-plain",
        302,
        f"http://localhost{_STATUS}",
        "REST answers 302 to the same host without TLS.",
    ),
    _fault(
        "http-redirect-slash",
        301,
        f"{_STATUS}/",
        "REST answers 301 to the same path with a slash at its end.",
    ),
    _fault("http-redirect-loop", 302, _STATUS, "REST answers 302 to itself."),
    _fault("http-redirect-nowhere", 302, "", "REST answers 302 with no place to go."),
)
