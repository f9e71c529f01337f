"""Whether it is the machine's own network, whatever the symptom was."""

from ipaddress import ip_address
from typing import Any

from kalshi_preflight.causes.findings import Context
from kalshi_preflight.model.layer import Layer


def machine_is_offline(context: Context) -> bool:
    """Whether no name resolves and no control host at all was reached.

    Without controls nobody can tell, so the answer is no. A network that lets only its
    resolver and its proxy be reached is not offline either.
    """
    controls = context.observations.get("controls", {})
    unreached = bool(controls.get("asked")) and not controls.get("reached")
    return unreached and not _resolver_answered(context)


def controls_in_words(context: Context) -> str:
    """What became of the control hosts, for a sentence about a host that is silent."""
    controls = context.observations.get("controls", {})
    if controls.get("reached"):
        return f"other hosts answer ({', '.join(controls['reached'])})"
    if controls.get("asked"):
        return f"neither do the control hosts ({', '.join(controls['asked'])})"
    return "no control host was asked"


def _resolver_answered(context: Context) -> bool:
    """Whether the name was resolved over a network: by a resolver elsewhere.

    One on this machine may have answered from its memory, unless it is a laboratory's.
    """
    dns = context.lower.get(Layer.DNS)
    if dns is None or not dns.facts.get("rcode"):
        return False
    resolver: Any = dns.facts.get("resolver", "")
    host = str(resolver).rsplit(":", 1)[0].strip("[]")
    laboratory = context.environment.resolver is not None
    return laboratory or not ip_address(host).is_loopback
