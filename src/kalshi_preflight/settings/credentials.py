"""Which credentials an environment gets, and what is odd about how they are given."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from kalshi_preflight.model.credentials import Credentials, KeyForm, Remark, Setting
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.settings.dotenv import Dotenv
from kalshi_preflight.settings.key_setting import key_form, located, same_key
from kalshi_preflight.settings.lookup import lookup_all
from kalshi_preflight.settings.trading import BUILT_IN, trading_environment
from kalshi_preflight.settings.verification import verification_remarks

#: In the order of winning.
ID_NAMES = ("KALSHI_API_KEY_ID", "KALSHI_KEY_ID")
KEY_NAMES = (
    "KALSHI_PRIVATE_KEY",
    "KALSHI_PRIVATE_KEY_PATH",
    "KALSHI_PRIVATE_KEY_BASE64",
)
#: Names of the schemes before key pairs; nothing signs with what they hold.
BEARER_NAMES = (
    "KALSHI_API_KEY",
    "KALSHI_API_SECRET",
    "KALSHI_EMAIL",
    "KALSHI_PASSWORD",
    "KALSHI_TOKEN",
    "KALSHI_ACCESS_TOKEN",
    "KALSHI_BEARER",
    "KALSHI_BEARER_TOKEN",
)


def credentials_for(
    environment_name: str,
    *,
    variables: Mapping[str, str],
    dotenv: Dotenv,
    own: Mapping[str, object] | None = None,
    own_source: str = "",
    known: Collection[str] = BUILT_IN,
    cwd: Path | None = None,
) -> Credentials:
    """The credentials of one environment, unparsed.

    ``own`` is the environment's own row (``key_id``, ``private_key_file``; the path
    resolved by the caller), which wins over all variables; ``own_source`` is its file.
    Else names with the environment's suffix come before plain ones, and plain ones
    count only if ``KALSHI_ENV`` names this environment, nothing, or nothing known.
    ``known`` are the names of all environments; ``cwd`` is what relative paths in
    process variables are relative to (default: the working directory).
    """
    trading = trading_environment(
        {*known, environment_name}, variables=variables, dotenv=dotenv
    )
    general = verification_remarks(variables, dotenv)
    if trading.remark is not None:
        general = (trading.remark, *general)
    if own is not None:
        return _own(own, own_source, f"environments.{environment_name}", general)
    suffix = f"_{environment_name.upper()}"
    plain = trading.name in {None, environment_name}
    tiers = (suffix, "") if plain else (suffix,)
    finder = _Finder(variables, dotenv, tiers, Path.cwd() if cwd is None else cwd)
    key_id, private_key = finder.first(ID_NAMES), finder.first(KEY_NAMES)
    passed_over = not plain and lookup_all((*ID_NAMES, *KEY_NAMES), variables, dotenv)
    remarks = general + dotenv.remarks + finder.remarks
    if not (key_id or private_key):
        remarks += finder.bearer()
    return Credentials(
        key_id=key_id,
        private_key=located(private_key, finder.cwd, dotenv) if private_key else None,
        key_form=key_form(private_key) if private_key else None,
        names_tried=finder.names_tried,
        files_read=(str(dotenv.path),) if dotenv.path else (),
        remarks=remarks,
        plain_names_belong_to=trading.name if passed_over else None,
    )


def _own(
    own: Mapping[str, object], source: str, prefix: str, remarks: tuple[Remark, ...]
) -> Credentials:
    def setting(key: str) -> Setting | None:
        value = own.get(key)
        if not isinstance(value, str | os.PathLike) or not str(value):
            return None
        name = f"{prefix}.credentials.{key}"
        return Setting(name=name, source=source, value=Secret(str(value)))

    private_key = setting("private_key_file")
    return Credentials(
        key_id=setting("key_id"),
        private_key=private_key,
        key_form=KeyForm.FILE if private_key else None,
        names_tried=tuple(
            f"{prefix}.credentials.{key}" for key in ("key_id", "private_key_file")
        ),
        files_read=(source,) if source else (),
        remarks=remarks,
    )


class _Finder:
    """Looks names up, tier by tier, and keeps what is odd about what it finds."""

    def __init__(
        self,
        variables: Mapping[str, str],
        dotenv: Dotenv,
        tiers: tuple[str, ...],
        cwd: Path,
    ) -> None:
        self.variables = variables
        self.dotenv = dotenv
        self.tiers = tiers
        self.cwd = cwd
        self.names_tried: tuple[str, ...] = ()
        self.remarks: tuple[Remark, ...] = ()

    def first(self, names: tuple[str, ...]) -> Setting | None:
        """The winner of ``names``; twins of its own tier that differ are remarked."""
        for suffix in self.tiers:
            tried = tuple(f"{name}{suffix}" for name in names)
            self.names_tried += tried
            found = lookup_all(tried, self.variables, self.dotenv)
            if found:
                self._compare(found, ids=names is ID_NAMES)
                return found[0]
        return None

    def _compare(self, found: list[Setting], *, ids: bool) -> None:
        winner, *others = found
        for other in others:
            if ids and _bare_id(winner) != _bare_id(other):
                self.remarks += (_conflict(winner, other, "key id", show=True),)
            if not ids and same_key(winner, other, self.cwd, self.dotenv) is False:
                self.remarks += (_conflict(winner, other, "private key", show=False),)

    def bearer(self) -> tuple[Remark, ...]:
        """The remark on names of the retired schemes, if any of them is set."""
        names = [f"{name}{suffix}" for suffix in self.tiers for name in BEARER_NAMES]
        found = lookup_all(names, self.variables, self.dotenv)
        if not found:
            return ()
        particulars: dict[str, object] = {
            "names": [setting.name for setting in found],
            "sources": list(dict.fromkeys(setting.source for setting in found)),
        }
        return (Remark(cause="config-bearer-token", particulars=particulars),)


def _bare_id(setting: Setting) -> str:
    return setting.value.reveal().strip("\ufeff\"' \t\r\n").lower()


def _conflict(winner: Setting, loser: Setting, what: str, *, show: bool) -> Remark:
    particulars: dict[str, object] = {
        "what": what,
        "wins": winner.name,
        "wins_source": winner.source,
        "loses": loser.name,
        "loses_source": loser.source,
    }
    if show:
        particulars["wins_ends_with"] = winner.value.last_four()
        particulars["loses_ends_with"] = loser.value.last_four()
    return Remark(cause="key-names-conflict", particulars=particulars)
