"""DNS: does the name have addresses, and do resolver and system agree?"""

import asyncio
import time

from kalshi_preflight.model.environment import HostPort
from kalshi_preflight.probes.failures import failure_of
from kalshi_preflight.probes.line import Line, Notes, NothingToDo
from kalshi_preflight.probes.resolver import Answer, ask_any, system_resolvers
from kalshi_preflight.probes.system_resolver import getaddrinfo

#: How long the slower of the two answers is waited for once the other is there.
_PATIENCE_SECONDS = 1.0


async def probe(line: Line, notes: Notes) -> None:
    """Ask the resolver and, beside it, the system.

    Notes ``resolver``, ``rcode``, ``resolver_addresses``, ``resolver_ms``, ``ede``;
    ``system_addresses``, ``system_ms``; a failure of either as ``resolver_failure`` or
    ``system_failure``; and ``addresses``, which the journey goes on with.
    """
    target = line.target
    if target in line.environment.connect_to:
        line.addresses = (line.environment.connect_to[target].host,)
        raise NothingToDo(f"connect_to sends {target} to {line.addresses[0]}")
    if target.is_address:
        line.addresses = (target.host,)
        raise NothingToDo("the address is given literally")
    await _ask_both(line, notes)
    if addresses := _addresses(line, notes):
        notes["addresses"] = addresses
        line.addresses = tuple(addresses)


async def _ask_both(line: Line, notes: Notes) -> None:
    name = line.target.host
    asked = [asyncio.create_task(_ask_resolver(line, name, notes))]
    if _system_knows(line, name):
        asked.append(asyncio.create_task(_ask_system(name, notes)))
    try:
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        # The system has addresses: programs connect, however slow the resolver is.
        patience = _PATIENCE_SECONDS if notes.get("system_addresses") else None
        await asyncio.wait(asked, timeout=patience)
    finally:
        for task in asked:
            task.cancel()


def _system_knows(line: Line, name: str) -> bool:
    """Whether the system's answer means anything, and asking it leaves nothing behind.

    With a resolver of its own, an environment's names are none of the system's
    business; ``localhost`` never leaves the machine (RFC 6761 §6.3), so it may always
    be asked.
    """
    return line.environment.resolver is None or name == "localhost"


async def _ask_resolver(line: Line, name: str, notes: Notes) -> None:
    started = time.perf_counter()
    servers: tuple[HostPort, ...] = ()
    try:
        configured = line.environment.resolver
        servers = (configured,) if configured else system_resolvers()
        notes["resolver"] = ", ".join(map(str, servers[:3]))
        _note_answer(await ask_any(servers, name), notes)
    except Exception as error:  # noqa: BLE001  # every exception is a Failure
        notes["resolver_failure"] = _failure(error, "query")
    notes["resolver_ms"] = _ms_since(started)


def _note_answer(answer: Answer, notes: Notes) -> None:
    notes["resolver"] = str(answer.server)
    notes["rcode"] = answer.rcode
    notes["resolver_addresses"] = list(answer.addresses)
    if answer.ede:
        notes["ede"] = list(answer.ede)
        notes["ede_codes"] = list(answer.ede_codes)


async def _ask_system(name: str, notes: Notes) -> None:
    started = time.perf_counter()
    try:
        notes["system_addresses"] = list(await getaddrinfo(name))
    except Exception as error:  # noqa: BLE001  # every exception is a Failure
        notes["system_failure"] = _failure(error, "getaddrinfo")
    notes["system_ms"] = _ms_since(started)


def _failure(error: Exception, operation: str) -> Notes:
    failure = failure_of(error, operation)
    return {"kind": failure.kind, "code": failure.code, "text": failure.text}


def _addresses(line: Line, notes: Notes) -> list[str]:
    """Where the programs of this machine would go."""
    if line.environment.resolver is not None:
        return list(notes.get("resolver_addresses", ()))
    return list(notes.get("system_addresses", ()))


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
