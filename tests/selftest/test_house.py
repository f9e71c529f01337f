"""The rules of the house, held by a machine (CONTRIBUTING.md tells them to people)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kalshi_preflight.causes.catalogue import CATALOGUE
from kalshi_preflight.model.layer import Layer
from tests.selftest.runs import ROOT

pytestmark = pytest.mark.selftest

PACKAGE = ROOT / "src" / "kalshi_preflight"
#: Which rooms a room may import; ``model`` is open to all, itself to itself.
MAY_IMPORT: dict[str, set[str]] = {
    "model": set(),
    "signing": set(),
    "settings": set(),
    "probes": {"signing"},
    "causes": set(),
    "engine": {"causes", "signing"},
    "exchange": set(),
    "report": set(),
    "history": set(),
    "survey": {"probes", "causes", "signing"},
    "measurement": {"probes", "causes", "signing"},
    "hookspecs": set(),
    "plugin": {
        "causes",
        "engine",
        "exchange",
        "history",
        "hookspecs",
        "measurement",
        "report",
        "settings",
        "survey",
    },
}
#: The rooms that know pytest.
KNOW_PYTEST = {"plugin", "hookspecs"}
#: The one thing outside all rooms.
_PACKAGE_ITSELF = {"kalshi_preflight"}
LONGEST_FUNCTION_LINES = 60
LONGEST_FILE_LINES = 400
FORBIDDEN_NAMES = {"utils", "util", "helpers", "common", "core", "base", "manager"}


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the repository."""
    return sorted(p for folder in folders for p in (ROOT / folder).rglob("*.py"))


def room_of(path: Path) -> str:
    """The room that a file of the package belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""


def is_table(path: Path) -> bool:
    """Whether a file is data: the rows of the catalogue."""
    return path.parent.name == "rows"


@pytest.mark.parametrize(
    "path", python_files("src"), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_rooms_import_only_what_they_may(path: Path) -> None:
    """A room imports ``model``, itself, and the rooms it is allowed; nothing else."""
    room = room_of(path)
    if room == "__init__":
        return
    allowed = {"model", room, *MAY_IMPORT[room]}
    for module in imports_of(path):
        if module.startswith("kalshi_preflight."):
            assert module.split(".")[1] in allowed, f"{room} imports {module}"
        if module.split(".")[0] in ("pytest", "_pytest", "pytest_asyncio"):
            assert room in KNOW_PYTEST, f"{room} knows pytest"


def test_model_is_standard_library_only() -> None:
    """The model imports nothing that is not part of Python."""
    import sys

    for path in sorted((PACKAGE / "model").rglob("*.py")):
        for module in imports_of(path):
            top = module.split(".")[0]
            assert top in sys.stdlib_module_names | _PACKAGE_ITSELF, f"{path}: {module}"


def test_the_oracle_shares_nothing_with_the_judged() -> None:
    """The embedded exchange imports nothing of the package but itself."""
    for path in sorted((PACKAGE / "exchange").rglob("*.py")):
        ours = [m for m in imports_of(path) if m.startswith("kalshi_preflight")]
        assert all(m.startswith("kalshi_preflight.exchange") for m in ours), path


def test_every_room_is_in_the_plan() -> None:
    """A new room has a row in the table of who may import whom."""
    rooms = {room_of(path) for path in python_files("src")} - {"__init__"}
    assert rooms == {"model", *MAY_IMPORT}


@pytest.mark.parametrize(
    "path",
    python_files("src", "fixtures", "tests"),
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_sizes_and_names(path: Path) -> None:
    """Files and functions stay small, and no file is called by a word for anything."""
    source = path.read_text(encoding="utf-8")
    if not is_table(path):
        assert len(source.splitlines()) <= LONGEST_FILE_LINES
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION_LINES, f"{node.name}: {lines} lines"
    assert not FORBIDDEN_NAMES & set(path.with_suffix("").parts[-2:])


@pytest.mark.parametrize(
    "path", python_files("tests", "fixtures"), ids=lambda p: str(p.relative_to(ROOT))
)
def test_tests_and_doors_say_what_is_true(path: Path) -> None:
    """Every test and every fixture has a docstring; every test can fail."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        is_door = "fixture" in "".join(map(ast.unparse, node.decorator_list))
        is_test = node.name.startswith("test_") and path.name.startswith("test_")
        if is_test or is_door:
            assert ast.get_docstring(node), f"{path}: {node.name} says nothing"
        if is_test:
            assert _can_fail(node), f"{path}: {node.name} asserts nothing"


def _can_fail(node: ast.AST) -> bool:
    """Whether there is an assertion, an expected exception, a validation or a call."""
    text = ast.unparse(node)
    words = (
        "assert",
        "pytest.raises",
        ".validate(",
        "pytest.fail",
        "suppress(",
        "check_schema(",
    )
    return any(word in text for word in words)


def test_folders_of_tests_are_packages() -> None:
    """Every folder with tests has an ``__init__.py``: names stay apart."""
    folders = {path.parent for path in python_files("tests")}
    assert all((folder / "__init__.py").exists() for folder in folders)


def test_selftests_mirror_the_rooms() -> None:
    """Every room has a folder of proof (``hookspecs`` is proved with ``plugin``)."""
    proved = {path.name for path in (ROOT / "tests" / "selftest").iterdir()}
    assert set(MAY_IMPORT) - {"hookspecs"} - proved == set()


def live_questions() -> dict[str, set[str]]:
    """The live tests by layer."""
    return {
        path.stem.removeprefix("test_"): {
            node.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        }
        for path in (ROOT / "tests" / "live").glob("test_*.py")
    }


def test_every_cause_answers_a_live_question() -> None:
    """A row's question is a live test of its layer, or one about measurements."""
    questions = live_questions()
    for row in CATALOGUE.values():
        asked = questions[row.layer] | questions["capabilities"]
        assert row.question in asked, row.id


def test_live_tests_are_short_and_ask() -> None:
    """A live test is 3 to 8 lines, without sockets, try or print."""
    for path in (ROOT / "tests" / "live").glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                assert 3 <= lines <= 8, node.name
                text = ast.unparse(node)
                assert not re.search(r"\b(try|print|socket|open)\b\s*[(:.]", text)


def test_ids_are_kebab_case() -> None:
    """Ids are contract: lower case, words joined by hyphens."""
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", id_) for id_ in CATALOGUE)


def test_every_layer_has_its_files() -> None:
    """One word for one thing: probe, rule, rows and live test bear the layer's name."""
    for layer in Layer:
        assert (PACKAGE / "probes" / f"{layer}.py").exists()
        assert (PACKAGE / "causes" / "rules" / f"{layer}.py").exists()
        assert (PACKAGE / "causes" / "rows" / f"{layer}.py").exists()
        assert (ROOT / "tests" / "live" / f"test_{layer}.py").exists()


def test_conftest_is_a_door_and_no_more() -> None:
    """The root conftest has at most 15 lines and defines nothing."""
    source = (ROOT / "conftest.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 15
    kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    assert not [n for n in ast.walk(ast.parse(source)) if isinstance(n, kinds)]


def test_the_fixtures_package_is_ours() -> None:
    """``fixtures`` is this repository's and no other distribution's."""
    import fixtures

    assert Path(fixtures.__file__ or "").parent == ROOT / "fixtures"
