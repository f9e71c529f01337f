"""WebSocket: the upgrade, the subscription, and whether anybody is there."""

from kalshi_preflight.causes.row import Row
from kalshi_preflight.model.cause import Blame, Commands, Severity
from kalshi_preflight.model.layer import Layer

_UPGRADE = "test_upgrade_succeeds"
_SUBSCRIPTION = "test_subscription_is_acknowledged"
_HOSTS = "https://docs.kalshi.com/getting_started/api_environments"
_QUICK_START = "https://docs.kalshi.com/getting_started/quick_start_websockets"
_STATUS_PAGE = "https://status.kalshi.com"

#: An upgrade by hand. It is not signed, so 401 is what the exchange says to it.
_REQUEST = (
    "'--http1.1' -sS -i --max-time 5"
    " -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13'"
    " -H 'Sec-WebSocket-Key: a2Fsc2hpLXByZWZsaWdodA=='"
)
_URL = "https://{target}/trade-api/ws/v2"
_BY_HAND = Commands(
    powershell=(
        "# not signed, so the exchange itself would answer 401:",
        f"curl.exe {_REQUEST} {_URL}",
    ),
    posix=(
        "# not signed, so the exchange itself would answer 401:",
        f"curl {_REQUEST} {_URL}",
    ),
)
_PROXIES = Commands(
    powershell=(
        "Get-ChildItem Env:*_PROXY |"
        " ForEach-Object {{ $_.Name + '=' + ($_.Value -replace '//.*@', '//') }}",
        "netsh winhttp show proxy",
    ),
    posix=("env | grep -i '_proxy=' | sed 's|//.*@|//|'",),
)
_BY_HAND_AND_PROXIES = Commands(
    powershell=(*_BY_HAND.powershell, *_PROXIES.powershell),
    posix=(*_BY_HAND.posix, *_PROXIES.posix),
)
_ANOTHER_WAY = Commands(
    powershell=(
        "# try from another network, without VPN and proxy:",
        'pytest -m "{environment} and websocket"',
        "# if it works there, have {target} exempted from proxy and inspection",
    ),
    posix=(
        "# try from another network, without VPN and proxy:",
        'pytest -m "{environment} and websocket"',
        "# if it works there, have {target} exempted from proxy and inspection",
    ),
)
_STATE = Commands(
    powershell=('pytest -m "{environment} and http"',),
    posix=('pytest -m "{environment} and http"',),
)
_AGAIN = Commands(
    powershell=(
        "# nothing to mend here: wait a minute, then:",
        "pytest -m {environment}",
    ),
    posix=("# nothing to mend here: wait a minute, then:", "pytest -m {environment}"),
)
_PROGRAMS = Commands(
    powershell=(
        "Get-CimInstance Win32_Process -Filter \"Name LIKE 'python%'\" |"
        " Format-Table ProcessId, CreationDate, ExecutablePath",
    ),
    posix=("ps -eo pid,etime,comm | grep -i python",),
)

_REFUSED = (
    Row(
        id="ws-origin-refused",
        layer=Layer.WEBSOCKET,
        blame=Blame.CONFIG,
        severity=Severity.NOTE,
        question="test_origin_header",
        summary="{target} refuses upgrades that carry an Origin header: without it"
        " {without}, with Origin {origin} {with}.",
        why="Both were sent within this run and differ in that one header. The Python"
        " library websocket-client adds it by default, the library websockets does not."
        " So a client that gets a 403 here has nothing wrong with its key, and nothing"
        " has to be asked from support.",
        check=Commands(
            powershell=(
                "# without Origin (401, because it is not signed), then with it (403):",
                f"curl.exe {_REQUEST} {_URL}",
                f"curl.exe {_REQUEST} -H Origin:{{origin}} {_URL}",
            ),
            posix=(
                "# without Origin (401, because it is not signed), then with it (403):",
                f"curl {_REQUEST} {_URL}",
                f"curl {_REQUEST} -H Origin:{{origin}} {_URL}",
            ),
        ),
        fix=Commands(
            powershell=(
                "# add suppress_origin=True to these calls of websocket-client:",
                "Get-ChildItem -Recurse -Filter *.py |"
                " Select-String 'run_forever|create_connection'",
                "# or use the other library:",
                "python -m pip install websockets",
            ),
            posix=(
                "# add suppress_origin=True to these calls of websocket-client:",
                "grep -rnE --include='*.py' 'run_forever|create_connection' .",
                "# or use the other library:",
                "python3 -m pip install websockets",
            ),
        ),
        more="https://github.com/Kalshi/kalshi-starter-code-python/pull/3",
    ),
    Row(
        id="ws-forbidden-edge",
        layer=Layer.WEBSOCKET,
        blame=Blame.NETWORK,
        question=_UPGRADE,
        summary="{target} refuses the upgrade before the exchange sees it: status"
        " {status} without a JSON error, from {server} ({about}).",
        why="It says: {words}. A refusal of the exchange would come as JSON. So it"
        " comes from what stands in front of it (the reputation of this address, a"
        " country, a rule about clients) or from a filter of this network. The key is"
        " not involved.",
        check=_BY_HAND_AND_PROXIES,
        fix=Commands(
            powershell=(
                "# try without VPN, or from another network; if it stays, send this to"
                " the exchange's support: {host}, request id {request_id}, at"
                " {exchange_time}",
            ),
            posix=(
                "# try without VPN, or from another network; if it stays, send this to"
                " the exchange's support: {host}, request id {request_id}, at"
                " {exchange_time}",
            ),
        ),
    ),
    Row(
        id="ws-forbidden",
        layer=Layer.WEBSOCKET,
        blame=Blame.CREDENTIALS,
        question=_UPGRADE,
        summary="The exchange itself refuses the upgrade for this key (status"
        " {status}): {body}",
        why="The refusal comes as JSON, so it was meant for the key: its scopes, its"
        " binding to one sub-account or to a member's system. What exactly is missing"
        " stands in the answer.",
        check=Commands(
            powershell=(
                "# look at scopes and sub-account of the key on the account page:",
                'pytest -m "{environment} and websocket" -vv',
            ),
            posix=(
                "# look at scopes and sub-account of the key on the account page:",
                'pytest -m "{environment} and websocket" -vv',
            ),
        ),
        fix=Commands(
            powershell=(
                "# make a key with the scope read for the main account, and set its id"
                " and key:",
                "notepad .env",
            ),
            posix=(
                "# make a key with the scope read for the main account, and set its id"
                " and key:",
                '"${{EDITOR:-vi}}" .env',
            ),
        ),
        more="https://docs.kalshi.com/getting_started/api_keys",
    ),
    Row(
        id="ws-unauthorized",
        layer=Layer.WEBSOCKET,
        blame=Blame.CREDENTIALS,
        question=_UPGRADE,
        summary="{target} does not accept the upgrade's signature (status {status},"
        " signed: {signed}), although REST accepts the key: {body}",
        why="The upgrade is signed like a GET of its own path, /trade-api/ws/v2, with a"
        " fresh time. Another path in the configured URL, or a proxy that drops the"
        " headers, makes that signature wrong while REST works. Not signed means that"
        " no usable key was given.",
        check=Commands(
            powershell=(
                "Get-ChildItem Env:KALSHI_*URL | ForEach-Object"
                " {{ $_.Name + '=' + ($_.Value -replace '//.*@', '//') }}",
                *_PROXIES.powershell,
            ),
            posix=(
                "env | grep -E '^KALSHI_[A-Z_]*URL=' | sed 's|//.*@|//|'",
                *_PROXIES.posix,
            ),
        ),
        fix=Commands(
            powershell=(
                "# the URL has to end with this path; write it into .env to keep it:",
                "Set-Item Env:KALSHI_WS_URL wss://{target}/trade-api/ws/v2",
                "# in the bot: sign that path anew for every attempt to connect",
            ),
            posix=(
                "# the URL has to end with this path; write it into .env to keep it:",
                "export KALSHI_WS_URL=wss://{target}/trade-api/ws/v2",
                "# in the bot: sign that path anew for every attempt to connect",
            ),
        ),
        more=_QUICK_START,
    ),
    Row(
        id="ws-upgrade-stripped",
        layer=Layer.WEBSOCKET,
        blame=Blame.NETWORK,
        question=_UPGRADE,
        summary="The upgrade did not arrive as one at {target}: status {status}"
        " (content type {content_type}, server {server}, location {location}): {words}."
        "",
        why="The answer is one to a plain request. Something on the way takes out the"
        " Connection and Upgrade headers, as proxies and front ends do that do not know"
        " WebSockets, or it answers itself.",
        check=_BY_HAND_AND_PROXIES,
        fix=Commands(
            powershell=(
                *_ANOTHER_WAY.powershell,
                "# an nginx of your own needs: proxy_http_version 1.1, and the headers"
                " Upgrade and Connection passed on",
            ),
            posix=(
                *_ANOTHER_WAY.posix,
                "# an nginx of your own needs: proxy_http_version 1.1, and the headers"
                " Upgrade and Connection passed on",
            ),
        ),
        more="https://www.rfc-editor.org/rfc/rfc6455#section-4.2",
    ),
    Row(
        id="ws-not-found",
        layer=Layer.WEBSOCKET,
        blame=Blame.CONFIG,
        question=_UPGRADE,
        summary="{target} is the exchange, but knows no WebSocket under the configured"
        " path (status {status}).",
        why="The path is /trade-api/ws/v2, not /trade-api/v2/ws and not the REST path"
        " with another scheme. Some hosts serve REST only: production has"
        " external-api-ws.kalshi.com beside external-api.kalshi.com.",
        check=Commands(
            powershell=(
                *_BY_HAND.powershell,
                "Get-ChildItem Env:KALSHI_*URL | ForEach-Object"
                " {{ $_.Name + '=' + ($_.Value -replace '//.*@', '//') }}",
            ),
            posix=(
                *_BY_HAND.posix,
                "env | grep -E '^KALSHI_[A-Z_]*URL=' | sed 's|//.*@|//|'",
            ),
        ),
        fix=Commands(
            powershell=(
                "# if that gave 401, the path was wrong; write it into .env to keep it:"
                "",
                "Set-Item Env:KALSHI_WS_URL wss://{target}/trade-api/ws/v2",
                "# if it gave 404, take the documented WebSocket host of {environment}",
            ),
            posix=(
                "# if that gave 401, the path was wrong; write it into .env to keep it:"
                "",
                "export KALSHI_WS_URL=wss://{target}/trade-api/ws/v2",
                "# if it gave 404, take the documented WebSocket host of {environment}",
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="ws-rate-limited",
        layer=Layer.WEBSOCKET,
        blame=Blame.CONFIG,
        question=_UPGRADE,
        summary="{target} accepts no more upgrades for now (status {status},"
        " Retry-After {retry_after}).",
        why="Too many connections or attempts at once: a program that reconnects"
        " without a pause, or several copies of it. All programs with the same account"
        " count together.",
        check=_PROGRAMS,
        fix=Commands(
            powershell=(
                "# stop second copies, let the bot wait longer after each failure,"
                " then:",
                "Start-Sleep -Seconds 60; pytest -m {environment}",
            ),
            posix=(
                "# stop second copies, let the bot wait longer after each failure,"
                " then:",
                "sleep 60; pytest -m {environment}",
            ),
        ),
        more="https://docs.kalshi.com/getting_started/rate_limits",
    ),
    Row(
        id="ws-server-error",
        layer=Layer.WEBSOCKET,
        blame=Blame.EXCHANGE,
        question=_UPGRADE,
        summary="{target} could not serve the upgrade (status {status}, from {server})."
        "",
        why="The fault is on the other side: an outage, a restart or a pause of the"
        " exchange. Programs that reconnect by themselves often do not report it.",
        check=Commands(
            powershell=(*_BY_HAND.powershell, *_STATE.powershell),
            posix=(*_BY_HAND.posix, *_STATE.posix),
        ),
        fix=_AGAIN,
        more=_STATUS_PAGE,
    ),
    Row(
        id="ws-upgrade-invalid",
        layer=Layer.WEBSOCKET,
        blame=Blame.NETWORK,
        question=_UPGRADE,
        summary="{target} answers the upgrade with one that breaks the rules ({error})."
        "",
        why="A real server proves with a header that it has read this very upgrade. The"
        " proof is missing or wrong, so a cache or a proxy replayed or rewrote the"
        " answer, or it is no WebSocket server at all.",
        check=_BY_HAND_AND_PROXIES,
        fix=_ANOTHER_WAY,
        more="https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2",
    ),
    Row(
        id="ws-stalled",
        layer=Layer.WEBSOCKET,
        blame=Blame.NETWORK,
        question=_UPGRADE,
        summary="{target} did not answer the upgrade within {seconds} s.",
        why="Connection and encryption were fine. A proxy that collects the whole"
        " answer first never passes an upgrade on; a server that hangs looks the same.",
        check=_BY_HAND_AND_PROXIES,
        fix=_ANOTHER_WAY,
        more=_STATUS_PAGE,
    ),
)

_CONVERSATION = (
    Row(
        id="ws-closed",
        layer=Layer.WEBSOCKET,
        blame=Blame.EXCHANGE,
        question=_SUBSCRIPTION,
        summary="{target} ended the connection after {seconds} s, {progress} the"
        " subscription was acknowledged (close code {code}, reason: {reason}; {error})."
        "",
        why="Codes 1000, 1001 and 1012 are a restart, 1011 and 1014 a fault there, 1013"
        " asks to come later, 1008 and those from 3000 up give their own reason. No"
        " code means that the connection was cut, by the server or on the way.",
        check=Commands(
            powershell=(*_STATE.powershell, *_PROXIES.powershell),
            posix=(*_STATE.posix, *_PROXIES.posix),
        ),
        fix=Commands(
            powershell=(
                *_AGAIN.powershell,
                "# if it stays and no code is given, try from another network",
            ),
            posix=(
                *_AGAIN.posix,
                "# if it stays and no code is given, try from another network",
            ),
        ),
        more="https://www.iana.org/assignments/websocket/websocket.xhtml",
    ),
    Row(
        id="ws-subscription-refused",
        layer=Layer.WEBSOCKET,
        blame=Blame.EXCHANGE,
        question=_SUBSCRIPTION,
        summary="{target} refuses the subscription to the public channel ticker: error"
        " {code}, {text}.",
        why="The upgrade was accepted, so connection and key are in order. Code 8 means"
        " that the channel has gone, 9 that the connection counts as not authenticated,"
        " 18 and 25 that the server or the reader is too slow, 26 and 27 that it is too"
        " much at once.",
        check=Commands(
            powershell=('pytest -m "{environment} and websocket" -vv',),
            posix=('pytest -m "{environment} and websocket" -vv',),
        ),
        fix=Commands(
            powershell=(
                "# compare code and channel with the documentation and its changelog;"
                " nothing on this machine is broken",
            ),
            posix=(
                "# compare code and channel with the documentation and its changelog;"
                " nothing on this machine is broken",
            ),
        ),
        more=_QUICK_START,
    ),
    Row(
        id="ws-silent",
        layer=Layer.WEBSOCKET,
        blame=Blame.EXCHANGE,
        question="test_data_or_pong_arrives",
        summary="{target} accepted the upgrade and then said too little: no"
        " acknowledgement within {seconds} s, answer to our ping {pong}.",
        why="A quiet market is no reason: an acknowledgement and a pong come without"
        " any trade. If the pong arrived, the server is alive and swallowed the"
        " subscription; if it is missing, frames are lost on the way or nobody is"
        " there.",
        check=Commands(
            powershell=(*_STATE.powershell, *_PROXIES.powershell),
            posix=(*_STATE.posix, *_PROXIES.posix),
        ),
        fix=Commands(
            powershell=(
                "# pong missing: try from another network, without VPN and proxy",
                *_AGAIN.powershell,
            ),
            posix=(
                "# pong missing: try from another network, without VPN and proxy",
                *_AGAIN.posix,
            ),
        ),
        more=_STATUS_PAGE,
    ),
    Row(
        id="ws-protocol-error",
        layer=Layer.WEBSOCKET,
        blame=Blame.NETWORK,
        question=_SUBSCRIPTION,
        summary="{target} sent something that is no message of the exchange ({error};"
        " close code {code}, reason: {reason}).",
        why="The upgrade was proper and what followed was not: a broken frame, no JSON,"
        " or too much of it. A box that changes the stream, or another service, does"
        " that.",
        check=_BY_HAND_AND_PROXIES,
        fix=_ANOTHER_WAY,
        more="https://www.rfc-editor.org/rfc/rfc6455#section-5",
    ),
    Row(
        id="ws-sequence-gap",
        layer=Layer.WEBSOCKET,
        blame=Blame.EXCHANGE,
        severity=Severity.WARNING,
        question="test_stream_is_whole",
        summary="{missing} numbered frames of {target} are missing in {gaps} places,"
        " among {frames} that came.",
        why="The order book that a program keeps is wrong from the first missing frame"
        " on, without any error. Every frame with a seq was counted, for each sid by"
        " itself, answers to commands included: they take a number as data does.",
        check=Commands(
            powershell=('pytest -m "{environment} and capabilities" --measure=60',),
            posix=('pytest -m "{environment} and capabilities" --measure=60',),
        ),
        fix=Commands(
            powershell=(
                "# in the program: when a seq is not the one before plus one, subscribe"
                " to that market again and start from its snapshot",
                "# if it stays, subscribe to fewer markets on one connection",
            ),
            posix=(
                "# in the program: when a seq is not the one before plus one, subscribe"
                " to that market again and start from its snapshot",
                "# if it stays, subscribe to fewer markets on one connection",
            ),
        ),
        more=_QUICK_START,
    ),
    Row(
        id="ws-slow",
        layer=Layer.WEBSOCKET,
        blame=Blame.NETWORK,
        severity=Severity.WARNING,
        question="test_ping_is_answered",
        summary="{target} took {seconds} s to answer a ping over the WebSocket.",
        why="Prices reach a bot at least half of that late. It is the distance, a VPN,"
        " a crowded line, or a machine too busy to read.",
        check=Commands(
            powershell=(
                "curl.exe -sS -o NUL -w 'tcp %{{time_connect}}"
                " tls %{{time_appconnect}}\\n' https://{target}/",
            ),
            posix=(
                "curl -sS -o /dev/null -w 'tcp %{{time_connect}}"
                " tls %{{time_appconnect}}\\n' https://{target}/",
                "uptime",
            ),
        ),
        fix=Commands(
            powershell=("# try without VPN, by cable, or nearer to us-east-2",),
            posix=("# try without VPN, by cable, or nearer to us-east-2",),
        ),
    ),
)

ROWS = (*_REFUSED, *_CONVERSATION)
