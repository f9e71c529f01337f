"""Auth: what the exchange says to a signed request."""

from kalshi_preflight.causes.row import Row
from kalshi_preflight.model.cause import Blame, Commands
from kalshi_preflight.model.layer import Layer

_API_KEYS = "https://docs.kalshi.com/getting_started/api_keys"
_BALANCE = "test_balance_is_accepted"

#: Names and line numbers of the settings, never their values.
_NAMES = Commands(
    powershell=(
        "Get-ChildItem Env:KALSHI_* | Select-Object -ExpandProperty Name",
        "Select-String -Path .env -Pattern '^[^=#]*KALSHI_[^=]*' |"
        " ForEach-Object {{ 'line {{0}}: {{1}}' -f"
        " $_.LineNumber, $_.Matches[0].Value }}",
    ),
    posix=(
        "env | grep '^KALSHI_' | cut -d= -f1",
        "grep -nE '^[^=#]*KALSHI_' .env | cut -d= -f1",
    ),
)
_EDIT = Commands(powershell=("notepad .env",), posix=('"${{EDITOR:-vi}}" .env',))
_PROXIES = Commands(
    powershell=(
        "Get-ChildItem Env:*_PROXY |"
        " ForEach-Object {{ $_.Name + '=' + ($_.Value -replace '//.*@', '//') }}",
        "netsh winhttp show proxy",
    ),
    posix=("env | grep -i '_proxy=' | sed 's|//.*@|//|'",),
)

ROWS = (
    Row(
        id="clock-skewed",
        layer=Layer.AUTH,
        blame=Blame.LOCAL,
        question="test_clock_agrees",
        summary="The clock of this machine is {seconds} seconds {direction} the"
        " exchange's ({our_time} here, {exchange_time} there).",
        why="Every signed request carries the time, and the exchange refuses one that"
        " is too far from its own (header_timestamp_expired). The key is not at fault."
        " The service that sets the clock is off or cannot reach its server (UDP port"
        " 123).",
        check=Commands(
            powershell=(
                "(Get-Date).ToUniversalTime().ToString('u')",
                "curl.exe -sSI --max-time 10"
                " https://{target}/trade-api/v2/exchange/status |"
                " Select-String '^date:'",
                "w32tm /query /status",
            ),
            posix=(
                "date -u",
                "curl -sSI --max-time 10"
                " https://{target}/trade-api/v2/exchange/status | grep -i '^date:'",
                "timedatectl",
            ),
        ),
        fix=Commands(
            powershell=(
                "# as administrator:",
                "Start-Service w32time",
                "w32tm /resync /force",
            ),
            posix=(
                "sudo timedatectl set-ntp true",
                "# if chrony keeps the time here:",
                "sudo chronyc makestep",
            ),
        ),
    ),
    Row(
        id="auth-key-unknown",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_BALANCE,
        summary="{environment} does not know the key id {key_id} (status {status}:"
        " {details}; asked as well: {asked}).",
        why="The id has the right form, the request arrived whole, and the exchange has"
        " no such key: it was deleted, or mistyped by a character. The signature was"
        " not even looked at.",
        check=_NAMES,
        fix=Commands(
            powershell=(
                "# compare the end of the id, {key_id}, with the list on the account"
                " page of {environment} (API keys); if it is not there, make a new pair"
                " and set both id and key:",
                *_EDIT.powershell,
            ),
            posix=(
                "# compare the end of the id, {key_id}, with the list on the account"
                " page of {environment} (API keys); if it is not there, make a new pair"
                " and set both id and key:",
                *_EDIT.posix,
            ),
        ),
        more=_API_KEYS,
    ),
    Row(
        id="auth-key-of-other-environment",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_BALANCE,
        summary="The key {key_id} belongs to {other}, not to {environment}: {other}"
        " accepts it, {environment} answers {status} ({details}).",
        why="The environments have accounts and keys of their own. The same signed"
        " request was sent to both, so the key itself is in order.",
        check=Commands(
            powershell=("pytest -m {other}", *_NAMES.powershell),
            posix=("pytest -m {other}", *_NAMES.posix),
        ),
        fix=Commands(
            powershell=(
                "# decide which one you mean: to trade on {other}, set KALSHI_ENV and"
                " the URLs to it; to trade on {environment}, make a key pair there and"
                " set its id and key:",
                *_EDIT.powershell,
            ),
            posix=(
                "# decide which one you mean: to trade on {other}, set KALSHI_ENV and"
                " the URLs to it; to trade on {environment}, make a key pair there and"
                " set its id and key:",
                *_EDIT.posix,
            ),
        ),
        more="https://docs.kalshi.com/getting_started/api_environments",
    ),
    Row(
        id="auth-signature-rejected",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_BALANCE,
        summary="{environment} knows the key id {key_id}, but the private key given"
        " with it is not the one it was made with (status {status}: {details}).",
        why="The request was signed as the documentation says, and the clock is not"
        " what the exchange objects to. What is left is that id and private key come"
        " from two pairs, for instance after a new key was made and only one half"
        " replaced.",
        check=Commands(
            powershell=(
                *_NAMES.powershell,
                "# the key files near here, the newest first:",
                "Get-ChildItem -Recurse -Include *.pem, *.key |"
                " Sort-Object LastWriteTime -Descending |"
                " Format-Table LastWriteTime, FullName",
            ),
            posix=(
                *_NAMES.posix,
                "# the key files near here, the newest first:",
                "find . -name '*.pem' -o -name '*.key' | xargs -r ls -lt",
            ),
        ),
        fix=Commands(
            powershell=(
                "# set id and private key of one pair; if you cannot tell which belong"
                " together, make a new pair, set both, and delete the old one:",
                *_EDIT.powershell,
            ),
            posix=(
                "# set id and private key of one pair; if you cannot tell which belong"
                " together, make a new pair, set both, and delete the old one:",
                *_EDIT.posix,
            ),
        ),
        more=_API_KEYS,
    ),
    Row(
        id="auth-headers-dropped",
        layer=Layer.AUTH,
        blame=Blame.NETWORK,
        question=_BALANCE,
        summary="{target} says that headers of the signature are missing (status"
        " {status}: {details}), although all three were sent.",
        why="KALSHI-ACCESS-KEY, -TIMESTAMP and -SIGNATURE left this machine together"
        " and did not arrive together. Something in between takes out headers that it"
        " does not know: a proxy, an inspection box or a gateway.",
        check=_PROXIES,
        fix=Commands(
            powershell=(
                "# try from another network, without VPN and proxy:",
                'pytest -m "{environment} and auth"',
                "# if that helps, have the owner of what stands between pass the"
                " headers KALSHI-ACCESS-* on to {host}",
            ),
            posix=(
                "# try from another network, without VPN and proxy:",
                'pytest -m "{environment} and auth"',
                "# if that helps, have the owner of what stands between pass the"
                " headers KALSHI-ACCESS-* on to {host}",
            ),
        ),
    ),
    Row(
        id="auth-scope-missing",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_BALANCE,
        summary="The exchange accepts the key {key_id} and refuses what was asked with"
        " it: status {status}, {details}.",
        why="The refusal comes in the exchange's own JSON, so it is meant for this key:"
        " it lacks the scope to read the account, is bound to one sub-account or"
        " to a member's system, or the account has something left to confirm.",
        check=Commands(
            powershell=(
                "# read the refusal to its end, then look at the scopes of {key_id} on"
                " the account page (API keys):",
                'pytest -m "{environment} and auth" -vv',
            ),
            posix=(
                "# read the refusal to its end, then look at the scopes of {key_id} on"
                " the account page (API keys):",
                'pytest -m "{environment} and auth" -vv',
            ),
        ),
        fix=Commands(
            powershell=(
                "# do what the refusal asks for; or make a key with the scope read (and"
                " write, if it has to trade) and set its id and key:",
                *_EDIT.powershell,
            ),
            posix=(
                "# do what the refusal asks for; or make a key with the scope read (and"
                " write, if it has to trade) and set its id and key:",
                *_EDIT.posix,
            ),
        ),
        more=_API_KEYS,
    ),
    Row(
        id="auth-refused",
        layer=Layer.AUTH,
        blame=Blame.CREDENTIALS,
        question=_BALANCE,
        summary="{target} refuses the request signed with {key_id} in words that this"
        " suite does not know: status {status}, {details}.",
        why="It is none of the exchange's known refusals (clock, key id, signature,"
        " scope, limits). What the words mean stands in the exchange's changelog, or"
        " its support knows; the answer is kept in the report.",
        check=Commands(
            powershell=('pytest -m "{environment} and auth" -vv',),
            posix=('pytest -m "{environment} and auth" -vv',),
        ),
        fix=Commands(
            powershell=(
                "# read the refusal to its end and do what it asks for; a new version"
                " of this suite may know it:",
                "python -m pip install --upgrade kalshi-preflight",
            ),
            posix=(
                "# read the refusal to its end and do what it asks for; a new version"
                " of this suite may know it:",
                "python3 -m pip install --upgrade kalshi-preflight",
            ),
        ),
        more="https://docs.kalshi.com/changelog",
    ),
    Row(
        id="auth-not-enforced",
        layer=Layer.AUTH,
        blame=Blame.NETWORK,
        question="test_damaged_signature_is_refused",
        summary="{target} accepts a damaged signature (status {status}, server"
        " {server}): this is not the exchange speaking.",
        why="The same request was sent once more with one bit of the signature turned,"
        " and it has to be refused. A mock, a cache or somebody in between answers, so"
        " neither balance nor positions seen there are worth anything.",
        check=Commands(
            powershell=(
                "Resolve-DnsName {host}",
                r"Select-String -SimpleMatch {host}"
                r" C:\Windows\System32\drivers\etc\hosts",
                *_PROXIES.powershell,
            ),
            posix=(
                "getent hosts {host}",
                "grep -n {host} /etc/hosts",
                *_PROXIES.posix,
            ),
        ),
        fix=Commands(
            powershell=(
                "# do not launch the engine; remove what stands in for {host} (hosts"
                " file, proxy, KALSHI_BASE_URL, connect_to), then:",
                "pytest -m {environment}",
            ),
            posix=(
                "# do not launch the engine; remove what stands in for {host} (hosts"
                " file, proxy, KALSHI_BASE_URL, connect_to), then:",
                "pytest -m {environment}",
            ),
        ),
    ),
    Row(
        id="auth-endpoint-gone",
        layer=Layer.AUTH,
        blame=Blame.EXCHANGE,
        question=_BALANCE,
        summary="{target} serves its public status but no longer /portfolio/balance"
        " (status {status}, {details}).",
        why="The base path is right, since the public part answers under it. Either the"
        " exchange moved the endpoint, or another server answers for this part.",
        check=Commands(
            powershell=(
                "# 401 means that it is there (this request is not signed):",
                "curl.exe -sS -i --max-time 10"
                " https://{target}/trade-api/v2/portfolio/balance",
            ),
            posix=(
                "# 401 means that it is there (this request is not signed):",
                "curl -sS -i --max-time 10"
                " https://{target}/trade-api/v2/portfolio/balance",
            ),
        ),
        fix=Commands(
            powershell=(
                "# read in the changelog where it went, then:",
                "python -m pip install --upgrade kalshi-preflight",
            ),
            posix=(
                "# read in the changelog where it went, then:",
                "python3 -m pip install --upgrade kalshi-preflight",
            ),
        ),
        more="https://docs.kalshi.com/changelog",
    ),
)
