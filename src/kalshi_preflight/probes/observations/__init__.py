"""Discriminating observations: made only when a symptom has several causes.

A rule asks for one by its name in this list; each does one thing, within a deadline of
its own, and returns facts. None of them sends credentials anywhere but to an exchange.
"""

from collections.abc import Awaitable, Callable, Mapping

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.observations import (
    alternates,
    checking_disabled,
    control_names,
    controls,
    hosts_file,
    second_resolver,
    sibling,
    sibling_status,
    silent_connection,
    unverified_chain,
)

Observe = Callable[[Line, Evidence], Awaitable[Notes]]

OBSERVATIONS: Mapping[str, Observe] = {
    "controls": controls.observe,
    "control-names": control_names.observe,
    "second-resolver": second_resolver.observe,
    "checking-disabled": checking_disabled.observe,
    "hosts-file": hosts_file.observe,
    "silent-connection": silent_connection.observe,
    "unverified-chain": unverified_chain.observe,
    "alternates": alternates.observe,
    "sibling": sibling.observe,
    "sibling-status": sibling_status.observe,
}
