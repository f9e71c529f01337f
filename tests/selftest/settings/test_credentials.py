"""Which credentials an environment gets, and what is said of how they are given."""

import base64
from pathlib import Path
from typing import Any

import pytest

from kalshi_preflight.model.credentials import Credentials, KeyForm, Remark
from kalshi_preflight.settings import credentials_for
from tests.selftest.settings.files import NO_DOTENV, dotenv
from tests.selftest.signing import material

pytestmark = pytest.mark.selftest

ONE = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"
TWO = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeee0002"


def found(name: str = "production", /, **variables: str) -> Credentials:
    """What an environment gets from these variables of the process."""
    return credentials_for(name, variables=variables, dotenv=NO_DOTENV)


def key_id(credentials: Credentials) -> str | None:
    """The id itself."""
    return credentials.key_id.value.reveal() if credentials.key_id else None


def particulars(credentials: Credentials, cause: str) -> list[dict[str, Any]]:
    """The particulars of the remarks of one cause."""
    return [r.particulars for r in credentials.remarks if r.cause == cause]


def pem() -> str:
    """A good key."""
    return material.pem(material.rfc8032_key())


def test_nothing_set_names_what_was_tried() -> None:
    """Without any variable nothing is found, and every name that was tried is named."""
    nothing = found()
    assert (nothing.key_id, nothing.private_key, nothing.key_form) == (None, None, None)
    assert nothing.names_tried[:3] == (
        "KALSHI_API_KEY_ID_PRODUCTION",
        "KALSHI_KEY_ID_PRODUCTION",
        "KALSHI_API_KEY_ID",
    )
    assert "KALSHI_PRIVATE_KEY_BASE64" in nothing.names_tried
    assert nothing.remarks == ()


def test_suffix_comes_before_the_plain_name() -> None:
    """A name with the environment's suffix wins, and is no conflict."""
    both = {"KALSHI_API_KEY_ID": ONE, "KALSHI_KEY_ID_MYLAB": TWO}
    assert key_id(found("mylab", **both)) == TWO
    assert key_id(found("demo", **both)) == ONE
    assert found("mylab", **both).remarks == ()


@pytest.mark.parametrize(
    ("spelling", "owner"),
    [("production", "production"), ("live", "production"), ("demo", "demo")],
)
def test_plain_names_belong_to_the_environment_named(spelling: str, owner: str) -> None:
    """With KALSHI_ENV set, plain names are no other environment's credentials."""
    variables = {"KALSHI_ENV": spelling, "KALSHI_API_KEY_ID": ONE}
    other = "demo" if owner == "production" else "production"
    assert key_id(found(owner, **variables)) == ONE
    assert key_id(found(other, **variables)) is None
    assert found(other, **variables).plain_names_belong_to == owner
    assert found(owner, **variables).plain_names_belong_to is None


def test_empty_value_is_no_setting_but_hides_the_file(tmp_path: Path) -> None:
    """An empty variable of the process hides the file's; an alias may still be set."""
    file = dotenv(tmp_path, f"KALSHI_API_KEY_ID={ONE}\nKALSHI_KEY_ID={TWO}\n")
    got = credentials_for("demo", variables={"KALSHI_API_KEY_ID": ""}, dotenv=file)
    assert key_id(got) == TWO


def test_process_wins_over_the_file(tmp_path: Path) -> None:
    """The source says where the effective value stands."""
    file = dotenv(tmp_path, f"\nKALSHI_API_KEY_ID={ONE}\n")
    from_file = credentials_for("demo", variables={}, dotenv=file)
    assert from_file.key_id is not None
    assert from_file.key_id.source == f"{tmp_path / '.env'} line 2"
    assert from_file.files_read == (str(tmp_path / ".env"),)
    variables = {"KALSHI_API_KEY_ID": TWO}
    both = credentials_for("demo", variables=variables, dotenv=file)
    assert key_id(both) == TWO
    assert both.key_id is not None
    assert both.key_id.source == "process environment"


def test_oddities_of_the_file_come_along(tmp_path: Path) -> None:
    """The remarks on the file are remarks on the credentials that may come from it."""
    file = dotenv(tmp_path, "export A=1\n")
    got = credentials_for("demo", variables={}, dotenv=file)
    assert got.remarks == file.remarks
    own = credentials_for("demo", variables={}, dotenv=file, own={"key_id": ONE})
    assert own.remarks == ()


def test_two_different_ids_are_a_conflict() -> None:
    """The winner and the ends of both are said, and no more of them."""
    (said,) = particulars(
        found(KALSHI_KEY_ID=TWO, KALSHI_API_KEY_ID=ONE), "key-names-conflict"
    )
    assert (said["wins"], said["loses"]) == ("KALSHI_API_KEY_ID", "KALSHI_KEY_ID")
    assert said["wins_ends_with"] == "...e0f9"
    assert said["loses_ends_with"] == "...0002"
    assert ONE not in str(said)


def test_same_id_twice_is_no_conflict() -> None:
    """Blanks, quotes and case make no other id."""
    twice = found(KALSHI_KEY_ID=f' "{ONE.upper()}"\n', KALSHI_API_KEY_ID=ONE)
    assert twice.remarks == ()


def forms(folder: Path, text: str) -> dict[str, str]:
    """The same key under all three names."""
    (folder / "key.pem").write_text(text, encoding="ascii")
    return {
        "KALSHI_PRIVATE_KEY": text.replace("\n", "\\n"),
        "KALSHI_PRIVATE_KEY_PATH": str(folder / "key.pem"),
        "KALSHI_PRIVATE_KEY_BASE64": base64.b64encode(text.encode()).decode(),
    }


def test_same_key_under_every_name_is_no_conflict(tmp_path: Path) -> None:
    """A key is compared by its content, however it is handed over."""
    got = found(**forms(tmp_path, pem()))
    assert got.remarks == ()
    assert got.private_key is not None
    assert got.private_key.name == "KALSHI_PRIVATE_KEY"
    assert got.key_form is KeyForm.INLINE


@pytest.mark.parametrize("loser", ["PATH", "BASE64"])
def test_different_keys_are_a_conflict(tmp_path: Path, loser: str) -> None:
    """Which of two keys wins is said, and nothing of either."""
    name = f"KALSHI_PRIVATE_KEY_{loser}"
    variables = {name: forms(tmp_path, material.pem(material.rsa_key()))[name]}
    (said,) = particulars(found(KALSHI_PRIVATE_KEY=pem(), **variables), CONFLICT)
    assert (said["wins"], said["loses"]) == ("KALSHI_PRIVATE_KEY", name)
    assert not any("ends_with" in key for key in said)


CONFLICT = "key-names-conflict"


def test_key_that_cannot_be_read_is_not_compared(tmp_path: Path) -> None:
    """Where the other file is missing nothing is claimed."""
    gone = str(tmp_path / "gone.pem")
    assert found(KALSHI_PRIVATE_KEY=pem(), KALSHI_PRIVATE_KEY_PATH=gone).remarks == ()


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("/home/me/kalshi.pem", KeyForm.FILE),
        ("kalshi.key", KeyForm.FILE),
        ("~/kalshi", KeyForm.FILE),
        ("./kalshi", KeyForm.FILE),
        ("C:\\keys\\new", KeyForm.FILE),
        ("/run/secrets/kalshi", KeyForm.FILE),
        ("-----BEGIN PRIVATE KEY-----", KeyForm.INLINE),
        ("-----BEGIN X-----\\nAAAA\\n-----END X-----", KeyForm.INLINE),
        ("MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g", "inline"),
        ("nonsense", KeyForm.INLINE),
    ],
)
def test_plain_name_holds_a_key_or_a_path(value: str, form: KeyForm) -> None:
    """KALSHI_PRIVATE_KEY is told by its look: a path, or the text of a key."""
    assert found(KALSHI_PRIVATE_KEY=value).key_form == form


def test_relative_path_in_the_file_is_beside_the_file(tmp_path: Path) -> None:
    """A path in the dotenv file leads where the engine, which runs there, goes."""
    home, here = tmp_path / "v8", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    (home / "key.pem").touch()
    (here / "other.pem").touch()
    for name, expected in (("key.pem", home), ("other.pem", here), ("gone", home)):
        file = dotenv(home, f"KALSHI_PRIVATE_KEY_PATH={name}\n")
        got = credentials_for("demo", variables={}, dotenv=file, cwd=here)
        assert got.private_key is not None
        assert got.private_key.value.reveal() == str(expected / name)


def test_own_credentials_win_over_all_variables() -> None:
    """A row's own credentials are the only ones that are looked at."""
    got = credentials_for(
        "lab",
        variables={"KALSHI_API_KEY_ID_LAB": TWO, "KALSHI_KEY_ID_LAB": ONE},
        dotenv=NO_DOTENV,
        own={"key_id": ONE, "private_key_file": Path("/keys/lab.pem")},
        own_source="lab.toml",
    )
    assert key_id(got) == ONE
    assert got.key_id is not None
    assert got.key_id.name == "environments.lab.credentials.key_id"
    assert got.key_form is KeyForm.FILE
    assert got.files_read == ("lab.toml",)
    assert got.remarks == ()
    half = credentials_for("lab", variables={}, dotenv=NO_DOTENV, own={"key_id": ONE})
    assert half.private_key is None
    assert "environments.lab.credentials.private_key_file" in half.names_tried


@pytest.mark.parametrize(
    "name", ["KALSHI_API_KEY", "KALSHI_EMAIL", "KALSHI_BEARER_TOKEN"]
)
def test_only_a_bearer_variable_is_the_retired_scheme(name: str) -> None:
    """A token of the old schemes alone is remarked; beside a key it is not."""
    (said,) = particulars(found(**{name: "secret-word"}), "config-bearer-token")
    assert said["names"] == [name]
    assert "secret-word" not in str(said)
    assert found(**{name: "secret-word"}, KALSHI_KEY_ID=ONE).remarks == ()


def test_key_that_belongs_elsewhere_is_no_bearer_case() -> None:
    """An environment without credentials of its own is not called outdated."""
    variables = {"KALSHI_ENV": "demo", "KALSHI_KEY_ID": ONE, "KALSHI_API_KEY": "x"}
    assert found("production", **variables).remarks == ()
    variables["KALSHI_API_KEY_PRODUCTION"] = "x"
    (said,) = particulars(found("production", **variables), "config-bearer-token")
    assert said["names"] == ["KALSHI_API_KEY_PRODUCTION"]


def test_particulars_are_plain_values() -> None:
    """No remark carries a secret object or its text."""
    got = found(KALSHI_KEY_ID=TWO, KALSHI_API_KEY_ID=ONE, KALSHI_PRIVATE_KEY=pem())
    assert all(isinstance(remark, Remark) for remark in got.remarks)
    assert ONE not in repr(got)
    assert pem().splitlines()[1] not in repr(got)
