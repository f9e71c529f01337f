"""A delay line: two network namespaces, and a wire between them that takes its time.

Each namespace has a TUN device; a process in between reads packets from one and writes
them to the other after a while, in order. Needs root in a namespace of its own
(``unshare -rn``), and no queueing discipline of the kernel's.
"""

import ctypes
import fcntl
import heapq
import multiprocessing
import os
import select
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.laboratory import State, exchange

#: Addresses of the internet, in namespaces that lead nowhere: a private one is a fault.
NEAR, FAR = "34.0.0.2", "34.0.0.1"
_TUNSETIFF = 0x400454CA
_TUN_WITHOUT_HEADER = 0x1001
_CLONE_NEWNET = 0x40000000


def open_device(name: str, own: str, other: str) -> int:
    """Make a TUN device in this namespace; gives its descriptor."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    wanted = struct.pack("16sH22x", name.encode(), _TUN_WITHOUT_HEADER)
    fcntl.ioctl(descriptor, _TUNSETIFF, wanted)
    for command in (
        "ip link set lo up",
        f"ip address add {own} peer {other} dev {name}",
        f"ip link set {name} up",
    ):
        subprocess.run(command.split(), check=True)
    return descriptor


class Line:
    """Carries packets between two descriptors, each ``delay_seconds`` late."""

    def __init__(self, near: int, far: int) -> None:
        self._other = {near: far, far: near}
        self._waiting: list[tuple[float, int, int, bytes]] = []
        self._count = 0
        self.delay_seconds = 0.0
        self.first = self.last = 0.0

    def carry(self, told: Connection) -> None:
        """Carry until ``told`` ends; a number sets the delay and asks for the span."""
        sources: list[int] = [*self._other, told.fileno()]
        while True:
            due = self._waiting[0][0] - time.perf_counter() if self._waiting else 1.0
            ready, _, _ = select.select(sources, [], [], max(due, 0))
            for source in ready:
                if source in self._other:
                    self._take(source)
                elif (delay := told.recv()) is None:
                    return
                else:
                    told.send(self.last - self.first)
                    self.delay_seconds, self.first = delay, 0.0
            self._deliver()

    def _take(self, source: int) -> None:
        packet = os.read(source, 65536)
        if packet[0] >> 4 != 4:
            return  # IPv6 router solicitations
        now = time.perf_counter()
        self.first, self.last = self.first or now, now
        self._count += 1
        entry = (now + self.delay_seconds, self._count, self._other[source], packet)
        heapq.heappush(self._waiting, entry)

    def _deliver(self) -> None:
        while self._waiting and self._waiting[0][0] <= time.perf_counter():
            _, _, target, packet = heapq.heappop(self._waiting)
            os.write(target, packet)


def _serve(near: int, folder: str, told: Connection) -> None:
    """Be the line, with an exchange at its far end, in a namespace of its own."""
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
    far = open_device("far", FAR, NEAR)
    with exchange(Path(folder), listen=f"{FAR}:0") as state:
        told.send(state)
        Line(near, far).carry(told)


@contextmanager
def far_exchange(folder: Path) -> Iterator[tuple[State, Connection]]:
    """An exchange at the far end; the connection takes delays in seconds, one way.

    Each delay is answered with the seconds from the first to the last packet since.
    """
    near = open_device("near", NEAR, FAR)
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("fork")
    line = context.Process(target=_serve, args=(near, str(folder), there))
    line.start()
    try:
        yield here.recv(), here
    finally:
        here.send(None)
        line.join(30)
