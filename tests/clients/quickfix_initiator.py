"""Log on with QuickFIX, send a TestRequest, log out; print what happened as JSON.

A program and not a test: QuickFIX runs threads of its own, which are best ended with
their process. Usage: ``-m tests.clients.quickfix_initiator STATE DICTIONARIES FOLDER``.
"""

import base64
import json
import sys
import threading
from pathlib import Path
from typing import Any

import quickfix
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.clients.tls_tunnel import Tunnel

DEADLINE_SECONDS = 15
SETTINGS = """\
[DEFAULT]
ConnectionType=initiator
StartTime=00:00:00
EndTime=00:00:00
NonStopSession=Y
HeartBtInt=5
ReconnectInterval=60
ResetOnLogon=Y
UseDataDictionary=Y
TransportDataDictionary={dictionaries}/FIXT11.xml
AppDataDictionary={dictionaries}/FIX50SP2.xml
DefaultApplVerID=9
FileStorePath={directory}
[SESSION]
BeginString=FIXT.1.1
SenderCompID={key_id}
TargetCompID={target_comp_id}
SocketConnectHost=127.0.0.1
SocketConnectPort={port}
"""


def value(message: Any, field: Any) -> str:
    """Read one field of a message's header or body; empty if it is absent."""
    for part in (message.getHeader(), message):
        if part.isSetField(field.getTag()):
            part.getField(field)
            return str(field.getValue())
    return ""


class Initiator(quickfix.Application):  # type: ignore[misc]
    """Signs the logon as Kalshi wants it, and notes what comes in."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        super().__init__()
        self._key = key
        self.received: list[list[str]] = []
        self.logged_on = threading.Event()
        self.answered = threading.Event()
        self.logged_out = threading.Event()

    def onCreate(self, session: Any) -> None:  # noqa: N802, D102
        self.session = session

    def onLogon(self, session: Any) -> None:  # noqa: N802, D102
        self.logged_on.set()

    def onLogout(self, session: Any) -> None:  # noqa: N802, D102
        if self.logged_on.is_set():
            self.logged_out.set()

    def toAdmin(self, message: Any, session: Any) -> None:  # noqa: N802, D102
        if value(message, quickfix.MsgType()) != "A":
            return
        parts = (
            message.getHeader().getField(52),
            "A",
            message.getHeader().getField(34),
            message.getHeader().getField(49),
            message.getHeader().getField(56),
        )
        signature = base64.b64encode(self._key.sign("\x01".join(parts).encode()))
        message.setField(quickfix.RawDataLength(len(signature)))
        message.setField(quickfix.RawData(signature.decode()))

    def fromAdmin(self, message: Any, session: Any) -> None:  # noqa: N802, D102
        kind = value(message, quickfix.MsgType())
        test_id = value(message, quickfix.TestReqID())
        self.received.append([kind, test_id])
        if (kind, test_id) == ("0", "probe"):
            self.answered.set()

    def toApp(self, message: Any, session: Any) -> None:  # noqa: N802, D102
        pass

    def fromApp(self, message: Any, session: Any) -> None:  # noqa: N802, D102
        pass


def converse(application: Initiator) -> None:
    """Run the conversation; raises ``TimeoutError`` where an answer stays out."""
    wait(application.logged_on, "no logon")
    probe = quickfix.Message()
    probe.getHeader().setField(quickfix.MsgType("1"))
    probe.setField(quickfix.TestReqID("probe"))
    quickfix.Session.sendToTarget(probe, application.session)
    wait(application.answered, "no heartbeat")
    quickfix.Session.lookupSession(application.session).logout("")
    wait(application.logged_out, "no logout")


def wait(event: threading.Event, otherwise: str) -> None:
    """Wait for an event; raises ``TimeoutError``."""
    if not event.wait(DEADLINE_SECONDS):
        raise TimeoutError(otherwise)


def main(state_file: str, dictionaries: str, directory: str) -> None:
    """Run."""
    state = json.loads(Path(state_file).read_text(encoding="utf-8"))
    fix = state["fix"]
    tunnel = Tunnel(fix["host"], fix["port"], state["ca_file"])
    settings_file = Path(directory) / "quickfix.cfg"
    settings_file.write_text(
        SETTINGS.format(
            dictionaries=dictionaries,
            directory=directory,
            key_id=state["ed25519"]["key_id"],
            target_comp_id=fix["target_comp_id"],
            port=tunnel.port,
        ),
        encoding="utf-8",
    )
    pem = Path(state["ed25519"]["private_key_file"]).read_bytes()
    key = load_pem_private_key(pem, None)
    assert isinstance(key, Ed25519PrivateKey)
    settings = quickfix.SessionSettings(str(settings_file))
    application = Initiator(key)
    store = quickfix.FileStoreFactory(settings)
    log = quickfix.FileLogFactory(directory)
    initiator = quickfix.SocketInitiator(application, store, settings, log)
    initiator.start()
    try:
        converse(application)
    finally:
        initiator.stop()
        tunnel.close()
    sys.stdout.write(json.dumps(application.received) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
