"""Recorded answers and specifications, where a checkout of them is at hand."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from jsonschema.protocols import Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

VARIABLE = "PREFLIGHT_REFERENCE"
BESIDE = Path(__file__).parents[4] / "shared" / "reference" / "data"


def file(name: str) -> Path:
    """Find a file of the reference data, or skip."""
    folder = Path(os.environ.get(VARIABLE) or BESIDE)
    if not (folder / name).exists():
        pytest.skip(f"no {name}: set {VARIABLE} to the folder of the reference data")
    return folder / name


@cache
def specification(path: Path) -> Any:
    """Load a specification, rewritten to JSON Schema."""
    yaml = pytest.importorskip("yaml", reason="PyYAML reads the specifications")
    return _strict(yaml.safe_load(path.read_text(encoding="utf-8")))


def document(name: str) -> Any:
    """Load a JSON file."""
    return json.loads(file(name).read_text(encoding="utf-8"))


def validator(name: str, pointer: str) -> Validator:
    """Build a validator for the schema at a pointer of a specification."""
    contents = specification(file(name))
    resource: Resource[Any] = DRAFT4.create_resource(contents)
    registry: Registry[Any] = Registry().with_resource("spec:", resource)
    return Draft4Validator({"$ref": f"spec:#{pointer}"}, registry=registry)


def _strict(value: Any) -> Any:
    # OpenAPI 3.0 says ``nullable`` where JSON Schema says ``null``.
    if isinstance(value, list):
        return [_strict(one) for one in value]
    if not isinstance(value, dict):
        return value
    schema = {name: _strict(one) for name, one in value.items()}
    if schema.pop("nullable", False) is True:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema
