"""One variable, from wherever it is set."""

from collections.abc import Iterable, Mapping

from kalshi_preflight.model.credentials import Setting
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.settings.dotenv import Dotenv

PROCESS = "process environment"


def lookup(name: str, variables: Mapping[str, str], dotenv: Dotenv) -> Setting | None:
    """The setting ``name``; the process environment wins over the file.

    An empty value is no setting, but an empty variable of the process still hides the
    file's, as it does for python-dotenv.
    """
    if name in variables:
        value = variables[name]
        found = Setting(name=name, source=PROCESS, value=Secret(value))
    elif name in dotenv.values:
        found = dotenv.values[name]
    else:
        return None
    return found if found.value.reveal().strip() else None


def lookup_all(
    names: Iterable[str], variables: Mapping[str, str], dotenv: Dotenv
) -> list[Setting]:
    """Those of ``names`` that are set, in the order given."""
    found = (lookup(name, variables, dotenv) for name in names)
    return [setting for setting in found if setting is not None]
