"""Files and settings as the tests of this room write them."""

from pathlib import Path

from kalshi_preflight.model.credentials import Remark
from kalshi_preflight.model.environment import Environment
from kalshi_preflight.settings import Dotenv, load_environments, read_dotenv

NO_DOTENV = Dotenv()


def dotenv(folder: Path, content: str | bytes, *, windows: bool = False) -> Dotenv:
    """A ``.env`` of the given content, read."""
    data = content if isinstance(content, bytes) else content.encode()
    (folder / ".env").write_bytes(data)
    return read_dotenv(None, v8_home=None, cwd=folder, windows=windows)


def environments(
    folder: Path, toml: str | bytes = "", **variables: str
) -> dict[str, Environment]:
    """The environments that a file of the given content makes."""
    path = folder / "environments.toml"
    path.write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    return load_environments(
        path, variables=variables, dotenv=NO_DOTENV, taken={"timeout", "demo"}
    )


def remarks(environment: Environment, cause: str) -> list[Remark]:
    """The remarks of one cause."""
    return [r for r in environment.credentials.remarks if r.cause == cause]
