"""What a proof needs of its machine, and what happens where it is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

#: Set where every proof must be made (``.ci/run``): a skip is then a failure.
PROVE_ALL = "PREFLIGHT_PROVE_ALL"


def needs_program(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails in CI."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if path is None:
        _missing(f"{name} is not installed")
    assert path is not None
    return path


def needs_network_namespace() -> tuple[str, ...]:
    """A command prefix that runs the rest of its line without any network at all."""
    unshare = needs_program("unshare")
    prefix = (unshare, "--user", "--map-root-user", "--net")
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        _missing("this machine allows no network namespaces")
    return prefix


def needs_scene_namespaces() -> tuple[str, ...]:
    """A command prefix for a network and mounts of one's own, with rights over both."""
    unshare = needs_program("unshare")
    prefix = (unshare, "--user", "--map-root-user", "--net", "--mount")
    command = "ip link set lo up && nft add table inet f && mount --bind /etc /etc"
    tried = subprocess.run(
        [*prefix, "sh", "-c", command], capture_output=True, check=False
    )
    if tried.returncode != 0:
        _missing("this machine allows no namespaces with nftables and mounts")
    return prefix


def needs_postgresql() -> tuple[Path, tuple[str, ...]]:
    """The folder of PostgreSQL's programs, and a prefix under which they will run.

    The server refuses to be root's: there it is started as nobody.
    """
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = shutil.which("initdb") or (str(known[-1]) if known else None)
    if path is None:
        _missing("PostgreSQL is not installed")
    assert path is not None
    if os.geteuid() != 0:
        return Path(path).resolve().parent, ()
    setpriv = needs_program("setpriv")
    prefix = (setpriv, "--reuid=nobody", "--regid=nogroup", "--clear-groups")
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        _missing("root may not become nobody here, and PostgreSQL refuses to be root's")
    return Path(path).resolve().parent, prefix


def _missing(what: str) -> None:
    if os.environ.get(PROVE_ALL):
        pytest.fail(f"{what}, and {PROVE_ALL} is set: this proof must be made")
    pytest.skip(what)
