"""GitHub's workflow commands: what a run says to the runner that executes it.

A runner obeys every line of a step's output that looks like ``::name ...::``. Server
text reaches the output in many ways, so commands are switched off for the whole run
with a token that nobody can guess, and on again for our own annotations at its end.
See https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kalshi_preflight.report.ascii import ascii_command, ascii_text, fitted
from kalshi_preflight.report.terminal import Shell
from kalshi_preflight.report.verdict import reason_against

Json = Mapping[str, Any]
#: A runner shows no more annotations of one kind for a step.
MOST_OF_A_KIND = 10
_LONGEST_MESSAGE = 8000
#: What a cause's severity is to a runner; a note is none of its business.
_KINDS = {"broken": "error", "warning": "warning"}


def stopping(token: str) -> str:
    """The line after which a runner obeys nothing until ``token`` comes."""
    return f"::stop-commands::{token}"


def resuming(token: str) -> str:
    """The line with which a runner obeys again."""
    return f"::{token}::"


def annotations(document: Json, shell: Shell) -> list[str]:
    """A command a line: an error for what is broken, a warning for what may be soon.

    ASCII, because a runner's console may know nothing else.
    """
    lines = list(_annotations(document, shell))
    kept: list[str] = []
    for kind in _KINDS.values():
        kept += [line for line in lines if line.startswith(f"::{kind} ")][
            :MOST_OF_A_KIND
        ]
    return kept


def _annotations(document: Json, shell: Shell) -> Iterator[str]:
    said = set()
    for place, cause in _causes(document):
        said.add(cause["id"])
        kind = _KINDS.get(cause["severity"])
        if kind is not None:
            title = f"{place}: {cause['id']} (blame: {cause['blame']})"
            yield workflow_command(kind, _told(cause, shell), title=title)
    reason = reason_against(document)
    if reason is not None and reason not in said:
        yield workflow_command("error", f"NO-GO {reason}", title="preflight")


def _causes(document: Json) -> Iterator[tuple[str, Json]]:
    """Every cause with its place, root causes first: a runner shows only some."""
    environments = document["environments"]
    for environment in environments:
        if environment["root_cause"] is not None:
            yield environment["name"], environment["root_cause"]
    for cause in document["engine"]["causes"]:
        yield "engine", cause
    for environment in environments:
        for cause in environment["other_causes"]:
            yield environment["name"], cause


def _told(cause: Json, shell: Shell) -> str:
    """What happened, why, and what to type."""
    lines = [ascii_text(cause["summary"])]
    hint = cause.get("hint")
    if hint is not None:
        lines += ["", ascii_text(hint["why"]), ""]
        lines += [ascii_command(line) for line in hint["fix"][shell]]
    return fitted("\n".join(lines).strip(), _LONGEST_MESSAGE)


def workflow_command(name: str, message: str, **properties: str) -> str:
    """One line that a runner obeys, with everything in it that could end it escaped."""
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_data(message)}"


def _data(text: str) -> str:
    """A message: a percent sign begins an escape, a line break ends the command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property: ends at a comma or at the colons as well."""
    return _data(ascii_text(text)).replace(":", "%3A").replace(",", "%2C")
