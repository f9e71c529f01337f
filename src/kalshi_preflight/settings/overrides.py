"""``KALSHI_BASE_URL`` and ``KALSHI_WS_URL``: other hosts for the engine's environment.

A value that is no URL is a remark and no usage error: the variable belongs to the
program that is diagnosed, whose configuration is what is being asked about, and a run
that ends with exit code 4 would say nothing of all the rest.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from kalshi_preflight.model.credentials import Remark, Setting
from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    HostPort,
)
from kalshi_preflight.model.retired_hosts import RETIRED_HOSTS
from kalshi_preflight.settings.addresses import AddressError, parse_url
from kalshi_preflight.settings.dotenv import Dotenv
from kalshi_preflight.settings.lookup import lookup_all
from kalshi_preflight.settings.masking import shown
from kalshi_preflight.settings.rows import SCHEMES
from kalshi_preflight.settings.trading import Trading

#: In the order of winning; the first is the engine's own, the others met in the field.
OVERRIDES = {
    EndpointKind.REST: ("KALSHI_BASE_URL", "KALSHI_API_BASE_URL", "KALSHI_API_URL"),
    EndpointKind.WEBSOCKET: ("KALSHI_WS_URL",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Override:
    """One override that is set, or what is wrong with it."""

    setting: Setting
    kind: EndpointKind
    endpoint: Endpoint | None = None
    problem: str = ""

    def remark(self, reason: str, **particulars: object) -> Remark:
        return Remark(
            cause="config-environment-mismatch",
            particulars={
                "reason": reason,
                "setting": self.setting.name,
                "source": self.setting.source,
                "value": shown(self.setting.value.reveal().strip(), quote=False),
                **particulars,
            },
        )


def apply_overrides(
    environments: Mapping[str, Environment],
    trading: Trading,
    *,
    variables: Mapping[str, str],
    dotenv: Dotenv,
    exempt: Collection[str] = (),
) -> tuple[dict[str, Environment], dict[str, tuple[Remark, ...]]]:
    """The environments with the overrides applied, and remarks by environment.

    With ``KALSHI_ENV`` unset an override belongs to the environment whose host it
    names; where that cannot be told it is applied to none, and all are remarked but
    those in ``exempt``, which do not depend on the variables.
    """
    result = dict(environments)
    remarks: dict[str, tuple[Remark, ...]] = {}
    for override in _read(variables, dotenv):
        name = trading.name or _owner(override, environments)
        if name is None:
            remark = _homeless(override, trading)
            for each in environments.keys() - set(exempt):
                remarks[each] = (*remarks.get(each, ()), *remark)
        elif name in environments:  # the sandbox is not: its hosts are its own
            environment = environments[name]
            found = _judge(override, environment, environments)
            remarks[name] = (*remarks.get(name, ()), *found)
            result[name] = _applied(override, result[name])
    return result, remarks


def _read(variables: Mapping[str, str], dotenv: Dotenv) -> Iterable[_Override]:
    """The winning override of each kind."""
    for kind, names in OVERRIDES.items():
        for setting in lookup_all(names, variables, dotenv)[:1]:
            url = setting.value.reveal().strip()
            try:
                target = parse_url(url, scheme=SCHEMES[kind])
            except AddressError as problem:
                yield _Override(setting=setting, kind=kind, problem=str(problem))
                continue
            endpoint = Endpoint(kind=kind, target=target, url=url)
            yield _Override(setting=setting, kind=kind, endpoint=endpoint)


def _targets(environment: Environment) -> set[HostPort]:
    """Every address by which an environment is known."""
    alternates = (e for many in environment.alternates.values() for e in many)
    return {e.target for e in (*environment.endpoints.values(), *alternates)}


def _owner(override: _Override, environments: Mapping[str, Environment]) -> str | None:
    """The environment whose host an override names, if it is exactly one's."""
    if override.endpoint is None:
        return None
    target = override.endpoint.target
    owners = [n for n, e in environments.items() if target in _targets(e)]
    if not owners and (retired := RETIRED_HOSTS.get(target.host)) is not None:
        owners = [n for n in environments if n == retired.environment]
    return owners[0] if len(owners) == 1 else None


def _homeless(override: _Override, trading: Trading) -> list[Remark]:
    """What to remark on an override of no known environment."""
    if trading.remark is not None:
        return []  # KALSHI_ENV names nothing known; that is remarked already
    if override.endpoint is None:
        return [override.remark("bad-url", problem=override.problem)]
    return [override.remark("no-environment-named")]


def _judge(
    override: _Override,
    environment: Environment,
    environments: Mapping[str, Environment],
) -> list[Remark]:
    """What is odd about an override of ``environment``."""
    if override.endpoint is None:
        problem = override.problem
        return [override.remark("bad-url", problem=problem, named=environment.name)]
    target = override.endpoint.target
    if target in _targets(environment):
        return []
    owners = [n for n, e in environments.items() if target in _targets(e)]
    if not owners:
        return []
    host = str(target)
    return [
        override.remark(
            "host-of-another-environment",
            named=environment.name,
            other_host=host,
            belongs_to=owners,
        )
    ]


def _applied(override: _Override, environment: Environment) -> Environment:
    if override.endpoint is None:
        return environment
    endpoints = {**environment.endpoints, override.kind: override.endpoint}
    return replace(environment, endpoints=endpoints)
