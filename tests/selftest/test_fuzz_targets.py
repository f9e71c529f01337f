"""Every module that reads what others wrote is under fire (tests/fuzz)."""

import importlib

import pytest

from tests.fuzz.campaign import corpus
from tests.fuzz.targets import TARGETS
from tests.selftest.runs import ROOT

pytestmark = pytest.mark.selftest

PACKAGE = ROOT / "src" / "kalshi_preflight"
#: The rooms whose modules read bytes and texts of others.
ROOMS = ("probes", "settings", "signing", "engine")
#: Modules there that read nothing of others, and why.
EXEMPT: dict[str, str] = {
    "probes.failures": "takes exceptions; tests/fuzz/test_journeys.py brings them",
    "probes.icmp": "what the kernel made of an ICMP message",
    "probes.approach": "the probes of the layers, once more",
    "probes.line": "holds what the probes have won",
    "probes.system_resolver": "what the C library made of an answer",
    "probes.observations.alternates": "the probes of the layers, once more",
    "probes.observations.clock_witnesses": "certificate, chain and moment_in are there",
    "probes.observations.control_chains": "certificate and chain are there",
    "probes.observations.control_server_name": "a handshake: see wire",
    "probes.observations.controls": "connects and reads nothing",
    "probes.observations.hosts_file": "a file of the system's administrator",
    "probes.observations.plain_request": "shows the first bytes and reads none",
    "probes.observations.public_roots": "a handshake: see wire",
    "probes.observations.sibling": "the probes of the layers, once more",
    "probes.observations.sibling_status": "the probes of the layers, once more",
    "probes.observations.silent_connection": "counts and reads nothing",
    "probes.observations.small_segments": "a handshake: see wire",
    "probes.observations.trust_store": "files of the system's administrator",
    "probes.observations.unverified_chain": "certificate and chain are there",
    "settings.fix_logon": "takes what credentials and lookup have read",
    "signing.fix": "writes, and reads nothing",
    "signing.key_file": "reads bytes; what they say is for keys",
    "signing.rest": "writes, and reads nothing",
    "signing.signer": "takes a key that keys has read",
    "engine.catalogue": "rows and particulars, no foreign text of its own",
    "engine.code": "the engine's own source, searched line by line",
    "engine.context": "values",
    "engine.findings": "values",
    "engine.inspection": "gathers; tests/fuzz/parsers/engine.py goes through it",
    "engine.precedence": "orders findings",
    "engine.processes": "what psutil tells",
    "engine.profile": "values",
    "engine.row": "values",
    "engine.tasks": "what the task scheduler's XML says, by regular expression",
}


def modules(*rooms: str) -> set[str]:
    """The modules of rooms, dotted below the package."""
    found = (path for room in rooms for path in (PACKAGE / room).rglob("*.py"))
    below = (path.relative_to(PACKAGE).with_suffix("") for path in found)
    names = {".".join(path.parts) for path in below}
    tables = ("engine.rows.", "engine.rules.")
    return {
        name
        for name in names
        if not name.endswith("__init__") and not name.startswith(tables)
    }


def test_every_reader_is_a_target() -> None:
    """A module is under fire, or it is said why it need not be; never both."""
    targeted = {module for target in TARGETS for module in target.modules}
    assert modules(*ROOMS) - targeted - set(EXEMPT) == set()
    assert targeted & set(EXEMPT) == set()
    assert set(EXEMPT) <= modules(*ROOMS)


def test_every_target_names_modules_that_exist() -> None:
    """Names in the table are those of modules."""
    for target in TARGETS:
        for module in target.modules:
            assert importlib.import_module(f"kalshi_preflight.{module}")


def test_every_file_of_parsers_is_listed() -> None:
    """No target is forgotten in the literal."""
    files = {p.stem for p in (ROOT / "tests" / "fuzz" / "parsers").glob("*.py")}
    listed = {target.attempt.__module__.rpartition(".")[2] for target in TARGETS}
    assert files - {"__init__"} == listed


def test_the_whole_is_large_enough() -> None:
    """In the long mode at least 200,000 hostile inputs go to the parsers."""
    assert sum(target.whole for target in TARGETS) >= 200_000


def test_seeds_are_small_and_hold_no_key() -> None:
    """Seeds are a few hundred bytes each; no key is among them."""
    for target in TARGETS:
        for seed in corpus(target.name):
            assert len(seed) <= 4096
            assert b"PRIVATE KEY" not in seed
