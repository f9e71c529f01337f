"""The environment ``sandbox``: the embedded exchange, as a user would describe it."""

from pathlib import Path
from typing import TYPE_CHECKING

from kalshi_preflight.model.credentials import Credentials, KeyForm, Setting
from kalshi_preflight.model.environment import (
    Controls,
    Endpoint,
    EndpointKind,
    Environment,
    FixLogon,
    HostPort,
)
from kalshi_preflight.model.proxy import ProxySetting, ProxySettings
from kalshi_preflight.model.secret import Secret

if TYPE_CHECKING:
    # A run that asks a real exchange does not pay for the embedded one.
    from kalshi_preflight.exchange import State

_SOURCE = "the embedded exchange"
#: The one name that may be resolved anywhere without a question leaving the machine
#: (RFC 6761 §6.3), so that the system's own answer can be asked for as well.
_HOST = "localhost"
#: A name that the exchange's resolver answers while it is well.
_CONTROL_NAME = "control.kalshi.test"


#: The sandbox's other environment, asked only to tell look-alikes apart.
SIBLING = "sandbox_sibling"


def sandbox_sibling(state: "State") -> Environment:
    """Make an environment of the running exchange's sibling."""
    target = HostPort(_HOST, state.sibling_port)
    return Environment(
        name=SIBLING,
        endpoints={
            EndpointKind.REST: Endpoint(
                kind=EndpointKind.REST,
                target=target,
                url=f"https://{target}/trade-api/v2",
            ),
        },
        connect_to={target: HostPort("127.0.0.1", state.sibling_port)},
        ca_file=state.ca_file,
    )


def sandbox_environment(state: "State", *, fix_logon: bool = False) -> Environment:
    """Make an environment of a running exchange.

    Its account has two keys: RSA for REST and WebSocket, Ed25519 for a FIX logon.
    """
    target = HostPort(_HOST, state.port)
    return Environment(
        name="sandbox",
        endpoints={
            EndpointKind.REST: Endpoint(
                kind=EndpointKind.REST,
                target=target,
                url=f"https://{target}/trade-api/v2",
            ),
            EndpointKind.WEBSOCKET: Endpoint(
                kind=EndpointKind.WEBSOCKET,
                target=target,
                url=f"wss://{target}/trade-api/ws/v2",
            ),
            EndpointKind.FIX: Endpoint(
                kind=EndpointKind.FIX,
                target=HostPort(_HOST, state.fix.port),
                target_comp_id=state.fix.target_comp_id,
            ),
        },
        alternates=_alternates(state),
        resolver=HostPort("127.0.0.1", state.dns_port),
        ca_file=state.ca_file,
        credentials=_credentials(state.key_id, state.private_key_file),
        controls=Controls(
            hosts=tuple(map(_host_port, state.controls.hosts)),
            resolvers=tuple(map(_host_port, state.controls.resolvers)),
            names=(_CONTROL_NAME,),
        ),
        fix_logon=_fix_logon(state) if fix_logon else None,
        proxies=_proxies(state),
        sibling=SIBLING,
    )


def _alternates(state: "State") -> dict[EndpointKind, tuple[Endpoint, ...]]:
    """The exchange's other name, where a fault leaves it one."""
    if state.alternate is None:
        return {}
    target = HostPort(state.alternate, state.port)
    url = f"https://{target}/trade-api/v2"
    other = Endpoint(kind=EndpointKind.REST, target=target, url=url)
    return {EndpointKind.REST: (other,)}


def _proxies(state: "State") -> ProxySettings:
    """The proxy that a fault brings along; the user's own is none of the sandbox's."""
    if state.proxy is None:
        return ProxySettings()
    setting = ProxySetting(source="HTTPS_PROXY", url=Secret(state.proxy))
    return ProxySettings(by_scheme={"https": setting})


def _fix_logon(state: "State") -> FixLogon:
    own = state.ed25519
    return FixLogon(credentials=_credentials(own.key_id, own.private_key_file))


def _credentials(key_id: str, key_file: Path) -> Credentials:
    return Credentials(
        key_id=Setting(name="key_id", source=_SOURCE, value=Secret(key_id)),
        private_key=Setting(
            name="private_key_file", source=_SOURCE, value=Secret(str(key_file))
        ),
        key_form=KeyForm.FILE,
    )


def _host_port(text: str) -> HostPort:
    host, _, port = text.rpartition(":")
    return HostPort(host.strip("[]"), int(port))
