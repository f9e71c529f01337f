"""The engine's settings, judged: every way in which a ``.env`` misleads its reader."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from kalshi_preflight.engine.context import Context
from kalshi_preflight.engine.dotenv_file import (
    BASE64,
    HOST_NAMES,
    ID_NAMES,
    INLINE,
    KEY_NAMES,
    NEEDED,
    PROCESS,
    DotenvFile,
    Effective,
    Entry,
    bare,
    effective,
    is_bogus,
    is_tracked,
    read,
)
from kalshi_preflight.engine.dotenv_key import (
    is_path,
    judge_inline,
    judge_path,
    kind_of,
)
from kalshi_preflight.engine.findings import Found
from kalshi_preflight.engine.log_lines import masked
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.retired_hosts import RETIRED_HOSTS, RetiredAnswer
from kalshi_preflight.model.secret import is_quotable

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_PLACEHOLDER = re.compile(
    r"your[-_ ]|change[-_ ]?me|placeholder|^x{3,}|^<.*>$|^\.\.\.$|example",
    re.IGNORECASE,
)
_CURLY = "\u201c\u201d\u2018\u2019"
_INVISIBLE = re.compile("[\xa0\u200b\u200c\u200d\u2060\ufeff]")
_SWITCH = re.compile(
    r"(?:VERIFY|VERIFICATION|CERT_REQS|REJECT_UNAUTHORIZED)(?:_SSL|_TLS)?$"
)
_OFF = {"0", "false", "no", "off", "none", "cert_none"}
#: So many letters and digits in a row are a word, or a piece of something else.
_RUN = re.compile(r"[A-Za-z0-9+/=]{12,}")
_HOSTS = {"production": ".kalshi.com", "demo": ".kalshi.co"}
_HANDLED = {INLINE, BASE64}


def inspect(context: Context, *, rsa_only: bool) -> tuple[dict[str, Any], list[Found]]:
    """The facts of the settings (names, sources, ends of ids) and what is wrong."""
    made = read(context.dotenv)
    facts: dict[str, Any] = {"path": str(made.path), "state": made.state}
    found = list(_file(made, context.variables))
    if (made.state != "file" and found) or made.utf16:
        return facts, found
    facts["effective"] = {
        name: _source(setting)
        for name in (*NEEDED, "KALSHI_ENV", *HOST_NAMES)
        if (setting := effective(name, made, context.variables))
    }
    named = effective("KALSHI_ENV", made, context.variables)
    facts["environment"] = None if named is None else _environment_name(named)
    found += _lines(made)
    found += _overridden(made, context.variables)
    found += _key_id(made, context.variables)
    found += _key(made, context, rsa_only=rsa_only)
    found += _environment(made, context)
    found += _verification(made, context.variables)
    return facts, found


def _source(setting: Effective) -> str:
    if setting.name in ID_NAMES:
        return f"{setting.source}, {setting.value.last_four()}"
    return setting.source


def _file(made: DotenvFile, variables: Mapping[str, str]) -> Iterator[Found]:
    file = {"file": str(made.path)}
    if made.state == "denied":
        yield Found("env-file-unreadable", file)
    elif made.state == "missing":
        if any(variables.get(name) for name in ID_NAMES) and any(
            variables.get(name) for name in KEY_NAMES
        ):
            return
        if made.wrong_names:
            yield Found("env-file-wrong-name", {**file, "beside": made.wrong_names})
        else:
            yield Found("env-file-missing", file)
    elif made.utf16:
        yield Found("env-utf16", file)
    else:
        if made.bom:
            first = next(iter(made.entries), None)
            lost = first is not None and first.number == 1 and first.name in NEEDED
            name = _name(first.name) if first else "the first one"
            level = Severity.BROKEN if lost else Severity.WARNING
            yield Found("env-bom", {**file, "name": name}, level)
        if is_tracked(made.path):
            yield Found("env-file-tracked", file)


def _lines(made: DotenvFile) -> Iterator[Found]:
    file = made.path.name
    if made.no_assignment:
        yield Found(
            "env-line-not-assignment", {"file": file, "lines": made.no_assignment}
        )
    torn = [entry for entry in made.entries if is_bogus(entry)]
    if torn:
        lines = [entry.number for entry in torn]
        yield Found("env-pem-bogus-variable", {"file": file, "lines": lines})
    seen: dict[str, Entry] = {}
    for entry in made.entries:
        if is_bogus(entry):
            continue
        where = {"file": file, "line": entry.number, "name": _name(entry.name)}
        other = seen.get(entry.name)
        if other is not None and other.value.reveal() != entry.value.reveal():
            first = {"first_line": other.number}
            yield Found("env-duplicate-key", {**where, **first})
        seen[entry.name] = entry
        if entry.export:
            yield Found("env-export-prefix", where)
        yield from (Found(id_, where) for id_ in _value_oddities(entry))


def _name(name: str) -> str:
    return name if is_quotable(name) else "(masked)"


def _value_oddities(entry: Entry) -> Iterator[str]:
    """What about a value is part of it for one reader and not for another."""
    value = entry.value.reveal()
    if "-----" in value or entry.name in _HANDLED:
        if value[:1] in _CURLY and "BEGIN" not in value:
            yield "env-smart-quotes"
        return
    if any(character in value for character in _CURLY):
        yield "env-smart-quotes"
    elif re.fullmatch(r"([\"']).*\1", value):
        yield "env-value-quoted"
    elif re.search(r"\s#", value):
        yield "env-inline-comment"
    elif _INVISIBLE.search(value) or (entry.name in ID_NAMES and " " in value):
        yield "env-value-whitespace"
    elif entry.name in NEEDED and _PLACEHOLDER.search(bare(value)):
        yield "env-placeholder-value"
    if "${" in value and not _is_path_name(entry.name):
        yield "env-dollar-expansion"


def _is_path_name(name: str) -> bool:
    return name.endswith(("_PATH", "_FILE", "_DIR"))


def _overridden(made: DotenvFile, variables: Mapping[str, str]) -> Iterator[Found]:
    for name in (*NEEDED, "KALSHI_ENV", *HOST_NAMES):
        entry = made.lines.get(name)
        value = variables.get(name)
        if entry and value and bare(entry.value.reveal()) != bare(value):
            place = {"file": made.path.name, "line": entry.number, "name": name}
            yield Found("env-process-override", place)


# --- key id ---------------------------------------------------------------------


def _key_id(made: DotenvFile, variables: Mapping[str, str]) -> Iterator[Found]:
    ids = [e for name in ID_NAMES if (e := effective(name, made, variables))]
    if not ids:
        yield _missing("key id", ID_NAMES, made)
        return
    values = {bare(setting.value.reveal()).lower() for setting in ids}
    if len(values) > 1:
        yield Found(
            "env-key-names-conflict",
            {
                "first": f"{ids[0].name} ({_source(ids[0])})",
                "second": f"{ids[1].name} ({_source(ids[1])})",
            },
        )
        return
    value = bare(ids[0].value.reveal())
    if not _UUID.fullmatch(value) and not _PLACEHOLDER.search(value):
        where: dict[str, object] = {"setting": ids[0].name, "source": ids[0].source}
        yield Found("env-key-id-not-uuid", {**where, "length": len(value)})


def _missing(what: str, accepted: tuple[str, ...], made: DotenvFile) -> Found:
    near = [
        entry
        for entry in made.entries
        if entry.name not in (*NEEDED, *HOST_NAMES, "KALSHI_ENV")
        and not is_bogus(entry)
        and (entry.name == "KALSHI_API_KEY" or _is_near(entry.name, accepted))
    ]
    told: dict[str, object] = {"what": what, "accepted": list(accepted)}
    if near:
        entry = near[0]
        told |= {
            "name": _name(entry.name),
            "line": entry.number,
            "file": made.path.name,
        }
        return Found("env-key-name-mismatch", told)
    return Found("env-key-missing", {**told, "file": str(made.path)})


def _is_near(name: str, accepted: tuple[str, ...]) -> bool:
    return any(_distance(name.upper(), right) <= 2 for right in accepted)


def _distance(one: str, other: str) -> int:
    """How many letters are changed, added or left out (Levenshtein)."""
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, right in enumerate(other, 1):
            changed = above[column - 1] + (letter != right)
            line.append(min(changed, above[column] + 1, line[-1] + 1))
        above = line
    return above[-1]


# --- private key ----------------------------------------------------------------


def _key(made: DotenvFile, context: Context, *, rsa_only: bool) -> Iterator[Found]:
    given = [e for name in KEY_NAMES if (e := effective(name, made, context.variables))]
    given = [e for e in given if not _PLACEHOLDER.search(bare(e.value.reveal()))]
    if not given:
        if not any(name in made.lines for name in KEY_NAMES):
            yield _missing("private key", KEY_NAMES, made)
        return
    texts: list[str] = []
    for setting in given:
        if is_path(setting):
            found, text = judge_path(setting, made, context.home)
        else:
            found, text = list(judge_inline(setting, made)), _inline_text(setting, made)
        yield from found
        texts += [text] if text else []
    bodies = {"".join(_body(text).split()) for text in texts}
    if len(texts) > 1 and len(bodies) > 1:
        yield Found("env-both-inline-and-path", {"names": [e.name for e in given]})
    if rsa_only and texts and kind_of(texts[0]) == "ed25519":
        yield Found("env-key-ed25519-old-engine", {"setting": given[0].name})


def _inline_text(setting: Effective, made: DotenvFile) -> str:
    """The text as the library reads it if it reads more than a line."""
    library = made.as_parsed.get(setting.name)
    whole = library is not None and setting.source != PROCESS
    return library.reveal() if library and whole else bare(setting.value.reveal())


def _body(text: str) -> str:
    block = re.search(r"-----BEGIN [^-]+-----(.*?)-----END", text, re.DOTALL)
    return block[1].replace("\\n", "") if block else text


# --- environment and hosts ------------------------------------------------------


def _environment_name(setting: Effective) -> str:
    """What the setting means, whatever its case; ``prod`` and ``live`` are known."""
    lower = _quotable(bare(setting.value.reveal())).lower()
    return {"prod": "production", "live": "production"}.get(lower, lower)


def _quotable(text: str) -> str:
    """A value as it may be quoted, with its words: what is no word may be of a key.

    Cut last: the beginning of a run does not tell what the run is.
    """
    return _RUN.sub(lambda run: run[0] if _is_word(run[0]) else "(masked)", text)[:40]


def _is_word(run: str) -> bool:
    return run.isalpha() and run in (run.lower(), run.upper(), run.capitalize())


def _environment(made: DotenvFile, context: Context) -> Iterator[Found]:
    setting = effective("KALSHI_ENV", made, context.variables)
    name = None
    if setting is not None:
        value = setting.value.reveal()
        text = bare(value)
        name = _environment_name(setting)
        if text not in context.known or value.strip("\"'") != text:
            yield Found(
                "env-environment-unknown",
                {
                    "value": _quotable(masked(text)),
                    "source": setting.source,
                    "setting": "KALSHI_ENV",
                },
            )
    for host_name in HOST_NAMES:
        override = effective(host_name, made, context.variables)
        if override is not None:
            yield from _host(override, name)


def _host(override: Effective, environment: str | None) -> Iterator[Found]:
    url = bare(override.value.reveal())
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        host = ""
    where: dict[str, object] = {
        "setting": override.name,
        "source": override.source,
        "host": host,
    }
    retired = RETIRED_HOSTS.get(host)
    if retired is not None and retired.answer is not RetiredAnswer.UNVERIFIED:
        yield Found("env-dead-host", {**where, "current": retired.current})
        return
    for known, suffix in _HOSTS.items():
        if host.endswith(suffix) and environment in _HOSTS and environment != known:
            yield Found(
                "env-host-mismatch",
                {**where, "environment": environment, "belongs_to": known},
            )


def _verification(made: DotenvFile, variables: Mapping[str, str]) -> Iterator[Found]:
    settings = {
        entry.name: f"{made.path.name} line {entry.number}" for entry in made.entries
    }
    values = {entry.name: entry.value.reveal() for entry in made.entries}
    if "PYTHONHTTPSVERIFY" in variables:
        settings["PYTHONHTTPSVERIFY"] = PROCESS
        values["PYTHONHTTPSVERIFY"] = variables["PYTHONHTTPSVERIFY"]
    places = [
        f"{_name(name)} ({settings[name]})"
        for name, value in values.items()
        if _SWITCH.search(name.upper()) and bare(value).lower() in _OFF
    ]
    if places:
        yield Found("env-tls-verify-disabled", {"places": places})
