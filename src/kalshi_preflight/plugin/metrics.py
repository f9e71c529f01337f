"""``--metrics=FILE``: the finished document as Prometheus text, put down at once.

See :mod:`kalshi_preflight.report.metrics` for what is in it, and for why nothing is
written while a run goes on, nor by one that judged nothing.
"""

import warnings
from collections.abc import Mapping
from typing import Any

import pytest

from kalshi_preflight.plugin.wishes import WISHES
from kalshi_preflight.report.writing import write_atomically


def pytest_preflight_report(document: Mapping[str, Any], config: pytest.Config) -> None:
    """Write the metrics, if they were asked for."""
    file = config.stash[WISHES].metrics
    if file is None:
        return
    from kalshi_preflight.report.metrics import metrics_text

    text = metrics_text(document)
    if text is None:
        return
    try:
        write_atomically(file, text)
    except OSError as error:
        # Not worth the verdict: the stale time of the old file is the alarm.
        said = f"--metrics: {file} was not written: {error.strerror}"
        warnings.warn(pytest.PytestWarning(said), stacklevel=1)
