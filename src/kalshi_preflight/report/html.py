"""The HTML: a fragment for the head of pytest-html's report, readable by itself.

pytest-html's own table is empty without JavaScript; what counts must stand here.
Jinja2 escapes every value (pytest-html brings it along); templates hold the markup and
this module what they show, all of it from the document.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import accumulate
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from kalshi_preflight.model.layer import Layer
from kalshi_preflight.report.ladder import duration, spoken, telling_facts
from kalshi_preflight.report.terminal import last_line, tally_line

Json = Mapping[str, Any]

#: A sign beside every colour, for whoever cannot tell the colours apart.
SIGNS = {
    "ok": "\N{CHECK MARK}",
    "warned": "!",
    "broken": "\N{BALLOT X}",
    "blocked": "\N{CIRCLED DIVISION SLASH}",
    "skipped": "\N{MIDDLE DOT}",
}
_CAPABILITY_NAMES = {
    "rest_market_data": "market data (REST)",
    "websocket_market_data": "market data (WebSocket)",
    "rest_account": "account (REST)",
    "fix_session": "session (FIX)",
}
# So short a step would be invisible; a bar says "something was done here".
_NARROWEST_BAR_PERCENT = 0.8


def summary_html(document: Json) -> str:
    """The document as a self-contained fragment: style and all, no network, no id.

    ``document`` is one that the schema allows, redacted before. Without JavaScript only
    the copy buttons are missing.
    """
    template = _templates().get_template("summary.html.j2")
    return template.render(
        document=document,
        last_line=last_line(document),
        tally=tally_line(document),
        layers=[layer.value for layer in Layer],
        matrix=[matrix_rows(environment) for environment in document["environments"]],
    )


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("kalshi_preflight.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(signs=SIGNS, capability_names=_CAPABILITY_NAMES)
    environment.filters.update(
        duration=duration, spoken=spoken, told=telling_facts, link=link
    )
    environment.filters["waterfall"] = lambda journey: list(waterfall(journey))
    return environment


def matrix_rows(environment: Json) -> list[dict[str, Any]]:
    """A row a journey: the step on each layer, ``None`` where the way does not go."""
    return [
        {
            "environment": environment["name"],
            "endpoint": journey["endpoint"],
            "steps": [_step_on(layer, journey) for layer in Layer],
        }
        for journey in environment["journeys"]
    ]


def _step_on(layer: Layer, journey: Json) -> Json | None:
    on_layer = (step for step in journey["steps"] if step["layer"] == layer.value)
    return next(on_layer, None)


def waterfall(journey: Json) -> Iterator[tuple[Json, float, float]]:
    """Each step, and where its bar begins and how wide it is in percent."""
    times = [float(step["elapsed_ms"]) for step in journey["steps"]]
    whole = sum(times) or 1.0
    for step, taken, ended in zip(
        journey["steps"], times, accumulate(times), strict=True
    ):
        width = max(_NARROWEST_BAR_PERCENT, 100 * taken / whole) if taken else 0.0
        begin = min(100 * (ended - taken) / whole, 100 - width)
        yield step, round(begin, 2), round(width, 2)


def link(address: object) -> str | None:
    """``address`` if a browser may follow it: a page of the web, never a script."""
    text = str(address)
    return text if text.startswith(("https://", "http://")) else None
