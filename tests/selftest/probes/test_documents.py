"""JSON documents: strictly, within bounds, and never with an exception of its own."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalshi_preflight.probes.documents import NotADocument, parsed

pytestmark = pytest.mark.selftest

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(_JSON, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_any_document_is_read(document: object, encoding: str) -> None:
    """In any of JSON's encodings, with a mark or without, it is the same document."""
    text = json.dumps(document)
    assert parsed(text.encode(encoding)) == document


@given(st.binary(max_size=300))
def test_any_bytes_are_a_document_or_are_refused(data: bytes) -> None:
    """Whatever comes, there is a document or one exception."""
    with contextlib.suppress(NotADocument):
        parsed(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}{}",
        b"{} \0",
        b'{"a":1,}',
        b'{"a":1,"a":2}',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 60 + b"1" + b"}" * 60,
        b'{"a":"\xe3"}',
        b"1" * 5000,
    ],
)
def test_what_is_refused(data: bytes) -> None:
    """Nothing, two documents, ambiguity, depth, foreign text and huge numbers."""
    with pytest.raises(NotADocument):
        parsed(data)


def test_no_number_is_a_word() -> None:
    """NaN and infinities are no JSON, and must not get into ours."""
    document = parsed(b'{"a":NaN,"b":-Infinity}')
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_the_same_twice_is_no_contradiction() -> None:
    """A name given twice with one value is unambiguous."""
    assert parsed(b'{"a":1,"a":1}') == {"a": 1}
