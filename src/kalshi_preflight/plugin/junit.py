"""JUnit: the suite's verdict, and where and what each test asks, as properties.

JUnit reads a test's properties from the item when all is over. ``answers`` and
``engine`` put the cause there as soon as they know it.
"""

from collections.abc import Generator, Iterator, Mapping
from typing import Any

import pytest

# Private, and the only way for a plugin: ``record_testsuite_property`` is a fixture.
from _pytest.junitxml import xml_key

from kalshi_preflight.plugin.answers import place_of
from kalshi_preflight.plugin.outcome import blocked_by
from kalshi_preflight.report.verdict import reason_against


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note where a test asks, before anything can skip it."""
    item.user_properties += place_of(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note what blocked a test: after ``outcome`` and ``engine`` have had their say."""
    report = yield
    cause = blocked_by(report)
    if cause is not None:
        item.user_properties.append(("blocked_by", cause))
    return report


def pytest_preflight_report(document: Mapping[str, Any], config: pytest.Config) -> None:
    """Put the verdict on the suite, before the file is written."""
    junit = config.stash.get(xml_key, None)
    if junit is not None:
        for name, value in suite_properties(document):
            junit.add_global_property(name, value)


def suite_properties(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The verdict of the run, of each environment and of the engine, and why."""
    yield "verdict", document["verdict"]
    reason = reason_against(document)
    if reason is not None:
        yield "reason", reason
    yield "vantage", str(document.get("vantage", ""))
    yield "suite", document["suite"]
    yield "started", document["started"]
    for environment in document["environments"]:
        name, root = environment["name"], environment["root_cause"]
        yield f"{name}.verdict", environment["verdict"]
        yield f"{name}.root_cause", root["id"] if root else ""
    yield "engine.verdict", document["engine"]["verdict"]
