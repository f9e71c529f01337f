"""The HTML: a fragment for the top of pytest-html's report, readable by itself.

pytest-html's own table is empty without JavaScript; what counts must stand here.
Jinja2 escapes every value (pytest-html brings it along); templates hold the markup and
this module what they show, all of it from the document and the history.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined

from kalshi_preflight.model.history import EnvironmentHistory
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.report import particulars
from kalshi_preflight.report.charts import HEIGHT, WIDTH, chart
from kalshi_preflight.report.ladder import duration, spoken, telling_facts
from kalshi_preflight.report.plain import timestamp
from kalshi_preflight.report.terminal import last_line, tally_line
from kalshi_preflight.report.verdict import reason_against
from kalshi_preflight.report.waterfall import UNTAKEN, scale_ms, ticks, waterfall
from kalshi_preflight.report.ways import recommended, ways

Json = Mapping[str, Any]
Shell = Literal["powershell", "posix"]

#: Around the fragment, so that it can be found in a page and put at its top.
BEGIN, END = "<!--kalshi-preflight-->", "<!--/kalshi-preflight-->"

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
_SHELL_NAMES = {"powershell": "PowerShell", "posix": "POSIX shell"}
#: The order of a cause's commands for whoever reads on which machine.
_SHELLS: Mapping[Shell, tuple[Shell, Shell]] = {
    "powershell": ("powershell", "posix"),
    "posix": ("posix", "powershell"),
}


def summary_html(
    document: Json,
    histories: Sequence[EnvironmentHistory] = (),
    *,
    shell: Shell = "powershell",
) -> str:
    """The document as a self-contained fragment: style and all, no network, no id.

    ``document`` is one that the schema allows, redacted before; ``histories`` are drawn
    as charts; the commands for ``shell`` come first. Without JavaScript only the copy
    buttons are missing.
    """
    top = particulars.leading(document)
    reason = reason_against(document)
    template = templates().get_template("summary.html.j2")
    fragment = template.render(
        document=document,
        last_line=last_line(document),
        reason=reason,
        reason_in_words=particulars.REASONS.get(reason or "", ""),
        top=top,
        tally=tally_line(document),
        layers=[layer.value for layer in Layer],
        matrix=[matrix_rows(environment) for environment in document["environments"]],
        charts=[chart(history) for history in histories if history.runs],
        shells=_SHELLS[shell],
    )
    return f"{BEGIN}{fragment}{END}"


@cache
def templates() -> Environment:
    """The templates of the report, which escape every value."""
    environment = Environment(
        loader=PackageLoader("kalshi_preflight.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        signs=SIGNS,
        capability_names=_CAPABILITY_NAMES,
        shell_names=_SHELL_NAMES,
        untaken=UNTAKEN,
        canvas=(WIDTH, HEIGHT),
        scale_ms=scale_ms,
        others=particulars.others,
        remedies=remedies,
        timestamp=timestamp,
    )
    environment.filters.update(
        duration=duration,
        ways=ways,
        recommended=recommended,
        spoken=spoken,
        told=telling_facts,
        link=link,
        ticks=ticks,
        certificates=particulars.certificates,
        clock=particulars.clock,
        clock_in_words=particulars.clock_in_words,
        books=particulars.books,
        positions=particulars.positions,
    )
    environment.globals["bars"] = lambda journey, whole: list(waterfall(journey, whole))
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


def remedies(commands: Json, shells: Sequence[Shell]) -> list[tuple[str, list[str]]]:
    """The name of the shell and its lines; what is the same in both is told once."""
    told = [(_SHELL_NAMES[shell], list(commands[shell])) for shell in shells]
    told = [(name, lines) for name, lines in told if lines]
    if len(told) == 2 and told[0][1] == told[1][1]:
        return [("any shell", told[0][1])]
    return told


def link(address: object) -> str | None:
    """``address`` if a browser may follow it: a page of the web, never a script."""
    text = str(address)
    return text if text.startswith(("https://", "http://")) else None
