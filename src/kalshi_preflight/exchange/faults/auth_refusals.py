"""The signed request is refused for itself: its headers, its form, its signature."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_balance
from kalshi_preflight.exchange.message import Response, as_html, as_text


def _fault(name: str, cause: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_balance, answer))

    return Fault(f"auth-{name}", "auth", sentence, cause, apply)


def _as_error(status: int, code: str, details: str | None = None) -> Response:
    return refusals.nested(status, code, code.replace("_", " "), details)


FAULTS = (
    _fault(
        "signature-old-wording",
        "auth-signature-rejected",
        "401 in the words that were used until January 2026.",
        _as_error(
            401,
            "authentication_error",
            "rpc error: code = Unauthenticated desc = INCORRECT_API_KEY_SIGNATURE",
        ),
    ),
    _fault(
        "headers-all-gone",
        "auth-headers-dropped",
        "401: no header of the signature arrived.",
        refusals.NO_CREDENTIALS,
    ),
    _fault(
        "headers-signature-gone",
        "auth-headers-dropped",
        "401: the signature's header did not arrive.",
        refusals.SIGNATURE_MISSING,
    ),
    _fault(
        "headers-timestamp-gone",
        "auth-headers-dropped",
        "401: the timestamp's header did not arrive.",
        _as_error(401, "timestamp_is_missing_from_headers"),
    ),
    _fault(
        "headers-key-gone",
        "auth-headers-dropped",
        "401: the key id's header did not arrive.",
        _as_error(401, "access_key_is_missing_from_headers"),
    ),
    _fault(
        "refused-timestamp",
        "auth-refused",
        "401: the timestamp is no number.",
        _as_error(401, "header_timestamp_invalid"),
    ),
    _fault("refused-bare", "auth-refused", "401, no more.", refusals.KEY_LIST_DENIED),
    _fault("refused-400", "auth-refused", "400 in JSON.", refusals.BAD_REQUEST),
    _fault("refused-402", "auth-refused", "402 with text.", as_text("Pay first", 402)),
    _fault("refused-405", "auth-refused", "405.", Response(405)),
    _fault("refused-413", "auth-refused", "413 by a proxy.", as_html("too large", 413)),
    _fault("refused-415", "auth-refused", "415.", refusals.nested(415, "a_b", "a b")),
    _fault("refused-418", "auth-refused", "418.", as_text("I'm a teapot", 418)),
    _fault("refused-431", "auth-refused", "431 without a body.", Response(431)),
)
