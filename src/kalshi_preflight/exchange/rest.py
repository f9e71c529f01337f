"""REST: from a request to an answer, in the order in which the exchange checks."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from kalshi_preflight.exchange import refusals, writes
from kalshi_preflight.exchange.account import Account
from kalshi_preflight.exchange.authentication import ApiKey, Gatekeeper, Verdict
from kalshi_preflight.exchange.bucket import Bucket, Tier
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.ledger import SAFE_METHODS
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.pages import Refused
from kalshi_preflight.exchange.private import PrivateData
from kalshi_preflight.exchange.public import PublicData

BASE = "/trade-api/v2"
Handler = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """A GET endpoint; ``scopes`` empty means public."""

    pattern: re.Pattern[str]
    handler: Handler
    scopes: tuple[str, ...] = ()
    for_subaccounts: bool = True


def route(
    path: str, handler: Handler, *scopes: str, for_subaccounts: bool = True
) -> Route:
    """Build a route from a path with ``{parameters}``."""
    pattern = re.sub(r"\{\w+\}", "([^/]+)", path)
    return Route(re.compile(pattern), handler, scopes, for_subaccounts)


def public_routes(data: PublicData) -> tuple[Route, ...]:
    """Endpoints without a key; literal paths stand before patterns."""
    return (
        route("/exchange/status", data.status),
        route("/exchange/schedule", data.schedule),
        route("/exchange/user_data_timestamp", data.user_data_timestamp),
        route("/markets", data.markets),
        route("/markets/trades", data.trades),
        route("/markets/orderbooks", data.orderbooks),
        route("/markets/{ticker}", data.market),
        route("/markets/{ticker}/orderbook", data.orderbook),
        route("/events", data.events),
        route("/events/{ticker}", data.event),
        route("/series", data.series_list),
        route("/series/{ticker}", data.series),
        route("/account/endpoint_costs", data.endpoint_costs),
    )


def private_routes(data: PrivateData) -> tuple[Route, ...]:
    """Endpoints behind a signature."""
    return (
        route("/portfolio/balance", data.balance, "read", "read::portfolio_balance"),
        route("/portfolio/positions", data.positions, "read"),
        route("/portfolio/orders", data.orders, "read"),
        route("/portfolio/orders/{order_id}", data.order, "read"),
        route("/portfolio/fills", data.fills, "read"),
        route("/account/limits", data.limits, "read"),
        route("/api_keys", data.api_keys, "read", for_subaccounts=False),
        route("/margin/enabled", data.margin_enabled, "read"),
        route("/margin/balance", data.margin_balance, "read"),
        route("/margin/funding_history", data.margin_funding, "read"),
    )


class Rest:
    """Answers requests under ``/trade-api/v2``."""

    def __init__(
        self,
        routes: tuple[Route, ...],
        gatekeeper: Gatekeeper,
        account: Account,
        tier: Tier,
        hooks: Hooks,
    ) -> None:
        self._routes = routes
        self._gatekeeper = gatekeeper
        self._account = account
        self._hooks = hooks
        self._reads = Bucket(tier.read_rate, tier.read_capacity)
        self._writes = Bucket(tier.write_rate, tier.write_capacity)

    def answer(self, request: Request) -> Response:
        """Retired paths come before authentication, authentication before the rest."""
        try:
            return self._answer(request)
        except Refused as refused:
            return refused.response

    def judge(self, request: Request) -> Verdict:
        """Who signed it, after the authentication hooks had their say."""
        verdict = self._gatekeeper.judge(request)
        for judge in self._hooks.authentication.verdicts:
            verdict = judge(request, verdict)
        return verdict

    def _answer(self, request: Request) -> Response:
        if not request.path.startswith(f"{BASE}/"):
            return refusals.PAGE_NOT_FOUND
        if request.path.endswith("/"):
            return _moved(request)
        path = request.path.removeprefix(BASE)
        if request.method not in SAFE_METHODS:
            return self._refuse_write(request, path)
        for candidate in self._routes:
            if match := candidate.pattern.fullmatch(path):
                if candidate.scopes:
                    self._admit(request, candidate)
                return candidate.handler(request.query, *match.groups())
        return refusals.PAGE_NOT_FOUND

    def _admit(self, request: Request, wanted: Route) -> None:
        key = self._signer(request)
        if not key.allows(*wanted.scopes):
            raise Refused(refusals.SCOPE_MISSING)
        if key.subaccount is not None and not wanted.for_subaccounts:
            raise Refused(refusals.KEY_LIST_DENIED)
        if not self._reads.take():
            raise Refused(refusals.TOO_MANY_REQUESTS)

    def _refuse_write(self, request: Request, path: str) -> Response:
        if writes.is_legacy(path):
            return refusals.LEGACY_ORDER_PATH
        if path == "/login":
            return refusals.PAGE_NOT_FOUND
        key = self._signer(request)
        if not key.allows("write", "write::trade", "write::transfer"):
            return refusals.SCOPE_MISSING
        if not self._writes.take():
            return refusals.TOO_MANY_REQUESTS
        return writes.refuse(request, path, self._account, self._hooks.trading)

    def _signer(self, request: Request) -> ApiKey:
        verdict = self.judge(request)
        if verdict.key is None:
            raise Refused(verdict.refusal or refusals.NO_CREDENTIALS)
        return verdict.key


def _moved(request: Request) -> Response:
    path = request.path.rstrip("/")
    query = request.target.partition("?")[2]
    location = f"{path}?{query}" if query else path
    body = f'<a href="{location}">Moved Permanently</a>.\n\n'.encode()
    content_type = ("Content-Type", "text/html; charset=utf-8")
    return Response(301, body, (content_type, ("Location", location)))
