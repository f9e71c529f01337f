"""The plugin: the one room that knows pytest.

Each module does one thing and says it in its first line. What is asked goes from
``options`` over ``selection`` to the survey, what was found over ``answers`` and
``outcome`` into tests and over ``reporting`` into the document; whatever is made from
the finished document implements ``pytest_preflight_report`` in a module of its own.
"""

from importlib import import_module
from types import ModuleType

import pytest

MODULES = (
    "kalshi_preflight.plugin.options",
    "kalshi_preflight.plugin.selection",
    "kalshi_preflight.plugin.ordering",
    "kalshi_preflight.plugin.outcome",
    "kalshi_preflight.plugin.engine",
    "kalshi_preflight.plugin.capabilities",
    "kalshi_preflight.plugin.distributed",
    "kalshi_preflight.plugin.questions",
    "kalshi_preflight.plugin.reporting",
    "kalshi_preflight.plugin.timer",
    "kalshi_preflight.plugin.lock",
    "kalshi_preflight.plugin.html",
    "kalshi_preflight.plugin.junit",
    "kalshi_preflight.plugin.github",
    "kalshi_preflight.plugin.metrics",
    "kalshi_preflight.plugin.history",
    "kalshi_preflight.plugin.redaction",
    "kalshi_preflight.plugin.bystanders",
)


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Load the modules, faster than ``pytest_plugins`` does.

    For each name there, pytest reads what every installed distribution says of itself,
    and then looks at all that the module has imported for hooks and fixtures: both take
    longer than to import them all.
    """
    for name in MODULES:
        if not pluginmanager.is_blocked(name):
            pluginmanager.register(_Hooks(import_module(name)), name)


class _Hooks:
    """The hooks of a module, which is all that pytest has to know of it."""

    def __init__(self, module: ModuleType) -> None:
        hooks = {k: v for k, v in vars(module).items() if k.startswith("pytest_")}
        vars(self).update(hooks)
