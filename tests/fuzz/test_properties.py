"""Hypothesis finds words where seeds only find bytes: texts that are nearly right."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalshi_preflight.probes.documents import NotADocument, parsed
from kalshi_preflight.probes.exchange_client import moment_in
from tests.fuzz.campaign import Target, strike
from tests.fuzz.targets import TARGETS
from tests.selftest.long import rounds

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(0)]

HARD = settings(
    max_examples=rounds(150, 3000),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
_WORDS = st.text(st.characters(codec="utf-8"), max_size=40)
_NAMES = st.sampled_from(
    ["KALSHI_ENV", "KALSHI_API_KEY_ID", "KALSHI_PRIVATE_KEY", "KALSHI_BASE_URL"]
)
_QUOTES = st.sampled_from(["", "'", '"', "export ", " ", "#", "${", "\\"])
_LABELS = st.sampled_from(["RSA PRIVATE KEY", "PRIVATE KEY", "PUBLIC KEY", "\xe4", ""])
_LINES = st.lists(
    st.tuples(_QUOTES, _NAMES, st.sampled_from(["=", ":", " = "]), _QUOTES, _WORDS).map(
        "".join
    )
).map("\n".join)
_LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _WORDS)
_KEYS = st.sampled_from(["rest", "fix", "resolver", "controls", "hosts", "port", "x"])
_TOML = st.dictionaries(_KEYS, _LEAVES.map(repr), max_size=5).map(
    lambda row: "[environments.lab]\n" + "\n".join(f"{k} = {v}" for k, v in row.items())
)
_LOG = st.lists(
    st.tuples(st.datetimes().map(str), st.sampled_from([" ", ",1 ERROR "]), _WORDS).map(
        "".join
    )
).map("\n".join)
_HEAD = st.lists(
    st.tuples(
        st.sampled_from(["Date", "Retry-After", "Age", "Location", "Content-Length"]),
        st.just(": "),
        st.one_of(_WORDS, st.integers().map(str), st.datetimes().map(str)),
    ).map("".join)
).map(lambda lines: "HTTP/1.1 200 OK\r\n" + "\r\n".join(lines) + "\r\n\r\n{}")

#: What is nearly right for a target, by the target's name.
NEARLY: dict[str, st.SearchStrategy[str]] = {
    "dotenv": _LINES,
    "environments": _TOML,
    "engine log": _LOG,
    "http": _HEAD,
    "keys": st.tuples(_LABELS, _WORDS, _LABELS).map(
        lambda t: f"-----BEGIN {t[0]}-----\n{t[1]}\n-----END {t[2]}-----"
    ),
}


@pytest.mark.parametrize("name", NEARLY)
def test_nearly_right(name: str) -> None:
    """A text that looks as it should has an outcome with a name as well."""
    target: Target = next(each for each in TARGETS if each.name == name)
    tried: list[str] = []

    @HARD
    @given(NEARLY[name])
    def holds(text: str) -> None:
        tried.append(text)
        strike(f"{name}, texts", target.attempt, [text.encode("utf-8", "replace")])

    run: Callable[[], None] = holds
    run()
    assert len(tried) > 10


@HARD
@given(st.one_of(_WORDS, st.datetimes().map("{:%a, %d %b %Y %H:%M:%S GMT}".format)))
def test_a_date_is_one_or_none(date: str) -> None:
    """A ``Date`` is a time in UTC, or it is nothing."""

    def read(value: str) -> str:
        moment = moment_in(value)
        assert moment is None or moment.utcoffset() is not None
        return "none" if moment is None else "a time"

    strike("dates", read, [date])


_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner) | st.dictionaries(_WORDS, inner)
)


@HARD
@given(_JSON.map(repr) | _WORDS)
def test_a_document_is_one_or_says_why_not(text: str) -> None:
    """What is no JSON is refused with a reason."""

    def read(value: str) -> str:
        try:
            parsed(value.encode("utf-8", "replace"))
        except NotADocument as error:
            return "none, and why" if str(error) else "unclassified"
        return "a document"

    assert strike("documents", read, [text]).inputs
