"""What the operator expects of the trading engine."""

from enum import StrEnum


class Expectation(StrEnum):
    """What the operator expects of the engine just now."""

    RUNNING = "running"
    STOPPED = "stopped"
