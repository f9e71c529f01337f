"""Logs in every encoding that is met, and what is counted in them."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalshi_preflight.engine.log import inspect
from kalshi_preflight.engine.log_classes import CLASSES, ErrorClass, classes_of
from kalshi_preflight.engine.log_lines import (
    SECRETS,
    decoded,
    masked,
    records,
    secrets_in,
)
from kalshi_preflight.engine.stamps import parse
from tests.selftest.engine.workspaces import Workspace

pytestmark = pytest.mark.selftest

LINE = "2026-11-22 02:00:00 ERROR 401 Unauthorized h\u00f6rt nicht\n"


@pytest.mark.parametrize(
    "data",
    [
        LINE.encode(),
        LINE.encode("utf-8-sig"),
        LINE.encode("utf-16"),
        LINE.encode("utf-16-le"),
        LINE.encode("cp1252"),
        LINE.encode() + LINE.encode("utf-16-le"),
        LINE.encode("cp1252") + LINE.encode("utf-16"),
    ],
)
def test_words_are_found_in_every_encoding(data: bytes) -> None:
    """Each line is read in its own encoding, also where the file changes it."""
    lines = [line for line in decoded(data)[0] if line]
    assert len(lines) == data.count(b"401") or b"4\x000\x001" in data
    assert all("401 Unauthorized h\u00f6rt nicht" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("sold 401 contracts at 403", []),
        ("price 0.500 size 429", []),
        ("HTTP 401", ["auth-401"]),
        ("status=503", ["server-5xx"]),
        ("401: API has been moved to x", ["moved-host"]),
        ("[WinError 10061] Connection refused", ["refused"]),
        ("got 410 Gone", ["gone-410"]),
        ("Temporary failure in name resolution", ["dns"]),
    ],
)
def test_numbers_count_only_as_statuses(text: str, classes: list[str]) -> None:
    """A price or a size is no status; a status is one class, the most exact."""
    assert classes_of(text) == classes


@pytest.mark.parametrize("entry", CLASSES, ids=lambda entry: str(entry.name))
@given(data=st.data())
def test_a_hint_stands_in_whatever_a_class_matches(
    entry: ErrorClass, data: st.DataObject
) -> None:
    """Looking for the hints first loses no line that the pattern would find."""
    text = data.draw(st.from_regex(entry.pattern))
    assert any(hint in text.lower() for hint in entry.hints)
    assert all(hint == hint.lower() for hint in entry.hints)


@pytest.mark.parametrize("pattern", SECRETS.values(), ids=SECRETS)
@given(data=st.data())
def test_a_hint_stands_in_whatever_is_secret(
    pattern: re.Pattern[str], data: st.DataObject
) -> None:
    """A log line that shows a secret is never passed over."""
    text = data.draw(st.from_regex(pattern))
    assert list(secrets_in(text))


def test_a_huge_log_is_read_at_its_end(tmp_path: Path) -> None:
    """Of a log of 4 GiB only the tail is read, and the error in it is found."""
    ws = Workspace(tmp_path / "workspace-scalper")
    ws.logs("ERROR HTTP 410 Gone")

    def grow() -> None:
        text = ws.log_file.read_bytes()
        with ws.log_file.open("wb") as file:
            file.seek(4 << 30)
            file.write(b"\n" + text)
        assert ws.log_file.stat().st_size > 4 << 30

    ws.write()
    grow()
    facts = inspect(ws.log_file, ws.profile, now_unix=ws.now, offset_seconds=0)
    assert facts["classes"]["gone-410"]["current"] == 1


def test_quoted_lines_are_masked() -> None:
    """A line that is shown has no key id, no signature, no authorization in it."""
    shown = masked(
        "KALSHI-ACCESS-KEY: 0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9 Authorization: Bearer"
        " abcdefghijkl KALSHI-ACCESS-SIGNATURE: " + "QUJD" * 20
    )
    assert "0f1e2d3c" not in shown
    assert "abcdefghijkl" not in shown
    assert "QUJDQUJD" not in shown


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("2026-02-23 06:21:00", "naive-space"),
        ("2026-02-23T06:21:00", "naive-T"),
        ("2026-02-23T06:21:00.123456789Z", "aware-T"),
        ("2026-02-23 06:21:00,123", "naive-space"),
        ("2026-02-23 07:21:00+0100", "aware-space"),
        ("2026-02-23 06:21:00 UTC", "aware-space"),
        (1771827660, "epoch-10"),
        ("1771827660000", "epoch-13"),
        (1771827660.0, "epoch-10"),
    ],
)
def test_times_are_read_in_every_form(value: object, form: str) -> None:
    """Every accepted form is the same moment, and remembered as what it was."""
    stamp = parse(value)
    assert stamp is not None
    assert stamp.form == form
    assert int(stamp.unix) == 1_771_827_660


@pytest.mark.parametrize("value", ["21/11/2026 22:00", "", None, b"\xff", True, "now"])
def test_other_times_are_refused(value: object) -> None:
    """What fits no form is nothing, and never an exception."""
    assert parse(value) is None


@pytest.mark.parametrize("name", ["scalper_v8.log.1", "scalper_v8.2026-11-22.log"])
@pytest.mark.parametrize("left", [0, 1])
def test_todays_errors_survive_a_rotation(tmp_path: Path, name: str, left: int) -> None:
    """A log that was rotated within the window is read together with what follows."""
    ws = Workspace(tmp_path / "workspace-scalper")
    ws.logs("ERROR HTTP 410 Gone")
    ws.write()
    lines = ws.log_file.read_text(encoding="utf-8").splitlines()
    old = ws.log_file.with_name(name)
    ws.log_file.rename(old)
    ws.log_file.write_text("\n".join(lines[:1] * left), encoding="utf-8")
    for seconds, current in ((600, 1), (7200, 0)):
        os.utime(old, (ws.now - seconds,) * 2)
        facts = inspect(ws.log_file, ws.profile, now_unix=ws.now, offset_seconds=0)
        gone = facts.get("classes", {}).get("gone-410", {"current": 0})
        assert gone["current"] == current
    assert facts["state"] == ("file" if left else "empty")


def test_a_line_nested_without_end_is_a_line() -> None:
    """JSON that no parser can follow is text, and its file can be read."""
    (found,) = records(['{"ts":' * 100_000])
    assert found.stamp is None
