"""For how long to measure, and what that costs: known before anything is imported."""

from dataclasses import dataclass

from kalshi_preflight.measurement.purse import CALL_TOKENS, allowance

#: What every run measures without being asked for more.
SHORT_SECONDS = 1.5
SHORT_INTERVAL_SECONDS = 0.5
#: What programs do that poll "every second"; for longer measurements.
LONG_INTERVAL_SECONDS = 1.0
#: Calls beside the rounds: the four of the inquiry, and two to choose the markets.
_OTHER_CALLS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """For how long to measure, and how often to poll."""

    seconds: float = SHORT_SECONDS
    interval_seconds: float = SHORT_INTERVAL_SECONDS

    @classmethod
    def of(cls, seconds: float | None) -> "Extent":
        """The short form, or as long as was asked for."""
        if seconds is None:
            return cls()
        return cls(seconds=seconds, interval_seconds=LONG_INTERVAL_SECONDS)

    @property
    def is_long(self) -> bool:
        """Whether it is worth telling how far it has come."""
        return self.interval_seconds == LONG_INTERVAL_SECONDS

    @property
    def calls(self) -> int:
        """How many calls it takes at the most."""
        return _OTHER_CALLS + 2 * (int(self.seconds / self.interval_seconds) + 1)

    def announcement(self) -> str:
        """What will be used, in one line."""
        tokens = self.calls * CALL_TOKENS
        share = 100 * tokens / allowance(self.seconds)
        return (
            f"measuring for {self.seconds:g} s: up to {self.calls} GET requests"
            f" ({tokens:.0f} tokens, {share:.0f} % of what the Basic tier allows in"
            " that time) and 2 WebSocket connections for each environment"
        )
