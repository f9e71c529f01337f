"""The order of questions: by environment, endpoint and layer, lowest first."""

from collections.abc import Mapping

import pytest

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.plugin.selection import (
    asks_capabilities,
    asks_engine,
    endpoint_of,
    environment_of,
    layer_of,
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by environment and layer; pytest groups by parameter, ``--ff`` by luck.

    Measurements come after an environment's other questions, and the engine last of
    all: what the layers have seen decides some of its questions.
    """
    places: dict[str, int] = {}
    for item in items:
        places.setdefault(environment_of(item) or "", len(places))
    items.sort(key=lambda item: _place(item, places))


def _place(
    item: pytest.Item, places: Mapping[str, int]
) -> tuple[bool, int, bool, int, int]:
    environment = environment_of(item) or ""
    layer = layer_of(item)
    endpoint = endpoint_of(item)
    order = list(EndpointKind)
    return (
        asks_engine(item),
        places[environment],
        asks_capabilities(item),
        order.index(endpoint) if endpoint else -1,
        layer.rank if layer else -1,
    )
