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

from kalshi_preflight.exchange.account import Account
from kalshi_preflight.exchange.authentication import (
    ApiKey,
    Gatekeeper,
    PublicKey,
    Window,
)
from kalshi_preflight.exchange.book import Book
from kalshi_preflight.exchange.bucket import BASIC, Tier
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
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.ledger import Ledger
from kalshi_preflight.exchange.listener import Listener
from kalshi_preflight.exchange.private import PrivateData
from kalshi_preflight.exchange.public import PublicData
from kalshi_preflight.exchange.rest import Rest, private_routes, public_routes
from kalshi_preflight.exchange.state import Controls, FixAddress, State, bracketed
from kalshi_preflight.exchange.web import Control, Web
from kalshi_preflight.exchange.websocket import Feed

STOP_SECONDS = 10.0
TARGET_COMP_ID = "KalshiNR"


class Exchange:
    """An exchange on loopback. ``directory`` receives its CA and private keys.

    ``faults`` are names from ``FAULTS``; ``seed`` repeats markets, their moves and all
    identifiers (keys are always fresh); ``read_clock`` returns Unix seconds.
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
        ping_seconds: float = 10.0,
    ) -> None:
        self.hooks = Hooks()
        for fault in [find(name) for name in faults]:
            fault.apply(self.hooks)
        self.ledger = Ledger()
        self.clock = Clock(read_clock)
        self.clock.offset_seconds = self.hooks.clock.offset_seconds
        self._directory = directory
        self._listen = listen
        self._chance = random.Random(seed)  # noqa: S311 - a market, not a secret
        self._gatekeeper = Gatekeeper(self.clock, window or Window())
        self.book = Book(self.clock, self._chance)
        self.account = Account(self.clock, self.book, self._chance)
        public = PublicData(self.clock, self.book, self.hooks.trading)
        private = PrivateData(self.clock, self.account, self._gatekeeper, tier)
        routes = (*public_routes(public), *private_routes(private))
        rest = Rest(routes, self._gatekeeper, self.account, tier, self.hooks)
        self._feed = Feed(self.book, moves_per_second)
        web = Web(
            rest=rest,
            book=self.book,
            feed=self._feed,
            clock=self.clock,
            hooks=self.hooks,
            ledger=self.ledger,
            ping_seconds=ping_seconds,
        )
        control = Control(Clock(read_clock), self.hooks)
        hooks, ledger = self.hooks, self.ledger
        self._web = Listener("web", hooks.web, web.serve, ledger)
        desk = Desk(
            self._gatekeeper.keys,
            self.clock,
            TARGET_COMP_ID,
            lambda: hooks.fix.entitled,
        )
        fix = Acceptor(desk, hooks.fix, ledger)
        self._fix = Listener("fix", hooks.fix_port, fix.serve, ledger)
        self._control = Listener("control", hooks.control, control.serve, ledger)
        names = dict.fromkeys((*NAMES, CONTROL_NAME), listen[0])
        names = {name: host for name, host in names.items() if name[0].isalpha()}
        self._dns = NameServer("dns", names, hooks.dns, ledger)
        self._control_dns = NameServer("control-dns", names, hooks.control_dns, ledger)
        self._state: State | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving: asyncio.Task[None] | None = None

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
        """Close every socket, end every task, join the thread. Idempotent."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if self._loop is not None and self._serving is not None:
            with contextlib.suppress(RuntimeError):  # the loop may have ended by itself
                self._loop.call_soon_threadsafe(self._serving.cancel)
        thread.join(STOP_SECONDS)
        if thread.is_alive():
            raise RuntimeError("the exchange does not stop")

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

    def _open(self) -> State:
        self._directory.mkdir(parents=True, exist_ok=True)
        host = self._listen[0]
        authority = Authority(self._directory)
        main = self._key("rsa.pem", rsa.generate_private_key(65537, 2048))
        second = self._key("ed25519.pem", ed25519.Ed25519PrivateKey.generate())
        port = self._web.open(self._listen, authority)
        fix_port = self._fix.open((host, 0), authority)
        control_port = self._control.open((host, 0), authority)
        dns_port, control_dns_port = self._dns.open(host), self._control_dns.open(host)
        shown = bracketed(host)
        controls = Controls(
            (f"{shown}:{control_port}",), (f"{shown}:{control_dns_port}",)
        )
        return State(
            host,
            port,
            dns_port,
            FixAddress(host, fix_port, TARGET_COMP_ID),
            controls,
            authority.file,
            main.key_id,
            main.private_key_file,
            second,
        )

    def _key(self, file_name: str, key: PrivateKey) -> Credentials:
        file = self._directory / file_name
        write_private_key(key, file)
        return Credentials(self.register(key.public_key()), file)

    def _close(self) -> None:
        for part in (self._web, self._fix, self._control, self._dns, self._control_dns):
            part.close()

    def _run(self, ready: threading.Event) -> None:
        try:
            with (
                asyncio.Runner() as runner,
                contextlib.suppress(asyncio.CancelledError),
            ):
                runner.run(self._serve(ready))
        finally:
            self._close()
            ready.set()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._serving = asyncio.current_task()
        async with asyncio.TaskGroup() as tasks:
            for part in (
                self._web,
                self._fix,
                self._control,
                self._dns,
                self._control_dns,
                self._feed,
            ):
                tasks.create_task(part.run())
            ready.set()
