"""What other plugins write to disk by themselves, redacted once they have closed it.

Nearly all that they write has been in a report, and was redacted there. The rest (a
property of the whole suite in JUnit, the table of ``--metadata`` in HTML, a record's
``extra`` in a log file) is masked here.
"""

import contextlib
from io import TextIOWrapper
from pathlib import Path

import pytest

from kalshi_preflight.report.redact import Redactor
from kalshi_preflight.report.writing import write_atomically

#: Options of pytest and of pytest-html that name a file of text.
_FILES = ("xmlpath", "htmlpath", "log_file")


def redact_files(config: pytest.Config, redactor: Redactor) -> None:
    """Mask what secrets there are in the files that this run has been asked for."""
    for option in _FILES:
        named = config.getoption(option, None)
        if named:
            redact_file(config.invocation_params.dir / named, redactor)


def redact_file(path: Path, redactor: Redactor) -> None:
    """Mask the secrets in one file of text; one that is not there has none."""
    with contextlib.suppress(FileNotFoundError, IsADirectoryError):
        with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
            text = file.read()
        clean = redactor.text(text)
        if clean != text:
            write_atomically(path, clean)


def redact_trace(config: pytest.Config, redactor: Redactor) -> None:
    """Mask what ``--debug`` writes to its file (private: a self-test holds it)."""
    trace = config.trace.root
    write = trace._writer
    if write is not None:
        file = getattr(write, "__self__", None)
        if isinstance(file, TextIOWrapper) and file.name == config.option.debug:
            _redact_beginning(file, redactor)
        trace.setwriter(lambda text: write(redactor.text(text)))


def _redact_beginning(file: TextIOWrapper, redactor: Redactor) -> None:
    """Mask what stands there already: the whole command line is the first of it."""
    file.flush()
    shown = Path(file.name).read_text(encoding="utf-8", errors="replace")
    file.seek(0)
    file.truncate()
    file.write(redactor.text(shown))
