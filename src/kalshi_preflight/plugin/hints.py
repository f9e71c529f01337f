"""Hints, asked for through the hook: once for each cause of each environment."""

import pytest

from kalshi_preflight.model.cause import AnyCause, Hint
from kalshi_preflight.model.environment import Environment

_HINTS = pytest.StashKey[dict[tuple[str, int], Hint | None]]()


def hint_for(
    config: pytest.Config, environment: Environment | None, cause: AnyCause
) -> Hint | None:
    """The hint that ``pytest_preflight_hint`` gives, or ``None`` if nobody has one.

    A cause of the engine belongs to no environment.
    """
    known = config.stash.setdefault(_HINTS, {})
    # Causes are values held by the survey, so their identity is stable for the run.
    key = (environment.name if environment else "", id(cause))
    if key not in known:
        known[key] = config.hook.pytest_preflight_hint(
            cause=cause,
            evidence=cause.evidence,
            environment=environment,
            config=config,
        )
    return known[key]
