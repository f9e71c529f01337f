"""A process of its own, in namespaces of its own: builds one scene and surveys it.

Usage: ``unshare -Urnm python -m tests.selftest.survey.scene DIRECTORY NAME``. Prints
one JSON object: ``root`` and ``others`` (ids), the root's ``summary`` and ``why``.
"""

import json
import shlex
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import dns.message
import dns.rcode
import dns.rrset

from kalshi_preflight.causes.catalogue import hint_for
from kalshi_preflight.exchange import Exchange
from kalshi_preflight.model.environment import (
    Controls,
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.plugin.sandbox import sandbox_environment
from tests.selftest.survey.scenes import FAR_CONTROL, HOST, NAME, SCENES, Scene
from tests.selftest.surveys import survey_environment

BUDGET_SECONDS = 8.0


def _run(command: str) -> None:
    subprocess.run(shlex.split(command), check=True)


def _bind_over(directory: Path, path: str, text: str) -> None:
    stand_in = directory / path.strip("/").replace("/", "-")
    stand_in.write_text(text, encoding="utf-8")
    _run(f"mount --bind {stand_in} {path}")


def _answer(scene: Scene, packet: bytes) -> bytes | None:
    query = dns.message.from_wire(packet)
    reply = dns.message.make_response(query)
    asked = query.question[0]
    name = asked.name.to_text(True)
    kind = dns.rdatatype.to_text(asked.rdtype)
    key = kind if name == NAME else f"{kind} {name.removeprefix(f'{NAME}.')}"
    answers = scene.answers or {}
    if key in answers and answers[key] is None:
        return None
    given = answers.get(key)
    if given:
        reply.answer.append(dns.rrset.from_text_list(asked.name, 5, "IN", kind, given))
    elif not any(known in (kind, "A", "AAAA") for known in answers) or name != NAME:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply.to_wire()


def _resolve(scene: Scene, sock: socket.socket) -> None:
    while True:
        packet, peer = sock.recvfrom(4096)
        if (answer := _answer(scene, packet)) is not None:
            sock.sendto(answer, peer)


def _start_resolver(scene: Scene) -> None:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("", 53))
    threading.Thread(target=_resolve, args=(scene, sock), daemon=True).start()


def _hold_every_port(target: HostPort) -> socket.socket:
    range_ = Path("/proc/sys/net/ipv4/ip_local_port_range")
    range_.write_text("50000 50000", encoding="ascii")
    return socket.create_connection((target.host, target.port))


def _environment(scene: Scene, sandbox: Environment) -> Environment:
    port = sandbox.endpoints[EndpointKind.REST].target.port
    target = HostPort(scene.target, port)
    endpoint = Endpoint(
        kind=EndpointKind.REST, target=target, url=f"https://{target}/trade-api/v2"
    )
    controls = sandbox.controls
    if scene.far_control:
        host, _, far_port = FAR_CONTROL.rpartition(":")
        controls = Controls(hosts=(HostPort(host, int(far_port)),))
    return replace(
        sandbox,
        endpoints={EndpointKind.REST: endpoint},
        resolver=None,
        controls=replace(controls, resolvers=(), names=()),
    )


def main(directory: Path, name: str) -> None:
    """Build the scene, survey it, print what was found."""
    scene = SCENES[name]
    _run("ip link set lo up")
    for command in scene.commands:
        _run(command)
    for path, text in scene.files.items():
        _bind_over(directory, path, text)
    if scene.answers is not None:
        _start_resolver(scene)
    listen = HOST if scene.listens else "127.0.0.1"
    with Exchange(directory, listen=(listen, 0)) as exchange:
        environment = _environment(scene, sandbox_environment(exchange.state))
        rest = environment.endpoints[EndpointKind.REST].target
        held = _hold_every_port(rest) if scene.hold_ports else None
        found = survey_environment(environment, budget_seconds=BUDGET_SECONDS)
        if held is not None:
            held.close()
    root = found.root_cause
    told = {
        "root": root.id if root else None,
        "summary": root.summary if root else "",
        "why": hint_for(root).why if root else "",
        "others": [cause.id for cause in found.other_causes],
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
