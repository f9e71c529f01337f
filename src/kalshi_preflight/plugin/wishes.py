"""What this run was asked for, with every file read and every value checked."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

import pytest

from kalshi_preflight.history import HistoryError, check_url
from kalshi_preflight.model.environment import Environment
from kalshi_preflight.model.expectation import Expectation
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
_DEFAULT_BUDGET_SECONDS = 10.0
_HISTORY = "reports/history.sqlite"
_HISTORY_URL = "PREFLIGHT_HISTORY_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The options, variables and files of one run.

    ``environments`` does not hold ``sandbox``, which exists only while it runs;
    ``trading`` is the one that the engine trades on, if ``KALSHI_ENV`` names it.
    ``history_url`` is an SQLAlchemy URL, which may hold a password. ``metrics`` and
    ``measure_seconds`` are ``None`` if not asked for.
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
    vantage: str
    history_url: Secret
    metrics: Path | None
    measure_seconds: float | None
    secrets: tuple[Secret, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every environment that can be named in ``-m``."""
        return (*self.environments, SANDBOX)


WISHES = pytest.StashKey[Wishes]()


def read_wishes(config: pytest.Config) -> Wishes:
    """Read and check everything; a mistake is a usage error, exit 4."""
    variables = dict(os.environ)
    history_url = read_history_url(config)
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
        vantage=_vantage(config),
        history_url=history_url,
        metrics=_path(config, "metrics"),
        measure_seconds=_seconds(config.getoption("measure"), "--measure"),
        secrets=secrets_of(
            environments.values(),
            variables=variables,
            dotenv=dotenv,
            history_url=history_url,
        ),
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


def _path(
    config: pytest.Config, option: str, variable: str | None = None
) -> Path | None:
    given: str | None = config.getoption(option)
    if not given and variable is not None:
        given = os.environ.get(variable)
    return config.invocation_params.dir / given if given else None


def _vantage(config: pytest.Config) -> str:
    given: str | None = config.getoption("vantage")
    return given or os.environ.get("PREFLIGHT_VANTAGE") or socket.gethostname()


def read_history_url(config: pytest.Config) -> Secret:
    """Where the history is kept; a usage error if none can be kept there."""
    default = config.invocation_params.dir / _HISTORY
    given = os.environ.get(_HISTORY_URL)
    if not given:
        return Secret(f"sqlite:///{default.as_posix()}")
    try:
        check_url(Secret(given))
    except HistoryError as error:
        raise pytest.UsageError(f"{_HISTORY_URL}: {error}") from None
    return Secret(given)


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
    given = config.getoption("budget") or os.environ.get("PREFLIGHT_BUDGET")
    seconds = _seconds(given, "--budget")
    return _DEFAULT_BUDGET_SECONDS if seconds is None else seconds


def _seconds(given: str | None, option: str) -> float | None:
    """A time span as given, or ``None`` if it was not; a usage error if it is none."""
    if not given:
        return None
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise pytest.UsageError(
            f"{option} must be a number of seconds above 0 and up to 3600,"
            f" not {given!r}"
        )
    return seconds
