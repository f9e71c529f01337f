"""The engine's log."""

from kalshi_preflight.engine.row import EngineRow, by_hand
from kalshi_preflight.model.cause import Commands, Severity

_THERE = "test_log_is_there"
_ALIVE = "test_log_is_alive"
_ACCEPTED = "test_log_shows_no_refusal"
_NETWORK = "test_log_shows_no_network_fault"
_SOUND = "test_log_shows_no_fault_of_the_engine"

_TAIL = Commands(
    powershell=("Get-Content {path} -Tail 50",), posix=("tail -n 50 {path}",)
)
_ERRORS = Commands(
    powershell=(
        "Get-Content {path} -Tail 5000 |"
        " Select-String 'error|refused|denied|40[139]|410|429|50[0234]' |"
        " Select-Object -Last 20",
    ),
    posix=(
        "tail -n 5000 {path} |"
        " grep -Ei 'error|refused|denied|40[139]|410|429|50[0234]' | tail -n 20",
    ),
)
_FOLDER = Commands(
    powershell=("Get-ChildItem -Recurse {home} -Filter *.log*",),
    posix=("find {home} -name '*.log*' -exec ls -l {{}} +",),
)
_SEEN = "{number} times since the start or in the last hour, last at {last}; {now}."

ROWS = (
    EngineRow(
        id="log-missing",
        question=_THERE,
        severity=Severity.WARNING,
        summary="There is no log at {path} (beside it: {beside}).",
        why="The engine logs to a console or to another folder, or the log was rotated"
        " away.",
        check=_FOLDER,
        fix=by_hand("look at the redirection and working folder in {start_script}"),
    ),
    EngineRow(
        id="log-empty",
        question=_THERE,
        severity=Severity.WARNING,
        summary="{path} is empty, and no rotated log lies beside it.",
        why="Output that goes to a file is kept back in blocks, or nothing was"
        " written.",
        check=_FOLDER,
        fix=by_hand("run the engine unbuffered (python -u)"),
    ),
    EngineRow(
        id="log-unreadable",
        question=_THERE,
        severity=Severity.WARNING,
        summary="{path} exists, and this account may not read it.",
        why="Another account owns it, or another program holds it exclusively.",
        check=Commands(powershell=("icacls {path}",), posix=("ls -l {path}",)),
        fix=Commands(
            powershell=('icacls {path} /grant "${{env:USERNAME}}:(R)"',),
            posix=("# as the owner:", "chmod o+r {path}"),
        ),
    ),
    EngineRow(
        id="log-utf16",
        question=_THERE,
        severity=Severity.NOTE,
        summary="{path} is written in UTF-16 (and in {also}).",
        why="Windows PowerShell's > and Out-File do so. Tools that read it as eight"
        " bits"
        " find none of its words; this suite reads both.",
        check=_TAIL,
        fix=by_hand("redirect with: Out-File -Encoding utf8 -Append"),
    ),
    EngineRow(
        id="log-timestamps-unknown",
        question=_THERE,
        severity=Severity.WARNING,
        cannot_tell=True,
        summary="No line of {path} carries a time that can be read.",
        why="Whether its errors are of today or of last week cannot be told.",
        check=_TAIL,
        fix=by_hand("have the engine log times (%(asctime)s)"),
    ),
    EngineRow(
        id="log-too-large",
        question=_THERE,
        severity=Severity.NOTE,
        summary="{path} has grown to {size_mib} MiB; only its end was read.",
        why="Nothing rotates it.",
        check=_FOLDER,
        fix=by_hand("have the engine rotate its log"),
    ),
    EngineRow(
        id="log-silent",
        question=_ALIVE,
        severity=Severity.WARNING,
        summary="{path} has been silent for {age}, while snapshots are being written.",
        why="The engine logs to another file, holds its output back, or lost its log"
        " when that was rotated.",
        check=_FOLDER,
        fix=by_hand("find the file that the process has open; run it unbuffered"),
    ),
    EngineRow(
        id="log-interleaved-instances",
        question=_ALIVE,
        summary="Two engines write into {path}: time steps back {steps_back} times, and"
        " {starts} starts have no end between them.",
        why="As with two writers of the database: orders compete and signatures are"
        " sent twice.",
        check=_TAIL,
        fix=by_hand("find both processes and stop one by its own means"),
    ),
    EngineRow(
        id="log-errors-old-only",
        question=_ALIVE,
        severity=Severity.NOTE,
        summary="{path} tells of errors ({classes}), the last at {last}: not of today's"
        " run.",
        why="What was wrong before the last start is over.",
        check=_ERRORS,
        fix=by_hand("nothing is to be done"),
    ),
    EngineRow(
        id="log-secret-exposed",
        question="test_log_keeps_secrets",
        summary="{path} shows {kind} ({times} times; last {lines_from_end} lines from"
        " its end).",
        why="Somebody printed it while debugging. Whoever reads the log can trade.",
        check=_FOLDER,
        fix=by_hand("make a new key, delete the old one, and mask what is logged"),
    ),
    EngineRow(
        id="log-repeating-401",
        question=_ACCEPTED,
        summary="The engine is refused with 401, " + _SEEN,
        why="If the same key is accepted now, the key is not at fault: look for a"
        " second"
        " engine, for signed headers that are sent again on a retry, for another .env"
        " and for the clock. Last line: {line}",
        check=_ERRORS,
        fix=by_hand("have the engine sign every attempt anew, and run one engine only"),
    ),
    EngineRow(
        id="log-401-post-only",
        question=_ACCEPTED,
        severity=Severity.WARNING,
        summary="Only the engine's writes are refused with 401, " + _SEEN,
        why="Reads pass, so the key is right. Headers are sent again on a retry, the"
        " key"
        " has no write scope, or the path is an old one. Last line: {line}",
        check=_ERRORS,
        fix=by_hand("sign every attempt anew; look at the key's scopes"),
    ),
    EngineRow(
        id="log-403",
        question=_ACCEPTED,
        summary="The engine is refused with 403, " + _SEEN,
        why="A block at the edge of the exchange, a missing scope, or an Origin"
        " header on"
        " a WebSocket, which could not be tried now. Last line: {line}",
        check=_ERRORS,
        fix=by_hand("run this suite for the environment: it tells these apart"),
    ),
    EngineRow(
        id="engine-sends-origin",
        question=_ACCEPTED,
        summary="The engine's WebSocket is refused with 403 because it sends an Origin"
        " header; {number} times, last at {last}.",
        why="The same upgrade was just accepted without Origin and refused with it. The"
        " websocket-client library sends Origin by itself. No permission is missing.",
        check=_ERRORS,
        fix=by_hand(
            "in the engine: create_connection(..., suppress_origin=True), or use the"
            " websockets library",
        ),
    ),
    EngineRow(
        id="log-410-legacy-orders",
        question=_ACCEPTED,
        summary="The engine's orders are answered with 410, {number} times, last at"
        " {last}.",
        why="It uses an order path that is gone (deprecated_v1_order_endpoint): no"
        " order"
        " is placed. Last line: {line}",
        check=_ERRORS,
        fix=by_hand("update the engine: orders go to /portfolio/events/orders"),
    ),
    EngineRow(
        id="log-429",
        question=_ACCEPTED,
        severity=Severity.WARNING,
        summary="The engine is over its rate limit (429), {number} times, last at"
        " {last}.",
        why="Two engines share one budget, or it asks too often. No Retry-After is"
        " sent."
        " Last line: {line}",
        check=_ERRORS,
        fix=by_hand("lower the rate, wait longer after each 429, run one engine only"),
    ),
    EngineRow(
        id="log-409-paused",
        question=_ACCEPTED,
        severity=Severity.WARNING,
        summary="Orders are refused because of a pause (409), {number} times, last at"
        " {last}.",
        why="The exchange or a single market is paused. Last line: {line}",
        check=_ERRORS,
        fix=by_hand("compare with /exchange/status; stop retrying that market"),
    ),
    EngineRow(
        id="log-5xx-burst",
        question=_NETWORK,
        severity=Severity.WARNING,
        summary="The exchange answered the engine with server errors, " + _SEEN,
        why="Maintenance or an incident. Last line: {line}",
        check=_ERRORS,
        fix=by_hand("wait; compare with /exchange/status"),
    ),
    EngineRow(
        id="log-dns-failure",
        question=_NETWORK,
        summary="The engine cannot resolve names, " + _SEEN,
        why="Its resolver, its VPN or its proxy settings differ from those of this run."
        " Last line: {line}",
        check=_ERRORS,
        fix=by_hand("compare account, VPN and proxy of the engine with this shell's"),
    ),
    EngineRow(
        id="log-connection-refused",
        question=_NETWORK,
        summary="The engine's connections are refused, " + _SEEN,
        why="Something answered and refused: a proxy's address, a line of the hosts"
        " file, a closed port. That is seldom a firewall. Last line: {line}",
        check=_ERRORS,
        fix=by_hand("compare host and port in the line with the engine's settings"),
    ),
    EngineRow(
        id="log-socket-blocked",
        question=_NETWORK,
        summary="This machine forbids the engine's sockets (10013), " + _SEEN,
        why="A rule of the local firewall or of a virus scanner. Last line: {line}",
        check=Commands(
            powershell=(
                "Get-NetFirewallRule -Direction Outbound -Action Block -Enabled True",
            ),
            posix=("sudo nft list ruleset",),
        ),
        fix=by_hand("allow the engine's Python to connect to port 443"),
    ),
    EngineRow(
        id="log-timeouts",
        question=_NETWORK,
        severity=Severity.WARNING,
        summary="The engine's connections time out or are reset, " + _SEEN,
        why="Packets are dropped on the way: a firewall, a route, an overloaded line."
        " Last line: {line}",
        check=_ERRORS,
        fix=by_hand("run this suite for the environment while it happens"),
    ),
    EngineRow(
        id="log-tls-error",
        question=_NETWORK,
        summary="The engine's TLS fails, " + _SEEN,
        why="The clock, a box that intercepts, or an old certificate store of the"
        " engine's Python. Last line: {line}",
        check=_ERRORS,
        fix=by_hand("mend the certificate store; never switch the checking off"),
    ),
    EngineRow(
        id="log-cannot-read-orders",
        question=_SOUND,
        severity=Severity.WARNING,
        summary="The engine cannot read its orders, {number} times, last at {last}.",
        why="The request failed: the status beside this line says why (401, 403,"
        " 429, or"
        " fields that are gone). It says nothing about positions. Line: {line}",
        check=_ERRORS,
        fix=by_hand("look at the lines around it"),
    ),
    EngineRow(
        id="log-sqlite-errors",
        question=_SOUND,
        summary="The engine's own writes to its database fail, {number} times, last at"
        " {last}.",
        why="A second writer, a full disk or a damaged file. Last line: {line}",
        check=_ERRORS,
        fix=by_hand("look at what this report says of the database"),
    ),
    EngineRow(
        id="log-traceback-repeating",
        question=_SOUND,
        severity=Severity.WARNING,
        summary="The engine fails again and again in the same place ({number} times,"
        " last at {last}).",
        why="A fault in its code, or an answer of another shape than it expects. It"
        " says: {line}",
        check=_ERRORS,
        fix=by_hand("mend the engine where the traceback ends"),
    ),
    EngineRow(
        id="log-unicode-crash",
        question=_SOUND,
        severity=Severity.WARNING,
        summary="The engine fails at printing ({number} times, last at {last}).",
        why="Its console cannot show a sign such as a check mark, and what it wanted to"
        " say is lost. Line: {line}",
        check=_ERRORS,
        fix=Commands(
            powershell=("$env:PYTHONIOENCODING = 'utf-8'",),
            posix=("export PYTHONIOENCODING=utf-8",),
        ),
    ),
)
