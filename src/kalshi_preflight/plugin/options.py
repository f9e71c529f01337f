"""What the user wants: options, variables, files; markers; usage errors."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from kalshi_preflight import hookspecs
from kalshi_preflight.engine.context import Expectation
from kalshi_preflight.model.cause import AnyCause, EngineCause, Hint
from kalshi_preflight.model.environment import Environment
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.settings import (
    Dotenv,
    SettingsError,
    load_environments,
    read_dotenv,
    secrets_of,
    system_proxies,
    trading_environment,
    with_fix_logon,
)

SANDBOX = "sandbox"
#: Marks of ours that are no environment and no layer.
_OTHER_MARKS = {
    "v8": "the trading engine's own health",
    "capabilities": "which ways to trade are open now, with measured numbers",
    "selftest": "the proof: tests of the suite itself",
}
#: Options of pytest that show something instead of running a test: proofs of nothing.
_SHOW_ONLY = (
    "collectonly",
    "setuponly",
    "setupplan",
    "showfixtures",
    "show_fixtures_per_test",
    "markers",
    "cacheshow",
    "help",
    "list_faults",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What this run was asked for, with every file read and every value checked.

    ``environments`` does not hold ``sandbox``, which exists only while it runs;
    ``trading`` is the one that the engine trades on, if ``KALSHI_ENV`` names it.
    """

    environments: dict[str, Environment]
    faults: tuple[str, ...]
    gate: bool
    fix_logon: bool
    budget_seconds: float
    diagnosis: Path
    v8_home: Path | None
    v8_expect: Expectation
    dashboard_db: Path | None
    trading: str | None
    secrets: tuple[Secret, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every environment that can be named in ``-m``."""
        return (*self.environments, SANDBOX)


WISHES = pytest.StashKey[Wishes]()


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
    wishes = _wishes(config)
    for name in wishes.names:
        config.addinivalue_line("markers", f"{name}: the environment {name}")
    config.stash[WISHES] = wishes


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Answer ``--list-faults``; refuse under ``--gate`` whatever probes nothing."""
    if config.getoption("gate"):
        shown = [name for name in _SHOW_ONLY if config.getoption(name, False)]
        if shown:
            option = shown[0].replace("_", "-")
            raise pytest.UsageError(
                f"--gate cannot be used with {option}: nothing would be proved"
            )
    if not config.getoption("list_faults"):
        return None
    from kalshi_preflight.plugin.faults import listing

    print(listing())  # noqa: T201  # the answer to --list-faults
    return 0


def _wishes(config: pytest.Config) -> Wishes:
    variables = dict(os.environ)
    v8_home = _path(config, "v8_home", "V8_HOME")
    try:
        dotenv = read_dotenv(
            _path(config, "dotenv", "PREFLIGHT_DOTENV"),
            v8_home=v8_home,
            cwd=config.invocation_params.dir,
        )
        environments = load_environments(
            _path(config, "environments", "PREFLIGHT_ENVIRONMENTS"),
            variables=variables,
            dotenv=dotenv,
            taken=_taken_marks(config),
            cwd=config.invocation_params.dir,
            system_proxies=system_proxies(),
        )
        if config.getoption("fix_logon"):
            environments = with_fix_logon(
                environments,
                variables=variables,
                dotenv=dotenv,
                others=_engines_dotenv(v8_home),
                cwd=config.invocation_params.dir,
            )
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from None
    return Wishes(
        environments=environments,
        faults=_faults(config),
        gate=config.getoption("gate"),
        fix_logon=config.getoption("fix_logon"),
        budget_seconds=_budget(config),
        v8_home=v8_home,
        v8_expect=_expectation(config),
        dashboard_db=_path(config, "dashboard_db", "DASHBOARD_DB"),
        trading=trading_environment(
            (*environments, SANDBOX), variables=variables, dotenv=dotenv
        ).name,
        diagnosis=config.invocation_params.dir / config.getoption("diagnosis"),
        secrets=secrets_of(environments.values(), variables=variables, dotenv=dotenv),
    )


def _engines_dotenv(v8_home: Path | None) -> list[Dotenv]:
    """The engine's own .env, also where ``--dotenv`` names another file.

    The key id in it is the one that a FIX logon must never be made with.
    """
    if v8_home is None:
        return []
    return [read_dotenv(None, v8_home=v8_home, cwd=v8_home)]


def _expectation(config: pytest.Config) -> Expectation:
    given: str | None = config.getoption("v8_expect")
    if given is not None:
        return Expectation(given)
    gate = config.getoption("gate")
    return Expectation.STOPPED if gate else Expectation.RUNNING


def _path(config: pytest.Config, option: str, variable: str) -> Path | None:
    given: str | None = config.getoption(option) or os.environ.get(variable)
    return config.invocation_params.dir / given if given else None


def _taken_marks(config: pytest.Config) -> set[str]:
    """Names that mean something else to ``-m`` already."""
    lines = config.getini("markers")
    return {line.split(":", 1)[0].split("(", 1)[0].strip() for line in lines}


def _faults(config: pytest.Config) -> tuple[str, ...]:
    names: list[str] = config.getoption("fault")
    if names:
        from kalshi_preflight.plugin.faults import check

        check(names)
    return tuple(names)


def _budget(config: pytest.Config) -> float:
    given: str = config.getoption("budget") or os.environ.get("PREFLIGHT_BUDGET", "10")
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise pytest.UsageError(
            "--budget must be a number of seconds above 0 and up to 3600,"
            f" not {given!r}"
        )
    return seconds
