"""The JSON Schema of the diagnosis document, as it ships with the package."""

import json
from importlib import resources
from typing import Any


def schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) that every document of this version obeys."""
    shipped = resources.files(__package__).joinpath("diagnosis.schema.json")
    return dict(json.loads(shipped.read_text(encoding="utf-8")))
