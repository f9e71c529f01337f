"""The history on the terminal: 80 columns of ASCII for each environment."""

from collections.abc import Iterator, Sequence

from kalshi_preflight.model.history import (
    CauseChange,
    EnvironmentHistory,
    LayerTimes,
)
from kalshi_preflight.report.ascii import ascii_text, fitted, wrapped
from kalshi_preflight.report.ladder import duration

_MINUTE = "%Y-%m-%d %H:%M"
_NOTHING = "nothing broken"


def history_text(histories: Sequence[EnvironmentHistory], *, width: int) -> str:
    """Every history as people read it, one block each, without a final line break."""
    if not histories:
        return "No history yet: it begins with the next run that diagnoses something."
    blocks = ("\n".join(_block(history, width)) for history in histories)
    return "\n\n".join(blocks)


def _block(history: EnvironmentHistory, width: int) -> Iterator[str]:
    name = f"{history.environment} from {history.vantage}"
    title = fitted(f"== {ascii_text(name)} ", width - 3)
    yield title + "=" * (width - len(title))
    first, last = history.runs[0].started, history.runs[-1].started
    span = f"{first:{_MINUTE}} to {last:{_MINUTE}} UTC"
    yield f"  {len(history.runs)} runs, {span}"
    yield f"  reached in {_share(history.availability)} of them"
    if history.layers:
        yield ""
        yield f"  {'layer':<10}{'steps':>8}{'p50':>12}{'p95':>12}"
        yield from map(_row, history.layers)
    yield ""
    yield wrapped(f"  last change: {_change(history.last_change)}", width, rest="    ")
    if history.flapping:
        yield wrapped(
            f"  FLAPPING: the cause changed {history.changes} times, and in at least a"
            " third of the latest runs",
            width,
            rest="    ",
        )


def _row(layer: LayerTimes) -> str:
    times = f"{duration(layer.p50_ms):>12}{duration(layer.p95_ms):>12}"
    return f"  {layer.layer:<10}{layer.samples:>8}{times}"


def _change(change: CauseChange | None) -> str:
    if change is None:
        return "none"
    before, after = change.before or _NOTHING, change.after or _NOTHING
    return ascii_text(f"{change.when:{_MINUTE}} UTC, {before} -> {after}")


def _share(availability: float) -> str:
    """Per cent; what is not whole is never rounded up to it."""
    percent = availability * 100
    return "100%" if availability == 1 else f"{min(percent, 99.99):.2f}%"
