"""Proxies as the user's machine is set to use them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kalshi_preflight.model.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxySetting:
    """One proxy that is set: its URL (which may hold a password) and by what.

    ``source`` is the variable (``HTTPS_PROXY``) or ``the system's settings``.
    """

    source: str
    url: Secret
    from_system: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxySettings:
    """Every proxy of this machine by scheme (``https``, ``all``), and its exemptions.

    ``exempt`` are the entries of ``NO_PROXY``, as written.
    """

    by_scheme: Mapping[str, ProxySetting] = field(default_factory=dict)
    exempt: tuple[str, ...] = ()
