"""The options of the contract, and every mark that can be named in ``-m``."""

import pytest

from kalshi_preflight import hookspecs
from kalshi_preflight.model.cause import AnyCause, EngineCause, Hint
from kalshi_preflight.model.expectation import Expectation
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.wishes import WISHES, read_wishes

#: Marks of ours that are no environment and no layer.
_OTHER_MARKS = {
    "v8": "the trading engine's own health",
    "capabilities": "which ways to trade are open now, with measured numbers",
    "selftest": "the proof: tests of the suite itself",
}


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Offer our own hooks."""
    pluginmanager.add_hookspecs(hookspecs)


@pytest.hookimpl(trylast=True)
def pytest_preflight_hint(cause: AnyCause) -> Hint:
    """The catalogues: the hint of last resort."""
    if isinstance(cause, EngineCause):
        from kalshi_preflight.engine import catalogue as of_engine

        return of_engine.hint_for(cause)
    from kalshi_preflight.causes import catalogue

    return catalogue.hint_for(cause)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of the contract."""
    group = parser.getgroup("kalshi-preflight", "connectivity diagnosis for Kalshi")
    _add_what_is_read(group)
    _add_what_is_done(group)
    _add_what_is_kept(group)


def _add_what_is_read(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--environments",
        metavar="FILE",
        help="TOML file with more environments (write it with '='; or"
        " PREFLIGHT_ENVIRONMENTS)",
    )
    group.addoption(
        "--dotenv",
        metavar="FILE",
        help="the .env to read; default: the V8 workspace's, then ./.env (or"
        " PREFLIGHT_DOTENV)",
    )
    group.addoption(
        "--v8-home", metavar="DIR", help="the engine's workspace (or V8_HOME)"
    )
    group.addoption(
        "--v8-expect",
        choices=[each.value for each in Expectation],
        help="what the engine should be now (default: running; with --gate: stopped)",
    )
    group.addoption(
        "--dashboard-db",
        metavar="FILE",
        help="the dashboard's SQLite file (or DASHBOARD_DB); not given: not checked",
    )


def _add_what_is_done(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--gate",
        action="store_true",
        help="fail closed: anything not proved is NO-GO",
    )
    group.addoption(
        "--diagnosis",
        metavar="FILE",
        default="reports/diagnosis.json",
        help="where the machine-readable verdict goes (default: %(default)s)",
    )
    group.addoption(
        "--fault",
        metavar="NAME",
        action="append",
        default=[],
        help="sandbox only: the embedded exchange misbehaves; repeatable, NAME from"
        " --list-faults",
    )
    group.addoption(
        "--fix-logon",
        action="store_true",
        help="really log on over FIX, with KALSHI_FIX_API_KEY_ID and"
        " KALSHI_FIX_PRIVATE_KEY_PATH; never with a key that a program uses",
    )
    group.addoption(
        "--list-faults", action="store_true", help="print every fault, then exit"
    )
    group.addoption(
        "--budget",
        metavar="SECONDS",
        help="the survey's time budget (default: 10; or PREFLIGHT_BUDGET)",
    )
    group.addoption(
        "--measure",
        metavar="SECONDS",
        help="measure the open ways to trade for so long (default: a few seconds)",
    )


def _add_what_is_kept(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--history",
        action="store_true",
        help="print the summary of earlier runs, then exit (PREFLIGHT_HISTORY_URL:"
        " where they are kept; default: reports/history.sqlite)",
    )
    group.addoption(
        "--vantage",
        metavar="NAME",
        help="where this run looks from (default: the host name; or PREFLIGHT_VANTAGE)",
    )
    group.addoption(
        "--metrics",
        metavar="FILE",
        help="write the verdict as Prometheus text, for node_exporter's textfile"
        " collector",
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Read everything, register every mark; a mistake is a usage error, exit 4.

    Last of all plugins, so that the marks of the others are known: an environment that
    is called like one of them (``timeout``) would break the run or be skipped by it.
    """
    for layer in Layer:
        config.addinivalue_line(
            "markers", f"{layer}: questions about the {layer} layer"
        )
    for name, meaning in _OTHER_MARKS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    wishes = read_wishes(config)
    for name in wishes.names:
        config.addinivalue_line("markers", f"{name}: the environment {name}")
    config.stash[WISHES] = wishes


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Answer ``--list-faults``; refuse under ``--gate`` whatever proves nothing."""
    if config.getoption("gate"):
        # Asked from here: without this module there is no --gate, without others there
        # would be no verdict.
        from kalshi_preflight.plugin.lock import refuse_what_proves_nothing

        refuse_what_proves_nothing(config)
    if not config.getoption("list_faults"):
        return None
    from kalshi_preflight.plugin.faults import listing

    print(listing())  # noqa: T201  # the answer to --list-faults
    return 0
