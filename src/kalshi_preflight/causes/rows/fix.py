"""FIX: what a logon is answered with, and whether the session behind it is alive."""

from kalshi_preflight.causes.row import Row
from kalshi_preflight.model.cause import Blame, Commands, Severity
from kalshi_preflight.model.layer import Layer

_LOGON = "test_logon_is_accepted"
_CONNECTIVITY = "https://docs.kalshi.com/fix/connectivity"
_AUTHENTICATION = "https://docs.kalshi.com/fix/authentication"
_ERRORS = "https://docs.kalshi.com/fix/error-handling"
_STATUS_PAGE = "https://status.kalshi.com"

#: The same logon once more, and all that was seen of it.
_AGAIN_LINE = 'pytest -m "{environment} and fix" --fix-logon -vv'
_AGAIN = Commands(powershell=(_AGAIN_LINE,), posix=(_AGAIN_LINE,))
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
#: Who listens there: certificate and first bytes, without a logon.
_WHO = Commands(
    powershell=(
        "Test-NetConnection {host} -Port {port}",
        "openssl s_client -connect {target} -servername {host} -brief",
    ),
    posix=("openssl s_client -connect {target} -servername {host} -brief </dev/null",),
)
_PROGRAMS = Commands(
    powershell=(
        "Get-NetTCPConnection -RemotePort {port} |"
        " Format-Table OwningProcess, RemoteAddress, State",
        "Get-CimInstance Win32_Process -Filter \"Name LIKE 'python%'\" |"
        " Format-Table ProcessId, CreationDate, ExecutablePath",
    ),
    posix=("ss -tnp dport = :{port}", "ps -eo pid,etime,comm | grep -i python"),
)
_OWN_KEY = (
    "# make a key pair for checks alone on the account page (API keys), then set"
    " KALSHI_FIX_API_KEY_ID and KALSHI_FIX_PRIVATE_KEY_PATH to it:"
)
_WAIT = "Start-Sleep -Seconds 60; "
_WAIT_POSIX = "sleep 60; "

_BEFORE = (
    Row(
        id="fix-key-shared",
        layer=Layer.FIX,
        blame=Blame.CONFIG,
        question="test_key_is_its_own",
        summary="The FIX logon was not tried: the key id in {setting} ({source}, ends"
        " in {ends_with}) is also that of {others}. Nothing was sent.",
        why="The exchange allows one FIX session a key. While a check holds it, the"
        " program that uses the key cannot connect; the reset flag of the logon (141=Y)"
        " sets the sequence numbers back that the program counts on; and a session with"
        " 8013=Y cancels its orders when it is disturbed. So a check takes a key that"
        " nothing else uses, or none.",
        check=_NAMES,
        fix=Commands(
            powershell=(_OWN_KEY, *_EDIT.powershell, _AGAIN_LINE),
            posix=(_OWN_KEY, *_EDIT.posix, _AGAIN_LINE),
        ),
        more=_CONNECTIVITY,
    ),
    Row(
        id="fix-port-mismatch",
        layer=Layer.FIX,
        blame=Blame.CONFIG,
        severity=Severity.WARNING,
        question="test_port_and_session_match",
        summary="FIX is configured as {target_comp_id} at {target}, which does not"
        " belong together: that port serves {served}; {right_target_comp_id} is at"
        " {right_host}:{right_port}.",
        why="Each kind of session has a port of its own, and market data has a host of"
        " its own. A logon in the wrong place is answered with Invalid TargetCompID or"
        " not at all. This was seen in the settings alone; nothing was sent for it.",
        check=Commands(
            powershell=("Select-String -Path *.toml -Pattern 'fix *='",),
            posix=("grep -n 'fix *=' ./*.toml",),
        ),
        fix=Commands(
            powershell=(
                "# in [environments.{environment}] of the file given with"
                " --environments, or in the program's own settings, have:",
                '# fix = {{ host = "{right_host}", port = {right_port},'
                ' target_comp_id = "{right_target_comp_id}" }}',
            ),
            posix=(
                "# in [environments.{environment}] of the file given with"
                " --environments, or in the program's own settings, have:",
                '# fix = {{ host = "{right_host}", port = {right_port},'
                ' target_comp_id = "{right_target_comp_id}" }}',
            ),
        ),
        more=_CONNECTIVITY,
    ),
)

_REFUSED = (
    Row(
        id="fix-logon-tier",
        layer=Layer.FIX,
        blame=Blame.CREDENTIALS,
        question=_LOGON,
        summary="{target} knows the key {key_id}, and its account may not use FIX:"
        " {text}.",
        why="FIX is open to the usage tier Premier and above, or by agreement. Nothing"
        " is broken: network, certificate, clock and signature were all in order, and"
        " REST and WebSocket are not affected.",
        check=Commands(
            powershell=('pytest -m "{environment} and auth"',),
            posix=('pytest -m "{environment} and auth"',),
        ),
        fix=Commands(
            powershell=(
                "# ask institutional@kalshi.com for FIX, with the key's last characters"
                " {key_id}; until then use REST and WebSocket",
            ),
            posix=(
                "# ask institutional@kalshi.com for FIX, with the key's last characters"
                " {key_id}; until then use REST and WebSocket",
            ),
        ),
        more="https://docs.kalshi.com/getting_started/rate_limits",
    ),
    Row(
        id="fix-logon-target",
        layer=Layer.FIX,
        blame=Blame.CONFIG,
        question=_LOGON,
        summary="{target} refuses the TargetCompID {target_comp_id} ({refusal}:"
        " {text}).",
        why="The TargetCompID (tag 56) names the session, and each port serves one:"
        " 8228 KalshiNR, 8229 KalshiDC, 8230 KalshiRT, 8231 KalshiPT, 8232 KalshiRFQ,"
        " and 8233 KalshiMD on the market-data host.",
        check=_WHO,
        fix=Commands(
            powershell=(
                "# {right_target_comp_id} is at {right_host}:{right_port}; set host,"
                " port and target_comp_id to what belongs together, then:",
                _AGAIN_LINE,
            ),
            posix=(
                "# {right_target_comp_id} is at {right_host}:{right_port}; set host,"
                " port and target_comp_id to what belongs together, then:",
                _AGAIN_LINE,
            ),
        ),
        more=_CONNECTIVITY,
    ),
    Row(
        id="fix-logon-duplicate",
        layer=Layer.FIX,
        blame=Blame.CONFIG,
        question=_LOGON,
        summary="{target} has another FIX session of the key {key_id} already: {text}.",
        why="A key has one session. Either a program is logged on with this key, and"
        " then the key is not one for checks; or a connection was lost and the exchange"
        " holds the key for up to 60 s.",
        check=_PROGRAMS,
        fix=Commands(
            powershell=(
                _WAIT + _AGAIN_LINE,
                "# if it stays, a program uses this key:",
                _OWN_KEY,
                *_EDIT.powershell,
            ),
            posix=(
                _WAIT_POSIX + _AGAIN_LINE,
                "# if it stays, a program uses this key:",
                _OWN_KEY,
                *_EDIT.posix,
            ),
        ),
        more=_ERRORS,
    ),
    Row(
        id="fix-logon-clock",
        layer=Layer.FIX,
        blame=Blame.LOCAL,
        question=_LOGON,
        summary="{target} refuses the time of the logon ({refusal}: {text}). Its clock"
        " says {exchange_time}, ours {our_time}: {offset_seconds} s apart.",
        why="SendingTime (tag 52) must be UTC and within 30 s of the exchange's clock."
        " Whole hours apart mean a time zone, seconds or minutes a clock that nobody"
        " sets; if both agree, the gateway's own clock is off.",
        check=Commands(
            powershell=(
                "(Get-Date).ToUniversalTime().ToString('u')",
                "w32tm /query /status",
            ),
            posix=("date -u", "timedatectl"),
        ),
        fix=Commands(
            powershell=(
                "# as administrator:",
                "Start-Service w32time",
                "w32tm /resync /force",
            ),
            posix=("sudo timedatectl set-ntp true", _AGAIN_LINE),
        ),
        more=_ERRORS,
    ),
    Row(
        id="fix-logon-signature",
        layer=Layer.FIX,
        blame=Blame.CREDENTIALS,
        question=_LOGON,
        summary="{target} refuses the signature of the logon with the key {key_id}"
        " ({refusal}: {text}); by our own key it is good: {verifies}.",
        why="The signature is checked with the public key that is registered under the"
        " key id. If it is good by our own key, id and key file do not belong together:"
        " two pairs were mixed, or the id is of another environment. Signed are"
        " SendingTime, A, MsgSeqNum, SenderCompID and TargetCompID as they stand in the"
        " message, RSA with PSS and SHA-256, Ed25519 as it is.",
        check=_NAMES,
        fix=Commands(
            powershell=(
                "# put id and file of one pair of {environment} into"
                " KALSHI_FIX_API_KEY_ID and KALSHI_FIX_PRIVATE_KEY_PATH; if in doubt,"
                " make a new pair:",
                *_EDIT.powershell,
                _AGAIN_LINE,
            ),
            posix=(
                "# put id and file of one pair of {environment} into"
                " KALSHI_FIX_API_KEY_ID and KALSHI_FIX_PRIVATE_KEY_PATH; if in doubt,"
                " make a new pair:",
                *_EDIT.posix,
                _AGAIN_LINE,
            ),
        ),
        more=_AUTHENTICATION,
    ),
    Row(
        id="fix-logon-rate-limited",
        layer=Layer.FIX,
        blame=Blame.CONFIG,
        question=_LOGON,
        summary="{target} takes no more logons for now ({refusal}: {text}).",
        why="Logons are limited apart from all else, for the whole account: a program"
        " that tries again without a pause uses them up for everybody. This check tries"
        " once a run.",
        check=_PROGRAMS,
        fix=Commands(
            powershell=(
                "# let programs wait longer after each failure, with some chance in it;"
                " then:",
                _WAIT + _AGAIN_LINE,
            ),
            posix=(
                "# let programs wait longer after each failure, with some chance in it;"
                " then:",
                _WAIT_POSIX + _AGAIN_LINE,
            ),
        ),
        more=_AUTHENTICATION,
    ),
    Row(
        id="fix-logon-refused",
        layer=Layer.FIX,
        blame=Blame.EXCHANGE,
        question=_LOGON,
        summary="{target} answers our {awaiting} with a {refusal}: {text} ({meaning}).",
        why="The reason stands in its text and code. A required or unknown field means"
        " that the exchange's dictionary has changed; a MsgSeqNum that is too low, that"
        " this session keeps its numbers (KalshiRT and KalshiPT do), so that a check is"
        " better made at KalshiNR or KalshiMD; a CompID that is not known in tag 49,"
        " that the key {key_id} is not one of this environment.",
        check=_AGAIN,
        fix=Commands(
            powershell=(
                "# compare text and code with the documentation and its changelog; if"
                " they do not help, send both to the exchange's support with the time"
                " {exchange_time}",
            ),
            posix=(
                "# compare text and code with the documentation and its changelog; if"
                " they do not help, send both to the exchange's support with the time"
                " {exchange_time}",
            ),
        ),
        more=_ERRORS,
    ),
)

_CONVERSATION = (
    Row(
        id="fix-silent",
        layer=Layer.FIX,
        blame=Blame.EXCHANGE,
        question=_LOGON,
        summary="{target} did not answer our {awaiting} within {seconds} s (received:"
        " {received}).",
        why="Connection and encryption were fine, so it is no firewall. An account that"
        " has not been given this port gets no answer at all (KalshiRT and KalshiPT are"
        " given on request), a FIX engine is silent to what it takes for a damaged"
        " message, and a port that serves something else waits for another language."
        " An open connection is not a session.",
        check=_WHO,
        fix=Commands(
            powershell=(
                "# port {port} is that of {right_target_comp_id}, configured is"
                " {target_comp_id}; if that is right, ask institutional@kalshi.com for"
                " it; to be sure of the rest:",
                _AGAIN_LINE,
            ),
            posix=(
                "# port {port} is that of {right_target_comp_id}, configured is"
                " {target_comp_id}; if that is right, ask institutional@kalshi.com for"
                " it; to be sure of the rest:",
                _AGAIN_LINE,
            ),
        ),
        more=_CONNECTIVITY,
    ),
    Row(
        id="fix-closed",
        layer=Layer.FIX,
        blame=Blame.EXCHANGE,
        question=_LOGON,
        summary="{target} ended the connection instead of answering our {awaiting}"
        " (said: {refusal} {text}; {error}).",
        why="A connection that opens and ends is no session, whatever a client's"
        " connect() returns. Before the logon is answered it means that the exchange"
        " does not know the key id {key_id}, or has no FIX server behind the port;"
        " after it, a restart or maintenance (Thursdays from 03:00 to 05:00 Eastern).",
        check=_WHO,
        fix=Commands(
            powershell=(
                "# outside maintenance compare the key id and {target} with the account"
                " page; then, once more:",
                _WAIT + _AGAIN_LINE,
            ),
            posix=(
                "# outside maintenance compare the key id and {target} with the account"
                " page; then, once more:",
                _WAIT_POSIX + _AGAIN_LINE,
            ),
        ),
        more=_STATUS_PAGE,
    ),
    Row(
        id="fix-garbled",
        layer=Layer.FIX,
        blame=Blame.NETWORK,
        question=_LOGON,
        summary="{target} answers our {awaiting} with something that is no message of"
        " the exchange ({error}); it begins with {first_bytes}.",
        why="Length, sum, version and addresses of each message were checked. Over a"
        " line that TLS protects nothing is damaged by chance: another service listens"
        " there, or a box in between speaks for the exchange.",
        check=_WHO,
        fix=Commands(
            powershell=(
                "# compare host and port {target} with the documented ones, try from"
                " another network, without VPN and proxy:",
                _AGAIN_LINE,
            ),
            posix=(
                "# compare host and port {target} with the documented ones, try from"
                " another network, without VPN and proxy:",
                _AGAIN_LINE,
            ),
        ),
        more=_CONNECTIVITY,
    ),
    Row(
        id="fix-no-heartbeat",
        layer=Layer.FIX,
        blame=Blame.EXCHANGE,
        question="test_heartbeat_is_answered",
        summary="{target} accepted the logon and then did not answer our TestRequest"
        " (waited until {seconds} s; received: {received}).",
        why="Whoever is logged on has to answer a TestRequest with a Heartbeat of the"
        " same TestReqID. One that does not is not reading what is sent: orders would"
        " vanish there in the same way.",
        check=_AGAIN,
        fix=Commands(
            powershell=(
                "# nothing to mend here: do not trade over this session; wait, then:",
                _WAIT + _AGAIN_LINE,
            ),
            posix=(
                "# nothing to mend here: do not trade over this session; wait, then:",
                _WAIT_POSIX + _AGAIN_LINE,
            ),
        ),
        more=_STATUS_PAGE,
    ),
)

ROWS = (*_BEFORE, *_REFUSED, *_CONVERSATION)
