"""The proxy that this machine is set to use."""

from kalshi_preflight.causes.row import Row
from kalshi_preflight.model.cause import Blame, Commands, Severity
from kalshi_preflight.model.layer import Layer

_HTTPX = "https://www.python-httpx.org/environment_variables/#proxies"
_SHOW = Commands(
    powershell=(
        "Get-ChildItem Env:*proxy*",
        "Get-ItemProperty 'HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion"
        "\\Internet Settings' | Select-Object ProxyEnable, ProxyServer, AutoConfigURL",
    ),
    posix=("env | grep -i _proxy | sed 's#//[^@]*@#//#'",),
)
_UNSET = Commands(
    powershell=(
        "# start the proxy {proxy}, or do without it ({setting}):",
        "Remove-Item Env:HTTPS_PROXY, Env:ALL_PROXY -ErrorAction SilentlyContinue",
        "[Environment]::SetEnvironmentVariable('HTTPS_PROXY', $null, 'User')",
        "Set-ItemProperty 'HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion"
        "\\Internet Settings' ProxyEnable 0",
    ),
    posix=(
        "# start the proxy {proxy}, or do without it ({setting}):",
        "unset HTTPS_PROXY https_proxy ALL_PROXY all_proxy",
    ),
)

ROWS = (
    Row(
        id="proxy-unreachable",
        layer=Layer.TCP,
        blame=Blame.CONFIG,
        question="test_connects",
        summary="The proxy {proxy}, set by {setting}, cannot be used: {error}.",
        why="Everything for {host} is sent to this proxy, so the exchange has not even"
        " been asked. A debugging proxy that is not running any more (Fiddler, Charles)"
        " or the proxy of a company or VPN that is not connected are usual reasons.",
        check=_SHOW,
        fix=_UNSET,
        more=_HTTPX,
    ),
    Row(
        id="proxy-refused-connect",
        layer=Layer.TCP,
        blame=Blame.NETWORK,
        question="test_connects",
        summary="The proxy {proxy} ({setting}) refuses CONNECT {target}: {status}"
        " {reason}.",
        why="This is the proxy's refusal ({server}), not the exchange's, which was not"
        " reached: a policy on the category or the port, its own DNS or connection"
        " failing (X-Squid-Error: {squid}), or no proxy at all. It says: {body}",
        check=Commands(
            powershell=("curl.exe -v -x {proxy} https://{host}:{port}/",),
            posix=("curl -v -x {proxy} https://{host}:{port}/",),
        ),
        fix=Commands(
            powershell=(
                "# ask whoever runs {proxy} to allow CONNECT {target}; with 502 to 504"
                " the proxy itself cannot get there",
            ),
            posix=(
                "# ask whoever runs {proxy} to allow CONNECT {target}; with 502 to 504"
                " the proxy itself cannot get there",
            ),
        ),
        more="https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6",
    ),
    Row(
        id="proxy-authentication-required",
        layer=Layer.TCP,
        blame=Blame.CONFIG,
        question="test_connects",
        summary="{who} wants to know who is asking: 407 ({schemes}).",
        why="The credentials for the proxy are missing or wrong; the exchange's keys"
        " have nothing to do with it. Basic goes into the proxy's URL. Negotiate and"
        " NTLM are spoken by none of the usual Python clients: a local helper (px,"
        " cntlm) has to.",
        check=Commands(
            powershell=("curl.exe -v -x {proxy} https://{host}:{port}/",),
            posix=("curl -v -x {proxy} https://{host}:{port}/",),
        ),
        fix=Commands(
            powershell=(
                "# for Basic, percent-encoded (@ is %40, # is %23):",
                "$env:HTTPS_PROXY = 'http://USER:PASSWORD@HOST:PORT'",
            ),
            posix=(
                "# for Basic, percent-encoded (@ is %40, # is %23):",
                "export HTTPS_PROXY='http://USER:PASSWORD@HOST:PORT'",
            ),
        ),
        more="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8",
    ),
    Row(
        id="proxy-misconfigured",
        layer=Layer.TCP,
        blame=Blame.CONFIG,
        question="test_connects",
        summary="The proxy that {setting} sets ({proxy}) cannot be used: {problem}.",
        why="No program gets as far as a connection with such a URL; httpx raises while"
        " its client is made, or looks for a host in the middle of the password.",
        check=_SHOW,
        fix=Commands(
            powershell=(
                "# write it as http://HOST:PORT, user and password percent-encoded:",
                "$env:HTTPS_PROXY = 'http://HOST:PORT'",
            ),
            posix=(
                "# write it as http://HOST:PORT, user and password percent-encoded:",
                "export HTTPS_PROXY='http://HOST:PORT'",
            ),
        ),
        more=_HTTPX,
    ),
    Row(
        id="proxy-scheme-missing",
        layer=Layer.TCP,
        blame=Blame.CONFIG,
        severity=Severity.WARNING,
        question="test_connects",
        summary="{setting} gives the proxy without a scheme: write {proxy}.",
        why="httpx and requests take a URL without a scheme for http, the websockets"
        " library raises InvalidProxy: REST works, and a bot's WebSocket does not.",
        check=_SHOW,
        fix=Commands(
            powershell=("$env:HTTPS_PROXY = {proxy}",),
            posix=("export HTTPS_PROXY={proxy}",),
        ),
        more="https://websockets.readthedocs.io/en/stable/topics/proxies.html",
    ),
)
