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
from kalshi_preflight.model.secret import Secret

_SOURCE = "the embedded exchange"
#: The one name that may be resolved anywhere without a question leaving the machine
#: (RFC 6761 §6.3), so that the system's own answer can be asked for as well.
_HOST = "localhost"
#: A name that the exchange's resolver answers while it is well.
_CONTROL_NAME = "control.kalshi.test"


#: The sandbox's other environment, asked only to tell look-alikes apart.
SIBLING = "sandbox_sibling"


def sandbox_sibling(state: State) -> Environment:
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
        resolver=HostPort("127.0.0.1", state.dns_port),
        ca_file=state.ca_file,
        credentials=_credentials(state),
        controls=Controls(
            hosts=tuple(map(_host_port, state.controls.hosts)),
            resolvers=tuple(map(_host_port, state.controls.resolvers)),
            names=(_CONTROL_NAME,),
        ),
        sibling=SIBLING,
    )


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
