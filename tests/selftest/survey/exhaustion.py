"""A process of its own that runs out of descriptors, and surveys all the same.

Usage: ``python -m tests.selftest.survey.exhaustion DIRECTORY HOST``. Prints the id and
the layer of the root cause; ``HOST`` is ``localhost`` or an address.
"""

import asyncio
import os
import resource
import sys
from dataclasses import replace
from pathlib import Path

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.probes import prepare
from kalshi_preflight.probes.trust import client_context
from kalshi_preflight.survey.plan import plan
from kalshi_preflight.survey.run import run


def _fill() -> None:
    """Open files until no descriptor is left."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(fd.name) for fd in Path("/proc/self/fd").iterdir()) + 4
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest, hard))
    try:
        while True:
            os.open("/dev/null", os.O_RDONLY)
    except OSError:
        return


async def _survey(environment: Environment) -> None:
    planned = plan(environment, {EndpointKind.REST: Layer.TLS})
    prepare((Layer.DNS, Layer.TCP, Layer.TLS))
    client_context(environment.ca_file)
    await asyncio.to_thread(int)  # threads are imported at their first use
    _fill()
    survey = await run([planned], budget_seconds=5)
    root = survey.diagnosis(environment.name).root_cause
    sys.stdout.write(f"{root.id} {root.layer}\n" if root else "none\n")


def main(directory: Path, host: str) -> None:
    """Run an exchange, use up what there is, survey it at ``host``."""
    with Exchange(directory) as exchange:
        sandbox = sandbox_environment(exchange.state)
        target = HostPort(host, exchange.state.port)
        rest = Endpoint(
            kind=EndpointKind.REST, target=target, url=f"https://{target}/trade-api/v2"
        )
        environment = replace(sandbox, endpoints={EndpointKind.REST: rest})
        asyncio.run(_survey(environment))
        sys.stdout.flush()
        os._exit(0)  # without descriptors the exchange cannot end in order


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
