"""The key for a FIX logon: where it is looked for, and whose it must not be."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kalshi_preflight.model.credentials import KeyForm
from kalshi_preflight.model.environment import Environment, FixLogon
from kalshi_preflight.settings import (
    load_environments,
    read_dotenv,
    secrets_of,
    with_fix_logon,
)

pytestmark = pytest.mark.selftest

OWN = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-2222-4333-8444-555555555555"
LAB = '[environments.lab]\nrest = "https://localhost:1/x"\n'


def load(
    folder: Path,
    variables: Mapping[str, str],
    *,
    dotenv: str = "",
    engine: str | None = None,
) -> dict[str, Environment]:
    """All environments, told to log on; ``lab`` among them has no FIX endpoint."""
    (folder / ".env").write_text(dotenv, encoding="utf-8")
    (folder / "lab.toml").write_text(LAB, encoding="utf-8")
    read = read_dotenv(None, v8_home=None, cwd=folder)
    others = []
    if engine is not None:
        home = folder / "engine"
        home.mkdir()
        (home / ".env").write_text(engine, encoding="utf-8")
        others = [read_dotenv(None, v8_home=home, cwd=home)]
    environments = load_environments(
        folder / "lab.toml", variables=variables, dotenv=read, cwd=folder
    )
    return with_fix_logon(
        environments, variables=variables, dotenv=read, others=others, cwd=folder
    )


def wished(environment: Environment) -> FixLogon:
    """What the environment is to log on with."""
    assert environment.fix_logon is not None
    return environment.fix_logon


def key_id(environment: Environment) -> str | None:
    """The key id for FIX that was found."""
    setting = wished(environment).credentials.key_id
    return setting.value.reveal() if setting else None


def taken(environment: Environment) -> set[str]:
    """The names of all settings whose key ids are not to be used."""
    return {setting.name for setting in wished(environment).taken}


def test_only_environments_with_fix_are_told(tmp_path: Path) -> None:
    """An environment without a FIX endpoint has nothing to log on to."""
    environments = load(tmp_path, {"KALSHI_FIX_API_KEY_ID": OWN})
    assert environments["lab"].fix_logon is None
    assert key_id(environments["production"]) == OWN


def test_the_suffix_comes_first(tmp_path: Path) -> None:
    """A name with the environment's suffix wins over the plain one."""
    variables = {"KALSHI_FIX_API_KEY_ID": OWN, "KALSHI_FIX_API_KEY_ID_DEMO": OTHER}
    environments = load(tmp_path, variables)
    assert key_id(environments["demo"]) == OTHER
    assert key_id(environments["production"]) == OWN


def test_plain_names_belong_to_the_environment_that_is_named(tmp_path: Path) -> None:
    """With ``KALSHI_ENV=demo`` a plain key is not tried at production."""
    variables = {"KALSHI_FIX_API_KEY_ID": OWN, "KALSHI_ENV": "demo"}
    environments = load(tmp_path, variables)
    assert key_id(environments["demo"]) == OWN
    assert key_id(environments["production"]) is None


def test_the_programs_own_key_is_never_the_default(tmp_path: Path) -> None:
    """Without FIX variables there is no key, whatever REST has."""
    variables = {"KALSHI_API_KEY_ID": OWN, "KALSHI_PRIVATE_KEY_PATH": "key.pem"}
    credentials = wished(load(tmp_path, variables)["production"]).credentials
    assert credentials.key_id is None
    assert credentials.private_key is None
    assert credentials.names_tried[-1] == "KALSHI_FIX_API_KEY_ID"


def test_a_path_is_a_path_whatever_it_looks_like(tmp_path: Path) -> None:
    """The key's variable holds a path, relative to the folder of its file."""
    (tmp_path / "fixkey").write_text("x", encoding="utf-8")
    dotenv = "KALSHI_FIX_PRIVATE_KEY_PATH=fixkey\n"
    credentials = wished(load(tmp_path, {}, dotenv=dotenv)["production"]).credentials
    assert credentials.key_form is KeyForm.FILE
    assert credentials.private_key is not None
    assert credentials.private_key.value.reveal() == str(tmp_path / "fixkey")


def test_every_other_setting_counts_as_taken(tmp_path: Path) -> None:
    """Process, dotenv file and the engine's own file; but not FIX's own names."""
    environments = load(
        tmp_path,
        {"KALSHI_API_KEY_ID": OWN, "KALSHI_FIX_API_KEY_ID": OWN, "OTHER_BOT": OWN},
        dotenv=f"KALSHI_KEY_ID_DEMO={OTHER}\nKALSHI_FIX_API_KEY_ID_DEMO={OTHER}\n",
        engine=f"ENGINE_KEY={OTHER}\n",
    )
    names = taken(environments["production"])
    expected = {"KALSHI_API_KEY_ID", "OTHER_BOT", "KALSHI_KEY_ID_DEMO", "ENGINE_KEY"}
    assert names >= expected
    assert not any(name.startswith("KALSHI_FIX_") for name in names)


def test_the_key_for_fix_is_a_secret(tmp_path: Path) -> None:
    """Id and every line of the key file are among what no output may show."""
    lines = ["-----BEGIN PRIVATE KEY-----", "A1b2" * 16, "-----END PRIVATE KEY-----"]
    (tmp_path / "fix.pem").write_text("\n".join(lines), encoding="utf-8")
    variables = {
        "KALSHI_FIX_API_KEY_ID": OWN,
        "KALSHI_FIX_PRIVATE_KEY_PATH": "fix.pem",
    }
    environments = load(tmp_path, variables)
    read = read_dotenv(None, v8_home=None, cwd=tmp_path)
    secrets = secrets_of(environments.values(), variables=variables, dotenv=read)
    texts = {secret.reveal() for secret in secrets}
    assert {OWN, "A1b2" * 16} <= texts
    assert "fix.pem" not in texts
