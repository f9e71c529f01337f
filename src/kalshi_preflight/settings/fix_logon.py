"""The key for a FIX logon: its own variables, and every id that it must not be."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from kalshi_preflight.model.credentials import Credentials, KeyForm, Setting
from kalshi_preflight.model.environment import EndpointKind, Environment, FixLogon
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.settings.dotenv import Dotenv
from kalshi_preflight.settings.key_setting import located
from kalshi_preflight.settings.lookup import PROCESS, lookup_all
from kalshi_preflight.settings.trading import trading_environment

FIX_ID_NAME = "KALSHI_FIX_API_KEY_ID"
FIX_KEY_NAME = "KALSHI_FIX_PRIVATE_KEY_PATH"
_OWN_PREFIX = "KALSHI_FIX_"
#: A longer value is a key, a list or a program, and no key id.
_LONGEST_ID = 100


def with_fix_logon(
    environments: Mapping[str, Environment],
    *,
    variables: Mapping[str, str],
    dotenv: Dotenv,
    others: Iterable[Dotenv] = (),
    cwd: Path,
) -> dict[str, Environment]:
    """The environments, those with a FIX endpoint told to log on there.

    The variables take an environment's suffix, and plain names count only if
    ``KALSHI_ENV`` names this environment, nothing, or nothing known: as with the
    programs' own key. ``others`` are dotenv files that are searched for key ids in use
    beside the one that is read for settings.
    """
    taken = _taken(environments.values(), variables, (dotenv, *others))
    trading = trading_environment(environments, variables=variables, dotenv=dotenv)
    result = dict(environments)
    for name, environment in environments.items():
        if EndpointKind.FIX not in environment.endpoints:
            continue
        plain = trading.name in {None, name}
        suffixes = (f"_{name.upper()}", *([""] if plain else []))
        credentials = _credentials(suffixes, variables, dotenv, cwd)
        wished = FixLogon(credentials=credentials, taken=taken)
        result[name] = replace(environment, fix_logon=wished)
    return result


def _credentials(
    suffixes: Iterable[str], variables: Mapping[str, str], dotenv: Dotenv, cwd: Path
) -> Credentials:
    id_names = [f"{FIX_ID_NAME}{suffix}" for suffix in suffixes]
    key_names = [f"{FIX_KEY_NAME}{suffix}" for suffix in suffixes]
    key_id = next(iter(lookup_all(id_names, variables, dotenv)), None)
    key = next(iter(lookup_all(key_names, variables, dotenv)), None)
    return Credentials(
        key_id=key_id,
        private_key=None if key is None else located(key, cwd, dotenv),
        key_form=None if key is None else KeyForm.FILE,
        # What is looked for next: with an id at hand, only its key is missing.
        names_tried=tuple(id_names if key_id is None else key_names),
        files_read=(str(dotenv.path),) if dotenv.path else (),
    )


def _taken(
    environments: Iterable[Environment],
    variables: Mapping[str, str],
    dotenvs: Iterable[Dotenv],
) -> tuple[Setting, ...]:
    """Every setting that could hold the key id of a program.

    All names count: programs have names of their own for it, and the only harm in
    taking too many is that a key which stands elsewhere too is refused.
    """
    found = [
        Setting(name=name, source=PROCESS, value=Secret(value))
        for name, value in variables.items()
        if not name.startswith(_OWN_PREFIX)
    ]
    for dotenv in dotenvs:
        found += [
            setting
            for name, setting in dotenv.values.items()
            if not name.startswith(_OWN_PREFIX)
        ]
    found += [
        environment.credentials.key_id
        for environment in environments
        if environment.credentials.key_id is not None
    ]
    return tuple(s for s in found if len(s.value.reveal()) <= _LONGEST_ID)
