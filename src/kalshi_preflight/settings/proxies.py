"""The proxies that this machine is set to use: variables first, then the system's."""

import urllib.request
from collections.abc import Mapping

from kalshi_preflight.model.proxy import ProxySetting, ProxySettings
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.settings.dotenv import Dotenv
from kalshi_preflight.settings.lookup import PROCESS

_SCHEMES = ("https", "all")
_SYSTEM = "the system's settings"


def proxy_settings(
    variables: Mapping[str, str], dotenv: Dotenv, system: Mapping[str, str]
) -> ProxySettings:
    """What urllib's ``getproxies`` would give, which httpx and others go by.

    A lower-case variable wins over an upper-case one, and an empty one unsets it. The
    dotenv file counts as well: a bot that loads it has these variables. ``system`` is
    what :func:`system_proxies` gives; it counts only where no variable is set at all.
    """
    sources = dict.fromkeys(variables, PROCESS)
    sources |= {n: s.source for n, s in dotenv.values.items() if n not in sources}
    values = {name: setting.value.reveal() for name, setting in dotenv.values.items()}
    values |= variables
    found = {
        kind: name
        for kind in (*_SCHEMES, "no")
        if (name := _variable(f"{kind}_proxy", values)) is not None
    }
    proxies = {
        scheme: ProxySetting(
            source=_source(name, sources[name]), url=Secret(values[name])
        )
        for scheme in _SCHEMES
        if (name := found.get(scheme))
    }
    if not proxies and not any(_is_proxy(name) for name in values):
        proxies = {
            scheme: ProxySetting(source=_SYSTEM, url=Secret(url), from_system=True)
            for scheme in _SCHEMES
            if (url := system.get(scheme))
        }
    exempt = values[found["no"]] if "no" in found else system.get("no", "")
    entries = tuple(entry.strip() for entry in exempt.split(",") if entry.strip())
    return ProxySettings(by_scheme=proxies, exempt=entries)


def _variable(wanted: str, values: Mapping[str, str]) -> str | None:
    """The name of the variable that sets ``wanted`` (``https_proxy``), if one does."""
    if wanted in values:
        return wanted if values[wanted] else None
    spellings = [name for name, value in values.items() if name.lower() == wanted]
    return next((name for name in reversed(spellings) if values[name]), None)


def _is_proxy(name: str) -> bool:
    return name.lower().endswith("_proxy")


def _source(name: str, place: str) -> str:
    return name if place == PROCESS else f"{name} ({place})"


def system_proxies() -> Mapping[str, str]:
    """The registry's (Windows) or the network settings' (macOS), by scheme."""
    for reader in ("getproxies_registry", "getproxies_macosx_sysconf"):
        if hasattr(urllib.request, reader):
            found: Mapping[str, str] = getattr(urllib.request, reader)()
            return found
    return {}
