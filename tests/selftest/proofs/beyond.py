"""Causes that no fault of an exchange can bring about, and what brings them about.

Broken networks below the sockets need namespaces, broken credentials are files and
variables, and two are settings of FIX. Each is held to its cause by the test named.
"""

from collections.abc import Mapping

from tests.selftest.survey.given import CASES
from tests.selftest.survey.scenes import SCENES

_SCENES = "tests/selftest/survey/test_network.py::test_a_scene_yields_its_cause"
_CASES = "tests/selftest/survey/test_credentials.py::test_what_is_given_is_named"
_FIX = "tests/selftest/survey/test_fix.py"

BEYOND: Mapping[str, str] = {
    **{
        scene.cause: f"{_SCENES}[{name}]"
        for name, scene in SCENES.items()
        if scene.cause
    },
    **{cause: f"{_CASES}[{name}]" for name, (cause, _) in CASES.items()},
    "fix-key-shared": f"{_FIX}::test_the_key_of_a_program_is_refused",
    "fix-port-mismatch": f"{_FIX}::test_a_mismatch_is_a_warning_of_the_settings",
}
