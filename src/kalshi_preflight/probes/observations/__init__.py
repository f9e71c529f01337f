"""Discriminating observations: made only when a symptom has several causes.

A rule asks for one by its name in this list; each does one thing, within a deadline of
its own, and returns facts. None of them sends credentials anywhere but to an exchange.
"""

from collections.abc import Awaitable, Callable, Mapping

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.observations import (
    alternates,
    canary_name,
    checking_disabled,
    clock_witnesses,
    control_chains,
    control_names,
    control_server_name,
    controls,
    handshake_flight,
    hosts_file,
    plain_request,
    public_roots,
    second_resolver,
    sibling,
    sibling_status,
    silent_connection,
    small_segments,
    trust_store,
    unverified_chain,
)

Observe = Callable[[Line, Evidence], Awaitable[Notes]]

OBSERVATIONS: Mapping[str, Observe] = {
    "controls": controls.observe,
    "control-names": control_names.observe,
    "second-resolver": second_resolver.observe,
    "checking-disabled": checking_disabled.observe,
    "canary-name": canary_name.observe,
    "hosts-file": hosts_file.observe,
    "silent-connection": silent_connection.observe,
    "unverified-chain": unverified_chain.observe,
    "public-roots": public_roots.observe,
    "trust-store": trust_store.observe,
    "control-chains": control_chains.observe,
    "clock-witnesses": clock_witnesses.observe,
    "control-server-name": control_server_name.observe,
    "small-segments": small_segments.observe,
    "plain-request": plain_request.observe,
    "handshake-flight": handshake_flight.observe,
    "sibling": sibling.observe,
    "alternates": alternates.observe,
    "sibling-status": sibling_status.observe,
}
