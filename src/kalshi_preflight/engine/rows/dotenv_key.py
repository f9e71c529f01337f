"""The private key of the engine's settings."""

from kalshi_preflight.engine.row import EngineRow, by_hand
from kalshi_preflight.model.cause import Blame, Commands, Severity

_WHOLE = "test_dotenv_key_is_whole"
_PATH = "test_dotenv_key_file_is_found"

_LINES = Commands(
    powershell=(
        "Select-String -Path {dotenv} -Pattern 'PRIVATE_KEY' |"
        " ForEach-Object {{ 'line {{0}}, {{1}} characters' -f"
        " $_.LineNumber, $_.Line.Length }}",
    ),
    posix=(
        'awk \'/PRIVATE_KEY/ {{print "line " NR ", " length " characters"}}\' {dotenv}',
    ),
)
_USE_PATH = by_hand(
    "save the key as Kalshi gave it to a file of its own, and give its full path as"
    " KALSHI_PRIVATE_KEY_PATH in {dotenv}",
)
_ORIGINAL = by_hand(
    "put back the file that Kalshi gave; it is shown only once, so without it make a"
    " new key",
)
_WARNING = Severity.WARNING


def _row(
    id_: str,
    summary: str,
    why: str,
    *,
    question: str = _WHOLE,
    severity: Severity = Severity.BROKEN,
    fix: Commands = _USE_PATH,
    check: Commands = _LINES,
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


ROWS = (
    _row(
        "env-pem-truncated",
        "{setting} ({source}) holds only the beginning of the key.",
        "The key was pasted over several lines, and a reader of single lines gets the"
        " first of them.",
    ),
    _row(
        "env-pem-bogus-variable",
        "{file} has lines that are pieces of a key (lines {lines}).",
        "The tail of a torn key is taken for variables.",
        severity=_WARNING,
    ),
    _row(
        "env-pem-escaped-newlines",
        "{setting} ({source}) has \\n written out instead of line ends.",
        "The key was put on one line; a reader of single lines keeps the backslashes,"
        " and the key does not load.",
    ),
    _row(
        "env-pem-flattened",
        "{setting} ({source}) is a key without its line ends.",
        "Some libraries load it, stricter ones refuse.",
        severity=_WARNING,
    ),
    _row(
        "env-pem-no-framing",
        "{setting} ({source}) is a key without its BEGIN and END lines.",
        "They were cut off when it was copied.",
    ),
    _row(
        "env-pem-base64",
        "{setting} ({source}) is the base64 of a key file.",
        "It is meant for KALSHI_PRIVATE_KEY_BASE64, which not every program knows.",
    ),
    _row(
        "env-pem-dashes",
        "{setting} ({source}) has other dashes around BEGIN and END than five plain"
        " ones.",
        "A word processor or a chat program changed them.",
        fix=_ORIGINAL,
    ),
    _row(
        "env-pem-label-mismatch",
        "{setting} ({source}) has the label of another format than its body.",
        "BEGIN RSA PRIVATE KEY and BEGIN PRIVATE KEY stand for different formats; the"
        " label was edited.",
        fix=_ORIGINAL,
    ),
    _row(
        "env-pem-damaged",
        "{setting} ({source}) is damaged: {reason}.",
        "A line was lost or a character was changed.",
        fix=_ORIGINAL,
    ),
    _row(
        "env-pem-encrypted",
        "{setting} ({source}) asks for a pass phrase.",
        "The key was exported with one, and the engine cannot give it.",
        fix=by_hand(
            "write an unencrypted copy that only your account may read: openssl pkey"
            " -in OLD -out NEW",
        ),
    ),
    _row(
        "env-pem-public",
        "{setting} ({source}) is a public key or a certificate.",
        "The wrong file was chosen; only the private one can sign.",
        fix=_ORIGINAL,
    ),
    _row(
        "env-pem-openssh",
        "{setting} ({source}) is a key in OpenSSH's format.",
        "It is a key for SSH, or was converted.",
        fix=_ORIGINAL,
    ),
    _row(
        "env-key-type-unsupported",
        "{setting} ({source}) is a key of a kind that Kalshi does not take ({type}).",
        "Kalshi takes RSA and Ed25519.",
        fix=by_hand("make a new key on Kalshi's page for API keys"),
    ),
    _row(
        "env-key-ed25519-old-engine",
        "{setting} is an Ed25519 key, and the engine's code signs with RSA only.",
        "Kalshi's page has made Ed25519 keys by default since 2026-10-01.",
        severity=_WARNING,
        fix=by_hand("update the engine, or make an RSA key for it"),
    ),
    _row(
        "env-key-weak",
        "{setting} ({source}) is an RSA key of fewer than 2048 bits.",
        "It was made at home; Kalshi issues 2048.",
        severity=_WARNING,
        fix=by_hand("make a new key on Kalshi's page for API keys"),
    ),
    _row(
        "env-both-inline-and-path",
        "Different private keys are given by {names}.",
        "A change of keys was done by half.",
        severity=_WARNING,
        fix=by_hand("keep one of them in {dotenv}"),
    ),
    _row(
        "env-key-path-missing",
        "{setting} ({source}) names a file that cannot be read: {key_path}.",
        "It was moved, or the settings come from another machine.",
        question=_PATH,
        check=Commands(
            powershell=("Test-Path {key_path}",), posix=("ls -l {key_path}",)
        ),
        fix=by_hand("write the full path of the key file into {dotenv}"),
    ),
    _row(
        "env-key-path-escapes",
        "{setting} ({source}) has a backslash that became a line end or a tab.",
        "In double quotes, \\n and \\t are escapes.",
        question=_PATH,
        fix=by_hand("write slashes, or leave the quotes out, in {dotenv}"),
    ),
    _row(
        "env-key-path-unexpanded",
        "{setting} ({source}) has a ~ or a variable in it: {key_path}.",
        "No loader of a .env replaces them.",
        question=_PATH,
        severity=_WARNING,
        fix=by_hand("write the full path into {dotenv}"),
    ),
    _row(
        "env-key-path-relative",
        "{setting} ({source}) is a relative path: {key_path}.",
        "It is found or not, depending on the folder that the engine is started in.",
        question=_PATH,
        severity=_WARNING,
        fix=by_hand("write the full path into {dotenv}"),
    ),
)
