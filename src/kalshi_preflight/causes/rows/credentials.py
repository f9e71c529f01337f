"""Credentials and settings: what can be said before a byte is sent."""

from kalshi_preflight.causes.row import Row
from kalshi_preflight.model.cause import Blame, Commands, Severity
from kalshi_preflight.model.layer import Layer

_QUESTION = "test_credentials_load"
_API_KEYS = "https://docs.kalshi.com/getting_started/api_keys"
_HOSTS = "https://docs.kalshi.com/getting_started/api_environments"

#: Names and line numbers of the settings, never their values.
_NAMES = Commands(
    powershell=(
        "Get-ChildItem Env:KALSHI_* | Select-Object -ExpandProperty Name",
        "Get-ChildItem -Force .env*",
        "Select-String -Path .env -Pattern '^[^=#]*KALSHI_[^=]*' |"
        " ForEach-Object {{ 'line {{0}}: {{1}}' -f"
        " $_.LineNumber, $_.Matches[0].Value }}",
    ),
    posix=(
        "env | grep '^KALSHI_' | cut -d= -f1",
        "ls -la .env*",
        "grep -nE '^[^=#]*KALSHI_' .env | cut -d= -f1",
    ),
)
#: The framing lines of a pasted key, and nothing between them.
_FRAMING = Commands(
    powershell=(
        "Select-String -Path .env -Pattern '-----(BEGIN|END) [A-Z ]+-----' |"
        " ForEach-Object {{ 'line {{0}}: {{1}}' -f"
        " $_.LineNumber, $_.Matches[0].Value }}",
    ),
    posix=("grep -noE -e '-----(BEGIN|END) [A-Z ]+-----' .env",),
)
_EDIT = Commands(powershell=("notepad .env",), posix=('"${{EDITOR:-vi}}" .env',))
_NEW_KEY = (
    "# make a new key pair on the exchange's account page (API keys) of {environment},"
    " save the private key at once (it is shown only once), and set"
    " KALSHI_API_KEY_ID and KALSHI_PRIVATE_KEY_PATH:"
)
_MAKE_A_KEY = Commands(
    powershell=(_NEW_KEY, *_EDIT.powershell),
    posix=(_NEW_KEY, *_EDIT.posix),
)

_MISSING = (
    Row(
        id="key-id-missing",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_QUESTION,
        summary="There is no key id for {environment}; looked for {names_tried} (files"
        " read: {files_read}; names of another environment: {plain_names_belong_to}).",
        why="Without it no request can be signed, and nothing was sent. A .env in"
        " another folder or one that is really called .env.txt is the usual reason."
        " Names without the environment's suffix count only for the environment that"
        " KALSHI_ENV names.",
        check=_NAMES,
        fix=Commands(
            powershell=(
                "# add a line: KALSHI_API_KEY_ID= and the id that the account page of"
                " {environment} shows (36 characters), without quotes:",
                *_EDIT.powershell,
            ),
            posix=(
                "# add a line: KALSHI_API_KEY_ID= and the id that the account page of"
                " {environment} shows (36 characters), without quotes:",
                *_EDIT.posix,
            ),
        ),
        more=_API_KEYS,
    ),
    Row(
        id="key-missing",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_QUESTION,
        summary="There is a key id but no private key for {environment}; looked for"
        " {names_tried} (files read: {files_read}; names of another environment:"
        " {plain_names_belong_to}).",
        why="A request is signed with the private key that belongs to the id. It was"
        " handed out once, when the pair was made. Names without the environment's"
        " suffix count only for the environment that KALSHI_ENV names.",
        check=_NAMES,
        fix=Commands(
            powershell=(
                "# add a line: KALSHI_PRIVATE_KEY_PATH= and the full path of the key's"
                " file, with / and without quotes:",
                *_EDIT.powershell,
            ),
            posix=(
                "# add a line: KALSHI_PRIVATE_KEY_PATH= and the full path of the key's"
                " file, without ~ and without quotes:",
                *_EDIT.posix,
            ),
        ),
        more=_API_KEYS,
    ),
    Row(
        id="key-id-malformed",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_QUESTION,
        summary="{setting} ({source}) is not a key id: {length} characters that look"
        " like {looks_like}.",
        why="A key id is a UUID: 36 characters, hexadecimal digits and four dashes. The"
        " exchange answers anything else as it answers an id that does not exist.",
        check=Commands(
            powershell=(
                "Get-ChildItem Env:KALSHI_*ID* | ForEach-Object"
                " {{ '{{0}}: {{1}} characters' -f $_.Name, $_.Value.Length }}",
                "Select-String -Path .env -Pattern '^([^=#]*KEY_ID[^=]*)=(.*)$' |"
                " ForEach-Object {{ '{{0}}: {{1}} characters' -f"
                " $_.Matches[0].Groups[1].Value, $_.Matches[0].Groups[2].Length }}",
            ),
            posix=(
                "env | awk -F= '/^KALSHI_[A-Z_]*ID/"
                ' {{print $1 ": " length($2) " characters"}}\'',
                "awk -F= '/^[^=#]*KEY_ID/"
                ' {{print $1 ": " length($2) " characters"}}\' .env',
            ),
        ),
        fix=Commands(
            powershell=(
                "# copy the id again from the account page into {setting} ({source}),"
                " without quotes and blanks:",
                *_EDIT.powershell,
            ),
            posix=(
                "# copy the id again from the account page into {setting} ({source}),"
                " without quotes and blanks:",
                *_EDIT.posix,
            ),
        ),
        more=_API_KEYS,
    ),
)

_FILES = (
    Row(
        id="key-file-missing",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_QUESTION,
        summary="{setting} ({source}) leads to {path}, and there is no such file"
        " ({reason}).",
        why="The path is shown as it was resolved. A relative one depends on the folder"
        " that a program is started in; ~ and variables in it are not replaced; and"
        ' inside double quotes in a .env, "\\n" and "\\t" become a line end and a tab.',
        check=Commands(
            powershell=(
                "Test-Path -LiteralPath {path}",
                "Get-ChildItem -Force (Split-Path -Parent {path})",
            ),
            posix=("ls -l {path}", 'ls -la "$(dirname {path})"'),
        ),
        fix=Commands(
            powershell=(
                "# write the full path into {setting} ({source}), with / and without"
                " quotes:",
                *_EDIT.powershell,
            ),
            posix=(
                "# write the full path into {setting} ({source}), without ~ and without"
                " quotes:",
                *_EDIT.posix,
            ),
        ),
    ),
    Row(
        id="key-file-unreadable",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_QUESTION,
        summary="{setting} ({source}) leads to {path}, which cannot be read"
        " ({reason}).",
        why="It is there, but it is a folder, or it belongs to another user than the"
        " one who runs this. Scheduled tasks and services often run as somebody else.",
        check=Commands(
            powershell=(
                "whoami",
                "Get-Acl -LiteralPath {path} | Format-List Owner, AccessToString",
            ),
            posix=("id -un", "ls -ld {path}"),
        ),
        fix=Commands(
            powershell=(
                "# a folder: write the file's path into {setting}; else, as its owner:",
                'icacls {path} /grant:r "${{env:USERNAME}}:R"',
            ),
            posix=(
                "# a folder: write the file's path into {setting}; else:",
                'sudo chown "$(id -un)" {path}',
                "chmod 600 {path}",
            ),
        ),
    ),
    Row(
        id="key-readable-by-others",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        severity=Severity.WARNING,
        question=_QUESTION,
        summary="Others on this machine can read or replace the private key {path}"
        " (mode {mode}).",
        why="Whoever reads the file named by {setting} ({source}) can trade with your"
        " money. It should be open to you alone.",
        check=Commands(powershell=("icacls {path}",), posix=("ls -l {path}",)),
        fix=Commands(
            powershell=('icacls {path} /inheritance:r /grant:r "${{env:USERNAME}}:R"',),
            posix=("chmod 600 {path}",),
        ),
    ),
)

_MATERIAL = (
    Row(
        id="key-not-pem",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_QUESTION,
        summary="{setting} ({source}) gives no private key in PEM form; it looks like"
        " {looks_like}.",
        why="Expected is a text that begins with -----BEGIN PRIVATE KEY----- or"
        " -----BEGIN RSA PRIVATE KEY----- and has the END line as well. Other forms can"
        " often be converted.",
        check=Commands(
            powershell=(
                "# two lines are right (save an inline value as a file first):",
                "(Select-String -LiteralPath {path} -Pattern '-----').Count",
            ),
            posix=(
                "# two lines are right (save an inline value as a file first):",
                "grep -c -e '-----' {path}",
            ),
        ),
        fix=Commands(
            powershell=(
                "# DER (openssl comes with Git for Windows):",
                "openssl pkey -inform DER -in {path} -out kalshi.pem",
                "# OpenSSH:",
                "ssh-keygen -p -m PEM -f {path}",
                "# UTF-16:",
                "Get-Content -LiteralPath {path} | Set-Content -Encoding ascii k.pem",
                "# base64 of a PEM: name the setting KALSHI_PRIVATE_KEY_BASE64;"
                " anything else: take the file that the exchange gave you, or make a"
                " new pair",
            ),
            posix=(
                "# DER:",
                "openssl pkey -inform DER -in {path} -out kalshi.pem",
                "# OpenSSH:",
                "ssh-keygen -p -m PEM -f {path}",
                "# UTF-16:",
                "iconv -f UTF-16 -t ASCII {path} > kalshi.pem",
                "# base64 of a PEM: name the setting KALSHI_PRIVATE_KEY_BASE64;"
                " anything else: take the file that the exchange gave you, or make a"
                " new pair",
            ),
        ),
        more=_API_KEYS,
    ),
    Row(
        id="key-truncated",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_QUESTION,
        summary="The private key in {setting} ({source}; {path}) is not whole:"
        " {reason}.",
        why="A key has many lines, and a .env reader that goes line by line keeps only"
        " the first of a pasted one. A file of its own has no such trouble.",
        check=_FRAMING,
        fix=Commands(
            powershell=(
                "# save the whole key, from BEGIN to END, as a file of its own; then"
                " remove it from .env and add KALSHI_PRIVATE_KEY_PATH= and the file's"
                " full path:",
                *_EDIT.powershell,
                "# if no whole copy is left, make a new pair: it is shown only once",
            ),
            posix=(
                "# save the whole key, from BEGIN to END, as a file of its own (mode"
                " 600); then remove it from .env and add KALSHI_PRIVATE_KEY_PATH= and"
                " the file's full path:",
                *_EDIT.posix,
                "# if no whole copy is left, make a new pair: it is shown only once",
            ),
        ),
        more=_API_KEYS,
    ),
    Row(
        id="key-escaped-newlines",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        severity=Severity.WARNING,
        question=_QUESTION,
        summary='The private key in {setting} ({source}) has "\\n" written out where'
        " its lines end; it was repaired in memory for this run.",
        why="This suite understands it, other programs may refuse the key. Nothing was"
        " written. Single quotes in a .env keep the two characters as they are, double"
        " quotes turn them into a line end.",
        check=Commands(
            powershell=(
                "# more than 0 lines hold it:",
                "(Select-String -Path .env -SimpleMatch '\\n').Count",
            ),
            posix=(
                "# more than 0 lines hold it:",
                "grep -cF '\\n' .env",
            ),
        ),
        fix=Commands(
            powershell=(
                "# put the value into double quotes, or save the key as a file and set"
                " KALSHI_PRIVATE_KEY_PATH:",
                *_EDIT.powershell,
            ),
            posix=(
                "# put the value into double quotes, or save the key as a file and set"
                " KALSHI_PRIVATE_KEY_PATH:",
                *_EDIT.posix,
            ),
        ),
    ),
    Row(
        id="key-encrypted",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_QUESTION,
        summary="The private key in {setting} ({source}; {path}) is locked with a pass"
        " phrase ({label}).",
        why="A program that runs unattended cannot type a pass phrase, and the exchange"
        " hands keys out without one. So somebody added it later.",
        check=Commands(
            powershell=(
                "# the key (save an inline value as a file first):",
                "Select-String -LiteralPath {path} -SimpleMatch ENCRYPTED",
            ),
            posix=(
                "# the key (save an inline value as a file first):",
                "grep -n ENCRYPTED {path}",
            ),
        ),
        fix=Commands(
            powershell=(
                "# make a copy without it, which asks for the pass phrase, keep it to"
                " yourself, and name it in {setting}:",
                "openssl pkey -in {path} -out kalshi-plain.pem",
                'icacls kalshi-plain.pem /inheritance:r /grant:r "${{env:USERNAME}}:R"',
            ),
            posix=(
                "# make a copy without it, which asks for the pass phrase, keep it to"
                " yourself, and name it in {setting}:",
                "(umask 077 && openssl pkey -in {path} -out kalshi-plain.pem)",
            ),
        ),
        more="https://docs.openssl.org/3.0/man1/openssl-pkey/",
    ),
    Row(
        id="key-is-public",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_QUESTION,
        summary="{setting} ({source}) gives the public half or a certificate ({found}),"
        " not the private key.",
        why="Only the private half can sign. It is the file that the exchange handed"
        " out when the pair was made, or the one you made yourself before you uploaded"
        " the public half.",
        check=_FRAMING,
        fix=Commands(
            powershell=(
                "# name the private key's file in {setting}; if it is lost, make a new"
                " pair:",
                *_EDIT.powershell,
            ),
            posix=(
                "# name the private key's file in {setting}; if it is lost, make a new"
                " pair:",
                *_EDIT.posix,
            ),
        ),
        more=_API_KEYS,
    ),
    Row(
        id="key-type-unsupported",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_QUESTION,
        summary="The private key in {setting} ({source}) is of a kind that the exchange"
        " does not take: {type}.",
        why="It accepts RSA keys of 2048 bits and Ed25519 keys. Keys of other kinds"
        " load without complaint in many programs and fail when they sign.",
        check=Commands(
            powershell=(
                "# the key (save an inline value as a file first):",
                "openssl pkey -in {path} -noout -text_pub",
            ),
            posix=(
                "# the key (save an inline value as a file first):",
                "openssl pkey -in {path} -noout -text_pub",
            ),
        ),
        fix=_MAKE_A_KEY,
        more=_API_KEYS,
    ),
    Row(
        id="key-too-small",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_QUESTION,
        summary="The private key in {setting} ({source}) has {bits} bits; at least"
        " {smallest_bits} are needed.",
        why="RSA keys of that size can be broken, and the exchange neither issues nor"
        " registers them. So it is a test key or one for something else.",
        check=Commands(
            powershell=(
                "# the key (save an inline value as a file first):",
                "openssl pkey -in {path} -noout -text_pub",
            ),
            posix=(
                "# the key (save an inline value as a file first):",
                "openssl pkey -in {path} -noout -text_pub",
            ),
        ),
        fix=_MAKE_A_KEY,
        more=_API_KEYS,
    ),
)

_CONFIGURATION = (
    Row(
        id="key-names-conflict",
        layer=Layer.AUTH,
        blame=Blame.CONFIG,
        severity=Severity.WARNING,
        question=_QUESTION,
        summary="Two settings give a different {what}: {wins} ({wins_source}) wins"
        " here, {loses} ({loses_source}) says otherwise.",
        why="Other programs may read the names in another order, so the bot may sign"
        " with another key than this run. One name, set once, leaves no doubt.",
        check=_NAMES,
        fix=Commands(
            powershell=(
                "# keep the right one; to drop {loses} ({loses_source}):",
                "Remove-Item Env:{loses} -ErrorAction SilentlyContinue",
                "[Environment]::SetEnvironmentVariable('{loses}', $null, 'User')",
                *_EDIT.powershell,
            ),
            posix=(
                "# keep the right one; to drop {loses} ({loses_source}):",
                "unset {loses}",
                *_EDIT.posix,
            ),
        ),
    ),
    Row(
        id="config-bearer-token",
        layer=Layer.AUTH,
        blame=Blame.CONFIG,
        question=_QUESTION,
        summary="Only settings of the retired log-in are there: {names} (from"
        " {sources}).",
        why="Passwords and bearer tokens are no longer accepted by the exchange. Since"
        " 2024 every request is signed with a private key, in every environment.",
        check=_NAMES,
        fix=_MAKE_A_KEY,
        more=_API_KEYS,
    ),
    Row(
        id="config-environment-mismatch",
        layer=Layer.AUTH,
        blame=Blame.CONFIG,
        question=_QUESTION,
        summary='{setting} ({source}) says "{value}", which does not fit {environment}'
        " ({reason}).",
        why="KALSHI_ENV, the URLs and the keys have to belong to one environment."
        " Programs disagree about what to do with an unknown spelling, and some of them"
        " take it for demo. A variable of the process wins over the line in a .env.",
        check=Commands(
            powershell=(
                "[Environment]::GetEnvironmentVariable('KALSHI_ENV', 'User')",
                "Get-ChildItem Env:KALSHI_ENV, Env:KALSHI_*URL"
                " -ErrorAction SilentlyContinue |"
                " ForEach-Object"
                " {{ $_.Name + '=' + ($_.Value -replace '//.*@', '//') }}",
                "Select-String -Path .env -Pattern 'KALSHI_(ENV|[A-Z_]*URL)=.*' |"
                " ForEach-Object {{ $_.Matches[0].Value -replace '//.*@', '//' }}",
            ),
            posix=(
                "env | grep -E '^KALSHI_(ENV|[A-Z_]*URL)=' | sed 's|//.*@|//|'",
                "grep -nE 'KALSHI_(ENV|[A-Z_]*URL)=' .env | sed 's|//.*@|//|'",
            ),
        ),
        fix=Commands(
            powershell=(
                "# correct {setting} ({source}): KALSHI_ENV is production, demo or a"
                " name of the environments file, and a URL names a host of it:",
                *_EDIT.powershell,
                "# if {environment} is meant:",
                "Set-Item Env:KALSHI_ENV {environment}",
            ),
            posix=(
                "# correct {setting} ({source}): KALSHI_ENV is production, demo or a"
                " name of the environments file, and a URL names a host of it:",
                *_EDIT.posix,
                "# if {environment} is meant:",
                "export KALSHI_ENV={environment}",
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="config-verification-disabled",
        layer=Layer.AUTH,
        blame=Blame.CONFIG,
        question=_QUESTION,
        summary="{setting}={value} ({source}) is there to switch the checking of"
        " certificates off.",
        why="A program that obeys it sends signed requests to whoever answers, also to"
        " somebody in between. This suite checks all the same. If a certificate was"
        " refused once, mend that cause instead: this run names it.",
        check=Commands(
            powershell=(
                "Test-Path Env:{setting}",
                "Select-String -Path .env -SimpleMatch {setting} |"
                " Select-Object LineNumber",
            ),
            posix=("env | grep -oE ^{setting}=", "grep -noF {setting} .env"),
        ),
        fix=Commands(
            powershell=(
                "Remove-Item Env:{setting} -ErrorAction SilentlyContinue",
                "[Environment]::SetEnvironmentVariable('{setting}', $null, 'User')",
                "# and delete the line, if it stands in a file ({source}):",
                *_EDIT.powershell,
            ),
            posix=(
                "unset {setting}",
                "# and delete the line, if it stands in a file ({source}):",
                *_EDIT.posix,
            ),
        ),
    ),
    Row(
        id="dotenv-malformed",
        layer=Layer.AUTH,
        blame=Blame.CONFIG,
        severity=Severity.WARNING,
        question=_QUESTION,
        summary="{file} is not read alike by all programs: {problems}",
        why="Readers of such files differ in quotes, line ends, long values and marks"
        " at the beginning. What this run found in the file may not be what the bot"
        " finds.",
        check=Commands(
            powershell=(
                "Select-String -Path {file} -Pattern '^[^=#]*KALSHI_[^=]*' |"
                " ForEach-Object {{ 'line {{0}}: {{1}}' -f"
                " $_.LineNumber, $_.Matches[0].Value }}",
            ),
            posix=(
                "file {file}",
                "grep -nE '^[^=#]*KALSHI_' {file} | cut -d= -f1",
            ),
        ),
        fix=Commands(
            powershell=(
                "# one NAME=value a line, without export and quotes, keys by path:",
                "notepad {file}",
                "# then write it as UTF-8 without a mark at the beginning:",
                "[IO.File]::WriteAllLines((Resolve-Path -LiteralPath {file}).Path,"
                " [string[]](Get-Content -LiteralPath {file}))",
            ),
            posix=(
                "# one NAME=value a line, without export and quotes, keys by path:",
                '"${{EDITOR:-vi}}" {file}',
                "# then take out a mark at the beginning and Windows line ends:",
                "sed -i '1s/^\\xEF\\xBB\\xBF//; s/\\r$//' {file}",
            ),
        ),
        more="https://github.com/theskumar/python-dotenv",
    ),
)

ROWS = (*_MISSING, *_FILES, *_MATERIAL, *_CONFIGURATION)
