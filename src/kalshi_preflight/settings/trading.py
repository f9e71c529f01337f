"""Which environment the engine trades on: what ``KALSHI_ENV`` says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kalshi_preflight.model.credentials import Remark, Setting
from kalshi_preflight.settings.addresses import nearest
from kalshi_preflight.settings.dotenv import Dotenv
from kalshi_preflight.settings.lookup import lookup
from kalshi_preflight.settings.masking import shown

#: The environments that need no file; ``sandbox`` is filled in at run time.
BUILT_IN = ("production", "demo", "sandbox")

#: Spellings met in the field beside the names themselves.
_SPELLINGS = {"prod": "production", "live": "production"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trading:
    """The environment that ``KALSHI_ENV`` names, if it is set and known.

    ``remark`` is there if the value is not exactly a known spelling: programs differ
    in what they make of ``Production`` or of a trailing blank, and some take every
    word they do not know for demo.
    """

    name: str | None = None
    setting: Setting | None = None
    remark: Remark | None = None


def trading_environment(
    names: Collection[str], *, variables: Mapping[str, str], dotenv: Dotenv
) -> Trading:
    """What ``KALSHI_ENV`` says, given the ``names`` of all known environments."""
    setting = lookup("KALSHI_ENV", variables, dotenv)
    if setting is None:
        return Trading()
    known = {name: name for name in {*BUILT_IN, *names}} | _SPELLINGS
    value = setting.value.reveal()
    exact = known.get(value)
    if exact is not None:
        return Trading(name=exact, setting=setting)
    meant = known.get(value.strip().lower())
    particulars: dict[str, object] = {
        "reason": "spelling" if meant else "unknown",
        "setting": setting.name,
        "source": setting.source,
        "value": shown(value, quote=False),
        "meant": meant,
        "suggestion": nearest(value, known).strip(),
        "known": sorted(known),
    }
    remark = Remark(cause="config-environment-mismatch", particulars=particulars)
    return Trading(name=meant, setting=setting, remark=remark)
