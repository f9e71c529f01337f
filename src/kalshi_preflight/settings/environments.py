"""All environments of a run: built in, from a file, and as the variables bend them."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from kalshi_preflight.model.environment import EndpointKind, Environment
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.settings import laboratory, row_files, rows
from kalshi_preflight.settings.addresses import nearest
from kalshi_preflight.settings.credentials import credentials_for
from kalshi_preflight.settings.dotenv import Dotenv
from kalshi_preflight.settings.errors import Place, SettingsError
from kalshi_preflight.settings.files import FileError, looks_utf16, read_bytes
from kalshi_preflight.settings.masking import shown
from kalshi_preflight.settings.overrides import apply_overrides
from kalshi_preflight.settings.proxies import proxy_settings
from kalshi_preflight.settings.trading import BUILT_IN, trading_environment

_NAME = re.compile(r"[a-z][a-z0-9_]*")

#: Words of the marker language, other marks of this suite, and endings of variables
#: (``KALSHI_PRIVATE_KEY`` of an environment ``path`` would be another setting).
RESERVED = frozenset(
    {
        *(layer.value for layer in Layer),
        *("and", "or", "not"),
        *("v8", "selftest", "capabilities"),
        *("id", "path", "base64"),
    }
)
#: Dots in a line: the parser's time grows with the square of the parts of a key.
_MOST_DOTS = 1000
_TOO_DEEP = "the file is not TOML (nested too deeply)"


def load_environments(
    file: Path | None,
    *,
    variables: Mapping[str, str],
    dotenv: Dotenv,
    taken: Collection[str] = (),
    cwd: Path | None = None,
    system_proxies: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Environment]:
    """Every environment by name, with credentials, controls and remarks filled in.

    ``system_proxies`` are those of the system's settings, by scheme.

    ``file`` is a TOML file with rows ``[environments.NAME]``; a row of a built-in name
    overrides only the keys that it gives. ``taken`` are marks that pytest or a plugin
    already knows and that no environment may be called. ``sandbox`` is not among the
    result: the embedded exchange makes it. Raise :class:`SettingsError` for whatever
    is wrong with the file.
    """
    builtin = _builtin_rows()
    place = Place(Path("builtin.toml") if file is None else file)
    given = {} if file is None else _file_rows(place)
    place = place.at("environments")
    for name in given:
        _check_name(place.at(name), name, taken)
    merged = {name: {**builtin.get(name, {}), **row} for name, row in given.items()}
    all_rows = {**builtin, **merged}
    built = {name: _build(row, place.at(name)) for name, row in all_rows.items()}
    _check_siblings(place, built)
    trading = trading_environment(built, variables=variables, dotenv=dotenv)
    bent, remarks = apply_overrides(
        built,
        trading,
        variables=variables,
        dotenv=dotenv,
        exempt=[name for name, row in all_rows.items() if "credentials" in row],
    )
    folder = place.file.absolute().parent
    environments = {}
    proxies = proxy_settings(variables, dotenv, system_proxies)
    for name, environment in bent.items():
        credentials = credentials_for(
            name,
            variables=variables,
            dotenv=dotenv,
            own=row_files.own_credentials(place.at(name), all_rows[name], folder),
            own_source=str(place.file),
            known=bent,
            cwd=cwd,
        )
        odd = (*credentials.remarks, *remarks.get(name, ()))
        credentials = replace(credentials, remarks=odd)
        environments[name] = replace(
            environment, credentials=credentials, proxies=proxies
        )
    return _confined(environments, given)


def _builtin_rows() -> dict[str, rows.Row]:
    package = resources.files("kalshi_preflight.settings")
    literal = package.joinpath("builtin.toml").read_text(encoding="utf-8")
    found: dict[str, rows.Row] = tomllib.loads(literal)["environments"]
    return found


def _file_rows(place: Place) -> dict[str, rows.Row]:
    """The rows of an environments file, each a table with known keys."""
    document = rows.table(place, _parsed(place), ("environments",))
    place = place.at("environments")
    given = rows.table(place, document.get("environments", {}))
    return {
        name: rows.table(place.at(name), row, rows.ROW_KEYS)
        for name, row in given.items()
    }


def _parsed(place: Place) -> dict[str, object]:
    """The TOML document; of a parser's message only the place is repeated."""
    try:
        data = read_bytes(place.file)
        text = data.decode("utf-8-sig")
        if any(line.count(".") > _MOST_DOTS for line in text.splitlines()):
            raise place.error(_TOO_DEEP)
        return tomllib.loads(text)
    except FileError as problem:
        raise SettingsError(f"--environments: {place.file} {problem}") from None
    except UnicodeDecodeError:
        utf16 = " (it looks like UTF-16; save it as UTF-8)" if looks_utf16(data) else ""
        raise place.error(f"the file is not UTF-8{utf16}") from None
    except RecursionError:
        raise place.error(_TOO_DEEP) from None
    except ValueError as problem:  # TOMLDecodeError, and numbers of too many digits
        where = re.search(r"line \d+, column \d+|end of document", str(problem))
        at = f" ({where[0]})" if where else ""
        raise place.error(f"the file is not TOML{at}") from None


def _check_name(place: Place, name: str, taken: Collection[str]) -> None:
    if name == "sandbox":
        raise place.error(
            "sandbox is the embedded exchange, which fills its row in at run time; "
            "give this environment another name"
        )
    if not _NAME.fullmatch(name):
        raise place.error(
            f"{shown(name)} is no name of an environment: a lower-case letter, then "
            "lower-case letters, digits and underscores"
        )
    if name in RESERVED:
        raise place.error(f"{shown(name)} is a word of this suite; take another name")
    if name in taken and name not in BUILT_IN:
        raise place.error(
            f"{shown(name)} is already a mark of pytest or of a plugin; "
            "take another name"
        )


def _build(row: rows.Row, place: Place) -> Environment:
    """One environment as its row says, still without credentials and defaults."""
    endpoints = rows.endpoints(place, row)
    resolver = row.get("resolver")
    environment = Environment(
        name=place.keys[-1],
        endpoints=endpoints,
        alternates=rows.alternates(place, row),
        resolver=None
        if resolver is None
        else rows.host_port(place.at("resolver"), resolver, address_only=True),
        ca_file=row_files.ca_file(place, row, place.file.absolute().parent),
        connect_to=rows.connect_to(place, row),
        sibling=rows.text(place.at("sibling"), row["sibling"])
        if "sibling" in row
        else None,
        required=rows.required(place, row, endpoints),
    )
    given = rows.controls(place, row)
    return environment if given is None else replace(environment, controls=given)


def _check_siblings(place: Place, environments: Mapping[str, Environment]) -> None:
    for name, environment in environments.items():
        sibling = environment.sibling
        if sibling is None or (sibling in environments and sibling != name):
            continue
        others = sorted(other for other in environments if other != name)
        what = "is itself" if sibling == name else "is no other known environment"
        guess = nearest(sibling, others)
        raise (
            place.at(name)
            .at("sibling")
            .error(f"{shown(sibling)} {what}{guess}; known: {', '.join(others)}")
        )


def _confined(
    environments: Mapping[str, Environment], given: Mapping[str, rows.Row]
) -> dict[str, Environment]:
    """The environments with controls, and laboratories without ways out of them."""
    confined = {}
    for name, environment in environments.items():
        row, result = given.get(name, {}), environment
        if "controls" not in row:
            controls = laboratory.default_controls(environment)
            result = replace(result, controls=controls)
        if EndpointKind.FIX_MARKET_DATA not in row:
            result = laboratory.without_market_data(result)
        if "alternates" not in row:
            result = laboratory.without_ways_out(result)
        if "sibling" not in row:
            result = laboratory.without_real_sibling(result, environments)
        confined[name] = result
    return confined
