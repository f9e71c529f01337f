"""The engine's settings file: its form, its names and its hosts."""

from kalshi_preflight.engine.row import EngineRow, by_hand
from kalshi_preflight.model.cause import Blame, Commands, Severity

_READ = "test_dotenv_can_be_read"
_PLAIN = "test_dotenv_means_what_it_says"
_NAMES = "test_dotenv_names_the_key"
_PLACE = "test_dotenv_names_one_environment"
_SAFE = "test_dotenv_is_safe"

#: Names and line numbers, never values.
_LINES = Commands(
    powershell=(
        "Select-String -Path {dotenv} -Pattern '^[^=#]*' |"
        " ForEach-Object {{ 'line {{0}}: {{1}}' -f"
        " $_.LineNumber, $_.Matches[0].Value }}",
    ),
    posix=("grep -nE '^[^=#]+=' {dotenv} | cut -d= -f1",),
)
_FOLDER = Commands(
    powershell=("Get-ChildItem -Force {home}",), posix=("ls -la {home}",)
)
_UTF8 = Commands(
    powershell=(
        "$t = Get-Content {dotenv} -Raw;"
        " [IO.File]::WriteAllText({dotenv}, $t, [Text.UTF8Encoding]::new($false))",
    ),
    posix=("# save it as UTF-8 without a byte order mark",),
)
_EDIT = Commands(
    powershell=("notepad {dotenv}",), posix=('"${{EDITOR:-vi}}" {dotenv}',)
)


def _row(
    id_: str,
    question: str,
    summary: str,
    why: str,
    *,
    severity: Severity = Severity.BROKEN,
    check: Commands = _LINES,
    fix: Commands = _EDIT,
) -> EngineRow:
    return EngineRow(
        id=id_,
        question=question,
        summary=summary,
        why=why,
        severity=severity,
        blame=Blame.CONFIG,
        check=check,
        fix=fix,
    )


_WARNING = Severity.WARNING

ROWS = (
    _row(
        "env-file-missing",
        _READ,
        "{engine} has no settings file {file}, and no key is in the environment.",
        "The workspace is another one, or the file was not copied. It must lie beside"
        " main.py.",
        check=_FOLDER,
        fix=by_hand("put the .env into {home}, or give the right workspace"),
    ),
    _row(
        "env-file-wrong-name",
        _READ,
        "There is no {file}, but there is {beside}.",
        "The Explorer hides the last part of a name, so that .env.txt looks like .env."
        " No loader finds it.",
        check=_FOLDER,
        fix=by_hand("rename the file to .env in {home}"),
    ),
    _row(
        "env-file-unreadable",
        _READ,
        "{file} exists, and this account may not read it.",
        "Another account owns it.",
        check=Commands(powershell=("icacls {dotenv}",), posix=("ls -l {dotenv}",)),
        fix=by_hand("run this suite under the engine's account, or grant it to read"),
    ),
    _row(
        "env-utf16",
        _READ,
        "{file} is written in UTF-16: its names are lost for every reader.",
        "Windows PowerShell's > writes two bytes a letter.",
        fix=_UTF8,
    ),
    _row(
        "env-bom",
        _READ,
        "{file} begins with a byte order mark; a reader of single lines loses {name}.",
        "The Notepad's 'UTF-8 with BOM' puts three bytes before the first name.",
        fix=_UTF8,
    ),
    _row(
        "env-line-not-assignment",
        _PLAIN,
        "{file} has lines that assign nothing ({lines}).",
        "NAME: value is a habit of YAML; such lines are left out without a word.",
        severity=_WARNING,
    ),
    _row(
        "env-export-prefix",
        _PLAIN,
        "Line {line} of {file} begins with export.",
        "For a reader of single lines, 'export {name}' is the name.",
        severity=_WARNING,
    ),
    _row(
        "env-duplicate-key",
        _PLAIN,
        "{file} gives {name} twice with different values; line {line} wins over line"
        " {first_line}.",
        "It was edited twice.",
        severity=_WARNING,
    ),
    _row(
        "env-process-override",
        _PLAIN,
        "{name} is set in the process environment to another value than in line {line}"
        " of {file}; the environment wins.",
        "An old variable of the user's account outlives the file.",
        severity=_WARNING,
        check=Commands(
            powershell=(
                "Get-ChildItem Env:KALSHI_* | Select-Object -ExpandProperty Name",
            ),
            posix=("env | grep '^KALSHI_' | cut -d= -f1",),
        ),
        fix=by_hand("remove one of the two"),
    ),
    _row(
        "env-value-quoted",
        _PLAIN,
        "The value of {name} (line {line} of {file}) is in quotes.",
        "A reader of single lines takes the quotes for part of the value.",
        severity=_WARNING,
    ),
    _row(
        "env-value-whitespace",
        _PLAIN,
        "The value of {name} (line {line} of {file}) has blanks or invisible"
        " characters.",
        "It was copied from a web page.",
        severity=_WARNING,
    ),
    _row(
        "env-smart-quotes",
        _PLAIN,
        "The value of {name} (line {line} of {file}) is in typographic quotes.",
        "A word processor put them there; every reader takes them for part of it.",
    ),
    _row(
        "env-inline-comment",
        _PLAIN,
        "The value of {name} (line {line} of {file}) is followed by a comment.",
        "A reader of single lines takes the comment for part of the value.",
        severity=_WARNING,
    ),
    _row(
        "env-placeholder-value",
        _PLAIN,
        "The value of {name} (line {line} of {file}) is a template's.",
        "The template was never filled in.",
    ),
    _row(
        "env-dollar-expansion",
        _PLAIN,
        "The value of {name} (line {line} of {file}) has ${{...}} in it.",
        "Some readers replace it, others do not.",
        severity=_WARNING,
    ),
    _row(
        "env-key-missing",
        _NAMES,
        "{file} gives no {what} (accepted names: {accepted}).",
        "It was never configured.",
    ),
    _row(
        "env-key-name-mismatch",
        _NAMES,
        "{file} gives no {what}, but {name} in line {line} (accepted names:"
        " {accepted}).",
        "An old guide or a slip of the pen; a file's names are not the same in lower"
        " case.",
    ),
    _row(
        "env-key-names-conflict",
        _NAMES,
        "Two names give different key ids: {first} and {second}.",
        "One was changed and the other was not. A part of the engine reads either.",
    ),
    _row(
        "env-key-id-not-uuid",
        _NAMES,
        "{setting} ({source}) is no key id: {length} characters, not 8-4-4-4-12.",
        "A key or something else was pasted there, or a character was lost.",
    ),
    _row(
        "env-environment-unknown",
        _PLACE,
        "{setting} is '{value}' ({source}): programs differ in what they make of it.",
        "Some take every word that is not exactly 'production' for demo.",
        severity=_WARNING,
    ),
    _row(
        "env-host-mismatch",
        _PLACE,
        "{setting} ({source}) leads to {host}, which is of {belongs_to}, while"
        " KALSHI_ENV says {environment}.",
        "A block of settings was copied. Keys of one environment are refused by the"
        " other.",
    ),
    _row(
        "env-dead-host",
        _PLACE,
        "{setting} ({source}) leads to {host}, which is dead; use {current}.",
        "Old guides name it. It has no address, or answers everything with 401.",
    ),
    _row(
        "env-tls-verify-disabled",
        _SAFE,
        "The checking of certificates is switched off: {places}.",
        "Orders and signatures then go to whoever stands in the middle.",
        fix=by_hand("remove the switch, and mend the certificate store instead"),
    ),
    _row(
        "env-file-tracked",
        _SAFE,
        "{file} lies in a Git work tree and is not ignored there.",
        "It would be published with the next push.",
        check=Commands(
            powershell=("git -C {home} status --short --ignored",),
            posix=("git -C {home} status --short --ignored",),
        ),
        fix=by_hand(
            "add it to .gitignore and take it out of the index (git rm --cached); make"
            " a new key if it was ever pushed",
        ),
    ),
    _row(
        "env-key-file-permissions",
        _SAFE,
        "Others may read the key file {key_path} (mode {mode}).",
        "Whoever reads it can trade.",
        severity=_WARNING,
        check=Commands(powershell=("icacls {key_path}",), posix=("ls -l {key_path}",)),
        fix=Commands(
            powershell=(
                'icacls {key_path} /inheritance:r /grant:r "${{env:USERNAME}}:(R)"',
            ),
            posix=("chmod 600 {key_path}",),
        ),
    ),
)
