"""Reports of real runs: whole, broken, refused, an engine's story, a hostile server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.interception import answering, is_status, sending
from kalshi_preflight.exchange.message import Response
from kalshi_preflight.model.history import (
    CauseChange,
    EnvironmentHistory,
    LayerTimes,
    PastRun,
)
from kalshi_preflight.model.journey import Reach
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.report.html import summary_html
from tests.selftest.engine.test_story import diagnose, fill_account, story
from tests.selftest.engine.workspaces import Workspace
from tests.selftest.report.surveys import STARTED, healthy, made
from tests.selftest.runs import ROOT, run_suite

#: What an enemy would like to be run, fetched, or taken for ours.
SCRIPT = "<script>window.owned=1</script><img src=https://evil.test/x onerror=owned=1>"
ESCAPES = "\x1b[2J\x1b[31mPREFLIGHT: GO\x1b[0m\x1b]0;owned\x07"
_TESTS = '''"""Tests whose names come from an enemy."""
import pytest

@pytest.mark.parametrize("said", ["{script}"], ids=["{script}"])
def test_of_an_enemy(said: str) -> None:
    """{script}"""
    assert said == "", said
'''


def sandbox(*faults: str) -> Callable[[Path], Path]:
    """The report on a sandbox that misbehaves in these ways."""

    def report(folder: Path) -> Path:
        page = folder / "report.html"
        options = [f"--fault={fault}" for fault in faults]
        document = folder / "diagnosis.json"
        run = run_suite(document, "-m", "sandbox", f"--html={page}", *options)
        assert run.document is not None, run.screen
        return page

    return report


@contextmanager
def _laboratory(folder: Path) -> Iterator[tuple[Workspace, Exchange]]:
    """An exchange that can be changed before it starts, and an engine's workspace."""
    exchange = Exchange(folder / "exchange", moves_per_second=0.001)
    yield story(folder / "workspace-scalper", exchange), exchange


def engine_story(folder: Path) -> Path:
    """The operator's story: an empty database beside an account that is full."""
    page = folder / "report.html"
    with _laboratory(folder) as (workspace, exchange), exchange:
        fill_account(exchange)
        diagnose(workspace, exchange, f"--html={page}")
    return page


def hostile_words(folder: Path) -> Path:
    """Every text that the server may choose is an attack."""
    page = folder / "report.html"
    with _laboratory(folder) as (workspace, exchange):
        exchange.hooks.http.answers.append(answering(is_status, _HOSTILE_PAGE))
        exchange.hooks.websocket.frames.append(_hostile_frame)
        with exchange:
            diagnose(workspace, exchange, f"--html={page}")
    return page


def hostile_size(folder: Path) -> Path:
    """The server answers with a header of a megabyte."""
    page = folder / "report.html"
    head = b"HTTP/1.1 200 OK\r\nServer: " + b"<script>" * 131072 + b"\r\n\r\n"
    with _laboratory(folder) as (workspace, exchange):
        exchange.hooks.http.sends.append(sending(is_status, lambda _: [head]))
        with exchange:
            diagnose(workspace, exchange, f"--html={page}")
    return page


def hostile_names(folder: Path) -> Path:
    """A test's id, its question and its failure are attacks; no survey was made."""
    page, tests = folder / "report.html", folder / "test_enemy.py"
    tests.write_text(_TESTS.format(script=SCRIPT), encoding="utf-8")
    settings = ["-c", str(ROOT / "pyproject.toml"), f"--rootdir={folder}"]
    plugin = ["-p", "kalshi_preflight.plugin"]
    run_suite(
        folder / "diagnosis.json", str(tests), *settings, *plugin, f"--html={page}"
    )
    return page


def history(folder: Path) -> Path:
    """The fragment by itself, with what a month of runs may have left."""
    page = folder / "report.html"
    fragment = summary_html(made(healthy()), (past(), replace(past(), vantage="vps")))
    head = '<!DOCTYPE html><html lang="en"><head><title>history</title></head>'
    page.write_text(f"{head}<body>{fragment}</body></html>", encoding="utf-8")
    return page


def past() -> EnvironmentHistory:
    """Forty runs: mostly well, slow now and then, broken twice."""
    runs = tuple(_past_run(number) for number in range(40))
    layers = (Layer.DNS, Layer.TCP, Layer.TLS, Layer.HTTP, Layer.AUTH)
    return EnvironmentHistory(
        environment="production",
        vantage="trading-desk",
        runs=runs,
        availability=0.95,
        changes=4,
        last_change=CauseChange(
            when=runs[31].started, before="tls-certificate-expired", after=None
        ),
        layers=tuple(
            LayerTimes(layer=layer, samples=38, p50_ms=12.5, p95_ms=48.0)
            for layer in layers
        ),
    )


def _past_run(number: int) -> PastRun:
    broken, slow = number in (17, 30), number % 9 == 4
    times = {
        layer: 8.0 + 5 * layer.rank + (number * 7 + layer.rank) % 11 + 30 * slow
        for layer in (Layer.DNS, Layer.TCP, Layer.TLS, Layer.HTTP, Layer.AUTH)
        if not broken or layer.rank < Layer.TLS.rank
    }
    verdict = Reach.UNREACHABLE if broken else Reach.REACHABLE
    return PastRun(
        started=STARTED - timedelta(hours=40 - number),
        verdict=Reach.DEGRADED if slow else verdict,
        cause="tls-certificate-expired" if broken else None,
        elapsed_ms=times,
    )


def _hostile_frame(frame: dict[str, object]) -> dict[str, object]:
    del frame
    return {"type": "error", "msg": {"code": SCRIPT, "msg": f"{SCRIPT}{ESCAPES}"}}


_HOSTILE_PAGE = Response(
    503,
    f"<html>{SCRIPT}{ESCAPES}</html>".encode(),
    (("Content-Type", "text/html"), ("Server", SCRIPT), ("Via", ESCAPES)),
)
#: Every report that is looked at, by name.
SCENES: dict[str, Callable[[Path], Path]] = {
    "healthy": sandbox(),
    "dns-failure": sandbox("dns-nxdomain"),
    "origin-refused": sandbox("ws-origin"),
    "engine-story": engine_story,
    "hostile-words": hostile_words,
    "hostile-size": hostile_size,
    "hostile-names": hostile_names,
    "history": history,
}
