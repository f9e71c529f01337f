"""Many surveys in one process: what one leaves behind, a thousand make a leak."""

import asyncio
import gc
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from kalshi_preflight.model.credentials import Credentials, KeyForm, Setting
from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.journey import Reach
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.survey.run import run
from tests.selftest.long import rounds
from tests.selftest.runs import ROOT
from tests.selftest.surveys import whole_plan

pytestmark = [pytest.mark.selftest, pytest.mark.timeout(1800)]

SURVEYS = rounds(60, 1000)
#: Caches and pools fill up at first; what still grows after that is a leak.
WARM = SURVEYS // 2
START_SECONDS = 60.0
#: What an allocator may keep for itself over half of the surveys.
ALLOWED_BYTES = 4 << 20


@contextmanager
def far_exchange(file: Path) -> Iterator[dict[str, str]]:
    """An exchange whose memory is not this process's."""
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, "-m", "kalshi_preflight.exchange", "--state", str(file)],
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not file.exists():
            assert process.poll() is None, "the exchange ended"
            assert time.monotonic() < deadline, "the exchange is not ready in time"
            time.sleep(0.02)  # between two looks at a file: nothing tells of it
        yield json.loads(file.read_text(encoding="utf-8"))
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def setting(name: str, value: str) -> Setting:
    """A setting of this test's."""
    return Setting(name=name, source="a test", value=Secret(value))


def healthy(state: dict[str, str]) -> Environment:
    """The exchange, as an environment."""
    port = int(state["rest"].split(":")[2].split("/")[0])
    target, dns = HostPort("localhost", port), state["dns"].rpartition(":")
    urls = {
        EndpointKind.REST: f"https://{target}/trade-api/v2",
        EndpointKind.WEBSOCKET: f"wss://{target}/trade-api/ws/v2",
    }
    return Environment(
        name="healthy",
        endpoints={k: Endpoint(kind=k, target=target, url=u) for k, u in urls.items()},
        resolver=HostPort(dns[0], int(dns[2])),
        ca_file=Path(state["ca_file"]),
        credentials=Credentials(
            key_id=setting("key_id", state["key_id"]),
            private_key=setting("private_key_file", state["private_key_file"]),
            key_form=KeyForm.FILE,
        ),
    )


def refused() -> Environment:
    """An address where nobody listens: a port of the system's own."""
    target = HostPort("127.0.0.1", 1)
    url = f"https://{target}/trade-api/v2"
    rest = Endpoint(kind=EndpointKind.REST, target=target, url=url)
    return Environment(name="refused", endpoints={EndpointKind.REST: rest})


def ours() -> Counter[str]:
    """Live objects of the package's own types, and of what surveys are made of."""
    gc.collect()
    kinds = (f"{type(o).__module__}.{type(o).__qualname__}" for o in gc.get_objects())
    roots = ("kalshi_preflight.", "ssl.", "socket.", "_asyncio.", "asyncio.", "dns.")
    return Counter(kind for kind in kinds if kind.startswith(roots))


def leftovers() -> dict[str, int]:
    """What a survey could leave behind, counted."""
    return {
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
        "tasks": len(asyncio.all_tasks()),
    }


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts in /proc")
def test_surveys_leave_nothing_behind(tmp_path: Path) -> None:
    """The second half of many surveys adds no object, descriptor, thread or task."""

    async def many(state: dict[str, str]) -> None:
        plans = [whole_plan(healthy(state)), whole_plan(refused())]
        process = psutil.Process()
        found = await run(plans, budget_seconds=20)
        assert found.diagnosis("healthy").verdict is Reach.REACHABLE
        for number in range(1, SURVEYS):
            found = await run(plans, budget_seconds=20)
            assert len(found.diagnoses) == 2
            if number == WARM:
                warm, objects = leftovers(), ours()
                resident = process.memory_info().rss
        assert ours() - objects == Counter()
        assert leftovers() == warm
        assert process.memory_info().rss - resident <= ALLOWED_BYTES

    with far_exchange(tmp_path / "state.json") as state:
        asyncio.run(many(state))
