"""Documents of real surveys of a misbehaving exchange, in every machine's format."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from prometheus_client.parser import text_string_to_metric_families

from kalshi_preflight.causes.catalogue import hint_for
from kalshi_preflight.model.journey import Survey
from kalshi_preflight.report.document import document
from kalshi_preflight.report.github import annotations
from kalshi_preflight.report.job_summary import job_summary
from kalshi_preflight.report.metrics import metrics_text
from tests.selftest.report.test_github import read
from tests.selftest.report.test_job_summary import OURS, kinds, rows
from tests.selftest.surveys import survey_faults

pytestmark = pytest.mark.selftest

#: One of each layer, and those in which the server's own words are told.
FAULTS = (
    *("dns-nxdomain", "tcp-refused", "tls-expired", "tls-plaintext-html"),
    *("http-500-html", "http-wire-banner", "key-unknown", "ws-error-1"),
)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_reads_the_same_everywhere(tmp_path: Path, fault: str) -> None:
    """Annotation, matrix and metrics name the root cause of the document."""
    diagnosis = survey_faults(tmp_path, [fault])
    root = diagnosis.root_cause
    assert root is not None
    told = document(
        Survey(diagnoses=(diagnosis,)),
        hints=lambda _, cause: hint_for(cause),
        suite_version="0",
        started=datetime.now(UTC),
        duration_ms=1.0,
        tests={"failed": 1},
    )
    name, properties, _ = read(annotations(told, "posix")[0])
    assert (name, properties["title"].split()[1]) == ("error", root.id)
    page = job_summary(told)
    assert kinds(MarkdownIt("gfm-like").parse(page)) <= OURS
    assert any(root.id in cell for row in rows(page)[1:] for cell in row)
    assert roots(metrics_text(told) or "") == {root.id}


def roots(text: str) -> set[str]:
    """The root causes that metrics tell of."""
    return {
        sample.labels["cause"]
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.labels.get("root") == "true"
    }
