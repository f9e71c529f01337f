"""JSON as the exchange sends it: parsed strictly, within bounds."""

import json
from typing import Any

#: The exchange's answers are at most a handful of levels deep.
DEEPEST_LEVELS = 50


class NotADocument(ValueError):
    """No JSON document; the text says why."""


def parsed(data: bytes) -> Any:
    """The document in ``data``: UTF-8, UTF-16 or UTF-32, with or without a mark.

    Names given twice with different values (RFC 8259 §4: unpredictable), nesting
    without end and trailing bytes are refused; ``NaN`` and infinities, which are no
    JSON, become words. Raises :class:`NotADocument`.
    """
    try:
        document = json.loads(data, parse_constant=str, object_pairs_hook=_unambiguous)
    except json.JSONDecodeError as error:
        raise NotADocument(f"{error.msg} at character {error.pos}") from None
    except UnicodeDecodeError as error:
        raise NotADocument(f"no text at byte {error.start}") from None
    except RecursionError:
        raise NotADocument("nested without end") from None
    except ValueError as error:
        raise NotADocument(str(error)) from None
    if _is_deep(document):
        raise NotADocument(f"nested more than {DEEPEST_LEVELS} levels deep")
    return document


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for name, value in pairs:
        if name in document and document[name] != value:
            raise NotADocument(f"{name!r} stands there twice with different values")
        document[name] = value
    return document


def _is_deep(document: Any) -> bool:
    """Whether the nesting is over the limit; walked level by level, not recursively."""
    level = [document]
    for _ in range(DEEPEST_LEVELS):
        level = [inner for value in level for inner in _members(value)]
        if not level:
            return False
    return True


def _members(value: Any) -> list[Any]:
    members: list[Any] = []
    if isinstance(value, dict):
        members = list(value.values())
    elif isinstance(value, list):
        members = value
    return [member for member in members if isinstance(member, dict | list)]
