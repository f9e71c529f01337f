"""An embedded exchange, surveyed and then measured."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.measurement.extent import Extent
from kalshi_preflight.model.journey import Diagnosis
from kalshi_preflight.model.measurement import Measurement
from kalshi_preflight.plugin.sandbox import sandbox_environment
from tests.selftest.surveys import survey_environment, with_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured of a running exchange; ``diagnosis`` holds the warnings too."""

    exchange: Exchange
    diagnosis: Diagnosis
    measurement: Measurement

    @property
    def warnings(self) -> set[str]:
        """The ids of what measuring found."""
        return {cause.id for cause in self.measurement.causes}


@contextmanager
def measured(
    directory: Path,
    misbehave: Callable[[Hooks], None] = lambda hooks: None,
    *,
    faults: Sequence[str] = (),
    extent: Extent | None = None,
    **settings: Any,
) -> Iterator[Measured]:
    """Survey and measure an exchange whose hooks were filled in by ``misbehave``."""
    exchange = Exchange(directory, faults=faults, **settings)
    misbehave(exchange.hooks)
    with exchange:
        environment = sandbox_environment(exchange.state)
        diagnosis = survey_environment(environment)
        diagnosis = with_numbers(environment, diagnosis, extent)
        assert diagnosis.measurement is not None
        yield Measured(
            exchange=exchange, diagnosis=diagnosis, measurement=diagnosis.measurement
        )
