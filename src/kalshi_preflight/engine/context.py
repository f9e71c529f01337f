"""What the rules may know beside the facts of their own subject."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kalshi_preflight.engine.profile import SCALPER_V8, Profile
from kalshi_preflight.model.account import Account
from kalshi_preflight.model.expectation import Expectation
from kalshi_preflight.model.layer import Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What the live layers just saw of the environment that the engine trades on.

    ``layers`` maps a layer to the id of the cause that breaks or blocks it, or to
    ``None`` where it is well; a layer that was not asked is not in it.
    """

    environment: str | None = None
    layers: Mapping[Layer, str | None] = field(default_factory=dict)
    origin_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The circumstances of one inspection.

    ``now_unix`` is the time of the inspection, ``offset_seconds`` the machine's UTC
    offset (east is positive), ``variables`` the process environment, ``known`` the
    names of all environments. Without an ``account``, ``no_account`` says why not, and
    ``account_blocked_by`` which cause stands before it.
    """

    home: Path
    now_unix: float
    offset_seconds: float = 0.0
    profile: Profile = SCALPER_V8
    expect: Expectation = Expectation.RUNNING
    dashboard: Path | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    known: Collection[str] = ("production", "demo", "sandbox")
    live: Live = field(default_factory=Live)
    account: Account | None = None
    no_account: str = "no environment was selected"
    account_blocked_by: str | None = None

    @property
    def database(self) -> Path:
        """The engine's database."""
        return self.home / self.profile.database

    @property
    def log(self) -> Path:
        """The engine's main log."""
        return self.home / self.profile.log

    @property
    def dotenv(self) -> Path:
        """The engine's settings."""
        return self.home / self.profile.dotenv
