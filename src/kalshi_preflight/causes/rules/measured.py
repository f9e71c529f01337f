"""Measurements: from numbers to warnings. Never more than that.

What went wrong on the way is evidence like any other, so the rules of its layer name
it; a way that was open a second ago is not broken by one bad answer, but worth a word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kalshi_preflight.causes.catalogue import unclassified
from kalshi_preflight.causes.findings import Context, Found
from kalshi_preflight.causes.rules import http, websocket
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.evidence import Evidence, Facts, Failure
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.measurement import Measurement, Polling, Streaming

_ENDPOINTS = {
    Layer.HTTP: EndpointKind.REST,
    Layer.WEBSOCKET: EndpointKind.WEBSOCKET,
}
_ANSWERED = "test_polling_is_answered"
_FRESH = "test_polling_is_fresh"
_UNREFUSED = "test_polling_is_within_the_limits"
_QUICK = "test_polling_is_quick"
_HELD = "test_stream_holds"
_WHOLE = "test_stream_is_whole"
_PINGED = "test_stream_answers_pings"


def place(finding: Found) -> tuple[EndpointKind, Layer]:
    """Where a finding of this rule belongs."""
    layer = finding.layer or Layer.HTTP
    return _ENDPOINTS.get(layer, EndpointKind.REST), layer


def judge(measurement: Measurement, environment: Environment) -> Sequence[Found]:
    """Every warning that the numbers are worth, each cause once a question."""
    found: list[Found] = []
    if measurement.polling is not None:
        found += _polling(measurement.polling, environment)
    if measurement.streaming is not None:
        found += _streaming(measurement.streaming, environment)
    once = {(finding.id, finding.question): finding for finding in reversed(found)}
    return [replace(f, severity=Severity.WARNING) for f in reversed(once.values())]


# --- polling --------------------------------------------------------------------------


def _polling(polling: Polling, environment: Environment) -> Iterator[Found]:
    for trouble in polling.troubles:
        is_limit = trouble.facts.get("status") == 429
        for finding in _named(trouble, environment, Layer.HTTP):
            shown = {**finding.particulars, "calls_each_second": _rate(polling)}
            question = _UNREFUSED if is_limit else _ANSWERED
            yield replace(finding, particulars=shown, question=question)
    if polling.stale:
        yield Found("http-stale", _copies(polling), Layer.HTTP, question=_FRESH)
    if polling.slow and polling.latency is not None:
        seconds = round(polling.latency.p50_ms / 1000, 1)
        yield Found("http-slow", {"seconds": seconds}, Layer.HTTP, question=_QUICK)


def _rate(polling: Polling) -> float:
    return round(polling.calls_each_second, 1)


def _copies(polling: Polling) -> dict[str, object]:
    """How old, and by which witness: its own header, or the WebSocket."""
    if polling.oldest_copy_seconds:
        age, witness = polling.oldest_copy_seconds, "named by its Age header"
    else:
        lag_ms = polling.book_lag.p50_ms if polling.book_lag else 0.0
        age, witness = round(lag_ms / 1000, 1), "unnamed; the WebSocket was ahead"
    return {"age_seconds": f"{age:g}", "cache": witness}


# --- streaming ------------------------------------------------------------------------


def _streaming(streaming: Streaming, environment: Environment) -> Iterator[Found]:
    for trouble in streaming.troubles:
        for finding in _named(trouble, environment, Layer.WEBSOCKET):
            yield replace(finding, question=_HELD)
    if streaming.missing:
        counts = {
            "missing": streaming.missing,
            "gaps": streaming.gaps,
            "frames": streaming.frames,
        }
        yield Found("ws-sequence-gap", counts, Layer.WEBSOCKET, question=_WHOLE)
    if streaming.slow and streaming.ping is not None:
        seconds = round(streaming.ping.p50_ms / 1000, 1)
        shown = {"seconds": seconds}
        yield Found("ws-slow", shown, Layer.WEBSOCKET, question=_PINGED)


# --- what a layer's own rule says -----------------------------------------------------


class _NoneMade(dict[str, Facts]):
    """Observations that are not made while measuring: the rule has to do without.

    The survey has just used this key: a 401 now is no matter of the key.
    """

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Facts:
        return {"failure": "not made"}


def _named(
    trouble: Evidence, environment: Environment, layer: Layer
) -> Iterator[Found]:
    """What the rule of its layer calls it; no failure is left without a name."""
    context = Context(
        environment=environment,
        endpoint=environment.endpoints[_ENDPOINTS[layer]],
        observations=_NoneMade({"rest-auth": {"cause": None}}),
    )
    rule = http.judge if layer is Layer.HTTP else websocket.judge
    found = [f for f in rule(trouble, context) if isinstance(f, Found)]
    if not found:
        said = Failure(
            operation="measure", kind=f"status {trouble.facts.get('status')}"
        )
        found = [unclassified(layer, trouble.failure or said)]
    for finding in found:
        yield replace(finding, layer=finding.layer or layer)
