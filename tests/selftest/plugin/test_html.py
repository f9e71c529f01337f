"""The page of a whole run: one file, ours first, every test told and escaped."""

import re
from pathlib import Path

import pytest

from tests.selftest.runs import ROOT, run_suite

pytestmark = pytest.mark.selftest

ENEMY = "<script>alert(1)</script>"
TEST = f'''"""A test whose name comes from an enemy."""
import pytest

@pytest.mark.parametrize("said", [1], ids=["{ENEMY}"])
def test_of_an_enemy(said: int) -> None:
    """{ENEMY}"""
    assert said == 2
'''


def test_one_file_that_begins_with_the_verdict(tmp_path: Path) -> None:
    """Nothing lies beside the page; blocked questions say so, and by what."""
    page = tmp_path / "page.html"
    options = ("-m", "sandbox and dns or sandbox and tcp", "--fault=dns-nxdomain")
    run = run_suite(tmp_path / "diagnosis.json", *options, f"--html={page}")
    assert run.exit_code == 1, run.screen
    assert {each.name for each in tmp_path.iterdir()} == {"page.html", "diagnosis.json"}
    text = page.read_text(encoding="utf-8")
    body = text[text.index("<body>") :]
    assert body.index("PREFLIGHT: NO-GO dns-name-not-found") < body.index("<h2>Tests")
    assert '<link href="' not in text
    plain = text[text.index("<noscript>") : text.index("</noscript>")]
    rows = re.findall(r'<td class="col-result">(\w+)</td>', plain)
    assert rows.count("blocked") == run.counts["blocked"] > 0
    assert rows.count("failed") == run.counts["failed"] > 0
    assert "blocked by dns-name-not-found" in plain
    assert "A TCP connection opens." in plain


def test_names_and_questions_are_escaped(tmp_path: Path) -> None:
    """pytest-html writes a test's id as it is; an id with markup stays text."""
    page, file = tmp_path / "page.html", tmp_path / "test_enemy.py"
    file.write_text(TEST, encoding="utf-8")
    options = ("-c", str(ROOT / "pyproject.toml"), f"--rootdir={tmp_path}")
    plugin = ("-p", "kalshi_preflight.plugin")
    run = run_suite(
        tmp_path / "diagnosis.json", str(file), *options, *plugin, f"--html={page}"
    )
    assert run.exit_code == 1, run.screen
    text = page.read_text(encoding="utf-8")
    assert "test_of_an_enemy" in text
    assert ENEMY not in text
    # The table's cells lie in JSON in an attribute: escaped as HTML, then once more.
    assert "&amp;lt;script&amp;gt;alert(1)" in text
