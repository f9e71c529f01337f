"""The lock: under ``--gate`` no option, plugin or later word opens what is not proved.

Refused at once is what probes nothing, what changes the settings that the proof rests
on, and what takes a part of the suite away. Afterwards document, last line and exit
code are made to agree, and to agree on no wherever one of them says no.
"""

import json
from collections.abc import Generator
from typing import Any

import pytest

from kalshi_preflight import plugin
from kalshi_preflight.plugin.questions import CHECKOUT, NOT_CLEAN
from kalshi_preflight.plugin.reporting import DOCUMENT
from kalshi_preflight.plugin.wishes import WISHES
from kalshi_preflight.report.terminal import last_line
from kalshi_preflight.report.writing import write_atomically

#: Options that show something instead of running a test: proofs of nothing.
_SHOW_ONLY = (
    "collectonly",
    "setuponly",
    "setupplan",
    "showfixtures",
    "show_fixtures_per_test",
    "markers",
    "cacheshow",
    "help",
    "version",
    "list_faults",
    "history",
)


def refuse_what_proves_nothing(config: pytest.Config) -> None:
    """Raise a usage error (exit 4) where the gate cannot be asked like this."""
    shown = [name for name in _SHOW_ONLY if config.getoption(name, False)]
    if shown:
        option = shown[0].replace("_", "-")
        raise pytest.UsageError(
            f"--gate cannot be used with {option}: nothing would be proved"
        )
    has_plugin = config.pluginmanager.has_plugin
    absent = [name for name in plugin.MODULES if not has_plugin(name)]
    if absent:
        raise pytest.UsageError(
            f"--gate cannot be used without {absent[0]}: part of the proof is missing"
        )
    settings = config.inipath.resolve() if config.inipath else None
    root = config.rootpath.resolve()
    if root != CHECKOUT or settings != CHECKOUT / "pyproject.toml":
        raise pytest.UsageError(
            "--gate is asked with this project's own settings: run it in"
            f" {CHECKOUT}, without -c and --rootdir"
        )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(
    config: pytest.Config,
) -> Generator[None, Any, int | pytest.ExitCode | None]:
    """Have the last word: on the document, the last line and the exit code."""
    code: int | pytest.ExitCode | None
    if not config.getoption("gate") or hasattr(config, "workerinput"):
        code = yield
        return code
    try:
        code = yield
    except BaseException:
        _conclude(config, well=False)
        raise
    is_go = _conclude(config, well=code == pytest.ExitCode.OK)
    return code if is_go or code else pytest.ExitCode.TESTS_FAILED


def _conclude(config: pytest.Config, *, well: bool) -> bool:
    """Write a go that nothing can belie any more, or take it back; say which it is.

    Until here a no-go has stood on disk: a kill at any moment leaves that one.
    """
    document = config.stash.get(DOCUMENT, None)
    is_go = document is not None and document["verdict"] == "go"
    if document is not None and is_go:
        if not well:
            document |= {"verdict": "no-go", "gate_reason": NOT_CLEAN}
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        write_atomically(config.stash[WISHES].diagnosis, text)
    print(last_line(document), flush=True)  # noqa: T201  # the contract's last line
    return is_go and well
