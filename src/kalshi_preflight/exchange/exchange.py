"""The embedded exchange: everything wired together, in a thread of its own."""

import asyncio
import contextlib
import random
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from kalshi_preflight.exchange.account import opened
from kalshi_preflight.exchange.authentication import (
    ApiKey,
    Gatekeeper,
    PublicKey,
    Window,
)
from kalshi_preflight.exchange.book import Book
from kalshi_preflight.exchange.bucket import BASIC, Tier
from kalshi_preflight.exchange.cents import add_cent_fields
from kalshi_preflight.exchange.certificates import CONTROL_NAME, NAMES, Authority
from kalshi_preflight.exchange.clock import Clock
from kalshi_preflight.exchange.credentials import (
    Credentials,
    PrivateKey,
    invented_uuid,
    write_private_key,
)
from kalshi_preflight.exchange.dns import NameServer
from kalshi_preflight.exchange.faults import find
from kalshi_preflight.exchange.fix import Acceptor
from kalshi_preflight.exchange.fix_session import Desk
from kalshi_preflight.exchange.hooks import Hooks, TradingHooks
from kalshi_preflight.exchange.ledger import Ledger
from kalshi_preflight.exchange.listener import Listener
from kalshi_preflight.exchange.private import PrivateData
from kalshi_preflight.exchange.proxy import Proxy
from kalshi_preflight.exchange.public import PublicData
from kalshi_preflight.exchange.rest import Rest, private_routes, public_routes
from kalshi_preflight.exchange.state import Controls, FixAddress, State, bracketed
from kalshi_preflight.exchange.web import Control, Sibling, Web
from kalshi_preflight.exchange.websocket import PING_SECONDS, Feed
from kalshi_preflight.exchange.wire import Stream

STOP_SECONDS = 10.0
TARGET_COMP_ID = "KalshiNR"


class Exchange:
    """An exchange on loopback. ``directory`` receives its CA and private keys.

    ``faults`` are names from ``FAULTS``; ``seed`` repeats markets, their moves and all
    identifiers (keys are fresh, but for an ``rsa_key`` that is given); ``read_clock``
    returns Unix seconds; ``cent_fields`` adds the integer fields that old clients need.
    Raises ``UnknownFault`` for a name it does not know; ``start`` raises ``OSError`` if
    an address cannot be had.
    """

    def __init__(
        self,
        directory: Path,
        *,
        faults: Sequence[str] = (),
        seed: int | None = None,
        listen: tuple[str, int] = ("127.0.0.1", 0),
        read_clock: Callable[[], float] = time.time,
        window: Window | None = None,
        tier: Tier = BASIC,
        moves_per_second: float = 20.0,
        ping_seconds: float = PING_SECONDS,
        cent_fields: bool = False,
        rsa_key: rsa.RSAPrivateKey | None = None,
    ) -> None:
        self.hooks = Hooks()
        if cent_fields:
            self.hooks.http.answers.append(add_cent_fields)
        for fault in [find(name) for name in faults]:
            fault.apply(self.hooks)
        self.ledger = Ledger()
        self.clock = Clock(read_clock)
        self.clock.offset_seconds = self.hooks.clock.offset_seconds
        self._directory = directory
        self._rsa_key = rsa_key
        self._listen = listen
        self._chance = random.Random(seed)  # noqa: S311 - a market, not a secret
        self._gatekeeper = Gatekeeper(self.clock, window or Window())
        self.book = Book(self.clock, self._chance)
        self.account = opened(self.clock, self.book, self._chance)
        self._feed = Feed(self.book, self.account, moves_per_second)
        self._web = self._listener_of_web(tier, ping_seconds)
        self._fix = self._listener_of_fix()
        control = Control(Clock(read_clock), self.hooks)
        self._control = Listener(
            "control", self.hooks.control, control.serve, self.ledger
        )
        self._proxy = self._listener_of_proxy()
        self._sibling_gatekeeper = Gatekeeper(Clock(read_clock), window or Window())
        self._sibling = self._listener_of_sibling(tier, Clock(read_clock))
        names = (*(name for name in NAMES if name[0].isalpha()), CONTROL_NAME)
        zone = dict.fromkeys(names, listen[0])
        self._dns = NameServer("dns", zone, self.hooks.dns, self.ledger)
        self._control_dns = NameServer(
            "control-dns", zone, self.hooks.control_dns, self.ledger
        )
        self._state: State | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None

    @property
    def state(self) -> State:
        """Where it is; raises ``RuntimeError`` before ``start``."""
        if self._state is None:
            raise RuntimeError("the exchange has not been started")
        return self._state

    def register(
        self,
        public_key: PublicKey,
        *,
        scopes: Sequence[str] = ("read", "write"),
        subaccount: int | None = None,
    ) -> str:
        """Register one more key of the account; returns its id."""
        key_id = invented_uuid(self._chance)
        name = f"key {len(self._gatekeeper.keys) + 1}"
        key = ApiKey(key_id, public_key, name, tuple(scopes), subaccount)
        self._gatekeeper.keys[key_id] = key
        return key_id

    def start(self) -> None:
        """Open every port, then serve in a daemon thread."""
        try:
            self._state = self._open()
        except BaseException:
            self._close()
            raise
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(ready,), name="embedded exchange", daemon=True
        )
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """Close every socket, end every task, join the thread. Idempotent.

        Raises ``RuntimeError`` from what failed inside while it ran.
        """
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if self._loop is not None and self._serving is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._serving.cancel)
        thread.join(STOP_SECONDS)
        if thread.is_alive():
            raise RuntimeError("the exchange does not stop")
        failures = [self._failure, *(port.failure for port in self._ports)]
        for failure in failures:
            if failure is not None:
                raise RuntimeError("the exchange failed inside") from failure

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _listener_of_web(self, tier: Tier, ping_seconds: float) -> Listener:
        public = PublicData(self.clock, self.book, self.hooks.trading)
        private = PrivateData(self.clock, self.account, self._gatekeeper, tier)
        routes = (*public_routes(public), *private_routes(private))
        web = Web(
            rest=Rest(routes, self._gatekeeper, self.account, tier, self.hooks),
            book=self.book,
            feed=self._feed,
            clock=self.clock,
            hooks=self.hooks,
            ledger=self.ledger,
            ping_seconds=ping_seconds,
        )
        return Listener("web", self.hooks.web, web.serve, self.ledger)

    def _listener_of_sibling(self, tier: Tier, clock: Clock) -> Listener:
        gatekeeper, hooks = self._sibling_gatekeeper, self.hooks.sibling
        public = PublicData(clock, self.book, TradingHooks())
        private = PrivateData(clock, self.account, gatekeeper, tier)
        routes = (*public_routes(public), *private_routes(private))
        rest = Rest(routes, gatekeeper, self.account, tier, Hooks())
        sibling = Sibling(rest, clock, hooks.http)
        return Listener("sibling", hooks.web, sibling.serve, self.ledger)

    def _listener_of_fix(self) -> Listener:
        hooks = self.hooks.fix
        desk = Desk(
            self._gatekeeper.keys, self.clock, TARGET_COMP_ID, lambda: hooks.entitled
        )
        acceptor = Acceptor(desk, hooks, self.ledger)
        return Listener("fix", self.hooks.fix_port, acceptor.serve, self.ledger)

    def _listener_of_proxy(self) -> Listener:
        hooks = self.hooks.proxy
        proxy = Proxy(hooks, lambda: (self._listen[0], self.state.port))
        hooks.port.accepted.append(proxy.converse)

        async def unreached(_: Stream) -> None:
            """Nothing is left for TLS: the proxy takes every connection over."""

        return Listener("proxy", hooks.port, unreached, self.ledger)

    def _proxy_url(self, authority: Authority) -> str | None:
        url = self.hooks.proxy.url
        if url is None:
            return None
        port = self._proxy.open((self._listen[0], 0), authority)
        return url.replace("{port}", str(port))

    def _open(self) -> State:
        self._directory.mkdir(parents=True, exist_ok=True)
        host = self._listen[0]
        authority = Authority(self._directory)
        main_key = self._rsa_key or rsa.generate_private_key(65537, 2048)
        main = self._key("rsa.pem", main_key)
        second = self._key("ed25519.pem", ed25519.Ed25519PrivateKey.generate())
        shown = bracketed(host)
        return State(
            host=host,
            port=self._web.open(self._listen, authority),
            dns_port=self._dns.open(host),
            fix=FixAddress(host, self._fix.open((host, 0), authority), TARGET_COMP_ID),
            controls=Controls(
                (f"{shown}:{self._control.open((host, 0), authority)}",),
                (f"{shown}:{self._control_dns.open(host)}",),
            ),
            sibling_port=self._sibling.open((host, 0), authority),
            ca_file=authority.file,
            key_id=main.key_id,
            private_key_file=main.private_key_file,
            ed25519=second,
            proxy=self._proxy_url(authority),
            alternate=self.hooks.alternate,
        )

    def _key(self, file_name: str, key: PrivateKey) -> Credentials:
        file = self._directory / file_name
        write_private_key(key, file)
        key_id = self.register(key.public_key())
        if self.hooks.sibling.knows_keys:
            known = self._gatekeeper.keys[key_id]
            self._sibling_gatekeeper.keys[key_id] = known
        return Credentials(key_id, file)

    @property
    def _ports(self) -> tuple[Listener, ...]:
        return self._web, self._fix, self._control, self._proxy, self._sibling

    def _close(self) -> None:
        for port in self._ports:
            port.close()
        for server in (self._dns, self._control_dns):
            server.close()

    def _run(self, ready: threading.Event) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._serve(ready))
        except asyncio.CancelledError:
            pass  # told to stop
        except BaseException as failure:  # noqa: BLE001 - stop() raises it to its caller
            self._failure = failure
        finally:
            self._close()
            ready.set()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._serving = asyncio.current_task()
        async with asyncio.TaskGroup() as tasks:
            for part in self._ports:
                tasks.create_task(part.run())
            for server in (self._dns, self._control_dns):
                tasks.create_task(server.run())
            tasks.create_task(self._feed.run())
            ready.set()
