"""HTTP: the public status of the exchange, and whoever answers in its place."""

from kalshi_preflight.causes.row import Row
from kalshi_preflight.model.cause import Blame, Commands, Severity
from kalshi_preflight.model.layer import Layer

_HOSTS = "https://docs.kalshi.com/getting_started/api_environments"
_STATUS_PAGE = "https://status.kalshi.com"
_MAINTENANCE = "https://docs.kalshi.com/getting_started/maintenance_and_pauses"
_RATE_LIMITS = "https://docs.kalshi.com/getting_started/rate_limits"

_STATUS_URL = "https://{target}/trade-api/v2/exchange/status"
_ASK_STATUS = Commands(
    powershell=(f"curl.exe -sS -i --max-time 10 {_STATUS_URL}",),
    posix=(f"curl -sS -i --max-time 10 {_STATUS_URL}",),
)
_PROXIES = Commands(
    powershell=(
        "Get-ChildItem Env:*_PROXY |"
        " ForEach-Object {{ $_.Name + '=' + ($_.Value -replace '//.*@', '//') }}",
        "netsh winhttp show proxy",
    ),
    posix=("env | grep -i '_proxy=' | sed 's|//.*@|//|'",),
)
_STATUS_AND_PROXIES = Commands(
    powershell=(*_ASK_STATUS.powershell, *_PROXIES.powershell),
    posix=(*_ASK_STATUS.posix, *_PROXIES.posix),
)
#: Names and line numbers of the settings, never their values.
_SETTINGS = Commands(
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
_TRY_AGAIN = Commands(
    powershell=(
        "# nothing to mend here: wait a minute, then:",
        "pytest -m {environment}",
    ),
    posix=("# nothing to mend here: wait a minute, then:", "pytest -m {environment}"),
)
_OTHER_NETWORK = Commands(
    powershell=(
        "# try without VPN and proxy, or from another network (a phone's hotspot)",
        "# if it works there, ask the owner of this network to let {target} pass"
        " untouched",
    ),
    posix=(
        "# try without VPN and proxy, or from another network (a phone's hotspot)",
        "# if it works there, ask the owner of this network to let {target} pass"
        " untouched",
    ),
)
#: How long each phase took, in seconds, counted from the start.
_PHASES = (
    "-w 'dns %{{time_namelookup}} tcp %{{time_connect}} tls %{{time_appconnect}}"
    " first-byte %{{time_starttransfer}} all %{{time_total}}\\n'"
)
#: What came, without keeping it.
_SIZES = "-w '%{{http_code}} %{{content_type}} %{{size_download}} bytes\\n'"

_CONFIGURED = (
    Row(
        id="config-retired-host",
        layer=Layer.HTTP,
        blame=Blame.CONFIG,
        question="test_status_answers",
        summary="The host {host} is retired; {environment} lives at {current} now.",
        why="The old name is gone or only says that the API has moved. Some old names"
        " say so with status 401, which looks like a refused key; the key has nothing"
        " to do with it.",
        check=_SETTINGS,
        fix=Commands(
            powershell=(
                "# put {current} in place of {host} wherever it stands"
                " (KALSHI_BASE_URL, KALSHI_WS_URL, environments file, the bot's own"
                " code):",
                "Get-ChildItem -Recurse -File -Include *.py, *.toml, *.json, *.env |"
                " Select-String -SimpleMatch {host} -List | Select-Object Path",
            ),
            posix=(
                "# put {current} in place of {host} wherever it stands"
                " (KALSHI_BASE_URL, KALSHI_WS_URL, environments file, the bot's own"
                " code):",
                "grep -rlF {host} .",
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="http-not-found",
        layer=Layer.HTTP,
        blame=Blame.CONFIG,
        question="test_status_answers",
        summary="{target} knows no /exchange/status under the configured path (status"
        " {status}, server {server}).",
        why="The host answers, the path is wrong: /trade-api/v2 is missing, doubled, or"
        " followed by something. A URL joined with a leading slash loses it.",
        check=Commands(
            powershell=(*_ASK_STATUS.powershell, *_SETTINGS.powershell),
            posix=(*_ASK_STATUS.posix, *_SETTINGS.posix),
        ),
        fix=Commands(
            powershell=(
                "# if that answered, the base URL of {environment} (KALSHI_BASE_URL or"
                " environments file) has to be: https://{target}/trade-api/v2",
            ),
            posix=(
                "# if that answered, the base URL of {environment} (KALSHI_BASE_URL or"
                " environments file) has to be: https://{target}/trade-api/v2",
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="http-redirected",
        layer=Layer.HTTP,
        blame=Blame.CONFIG,
        question="test_status_answers",
        summary="{target} sends the request elsewhere: status {status}, to {location}.",
        why="The API does not redirect, save for a slash at the end of the path."
        " Another host in the answer means a web site, a moved host or the log-in page"
        " of a network. Following it with signed headers would hand the key id over.",
        check=_ASK_STATUS,
        fix=Commands(
            powershell=(
                "# same host in {location}: take the slash off the base URL, or write"
                " https; another host: use a documented one, or log in to the network",
            ),
            posix=(
                "# same host in {location}: take the slash off the base URL, or write"
                " https; another host: use a documented one, or log in to the network",
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="http-rate-limited",
        layer=Layer.HTTP,
        blame=Blame.CONFIG,
        question="test_status_answers",
        summary="{target} says that there are too many requests (status {status},"
        " Retry-After {retry_after}, server {server}).",
        why="The allowance of requests per second is used up. All programs that use the"
        " same account share it, so a bot beside this run counts too. The exchange does"
        " not say when to come back: where a Retry-After is given, the limit is that of"
        " a proxy or firewall in between.",
        check=Commands(
            powershell=(
                "Get-CimInstance Win32_Process -Filter \"Name LIKE 'python%'\" |"
                " Format-Table ProcessId, CreationDate, ExecutablePath",
            ),
            posix=("ps -eo pid,etime,comm | grep -i python",),
        ),
        fix=Commands(
            powershell=(
                "# stop a second copy of the bot, lengthen its pauses after a 429,"
                " then:",
                "Start-Sleep -Seconds 30; pytest -m {environment}",
            ),
            posix=(
                "# stop a second copy of the bot, lengthen its pauses after a 429,"
                " then:",
                "sleep 30; pytest -m {environment}",
            ),
        ),
        more=_RATE_LIMITS,
    ),
    Row(
        id="host-alternate-better",
        layer=Layer.HTTP,
        blame=Blame.CONFIG,
        severity=Severity.WARNING,
        question="test_status_answers",
        summary="{alternate} answers for {environment}, while the configured {target}"
        " does not ({cause}).",
        why="Both are documented names of the same exchange; paths, keys and signatures"
        " are the same on both. So the trouble is with the one name only.",
        check=Commands(
            powershell=(
                *_ASK_STATUS.powershell,
                "curl.exe -sS -i --max-time 10"
                " https://{alternate}/trade-api/v2/exchange/status",
            ),
            posix=(
                *_ASK_STATUS.posix,
                "curl -sS -i --max-time 10"
                " https://{alternate}/trade-api/v2/exchange/status",
            ),
        ),
        fix=Commands(
            powershell=(
                "# write it into .env or the environments file to keep it:",
                "Set-Item Env:KALSHI_BASE_URL https://{alternate}/trade-api/v2",
            ),
            posix=(
                "# write it into .env or the environments file to keep it:",
                "export KALSHI_BASE_URL=https://{alternate}/trade-api/v2",
            ),
        ),
        more=_HOSTS,
    ),
)

_BETWEEN = (
    Row(
        id="http-captive-portal",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_answers",
        summary="A web page came where {target} should answer JSON (status {status},"
        " {content_type}, server {server}).",
        why="The exchange's API sends no pages on this path. A network that wants a"
        " log-in first does, so do proxies with a notice, and a web site that stands in"
        " the configuration instead of the API.",
        check=_ASK_STATUS,
        fix=Commands(
            powershell=(
                "# in a hotel, train or guest network, log in here:",
                "Start-Process http://neverssl.com",
                "# else compare {target} with the documented hosts",
            ),
            posix=(
                "# in a hotel, train or guest network, log in here:",
                "xdg-open http://neverssl.com",
                "# else compare {target} with the documented hosts",
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="http-forbidden-edge",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_answers",
        summary="{target} refuses this connection before the exchange sees it: status"
        " {status} without a JSON error, from {server}.",
        why="It says: {words}. The exchange itself explains a refusal in JSON, so this"
        " comes from what stands in front of it: the reputation of this address (VPN,"
        " rented server), a rule about clients, or a filter of this network. The key is"
        " not involved. The other environment, from this machine: {sibling}.",
        check=Commands(
            powershell=(
                *_ASK_STATUS.powershell,
                "curl.exe -sS --max-time 10 https://checkip.amazonaws.com",
            ),
            posix=(
                *_ASK_STATUS.posix,
                "curl -sS --max-time 10 https://checkip.amazonaws.com",
            ),
        ),
        fix=Commands(
            powershell=(
                "# try without VPN, or from another network; if it stays, send this to"
                " the exchange's support: {host}, request id {request_id}, at"
                " {exchange_time}, and the address shown above",
            ),
            posix=(
                "# try without VPN, or from another network; if it stays, send this to"
                " the exchange's support: {host}, request id {request_id}, at"
                " {exchange_time}, and the address shown above",
            ),
        ),
    ),
    Row(
        id="http-country-blocked",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_answers",
        summary="{target} does not serve the country that this connection comes from"
        " (status {status}, from {server}; the other environment: {sibling}).",
        why="What counts is where the traffic leaves: a VPN's exit or a cloud region,"
        " not where you sit. Public data are closed as well, so no key helps. Demo"
        " hosts may answer all the same.",
        check=Commands(
            powershell=(
                "curl.exe -sS --max-time 10 https://ipinfo.io/country",
                "pytest -m demo",
            ),
            posix=(
                "curl -sS --max-time 10 https://ipinfo.io/country",
                "pytest -m demo",
            ),
        ),
        fix=Commands(
            powershell=(
                "# leave the VPN; a machine in the cloud belongs into a region of a"
                " country that the exchange serves",
                "# if the country shown is a mistake, send the exchange's support the"
                " request id {request_id} of {exchange_time}",
            ),
            posix=(
                "# leave the VPN; a machine in the cloud belongs into a region of a"
                " country that the exchange serves",
                "# if the country shown is a mistake, send the exchange's support the"
                " request id {request_id} of {exchange_time}",
            ),
        ),
    ),
    Row(
        id="http-request-refused",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_answers",
        summary="{target} refuses the plain request for its public status: {status},"
        " from {server} ({words}).",
        why="The exchange answers this request to everybody, without any key. So either"
        " another server stands at this address, or a proxy or firewall in between"
        " dislikes something about the request.",
        check=_STATUS_AND_PROXIES,
        fix=_OTHER_NETWORK,
        more=_HOSTS,
    ),
    Row(
        id="http-unavailable-legally",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_answers",
        summary="{target} is withheld here for legal reasons (status {status}, from"
        " {server}).",
        why="The status means that an authority or an operator ordered the block. It"
        " depends on where the connection comes from, and the answer often says who"
        " ordered it. No setting of this machine changes that.",
        check=_ASK_STATUS,
        fix=Commands(
            powershell=(
                "# read who ordered it in the answer; run from where the exchange may"
                " serve you",
            ),
            posix=(
                "# read who ordered it in the answer; run from where the exchange may"
                " serve you",
            ),
        ),
        more="https://www.rfc-editor.org/rfc/rfc7725",
    ),
    Row(
        id="http-not-json",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_has_the_right_shape",
        summary="{target} answers with something that is not JSON ({content_type},"
        " {bytes} bytes, server {server}).",
        why="The API always sends JSON. An empty or foreign answer with a good status"
        " comes from a proxy, a cache or another server in its place.",
        check=_STATUS_AND_PROXIES,
        fix=_OTHER_NETWORK,
        more=_HOSTS,
    ),
    Row(
        id="http-malformed-json",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_has_the_right_shape",
        summary="{target} sends JSON that does not parse ({reason}; {bytes} bytes,"
        " {content_type}).",
        why="The document is cut or was changed on the way, and nothing in HTTP"
        " noticed: proxies that rewrite the length or unpack the body do that.",
        check=_STATUS_AND_PROXIES,
        fix=_OTHER_NETWORK,
    ),
    Row(
        id="http-truncated",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_answers",
        summary="The answer of {target} broke off or was damaged after {seconds} s:"
        " {progress} ({error}).",
        why="Fewer bytes came than were announced, or they did not unpack. A proxy, an"
        " antivirus program or a bad line cut it, or the server fell over while"
        " answering.",
        check=_STATUS_AND_PROXIES,
        fix=_OTHER_NETWORK,
    ),
    Row(
        id="http-body-too-large",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_answers",
        summary="The answer of {target} was given up as too large ({error};"
        " {progress}).",
        why="The status of the exchange is less than a kilobyte. Something that sends"
        " so much is another server, or somebody who means harm; reading on could fill"
        " the memory.",
        check=Commands(
            powershell=(
                f"curl.exe -sS --max-time 10 -o NUL {_SIZES} {_STATUS_URL}",
                *_PROXIES.powershell,
            ),
            posix=(
                f"curl -sS --max-time 10 {_STATUS_URL} | head -c 1000",
                *_PROXIES.posix,
            ),
        ),
        fix=_OTHER_NETWORK,
        more=_HOSTS,
    ),
    Row(
        id="http-stalled",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_answers",
        summary="{target} took the request, and no complete answer came within"
        " {seconds} s: {progress}.",
        why="Connection and encryption were fine. Either the server hangs, or the"
        " answer is lost on the way back (a VPN or tunnel through which large packets"
        " do not fit), or a proxy holds it.",
        check=Commands(
            powershell=(
                f"curl.exe -sS --max-time 20 -o NUL {_PHASES} {_STATUS_URL}",
                "ping.exe -n 2 -f -l 1472 {host}",
                *_PROXIES.powershell,
            ),
            posix=(
                f"curl -sS --max-time 20 -o /dev/null {_PHASES} {_STATUS_URL}",
                "tracepath -n {host}",
                *_PROXIES.posix,
            ),
        ),
        fix=_OTHER_NETWORK,
        more=_STATUS_PAGE,
    ),
    Row(
        id="http-connection-closed",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_answers",
        summary="{target} closed the connection without an answer: {progress}"
        " ({error}).",
        why="The request went out over a fresh connection and nothing whole came back."
        " A server that is being restarted, a load balancer without one, or a"
        " middlebox that dislikes the request does that.",
        check=_STATUS_AND_PROXIES,
        fix=Commands(
            powershell=(*_TRY_AGAIN.powershell, *_OTHER_NETWORK.powershell),
            posix=(*_TRY_AGAIN.posix, *_OTHER_NETWORK.posix),
        ),
        more=_STATUS_PAGE,
    ),
    Row(
        id="http-protocol-error",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        question="test_status_answers",
        summary="{target} answers with something that is not proper HTTP ({error};"
        " it begins with {first_bytes}).",
        why="Over the encrypted connection came an answer that breaks the rules of"
        " HTTP: another service, or a proxy that garbles headers. Some clients overlook"
        " it, which is why it can seem to work elsewhere.",
        check=_STATUS_AND_PROXIES,
        fix=_OTHER_NETWORK,
        more=_HOSTS,
    ),
    Row(
        id="http-stale",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        severity=Severity.WARNING,
        question="test_status_answers",
        summary="The answer of {target} is a copy, {age_seconds} s old (cache:"
        " {cache}).",
        why="Somebody between here and the exchange keeps old answers. Such a copy"
        " tells neither the present state nor the time, and prices may be just as old."
        " Signed requests are passed on.",
        check=Commands(
            powershell=(f"curl.exe -sS -I --max-time 10 {_STATUS_URL}",),
            posix=(f"curl -sS -I --max-time 10 {_STATUS_URL}",),
        ),
        fix=Commands(
            powershell=(
                "# use external-api.kalshi.com (demo: external-api.demo.kalshi.co),"
                " which has no such cache in front, or read prices over the WebSocket",
                *_PROXIES.powershell,
            ),
            posix=(
                "# use external-api.kalshi.com (demo: external-api.demo.kalshi.co),"
                " which has no such cache in front, or read prices over the WebSocket",
                *_PROXIES.posix,
            ),
        ),
        more="https://www.rfc-editor.org/rfc/rfc9111#section-5.1",
    ),
    Row(
        id="http-slow",
        layer=Layer.HTTP,
        blame=Blame.NETWORK,
        severity=Severity.WARNING,
        question="test_answers_quickly",
        summary="{target} took {seconds} s to answer a single request.",
        why="Looking up, connecting and encrypting were done before and are not in this"
        " time. It is the server, or the way there and back.",
        check=Commands(
            powershell=(f"curl.exe -sS -o NUL {_PHASES} {_STATUS_URL}",),
            posix=(f"curl -sS -o /dev/null {_PHASES} {_STATUS_URL}",),
        ),
        fix=Commands(
            powershell=("# try without VPN, by cable, or nearer to us-east-2",),
            posix=("# try without VPN, by cable, or nearer to us-east-2",),
        ),
        more=_STATUS_PAGE,
    ),
)

_EXCHANGE = (
    Row(
        id="exchange-paused",
        layer=Layer.HTTP,
        blame=Blame.EXCHANGE,
        question="test_exchange_is_active",
        summary="The exchange at {target} is paused (status {status}; it resumes:"
        " {resume_time}).",
        why="It says so itself: exchange_active is false. Nothing can be placed,"
        " changed or cancelled. Planned pauses lie on Thursdays between 03:00 and 05:00"
        " Eastern Time; at any other time it is an outage.",
        check=Commands(
            powershell=(
                *_ASK_STATUS.powershell,
                "curl.exe -sS https://{target}/trade-api/v2/exchange/schedule",
            ),
            posix=(
                *_ASK_STATUS.posix,
                "curl -sS https://{target}/trade-api/v2/exchange/schedule",
            ),
        ),
        fix=Commands(
            powershell=(
                "# nothing to mend here: wait for the exchange, then:",
                "pytest -m {environment}",
            ),
            posix=(
                "# nothing to mend here: wait for the exchange, then:",
                "pytest -m {environment}",
            ),
        ),
        more=_MAINTENANCE,
    ),
    Row(
        id="trading-paused",
        layer=Layer.HTTP,
        blame=Blame.EXCHANGE,
        severity=Severity.WARNING,
        question="test_trading_is_active",
        summary="Trading at {target} is paused ({part}; it resumes: {resume_time}).",
        why="The exchange is up and says that trading_active is false: new orders are"
        " refused, cancels still work. Every Thursday from 03:00 to 05:00 Eastern Time"
        " that is planned.",
        check=Commands(
            powershell=(
                *_ASK_STATUS.powershell,
                "curl.exe -sS https://{target}/trade-api/v2/exchange/schedule",
            ),
            posix=(
                *_ASK_STATUS.posix,
                "curl -sS https://{target}/trade-api/v2/exchange/schedule",
            ),
        ),
        fix=Commands(
            powershell=(
                "# nothing to mend here: launch no engine before trading resumes, then:"
                "",
                'pytest -m "{environment} or v8" --gate',
            ),
            posix=(
                "# nothing to mend here: launch no engine before trading resumes, then:"
                "",
                'pytest -m "{environment} or v8" --gate',
            ),
        ),
        more=_MAINTENANCE,
    ),
    Row(
        id="http-server-error",
        layer=Layer.HTTP,
        blame=Blame.EXCHANGE,
        question="test_status_answers",
        summary="The server behind {target} failed on the request (status {status},"
        " from {server}).",
        why="It answered, and says that the fault is its own. No word about a pause"
        " came with it, so it is a defect or an overload there, and usually short.",
        check=_ASK_STATUS,
        fix=_TRY_AGAIN,
        more=_STATUS_PAGE,
    ),
    Row(
        id="http-bad-gateway",
        layer=Layer.HTTP,
        blame=Blame.EXCHANGE,
        question="test_status_answers",
        summary="The front at {target} reaches no working server behind it (status"
        " {status}, from {server}).",
        why="A load balancer or CDN answers in place of the exchange: an outage, or a"
        " restart of some seconds. If an order was on its way, its outcome is unknown"
        " until it is looked up.",
        check=_ASK_STATUS,
        fix=Commands(
            powershell=(
                *_TRY_AGAIN.powershell,
                "# if it stays, use the environment's other documented host",
            ),
            posix=(
                *_TRY_AGAIN.posix,
                "# if it stays, use the environment's other documented host",
            ),
        ),
        more=_STATUS_PAGE,
    ),
    Row(
        id="http-schema-drift",
        layer=Layer.HTTP,
        blame=Blame.EXCHANGE,
        question="test_status_has_the_right_shape",
        summary="{target} answers JSON without a usable {field}: it is {is} (status"
        " {status}).",
        why="The field is required by the documentation and is missing or of another"
        " type. Either the exchange changed its answers, or a mock or another service"
        " gives them.",
        check=_ASK_STATUS,
        fix=Commands(
            powershell=(
                "# read in the changelog whether {field} was changed, then:",
                "python -m pip install --upgrade kalshi-preflight",
            ),
            posix=(
                "# read in the changelog whether {field} was changed, then:",
                "python3 -m pip install --upgrade kalshi-preflight",
            ),
        ),
        more="https://docs.kalshi.com/changelog",
    ),
)

ROWS = (*_CONFIGURED, *_BETWEEN, *_EXCHANGE)
