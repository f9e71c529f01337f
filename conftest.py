"""The front door: names the plugin and the doors, and defines nothing."""

import pytest

pytest.register_assert_rewrite("fixtures")

pytest_plugins = [
    "kalshi_preflight.plugin",
    "fixtures.capabilities",
    "fixtures.environments",
    "fixtures.exchange",
    "fixtures.journeys",
    "fixtures.v8",
    "tests.selftest.fault_table",
]
