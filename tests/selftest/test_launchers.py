"""The scripts for launchers: ``preflight.sh`` in deed, ``preflight.ps1`` by form.

No PowerShell is at hand where this runs, so its script is parsed by a real grammar,
held to what Windows PowerShell 5.1 knows, and compared with its twin step by step.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import tree_sitter_pwsh
from tree_sitter import Language, Node, Parser

from tests.selftest.machine import needs_program
from tests.selftest.runs import ROOT

pytestmark = pytest.mark.selftest

POWERSHELL = ROOT / "preflight.ps1"
POSIX = ROOT / "preflight.sh"
#: Nodes of the grammar that only PowerShell 7 knows, and signs of others.
ONLY_7_NODES = {
    "null_coalesce_expression",
    "ternary_expression",
    "pipeline_chain_tail",
    "clean_block",
}
ONLY_7_OPERATORS = {"??", "??=", "?.", "?[", "&&", "||"}
#: Parameters and variables that Windows PowerShell 5.1 does not have, in small letters.
ONLY_7_NAMES = {
    "-ashashtable",
    "-noenumerate",
    "-additionalchildpath",
    "-parallel",
    "-asbytestream",
    "$iswindows",
    "$islinux",
    "$ismacos",
    "$psnativecommanduseerroractionpreference",
}
#: What runs elsewhere, so that the exit code that is read would be another's.
ELSEWHERE = {"start-process", "start-job", "invoke-expression", "iex"}


def parsed(source: bytes) -> Node:
    """The tree of a script."""
    return Parser(Language(tree_sitter_pwsh.language())).parse(source).root_node


def nodes(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in node.children:
        yield from nodes(child)


def text(node: Node) -> str:
    """What stands in the script there, in small letters: PowerShell minds no case."""
    return (node.text or b"").decode().lower()


def only_7(root: Node) -> list[str]:
    """Whatever Windows PowerShell 5.1 would not understand."""
    return [
        f"line {node.start_point.row + 1}: {node.type} {text(node)[:40]}"
        for node in nodes(root)
        if node.is_error
        or node.is_missing
        or node.type in ONLY_7_NODES | ONLY_7_OPERATORS
        or (node.type == "assignment_operator" and text(node) == "??=")
        or (
            node.type in ("command_parameter", "variable")
            and text(node) in ONLY_7_NAMES
        )
    ]


def test_the_powershell_script_is_sound() -> None:
    """It parses without a single error, and uses nothing that 5.1 does not have."""
    root = parsed(POWERSHELL.read_bytes())
    assert not root.has_error
    assert only_7(root) == []


@pytest.mark.parametrize(
    "line",
    [
        "$a = $b ?? 1",
        "$a ??= 1",
        "$a = $b ? 1 : 2",
        "$a?.b",
        "one && two",
        "one || two",
        "$a | ConvertFrom-Json -AsHashtable",
        "Join-Path a b -AdditionalChildPath c",
        "if ($IsWindows) { 1 }",
        "if ($a) {",
        "'open",
    ],
)
def test_what_5_1_does_not_know_is_found(line: str) -> None:
    """Each construct of PowerShell 7, and each slip, is seen in the script's tree."""
    assert only_7(parsed(POWERSHELL.read_bytes() + f"\n{line}\n".encode()))


def test_the_powershell_script_is_ascii() -> None:
    """5.1 reads a file without a mark in the ANSI code page: so it is ASCII."""
    assert POWERSHELL.read_bytes().isascii()


def test_the_exit_code_is_that_of_the_program() -> None:
    """The code is emptied before the call and read after it; nothing runs aside."""
    source = POWERSHELL.read_text(encoding="ascii")
    root = parsed(POWERSHELL.read_bytes())
    commands = {text(node) for node in nodes(root) if node.type == "command_name"}
    assert not commands & ELSEWHERE
    assert "$?" not in source
    order = ["$global:LASTEXITCODE = $null", "& $python ", "$code = $LASTEXITCODE"]
    places = [source.index(part) for part in order]
    assert places == sorted(places)
    assert source.rstrip().endswith("exit $status")
    assert source.index("$status = 1") < source.index("try {")


def steps(path: Path) -> list[str]:
    """The numbered comments of a script."""
    lines = path.read_text(encoding="ascii").splitlines()
    return [line.strip() for line in lines if re.match(r"\s*# \d\. ", line)]


def test_the_scripts_are_twins() -> None:
    """Both take the same steps in the same order, and say so in the same words."""
    powershell, posix = steps(POWERSHELL), steps(POSIX)
    assert len(posix) == 7
    assert powershell == posix
    sources = [path.read_text(encoding="ascii") for path in (POWERSHELL, POSIX)]
    for said in (") or v8", "--gate", "--diagnosis=", "--v8-home=", "gate.json"):
        assert all(said in source for source in sources)
    for folder in (".venv", "venv", ".tox/production", ".tox/demo", ".tox/sandbox"):
        assert folder in sources[1]
        assert folder.replace("/", "\\") in sources[0]


def test_the_posix_script_is_clean() -> None:
    """ShellCheck has nothing to say about it."""
    shellcheck = Path(sys.executable).with_name("shellcheck")
    program = str(shellcheck) if shellcheck.exists() else needs_program("shellcheck")
    told = subprocess.run([program, str(POSIX)], capture_output=True, check=False)
    assert (told.returncode, told.stdout) == (0, b"")


# -- in deed --------------------------------------------------------------------------

FAKE = """#!/bin/sh
# A Python that leaves what it is told to, and ends as it is told to.
for argument in "$@"; do
    case $argument in --diagnosis=*) file=${argument#*=} ;; esac
done
case $1 in
    -I) exec "$REAL" "$@" ;;
esac
env > "$SEEN"
printf '%s\\n' "$@" > "$SEEN.arguments"
if [ -n "${LEFT-}" ]; then
    printf "$LEFT" "$PREFLIGHT_TOKEN" > "$file"
fi
exit "${CODE:-0}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How a script ended, and what the program that it called was given."""

    code: int
    seen: dict[str, str]
    arguments: list[str]


class Checkout:
    """A checkout with the script, and a Python in it that does what it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "reports").mkdir(parents=True)
        self.script = Path(shutil.copy(POSIX, folder))
        python = folder / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(FAKE, encoding="utf-8")
        python.chmod(0o755)
        self.document = folder / "reports" / "gate.json"

    def launch(
        self, *arguments: str, left: str = "", code: int = 0, **variables: str
    ) -> Launch:
        """Call the script; ``left`` is a document, ``%s`` in it the token."""
        seen = self.folder / "seen"
        told = {"LEFT": left, "CODE": str(code), "SEEN": str(seen)}
        ended = subprocess.run(
            ["sh", str(self.script), *arguments],
            env={
                "PATH": os.environ["PATH"],
                "REAL": sys.executable,
                **told,
                **variables,
            },
            cwd=self.folder.parent,
            capture_output=True,
            timeout=60,
            check=False,
        )
        lines = seen.read_text(encoding="utf-8").splitlines() if seen.exists() else []
        given = self.folder / "seen.arguments"
        return Launch(
            code=ended.returncode,
            seen=dict(line.partition("=")[::2] for line in lines),
            arguments=given.read_text("utf-8").splitlines() if given.exists() else [],
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout, with blanks in its path."""
    return Checkout(tmp_path / "a check out")


GO = '{"token": "%s", "verdict": "go"}'


def test_our_own_go_opens(checkout: Checkout) -> None:
    """The exit code 0 and a go with the token of this run: exit 0."""
    assert checkout.launch(left=GO).code == 0


@pytest.mark.parametrize(
    ("left", "code"),
    [
        ("", 0),
        (GO, 1),
        (GO, 5),
        (GO, 139),
        ('{"token": "%s", "verdict": "no-go"}', 0),
        ('{"token": "%sx", "verdict": "go"}', 0),
        ('{"token": "yesterday", "verdict": "go"}', 0),
        ('{"verdict": "go"}', 0),
        ('{"token": "%s", "verdict": "GO"}', 0),
        ('{"token": "%s", "verdict": ["go"]}', 0),
        ('[{"token": "%s", "verdict": "go"}]', 0),
        ('{"token": "%s", "verdict": "go"', 0),
        ("PREFLIGHT: GO", 0),
    ],
)
def test_all_else_is_a_no(checkout: Checkout, left: str, code: int) -> None:
    """Another token, another verdict, half a document, none, or a code: exit not 0."""
    ended = checkout.launch(left=left, code=code)
    assert ended.code == (code or 1)


def test_a_document_of_yesterday_is_gone(checkout: Checkout) -> None:
    """What lay there before is taken away: a run that leaves nothing is a no."""
    checkout.document.write_text(json.dumps({"verdict": "go"}), encoding="utf-8")
    assert checkout.launch().code == 1
    assert not checkout.document.exists()


def test_two_runs_have_two_tokens(checkout: Checkout) -> None:
    """A token is made for each run, and one that the caller has set is not used."""
    tokens = [
        checkout.launch(PREFLIGHT_TOKEN="mine").seen["PREFLIGHT_TOKEN"]  # noqa: S106
        for _ in range(2)
    ]
    assert len({*tokens, "mine"}) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)


def test_the_callers_settings_of_pytest_do_not_count(checkout: Checkout) -> None:
    """No PYTEST_* or PYTHON* variable reaches the run; everything else does."""
    seen = checkout.launch(
        PYTEST_ADDOPTS="--co",
        PYTEST_PLUGINS="evil",
        PYTHONPATH="/elsewhere",
        PYTHONSTARTUP="x",
        KALSHI_ENV="demo",
        TEXT="two\nlines\nPYTESTX=1",
    ).seen
    assert not [name for name in seen if name.startswith(("PYTEST_", "PYTHON"))]
    assert seen["KALSHI_ENV"] == "demo"


def test_what_is_asked(checkout: Checkout) -> None:
    """Our arguments stand last, where the last one counts; others are passed on."""
    asked = checkout.launch("--budget=5", "--on=demo or my lab", "-m", "x y").arguments
    assert asked == [
        *("-m", "pytest", "--budget=5", "-m", "x y", "-m", "(demo or my lab) or v8"),
        *("--gate", f"--diagnosis={checkout.document.resolve()}"),
    ]
    assert "(production) or v8" in checkout.launch().arguments
    home = checkout.launch("--v8-home=v8").arguments
    assert f"--v8-home={checkout.folder.parent}/v8" in home


def test_without_a_python_it_is_a_no(checkout: Checkout, tmp_path: Path) -> None:
    """Where there is no Python to be found, nothing opens."""
    shutil.rmtree(checkout.folder / ".venv")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("dirname", "env", "sed", "od", "tr", "rm"):
        (programs / name).symlink_to(needs_program(name))
    ended = subprocess.run(
        [needs_program("sh"), str(checkout.script)],
        env={"PATH": str(programs)},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 127


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("arguments", "code"), [([], 0), (["--fault=tls-expired"], 1), (["--co"], 4)]
)
def test_the_real_suite(arguments: list[str], code: int, tmp_path: Path) -> None:
    """With the suite itself behind it: the healthy sandbox opens, a fault does not."""
    for name in ("src", "tests", "fixtures", "conftest.py", "pyproject.toml"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    shutil.copy(POSIX, tmp_path)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KALSHI_", "V8_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        ["sh", str(tmp_path / "preflight.sh"), "--on=sandbox", *arguments],
        env={**kept, "PATH": path, "PYTEST_ADDOPTS": "--co"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert ended.returncode == code, ended.stdout + ended.stderr
