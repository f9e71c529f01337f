"""A process of its own in a network of its own: an exchange and two places around it.

Usage: ``unshare -Urnm python -m tests.selftest.plugin.places DIRECTORY ARGUMENT...``
starts an exchange, which answers to ``near`` and refuses ``far``, and runs the suite on
it from both, with these arguments. Its exit code is that of the run.
"""

import os
import subprocess
import sys
from pathlib import Path

from kalshi_preflight.exchange import Exchange
from tests.selftest.plugin.laboratory import write_laboratory
from tests.selftest.runs import ROOT

#: The exchange's address in this little world: one that the internet routes.
HOST = "1.2.3.4"
_COMMANDS = (
    "ip link set lo up",
    f"ip addr add {HOST}/32 dev lo",
    "mount -t tmpfs tmpfs /run",
    "nft add table inet f",
    "nft add chain inet f c { type filter hook input priority 0 ; }",
    f"nft add rule inet f c iifname far0 ip daddr {HOST} reject with icmp type"
    " admin-prohibited",
)
_PLACE = (
    "ip netns add {name}",
    "ip link add {name}0 type veth peer name there netns {name}",
    "ip link set {name}0 up",
    "ip addr add 10.77.{number}.1/24 dev {name}0",
    "ip -n {name} link set lo up",
    "ip -n {name} link set there up",
    "ip -n {name} addr add 10.77.{number}.2/24 dev there",
    "ip -n {name} route add default via 10.77.{number}.1",
)
PLACES = ("near", "far")


def _build() -> None:
    for command in _COMMANDS:
        subprocess.run(command.split(), check=True)
    for number, name in enumerate(PLACES):
        for command in _PLACE:
            words = command.format(name=name, number=number).split()
            subprocess.run(words, check=True)


def _specification(name: str) -> str:
    """How pytest-xdist is told to start a worker in one of the places."""
    enter = f"nsenter --net=/run/netns/{name}"
    return f"--tx=popen//id={name}//python={enter} {sys.executable}"


def main(directory: Path, arguments: list[str]) -> int:
    """Build it, run, and give the run's exit code."""
    _build()
    with Exchange(directory, listen=(HOST, 0)) as exchange:
        file = write_laboratory(directory, exchange.state, at=HOST)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
        # That one calls its controller over loopback, which is another in each place.
        command += ["-p", "no:rerunfailures"]
        command += ["-m", "lab", f"--environments={file}", "--dist=each"]
        command += [_specification(name) for name in PLACES]
        finished = subprocess.run(
            [*command, *arguments], cwd=ROOT, env=os.environ, check=False
        )
    return finished.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
