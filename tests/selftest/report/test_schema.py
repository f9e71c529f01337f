"""The shipped schema is sound, and strict enough to catch what is not the contract."""

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from kalshi_preflight.report.schema import schema
from tests.selftest.report.surveys import DNS_FAILURE, broken, degraded, healthy, made

pytestmark = pytest.mark.selftest


def _set(*path: str | int) -> Callable[[Any], None]:
    *way, last, value = path

    def change(document: Any) -> None:
        for part in way:
            document = document[part]
        document[last] = value

    return change


def test_the_schema_is_a_schema() -> None:
    """The shipped file is itself valid JSON Schema 2020-12."""
    jsonschema.Draft202012Validator.check_schema(schema())


#: Each strays from the contract in one place.
CHANGES = [
    _set("schema", 2),
    _set("surprise", 1),
    _set("verdict", "maybe"),
    _set("started", "yesterday"),
    _set("tests", "errors", 1),
    _set("environments", 0, "name", "Not A Name"),
    _set("environments", 0, "root_cause", "id", "Not_Kebab"),
    _set("environments", 0, "root_cause", "blame", "nobody"),
    _set("environments", 0, "root_cause", "surprise", 1),
    _set("environments", 0, "verdict", "reachable-ish"),
    _set("environments", 0, "capabilities", "orders", "yes"),
    _set("environments", 0, "journeys", 0, "steps", 0, "status", "fine"),
    _set("environments", 0, "journeys", 0, "steps", 1, "status", "ok"),
    _set("environments", 0, "journeys", 0, "steps", 0, "layer", "icmp"),
    _set("verdict", "go"),
]


@pytest.mark.parametrize("place", range(len(CHANGES)))
def test_what_is_not_the_contract_is_refused(place: int) -> None:
    """A document that strays from the contract in any one place is invalid."""
    document = made(broken(DNS_FAILURE), degraded())
    jsonschema.validate(document, schema())
    CHANGES[place](document)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema())


def test_an_unreachable_environment_must_name_its_cause() -> None:
    """Unreachable without a root cause is invalid."""
    document = made(healthy())
    document["verdict"] = "no-go"
    document["environments"][0]["verdict"] = "unreachable"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema())
