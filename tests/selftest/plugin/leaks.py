# ruff: noqa: D103, T201  # every function here is a leak, named by its way
"""Forty and more ways in which a test gives a secret away: run by ``test_leaks``.

``LEAKS`` names a JSON file of texts that hold secrets in some form; every test here
lets out every one of them. Most fail, and are meant to.
"""

import asyncio
import contextlib
import gc
import json
import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.leak

VALUES: list[str] = json.loads(Path(os.environ["LEAKS"]).read_text("utf-8"))
log = logging.getLogger("leak")

#: A row a text, with a harmless name; the tests of names use the texts themselves.
forms = pytest.mark.parametrize("index", range(len(VALUES)), ids="text{}".format)


@dataclass
class Holder:
    """A value object that shows all it has."""

    name: str
    key: str


@pytest.fixture
def text(index: int) -> str:
    """A text that must not be seen."""
    return VALUES[index]


@pytest.fixture
def holder(text: str) -> Holder:
    """An object whose ``repr`` gives the text away, as an argument of the test."""
    return Holder("key", text)


@pytest.fixture
def broken_setup(text: str) -> None:
    """A fixture that fails and says why."""
    raise RuntimeError(f"cannot use {text}")


@pytest.fixture
def broken_teardown(text: str) -> Iterator[None]:
    """A fixture that fails at the end."""
    yield
    raise RuntimeError(f"cannot give back {text}")


def by_print(text: str) -> None:
    print(text)


def by_stderr(text: str) -> None:
    sys.stderr.write(f"key={text}\n")


def by_parts(text: str) -> None:
    for start in range(0, len(text), 5):
        sys.stdout.write(text[start : start + 5])
        sys.stdout.flush()


def by_failing_print(text: str) -> None:
    print("before", text, "after", sep="")
    pytest.fail("see above")


def by_comparison(text: str) -> None:
    assert text == "something else", "not equal"


def by_diff(text: str) -> None:
    assert text + "1" * 50 + text == text + "1" * 49 + text


def by_long_common_part(text: str) -> None:
    assert f"{'x' * 90}{text}a{'y' * 90}" == f"{'x' * 90}{text}b{'y' * 90}"


def by_containment(text: str) -> None:
    assert "needle" not in f"hay needle {text}"


def by_mapping(text: str) -> None:
    assert {"a": 1, "key": text, "z": [text] * 3} == {"a": 1, "key": None}


def by_list(text: str) -> None:
    assert [text, 1, (text,)] == [1, text]


def by_bytes(text: str) -> None:
    assert text.encode() == b"something else"


def by_dataclass(text: str) -> None:
    assert Holder("a", text) == Holder("b", text)


def by_exception(text: str) -> None:
    raise ValueError(f"bad key {text}")


def by_chain(text: str) -> None:
    try:
        raise OSError(text)
    except OSError as error:
        raise RuntimeError("the key cannot be used") from error


def by_group(text: str) -> None:
    raise ExceptionGroup(f"all of {text}", [ValueError(text), KeyError(text)])


def by_note(text: str) -> None:
    error = ValueError("bad key")
    error.add_note(f"it was {text}")
    raise error


def by_exit_code(text: str) -> None:
    sys.exit(text)


def by_locals(text: str) -> None:
    key, parts = text, text.split()  # noqa: F841  # shown by --showlocals
    raise RuntimeError("look at my locals")


def by_call(text: str) -> None:
    def sign(key: str) -> None:
        raise TypeError("cannot sign")

    sign(text)


def by_fail(text: str) -> None:
    pytest.fail(f"failed with {text}")


def by_fail_without_trace(text: str) -> None:
    pytest.fail(f"failed with {text}", pytrace=False)


def by_skip(text: str) -> None:
    pytest.skip(f"no use with {text}")


def by_xfail(text: str) -> None:
    pytest.xfail(f"known: {text}")


def by_log(text: str) -> None:
    log.warning("using %s for %r", text, [text])
    pytest.fail("see the log")


def by_log_of_exception(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("refused", stack_info=True)


def by_log_extra(text: str) -> None:
    log.error("refused", extra={"detail": text})


def by_damaged_log(text: str) -> None:
    log.error("%d %d", text)  # noqa: PLE1206  # that is the damage


def by_log_of_httpx(text: str) -> None:
    logging.getLogger("httpx").info('HTTP Request: GET https://u:%s@h/ "200"', text)
    logging.getLogger("httpcore.http11").debug("headers=[(b'K', %r)]", text.encode())


def by_log_of_websockets(text: str) -> None:
    logging.getLogger("websockets.client").debug("> KALSHI-ACCESS-KEY: %s", text)


def by_asyncio(text: str) -> None:
    async def main() -> None:
        asyncio.get_running_loop().call_exception_handler(
            {"message": text, "exception": ValueError(text)}
        )

    asyncio.run(main())


def by_warning(text: str) -> None:
    warnings.warn(f"deprecated key {text}", stacklevel=1)


def by_thread(text: str) -> None:
    def fail() -> None:
        raise ValueError(text)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def by_unraisable(text: str) -> None:
    class Grave:
        def __del__(self) -> None:
            raise ValueError(text)

    Grave()
    gc.collect()


def by_child(text: str) -> None:
    code = "import sys; print(sys.argv[1]); sys.exit(sys.argv[1])"
    asked = subprocess.run(
        [sys.executable, "-c", code, text], capture_output=True, text=True, check=False
    )
    sys.stdout.write(asked.stdout)
    assert (asked.returncode, asked.stderr) == (0, "")


def by_json_in_json(text: str) -> None:
    raise ValueError(json.dumps({"body": f'{{"key": {json.dumps(text)}}}'}))


WAYS: list[Callable[[str], None]] = [
    way for name, way in sorted(globals().items()) if name.startswith("by_")
]


@forms
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_way(way: Callable[[str], None], text: str) -> None:
    """Give a text away."""
    way(text)


@forms
def test_holder(holder: Holder) -> None:
    """Fail with an argument that shows itself."""
    assert not holder


@forms
@pytest.mark.usefixtures("broken_setup")
def test_setup() -> None:
    """Fail before the test."""


@forms
@pytest.mark.usefixtures("broken_teardown")
def test_teardown() -> None:
    """Fail after the test."""


@forms
def test_properties(
    text: str,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    """Leave the text in what JUnit and others are told."""
    record_property("key", text)
    record_property(text, {"nested": [text]})
    request.node.user_properties.append(("more", text))


@forms
@pytest.mark.filterwarnings("ignore::pytest.PytestWarning")
def test_attributes_of_junit(
    text: str,
    record_xml_attribute: Callable[[str, object], None],
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    """Leave the text where only JUnit's own writer sees it."""
    record_xml_attribute("key", text)
    record_testsuite_property("key", text)


@forms
def test_extras(text: str, extras: list[Any]) -> None:
    """Leave the text beside the HTML report: as a file, as JSON, as a link."""
    kinds = pytest.importorskip("pytest_html").extras

    extras += [
        kinds.text(text),
        kinds.json({"key": text}),
        kinds.html(f"<p>{text}</p>"),
        kinds.url(f"https://host.invalid/{text}"),
    ]


@forms
def test_past_the_capture(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Print while pytest does not capture."""
    with capsys.disabled():
        print(f"[{text}]")


@forms
def test_past_all_captures(text: str, pytestconfig: pytest.Config) -> None:
    """Write with pytest's own writer."""
    pytestconfig.get_terminal_writer().line(f"[{text}]")


@forms
def test_subtests(text: str, subtests: Any) -> None:
    """Fail in parts that are called by the text."""
    with subtests.test(msg=text, key=text), contextlib.suppress(ValueError):
        raise ValueError(text)
    with subtests.test(text):
        raise ValueError(text)


@pytest.mark.parametrize("key", VALUES)
def test_name_by_value(key: str, tmp_path: Path) -> None:
    """Bear the text in one's own name, and in that of a folder."""
    assert not key, tmp_path


@pytest.mark.parametrize("key", VALUES, ids=VALUES)
def test_name_by_id(key: str, tmp_path: Path) -> None:
    """Bear the text in a name that was given on purpose."""
    assert tmp_path.exists()


def _documented(text: str) -> Callable[[], None]:
    def test() -> None:
        assert False, test.__doc__  # noqa: B011, PT015  # it has to fail under -O too

    test.__doc__ = f"Say {text}."
    return test


for _number, _text in enumerate(VALUES):
    globals()[f"test_docstring_{_number}"] = _documented(_text)
