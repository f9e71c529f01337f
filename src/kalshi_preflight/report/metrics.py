"""The document as Prometheus text, for node_exporter's textfile collector.

Every series bears ``environment`` and ``vantage``, so that the files of several runs
lie side by side in one folder without telling the same series twice (the collector
refuses a folder in which one does); the engine's ``environment`` is ``v8``, a name that
no environment may have.

What a scraper sees of a run that crashed, was killed, was started wrongly or judged
nothing: the file of the run before, whose ``last_run_timestamp_seconds`` grows old.
That is the dead man's signal; an alert on ``up`` or ``go`` alone has none::

    kalshi_preflight_go == 0
    time() - kalshi_preflight_last_run_timestamp_seconds > 3600

The no-go that stands in ``diagnosis.json`` from a run's first moment is not written
here: a scrape during a healthy run would take it for an outage.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prometheus_client.metrics_core import GaugeMetricFamily

Json = Mapping[str, Any]
#: One value of one metric: its name (a key of ``METRICS``), labels, value.
Sample = tuple[str, dict[str, str], float]

_PREFIX = "kalshi_preflight_"
_WHERE = ("environment", "vantage")
#: What is measured: its help (the same in every file, as the collector demands) and the
#: labels beside ``environment`` and ``vantage``.
METRICS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "go": ("1 if the run that asked this environment was GO.", ()),
    "up": ("1 unless a required endpoint is broken (unreachable).", ()),
    "verdict_info": ("The verdict in words.", ("verdict",)),
    "cause_info": (
        "Each cause that was found; root is true for the one to mend.",
        ("cause", "layer", "endpoint", "severity", "blame", "root"),
    ),
    "step_seconds": ("How long a step took that was taken.", ("endpoint", "layer")),
    "step_ok": (
        "1 if a step was taken and held, 0 if it is broken or blocked.",
        ("endpoint", "layer"),
    ),
    "certificate_days_left": (
        "Whole days until the first certificate of the chain ends.",
        ("endpoint",),
    ),
    "clock_skew_seconds": ("This machine's clock, less the exchange's.", ()),
    "engine_healthy": ("1 if the engine was checked and found healthy.", ()),
    "engine_snapshot_age_seconds": (
        "Age of the newest snapshot in the engine's database, when it was read.",
        (),
    ),
    "last_run_timestamp_seconds": ("When the run ended, in Unix time.", ()),
    "run_duration_seconds": ("How long the run took.", ()),
}
#: What stands for the engine in the label ``environment``.
ENGINE = "v8"
_HELD = {"ok": 1.0, "warned": 1.0, "broken": 0.0, "blocked": 0.0}
_EXPIRED = "tls-certificate-expired"
_TAKEN = ("ok", "warned", "broken")


def metrics_text(document: Json) -> str | None:
    """The document as text exposition format 0.0.4, or ``None`` if it judges nothing.

    ``document`` is one that the schema allows, redacted before.
    """
    samples = list(_samples(document))
    if not samples:
        return None
    # Heavy, and needed only by those who asked for metrics.
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Samples(samples))
    return generate_latest(registry).decode("utf-8")


class _Samples:
    """What prometheus-client takes for a source of metrics."""

    def __init__(self, samples: list[Sample]) -> None:
        self._samples = samples

    def collect(self) -> Iterator["GaugeMetricFamily"]:
        """Each metric that has a value, in the order of :data:`METRICS`."""
        from prometheus_client.metrics_core import GaugeMetricFamily

        for name, (said, labels) in METRICS.items():
            family = GaugeMetricFamily(_PREFIX + name, said, labels=(*_WHERE, *labels))
            # The same series twice would make the whole file unreadable.
            own = {tuple(s[1].values()): s[2] for s in self._samples if s[0] == name}
            for values, value in own.items():
                family.add_metric(values, value)
            if own:
                yield family


def _samples(document: Json) -> Iterator[Sample]:
    vantage = str(document.get("vantage", ""))
    for environment in document["environments"]:
        where = {"environment": str(environment["name"]), "vantage": vantage}
        yield from _of_run(document, where)
        yield from _of_environment(environment, where)
    engine = document["engine"]
    if engine["verdict"] != "not-checked" or engine["causes"]:
        where = {"environment": ENGINE, "vantage": vantage}
        yield from _of_run(document, where)
        yield from _of_engine(engine, where)


def _of_run(document: Json, where: dict[str, str]) -> Iterator[Sample]:
    seconds = float(document["duration_ms"]) / 1000
    started = datetime.fromisoformat(document["started"]).timestamp()
    yield "go", where, float(document["verdict"] == "go")
    yield "last_run_timestamp_seconds", where, round(started + seconds, 3)
    yield "run_duration_seconds", where, seconds


def _of_environment(environment: Json, where: dict[str, str]) -> Iterator[Sample]:
    verdict, root = environment["verdict"], environment["root_cause"]
    yield "up", where, float(verdict != "unreachable")
    yield "verdict_info", {**where, "verdict": verdict}, 1.0
    if root is not None:
        yield _cause(root, where, root=True)
    for cause in environment["other_causes"]:
        yield _cause(cause, where, root=False)
    expired = _expired(environment)
    for journey in environment["journeys"]:
        yield from _of_journey(journey, where, expired)
    skew = _clock_skew(environment)
    if skew is not None:
        yield "clock_skew_seconds", where, skew


def _of_engine(engine: Json, where: dict[str, str]) -> Iterator[Sample]:
    verdict = engine["verdict"]
    yield "engine_healthy", where, float(verdict == "healthy")
    yield "verdict_info", {**where, "verdict": verdict}, 1.0
    for cause in engine["causes"]:
        yield _cause(cause, where, root=False)
    age = _number(engine["facts"].get("database"), "newest_snapshot_age_seconds")
    if age is not None:
        yield "engine_snapshot_age_seconds", where, age


def _cause(cause: Json, where: dict[str, str], *, root: bool) -> Sample:
    named = {
        "cause": str(cause["id"]),
        "layer": str(cause.get("layer", "")),
        "endpoint": str(cause.get("endpoint", "")),
        "severity": str(cause["severity"]),
        "blame": str(cause["blame"]),
        "root": "true" if root else "false",
    }
    return "cause_info", {**where, **named}, 1.0


def _of_journey(
    journey: Json, where: dict[str, str], expired: float | None
) -> Iterator[Sample]:
    here = {**where, "endpoint": str(journey["endpoint"])}
    for step in journey["steps"]:
        labels = {**here, "layer": str(step["layer"])}
        if step["status"] in _TAKEN:
            yield "step_seconds", labels, round(float(step["elapsed_ms"]) / 1000, 6)
        if step["status"] in _HELD:
            yield "step_ok", labels, _HELD[step["status"]]
        days = expired if step["cause"] == _EXPIRED else _days_left(step)
        if days is not None:
            yield "certificate_days_left", here, days


def _days_left(step: Json) -> float | None:
    """The days of the certificate that ends first; it need not be the server's own."""
    if step["layer"] != "tls":
        return None
    facts = step["facts"]
    first = _number(facts.get("ends_first"), "days_left")
    return _number(facts, "days_left") if first is None else first


def _expired(environment: Json) -> float | None:
    """The days of a certificate that was refused as expired: below zero.

    The step ended before it could note them, but the cause was told of them; without
    them an alert on few days would fall silent when they are over.
    """
    for cause in (environment["root_cause"], *environment["other_causes"]):
        if cause is not None and cause["id"] == _EXPIRED:
            past = _number(cause["evidence"], "days_past")
            return None if past is None else -1 - past
    return None


def _clock_skew(environment: Json) -> float | None:
    """The offset seen last: the highest step of the first journey that has one."""
    for journey in environment["journeys"]:
        for step in reversed(journey["steps"]):
            offset = _number(step["facts"], "clock_offset_seconds")
            if offset is not None:
                return offset
    return None


def _number(facts: object, name: str) -> float | None:
    """A fact that is a number; facts are made of what servers say."""
    fact = facts.get(name) if isinstance(facts, Mapping) else None
    if isinstance(fact, bool) or not isinstance(fact, int | float):
        return None
    return float(fact) if math.isfinite(fact) else None
