"""Run the embedded exchange by itself, for any client to be pointed at."""

import argparse
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from kalshi_preflight.exchange import FAULTS, Exchange, UnknownFault
from kalshi_preflight.exchange.faults import find

DESCRIPTION = """\
An exchange on loopback that speaks Kalshi's protocols: REST and WebSocket on one TLS
port, FIX over TLS, and the DNS that leads to them. It never accepts an order.
"""
EPILOG = """\
Once every port is open, FILE receives one JSON object with the addresses, the CA
certificate to trust and fresh API keys; the keys live in a directory that is removed
when the exchange stops (SIGINT or SIGTERM).
"""


def parser() -> argparse.ArgumentParser:
    """Build the command line."""
    made = argparse.ArgumentParser(
        "python -m kalshi_preflight.exchange", description=DESCRIPTION, epilog=EPILOG
    )
    made.add_argument(
        "--listen",
        type=address,
        default=("127.0.0.1", 0),
        metavar="HOST:PORT",
        help="loopback address of REST and WebSocket; port 0 is a free one (default: "
        "127.0.0.1:0)",
    )
    made.add_argument(
        "--state", type=Path, metavar="FILE", help="where to write the state (JSON)"
    )
    made.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        help="misbehave; may be given several times",
    )
    made.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="repeat markets, their moves and all ids (keys are always fresh)",
    )
    made.add_argument(
        "--cent-fields",
        action="store_true",
        help="also send the integer-cent fields that were removed on 2026-03-12, for "
        "clients that still need them",
    )
    made.add_argument(
        "--list-faults",
        action="store_true",
        help="print every fault: name, layer, cause, sentence; then exit",
    )
    return made


def address(text: str) -> tuple[str, int]:
    """Parse ``host:port``; raises ``ArgumentTypeError``."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop; returns the exit code (4: a usage error)."""
    commands = parser()
    options = commands.parse_args(arguments)
    if options.list_faults:
        for fault in FAULTS:
            row = (fault.name, fault.layer, fault.cause, fault.sentence)
            sys.stdout.write("\t".join(row) + "\n")
        return 0
    if options.state is None:
        commands.error("--state FILE is required")
    try:
        for name in options.fault:
            find(name)
    except UnknownFault as error:
        commands.error(str(error))
    return serve(options)


def serve(options: argparse.Namespace) -> int:
    """Start, write the state file, wait for a signal, stop."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    options.state.unlink(missing_ok=True)  # its presence means: ready
    with tempfile.TemporaryDirectory(prefix="kalshi-preflight-exchange-") as directory:
        exchange = Exchange(
            Path(directory),
            faults=options.fault,
            seed=options.seed,
            listen=options.listen,
            cent_fields=options.cent_fields,
        )
        with exchange:
            exchange.state.write(options.state)
            while not told.wait(1.0):  # a wait without end blocks signals on Windows
                pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
