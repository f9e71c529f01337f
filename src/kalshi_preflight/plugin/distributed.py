"""Under pytest-xdist: one survey a run, or one from each vantage point.

With ``-n`` all live tests of a run go to one worker, which surveys once; other tests
are spread as ever. With ``--dist each`` every worker is a vantage point and surveys for
itself: ``--tx`` says where it runs (``--tx "popen//id=far//python=ip netns exec far
python"``, ``--tx ssh=HOST//python=...``), and its ``id=`` is its name. Either way a
worker hands its finished, redacted document over to the controller, which alone
reports; a worker that is lost took its proofs with it.
"""

import json
import os
import re
import socket
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.plugin.selection import diagnoses
from kalshi_preflight.plugin.wishes import WISHES
from kalshi_preflight.report.vantages import joined, united

Json = dict[str, Any]
#: Where the questions live; those of other folders are known by their parameters.
_LIVE = "tests/live/"
_OUTPUT = "kalshi_preflight"
_NUMBERED = re.compile(r"gw[0-9]+")
_WORKERS = pytest.StashKey["Workers"]()


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is a worker of pytest-xdist; only its controller reports."""
    return hasattr(config, "workerinput")


def hand_over(config: pytest.Config, document: Json, *, asked: bool) -> None:
    """Give a worker's redacted document to the controller, at the end of its session.

    ``asked`` says whether any live question was asked here.
    """
    told = {
        "place": os.environ.get("PREFLIGHT_VANTAGE") or socket.gethostname(),
        "asked": asked,
        "document": document,
    }
    output: dict[str, str] = config.workeroutput  # type: ignore[attr-defined]
    output[_OUTPUT] = json.dumps(told)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Expect every worker that is started to hand something over."""
    config: pytest.Config = node.config
    workers = config.stash.setdefault(_WORKERS, Workers())
    workers.expect(node.gateway.id, node.workerinput["workercount"])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take what a worker hands over; one that was lost hands over nothing."""
    del error
    told = getattr(node, "workeroutput", {}).get(_OUTPUT)
    if told is not None:
        node.config.stash[_WORKERS].take(node.gateway.id, json.loads(told))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Send all live tests of a run to one worker, whatever ``--dist`` but ``each``."""
    asks = config.stash[WISHES].gate or diagnoses(config)
    if not asks or config.getoption("dist") == "each":
        return None
    from xdist.scheduler import LoadScheduling

    names = "|".join(map(re.escape, config.stash[WISHES].names))
    kinds = "|".join(kind.value for kind in EndpointKind)
    asked_of = re.compile(rf"[\[-](?:{names})-(?:{kinds})[\]-]")

    class OneSurvey(LoadScheduling):  # type: ignore[misc]  # xdist has no types
        """Spreads tests one by one, but live ones in a single piece."""

        def _send_tests(self, node: Any, num: int) -> None:
            ids = self.collection or []
            live = [i for i in self.pending if self._is_live(ids[i])]
            if live:
                others = [i for i in self.pending if not self._is_live(ids[i])]
                self.pending[:] = live + others
            super()._send_tests(node, max(num, len(live)))

        def _is_live(self, nodeid: str) -> bool:
            return nodeid.startswith(_LIVE) or bool(asked_of.search(nodeid))

    return OneSurvey(config, log)


@dataclass(slots=True)
class _Told:
    """What one worker handed over; ``document`` is ``None`` until it did."""

    place: str
    asked: bool = False
    document: Json | None = None


class Workers:
    """The workers of one run, in the order in which they were started."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}
        self._wished = 0

    def expect(self, worker: str, wished: int) -> None:
        """A worker was started; ``wished`` is how many the user asked for."""
        self._told[worker] = _Told(place=worker)
        self._wished = wished

    def take(self, worker: str, told: Json) -> None:
        """A worker handed something over."""
        place = told["place"] if _NUMBERED.fullmatch(worker) else worker
        self._told[worker] = _Told(place, told["asked"], told["document"])

    def joined(self, frame: Json) -> Json:
        """The document of a run whose live tests were all to go to one worker."""
        told = self._told.values()
        asked = [each.document for each in told if each.asked and each.document]
        lost = any(each.document is None for each in told)
        return joined(frame, asked, lost=lost)

    def from_each(self, frame: Json, above: str | None) -> Json:
        """The document of a run in which every worker was a vantage point.

        One that replaces a lost worker is none. ``above`` (``--vantage``) stands before
        their names.
        """
        told = list(self._told.items())[: self._wished]
        counted = Counter(each.place for _, each in told)
        names = (_name(worker, each, counted, above) for worker, each in told)
        documents = (each.document for _, each in told)
        return united(frame, list(zip(names, documents, strict=True)))


def _name(worker: str, told: _Told, counted: Counter[str], above: str | None) -> str:
    """``frankfurt``, or ``host/gw0`` where several workers look from one host."""
    parts: Iterable[str | None] = (
        above,
        told.place,
        worker if counted[told.place] > 1 else None,
    )
    return "/".join(part for part in parts if part)


def of_workers(config: pytest.Config, frame: Json) -> Json | None:
    """The document of a distributed run, or ``None`` if this is none.

    ``frame`` is the controller's own document, which knows of no environment.
    """
    workers = config.stash.get(_WORKERS, None)
    if workers is None:
        return None
    if config.getoption("dist") == "each":
        return workers.from_each(frame, config.getoption("vantage"))
    return workers.joined(frame)
