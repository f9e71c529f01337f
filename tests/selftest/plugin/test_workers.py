"""Workers of a distributed run: their names, and which of them is asked."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from xdist.remote import Producer

from kalshi_preflight.plugin.distributed import Workers, pytest_xdist_make_scheduler
from tests.selftest.report.surveys import DNS_FAILURE, broken, healthy, made

pytestmark = pytest.mark.selftest

HOST = "desk"


def _told(document: Any, *, asked: bool = True, place: str = HOST) -> dict[str, Any]:
    return {"place": place, "asked": asked, "document": document}


def _workers(wished: int, **told: Any) -> Workers:
    """Workers of which these have handed something over, others were lost."""
    workers = Workers()
    for worker, each in told.items():
        workers.expect(worker, wished)
        if each is not None:
            workers.take(worker, each)
    return workers


def _names(workers: Workers, above: str | None = None) -> list[str]:
    whole = workers.from_each(made(), above)
    return [each["vantage"] for each in whole["vantages"]]


@pytest.mark.parametrize(
    ("told", "above", "names"),
    [
        ({"gw0": HOST, "gw1": HOST}, None, ["desk/gw0", "desk/gw1"]),
        ({"gw0": HOST, "gw1": "frankfurt"}, None, ["desk", "frankfurt"]),
        ({"near": HOST, "far": HOST}, None, ["near", "far"]),
        ({"near": HOST, "gw1": HOST}, "home", ["home/near", "home/desk"]),
    ],
)
def test_every_vantage_point_has_a_name_of_its_own(
    told: dict[str, str], above: str | None, names: list[str]
) -> None:
    """The id that ``--tx`` gives is the name, else the host, numbered if needed."""
    places = {
        worker: _told(made(healthy()), place=place) for worker, place in told.items()
    }
    assert _names(_workers(2, **places), above) == names


def test_a_substitute_is_no_vantage_point() -> None:
    """A worker that replaces a lost one is not heard: that one stays lost."""
    well = _told(made(healthy()))
    workers = _workers(2, near=well, far=None, gw2=well)
    whole = workers.from_each(made(), None)
    assert [each["vantage"] for each in whole["vantages"]] == ["near", "far"]
    assert whole["gate_reason"] == "vantage-lost"
    assert whole["verdict"] == "no-go"


def test_only_who_was_asked_is_heard() -> None:
    """With ``-n`` one worker has the document; the others ran other tests."""
    found = made(healthy())
    whole = _workers(2, gw0=_told(made(), asked=False), gw1=_told(found)).joined(made())
    assert whole == found


def test_nobody_was_asked() -> None:
    """With ``-n`` and no live test, nothing was surveyed: no-go."""
    whole = _workers(1, gw0=_told(made(), asked=False)).joined(made())
    assert whole["verdict"] == "no-go"
    assert whole["environments"] == []


def test_two_that_were_asked_are_judged_by_the_worse() -> None:
    """Should two workers have surveyed, what one could not reach is unreachable."""
    good, bad = _told(made(healthy())), _told(made(broken(DNS_FAILURE)))
    whole = _workers(2, gw0=good, gw1=bad).joined(made())
    assert whole["verdict"] == "no-go"
    (production,) = whole["environments"]
    assert production["root_cause"]["id"] == "dns-name-not-found"
    assert "seen_from" not in production


@dataclass(eq=False)
class _Node:
    """A worker as a scheduler sees it: it is sent the places of tests."""

    gateway: Any = field(default_factory=lambda: SimpleNamespace(id="gw"))
    sent: list[list[int]] = field(default_factory=list)
    shutting_down: bool = False

    def send_runtest_some(self, indices: list[int]) -> None:
        self.sent.append(list(indices))

    def shutdown(self) -> None:
        self.shutting_down = True


@pytest.mark.parametrize("markers", ["", "selftest"])
def test_live_tests_go_to_one_worker_and_others_are_spread(
    pytestconfig: pytest.Config, markers: str
) -> None:
    """A run that diagnoses sends its live tests in one piece; others are as ever."""
    options = {"tx": ["2*popen"], "maxschedchunk": None, "dist": "load"}
    config: Any = SimpleNamespace(
        stash=pytestconfig.stash,
        option=SimpleNamespace(markexpr=markers),
        getoption=options.get,
        getvalue=options.get,
        hook=pytestconfig.hook,
    )
    scheduler = pytest_xdist_make_scheduler(config, Producer("t", enabled=False))
    if markers == "selftest":
        assert scheduler is None, "xdist's own is good enough"
        return
    other = [f"tests/selftest/test_a.py::test_{n}" for n in range(20)]
    mine = ["mine/test_b.py::test_x[sandbox-rest]"]
    live = [f"tests/live/test_dns.py::test_{n}[sandbox-fix]" for n in range(30)]
    nodes = [_Node(), _Node()]
    for node in nodes:
        scheduler.add_node(node)
        scheduler.add_node_collection(node, [*other, *mine, *live])
    scheduler.schedule()
    first, second = (node.sent[0] for node in nodes)
    assert first == list(range(20, 51)), "the survey's tests, as one piece"
    assert set(second) < set(range(20))
