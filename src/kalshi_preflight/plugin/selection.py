"""Which questions are asked: by environment, endpoint and layer; and in which order."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression  # private: held by a self-test

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.wishes import SANDBOX, WISHES, Wishes
from kalshi_preflight.survey.plan import JOURNEYS

#: The mark of the questions about the trading engine.
ENGINE = "v8"
#: The mark of the questions about measurements: of an environment, and of no layer.
CAPABILITIES = "capabilities"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask each live question of every environment and endpoint it makes sense for."""
    wishes = metafunc.config.stash[WISHES]
    names = _mentioned(metafunc.config, wishes.names)
    if metafunc.definition.get_closest_marker(CAPABILITIES) is not None:
        named = [
            pytest.param(name, id=name, marks=getattr(pytest.mark, name))
            for name in names
        ]
        metafunc.parametrize("environment", named, indirect=True, scope="session")
        return
    if "endpoint" not in metafunc.fixturenames:
        return
    layer = _layer(mark.name for mark in metafunc.definition.iter_markers())
    cases = [
        pytest.param(name, kind, id=f"{name}-{kind}", marks=getattr(pytest.mark, name))
        for name in names
        for kind in endpoints(wishes, name)
        if layer in JOURNEYS[kind]
    ]
    metafunc.parametrize(
        ("environment", "endpoint"), cases, indirect=True, scope="session"
    )


def _mentioned(config: pytest.Config, names: Iterable[str]) -> list[str]:
    """The environments that ``-m`` can name: of others no test need be made.

    A test that is named outright is made all the same, and then deselected, which says
    more than that it was not found; and there are always some, for the same reason.
    """
    expression = config.option.markexpr
    if not expression or any("::" in argument for argument in config.args):
        return list(names)
    return [name for name in names if name in expression] or [SANDBOX]


def endpoints(wishes: Wishes, name: str) -> tuple[EndpointKind, ...]:
    """The endpoints of an environment that journeys go to, in their order."""
    if name == SANDBOX:
        # The embedded exchange has one FIX port, and no market data on it.
        return tuple(k for k in JOURNEYS if k is not EndpointKind.FIX_MARKET_DATA)
    configured = wishes.environments[name].endpoints
    return tuple(kind for kind in JOURNEYS if kind in configured)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave alone the folders that ``-m`` rules out: a gate must be fast.

    Self-tests are part of a plain ``pytest``; what has to be installed first (other
    people's clients, a browser) or takes long is only tried when it is asked for.
    """
    expression = config.option.markexpr
    if collection_path == config.rootpath / "tests" / "selftest":
        return True if expression and not _holds(expression, {"selftest"}) else None
    for beside in ("clients", "browser", "fuzz"):
        if collection_path == config.rootpath / "tests" / beside:
            named = expression and _needs(expression, {beside}, beside)
            return None if named else True
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Drop what belongs to an environment, or to the engine, that ``-m`` does not name.

    Marks select more than a user means: ``-m tls`` would ask production. An
    environment is probed only if the expression needs its mark for at least one test.
    """
    named = named_environments(config, items)
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        environment = environment_of(item)
        keep = environment is None or environment in named
        keep = keep and (not asks_engine(item) or names_engine(config))
        (kept if keep else dropped).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def named_environments(config: pytest.Config, items: Iterable[pytest.Item]) -> set[str]:
    """The environments that the marker expression names positively."""
    expression = config.option.markexpr
    if not expression:
        return {SANDBOX}
    named = set()
    for item in items:
        environment = environment_of(item)
        if environment is not None and environment not in named:
            marks = {mark.name for mark in item.iter_markers()}
            if _needs(expression, marks, environment):
                named.add(environment)
    return named


def asks_engine(item: pytest.Item) -> bool:
    """Whether a test asks about the trading engine."""
    return item.get_closest_marker(ENGINE) is not None and environment_of(item) is None


def asks_capabilities(item: pytest.Item) -> bool:
    """Whether a test asks what the ways into an environment are worth."""
    is_marked = item.get_closest_marker(CAPABILITIES) is not None
    return is_marked and environment_of(item) is not None


def names_engine(config: pytest.Config) -> bool:
    """Whether the marker expression names the engine positively."""
    expression = config.option.markexpr
    return bool(expression) and _needs(expression, {ENGINE}, ENGINE)


def diagnoses(config: pytest.Config) -> bool:
    """Whether this run can speak of an environment or of the engine, beforehand.

    ``-m selftest`` cannot, so it leaves the last diagnosis alone.
    """
    expression = config.option.markexpr
    return (
        not expression
        or names_engine(config)
        or any(names_environment(config, name) for name in config.stash[WISHES].names)
    )


def names_environment(config: pytest.Config, name: str) -> bool:
    """Whether the marker expression names an environment positively, for any test."""
    expression = config.option.markexpr
    if not expression:
        return name == SANDBOX
    marks = (*(layer.value for layer in Layer), CAPABILITIES)
    return any(_needs(expression, {name, mark}, name) for mark in marks)


def _needs(expression: str, marks: set[str], environment: str) -> bool:
    """Whether the expression holds, and without the ``environment`` does not."""
    return _holds(expression, marks) and not _holds(expression, marks - {environment})


def _holds(expression: str, marks: set[str]) -> bool:
    return _compiled(expression).evaluate(lambda name, /, **keywords: name in marks)


#: One expression is asked of hundreds of tests.
_compiled = cache(Expression.compile)


def environment_of(item: pytest.Item) -> str | None:
    """The environment that a live test asks about."""
    name = _parameters(item).get("environment")
    return name if isinstance(name, str) else None


def endpoint_of(item: pytest.Item) -> EndpointKind | None:
    """The endpoint that a live test asks about."""
    kind = _parameters(item).get("endpoint")
    return kind if isinstance(kind, EndpointKind) else None


def layer_of(item: pytest.Item) -> Layer | None:
    """The layer that a test asks about."""
    return _layer(mark.name for mark in item.iter_markers())


def _layer(marks: Iterable[str]) -> Layer | None:
    values = {layer.value: layer for layer in Layer}
    return next((values[mark] for mark in marks if mark in values), None)


def _parameters(item: pytest.Item) -> Mapping[str, object]:
    callspec = getattr(item, "callspec", None)
    return callspec.params if callspec is not None else {}
