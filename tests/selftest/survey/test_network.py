"""Networks broken below the sockets: each scene, in namespaces of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.selftest.machine import needs_program, needs_scene_namespaces
from tests.selftest.runs import ROOT
from tests.selftest.survey.scenes import SCENES

pytestmark = pytest.mark.selftest
LIMIT_SECONDS = 50


def survey_scene(directory: Path, name: str) -> dict[str, Any]:
    """Survey a scene in a child process; what it printed."""
    prefix = needs_scene_namespaces()
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    done = subprocess.run(
        [
            *prefix,
            sys.executable,
            "-m",
            "tests.selftest.survey.scene",
            str(directory),
            name,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_yields_its_cause(name: str, tmp_path: Path) -> None:
    """The broken network is found as its cause, and nothing else is found."""
    for program in ("ip", "nft", "mount", "nsenter", "sysctl"):
        needs_program(program)
    found = survey_scene(tmp_path, name)
    scene = SCENES[name]
    assert found["root"] == scene.cause, found
    assert found["others"] == list(scene.also), found
    assert "None" not in found["summary"] + found["why"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("icmp-admin-prohibited", "ICMP type 3 code 13 from 1.2.3.4"),
        ("icmp6-admin-prohibited", "ICMPv6 type 1 code 1 from 2600:9000::1"),
        ("router-prohibits", "ICMP type 3 code 13 from 10.77.1.2"),
        ("output-reject", "from 10.77.1.1, this machine"),
    ],
)
def test_the_prohibition_names_who_said_it(
    name: str, said: str, tmp_path: Path
) -> None:
    """The ICMP message and its sender stand in the summary."""
    assert said in survey_scene(tmp_path, name)["summary"]
