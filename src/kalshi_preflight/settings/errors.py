"""What a user did wrong with a setting, in one exact sentence."""

from dataclasses import dataclass
from pathlib import Path

from kalshi_preflight.settings.masking import shown


class SettingsError(Exception):
    """A usage error: one sentence that names file, key and value; no secret in it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the file, and the keys that lead to it."""

    file: Path
    keys: tuple[str, ...] = ()

    def at(self, key: str) -> "Place":
        """The place one key further in."""
        return Place(self.file, (*self.keys, key))

    @property
    def dotted(self) -> str:
        """The keys as TOML writes them, masked where a secret was used as a key."""
        return ".".join(shown(key, quote=False) for key in self.keys)

    def error(self, sentence: str) -> SettingsError:
        """The error to raise for what stands here; ``sentence`` shows no raw value."""
        where = f"{self.file}: {self.dotted}" if self.keys else f"{self.file}"
        return SettingsError(f"{where}: {sentence}")
