"""From the selected tests to the plans of a survey."""

from collections.abc import Iterable, Mapping
from operator import attrgetter

import pytest

from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.journey import Survey
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.plugin.selection import (
    asks_capabilities,
    endpoint_of,
    environment_of,
    layer_of,
)
from kalshi_preflight.survey.plan import JOURNEYS, Plan, plan

#: The survey of this run, once it has been made.
SURVEY = pytest.StashKey[Survey]()
#: The environments that it surveyed, the sandbox included.
ENVIRONMENTS = pytest.StashKey[Mapping[str, Environment]]()


def plans(
    items: Iterable[pytest.Item],
    selected: Mapping[str, Environment],
    known: Mapping[str, Environment],
) -> list[Plan]:
    """Plan each selected environment as far up as its tests ask, and no further."""
    wanted: dict[str, dict[EndpointKind, Layer]] = {name: {} for name in selected}
    for item in items:
        name, kind, layer = environment_of(item), endpoint_of(item), layer_of(item)
        if name is not None and asks_capabilities(item):
            # Every way has to be surveyed whole before it is measured.
            tops = {each: JOURNEYS[each][-1] for each in selected[name].endpoints}
            wanted[name] |= {each: tops[each] for each in JOURNEYS if each in tops}
        if name is not None and kind is not None and layer is not None:
            heights = wanted[name]
            heights[kind] = max(heights.get(kind, layer), layer, key=attrgetter("rank"))
    return [
        plan(environment, wanted[name], known.get(environment.sibling or ""))
        for name, environment in selected.items()
    ]
