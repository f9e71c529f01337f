"""The error bodies of the exchange, byte for byte where they are on record.

Five shapes are in use: nested ``error`` object, flat, bare ``msg``, ``error`` as a
string, and no JSON at all.
"""

from kalshi_preflight.exchange.message import Response, as_json, as_text


def nested(
    status: int, code: str, message: str, details: str | None = None
) -> Response:
    """Refuse in the usual shape: authentication, orders, not found."""
    error = {"code": code, "message": message}
    if details is not None:
        error["details"] = details
    return as_json({"error": error}, status)


def flat(code: str, message: str, details: str | None = None) -> Response:
    """Refuse a body: JSON decoding and content type."""
    body = {"code": code, "message": message}
    if details is not None:
        body["details"] = details
    return as_json(body, 400)


def bare(message: str) -> Response:
    """Refuse a parameter: validation and binding."""
    return as_json({"msg": message}, 400)


NO_CREDENTIALS = nested(
    401, "token_authentication_failure", "token authentication failure"
)
SIGNATURE_MISSING = nested(
    401, "signature_is_missing_from_headers", "signature is missing from headers"
)
KEY_UNKNOWN = nested(401, "authentication_error", "authentication_error", "NOT_FOUND")
SIGNATURE_WRONG = nested(
    401, "authentication_error", "authentication_error", "INCORRECT_API_KEY_SIGNATURE"
)
TIMESTAMP_EXPIRED = nested(401, "header_timestamp_expired", "header timestamp expired")
# A key bound to a sub-account gets 401 on the key list; its body is not on record.
KEY_LIST_DENIED = nested(401, "authentication_error", "authentication_error")
# The documentation gives the words of these two, not their JSON.
SCOPE_MISSING = nested(403, "insufficient_permissions", "insufficient permissions")
SUBACCOUNT_DENIED = nested(
    403,
    "forbidden",
    "this API key is restricted to a single sub-account "
    "and cannot access this endpoint",
)
NOT_FOUND = nested(404, "not_found", "not found")
BAD_REQUEST = nested(400, "bad_request", "bad request")
STATUS_FILTER = nested(400, "bad_request", "invalid status filter")
CONTENT_TYPE = flat("invalid_content_type", "invalid_content_type")
LEGACY_ORDER_PATH = nested(
    410,
    "deprecated_v1_order_endpoint",
    "Please switch to the V2 endpoints",
    "https://docs.kalshi.com/api-reference/orders/create-order-v2",
)
TOO_MANY_REQUESTS = as_json({"error": "too many requests"}, 429)
MARGIN_DISABLED = nested(
    403,
    "invalid_parameters",
    "invalid parameters",
    "user is not enabled for margin trading",
)
TRADING_PAUSED = nested(409, "trading_is_paused", "trading is paused")
EXCHANGE_PAUSED = nested(409, "exchange_is_paused", "exchange is paused")
ORDER_EXISTS = nested(409, "order_already_exists", "order already exists")
UNAVAILABLE = nested(503, "service_unavailable", "service_unavailable")
# What Go's router says of a path that it does not know.
PAGE_NOT_FOUND = as_text("404 page not found\n", 404)
HOST_MOVED = Response(
    401,
    b"API has been moved to https://api.elections.kalshi.com/. "
    b"Please check our docs on how to migrate.",
    (("Content-Type", "text/plain"),),
)


def limit_over_maximum(operation: str) -> Response:
    """Refuse a limit above the maximum of its endpoint."""
    return bare(
        f"Parameter validation failed for {operation}: Key: '{operation}Params.Limit' "
        "Error:Field validation for 'Limit' failed on the 'lte' tag"
    )


def malformed_parameter(name: str) -> Response:
    """Refuse a parameter that does not bind to its type."""
    return bare(f"Invalid format for parameter {name}: error binding string parameter")


def missing_parameter(name: str) -> Response:
    """Refuse because a required query parameter is absent."""
    return bare(f"Query argument {name} is required, but not found")


def undecodable(kind: str, field: str, wanted: str) -> Response:
    """Refuse a JSON body with a value of the wrong type."""
    return flat(
        "bad_request",
        "bad request",
        f"json: cannot unmarshal {kind} into Go struct field {field} of type {wanted}",
    )
