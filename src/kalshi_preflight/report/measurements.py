"""Measurements in the document: every figure with its unit in its name."""

from dataclasses import fields
from typing import Any

from kalshi_preflight.model.measurement import (
    Budget,
    Measurement,
    Polling,
    Readiness,
    Streaming,
)
from kalshi_preflight.report.plain import plain_value

_PARTS = ("polling", "budget", "streaming", "readiness")
#: Evidence, which the causes have told already.
_LEFT_OUT = {"troubles"}


def measurements_record(measurement: Measurement) -> dict[str, Any]:
    """The environment's optional key; a part that was not measured says why."""
    record = {
        "seconds": measurement.seconds,
        "tokens": measurement.tokens,
        **{name: _part(measurement.part(name)) for name in _PARTS},
        "not_measured": dict(measurement.closed),
    }
    return {"measurements": plain_value(record)}


def _part(part: Polling | Budget | Streaming | Readiness | None) -> Any:
    if part is None:
        return None
    record = {
        field.name: getattr(part, field.name)
        for field in fields(part)
        if field.name not in _LEFT_OUT
    }
    if isinstance(part, Polling):
        record["calls_each_second"] = round(part.calls_each_second, 2)
    if isinstance(part, Budget):
        record["calls_each_second"] = round(part.calls_each_second, 2)
    if isinstance(part, Streaming):
        record["frames_each_second"] = round(part.frames_each_second, 2)
    if isinstance(part, Readiness):
        record["may_order"] = part.may_order
    return record
