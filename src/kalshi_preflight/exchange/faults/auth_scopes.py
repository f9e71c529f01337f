"""403 with a JSON error: the key is known, and may not do this."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_balance
from kalshi_preflight.exchange.message import Response, as_json

_LOCATION = (
    "Your location attestation for API trading is missing or expired. Please verify"
    " your location in the Kalshi app or website, and then retry."
)
_NEVADA = (
    "Nevada residents are not currently allowed to open positions in Sports, Elections"
    " and Entertainment. Check your email for more details."
)


def _fault(name: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_balance, answer))

    cause = "auth-scope-missing"
    return Fault(f"auth-scope-{name}", "auth", f"403: {sentence}.", cause, apply)


def _as_error(status: int, code: str, details: str | None = None) -> Response:
    return refusals.nested(status, code, code.replace("_", " "), details)


FAULTS = tuple(
    _fault(name, sentence, answer)
    for name, sentence, answer in (
        ("missing", "the key lacks the scope", refusals.SCOPE_MISSING),
        (
            "insufficient",
            "the scope is not enough",
            _as_error(403, "insufficient_scope"),
        ),
        ("subaccount", "a sub-account's key", refusals.SUBACCOUNT_DENIED),
        ("margin", "the account has no margin", refusals.MARGIN_DISABLED),
        ("forbidden", "no more than forbidden", _as_error(403, "forbidden")),
        (
            "location",
            "the location check has lapsed",
            refusals.nested(403, _LOCATION.replace(" ", "_"), _LOCATION),
        ),
        (
            "state",
            "a rule of a state",
            refusals.nested(403, _NEVADA.replace(" ", "_"), _NEVADA),
        ),
        ("flat", "the flat shape", as_json({"code": "fcm", "message": "bound"}, 403)),
    )
)
