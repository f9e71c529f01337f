"""The environment ``sandbox``: the embedded exchange, as a user would describe it."""

from kalshi_preflight.exchange import State
from kalshi_preflight.model.credentials import Credentials, KeyForm, Setting
from kalshi_preflight.model.environment import (
    Controls,
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.proxy import ProxySetting, ProxySettings
from kalshi_preflight.model.secret import Secret

_SOURCE = "the embedded exchange"
#: The one name that may be resolved anywhere without a question leaving the machine
#: (RFC 6761 §6.3), so that the system's own answer can be asked for as well.
_HOST = "localhost"
#: A name that the exchange's resolver answers while it is well.
_CONTROL_NAME = "control.kalshi.test"


def sandbox_environment(state: State) -> Environment:
    """Make an environment of a running exchange."""
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
        },
        alternates=_alternates(state),
        resolver=HostPort("127.0.0.1", state.dns_port),
        ca_file=state.ca_file,
        credentials=_credentials(state),
        controls=Controls(
            hosts=tuple(map(_host_port, state.controls.hosts)),
            resolvers=tuple(map(_host_port, state.controls.resolvers)),
            names=(_CONTROL_NAME,),
        ),
        proxies=_proxies(state),
    )


def _alternates(state: State) -> dict[EndpointKind, tuple[Endpoint, ...]]:
    """The exchange's other name, where a fault leaves it one."""
    if state.alternate is None:
        return {}
    target = HostPort(state.alternate, state.port)
    url = f"https://{target}/trade-api/v2"
    other = Endpoint(kind=EndpointKind.REST, target=target, url=url)
    return {EndpointKind.REST: (other,)}


def _proxies(state: State) -> ProxySettings:
    """The proxy that a fault brings along; the user's own is none of the sandbox's."""
    if state.proxy is None:
        return ProxySettings()
    setting = ProxySetting(source="HTTPS_PROXY", url=Secret(state.proxy))
    return ProxySettings(by_scheme={"https": setting})


def _credentials(state: State) -> Credentials:
    key_file = str(state.private_key_file)
    return Credentials(
        key_id=Setting(name="key_id", source=_SOURCE, value=Secret(state.key_id)),
        private_key=Setting(
            name="private_key_file", source=_SOURCE, value=Secret(key_file)
        ),
        key_form=KeyForm.FILE,
    )


def _host_port(text: str) -> HostPort:
    host, _, port = text.rpartition(":")
    return HostPort(host.strip("[]"), int(port))
