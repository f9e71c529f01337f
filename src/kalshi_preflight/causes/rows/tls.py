"""TLS: the handshake, the certificate, and who may stand in between."""

from kalshi_preflight.causes.row import Row
from kalshi_preflight.model.cause import Blame, Commands, Severity
from kalshi_preflight.model.layer import Layer

_STATUS = "https://status.kalshi.com"
_HOSTS = "https://docs.kalshi.com/getting_started/api_environments"
_PYTHON_SSL = "https://docs.python.org/3/library/ssl.html#certificates"

#: Fetches the certificate to look at it; nothing else is sent.
_LEAF = (
    'python -c "import ssl, sys;'
    ' print(ssl.get_server_certificate((sys.argv[1], int(sys.argv[2]))))"'
    " {host} {port} | Set-Content -Encoding ascii $env:TEMP\\kalshi-leaf.pem"
)
_DUMP = "certutil -dump $env:TEMP\\kalshi-leaf.pem"
_S_CLIENT = "openssl s_client -connect {target} -servername {host}"
_CERTIFICATE = Commands(
    powershell=(_LEAF, _DUMP),
    posix=(
        f"{_S_CLIENT} </dev/null 2>/dev/null |"
        " openssl x509 -noout -subject -issuer -dates",
    ),
)
_CHAIN = Commands(
    powershell=(_LEAF, _DUMP),
    posix=(
        f"{_S_CLIENT} -showcerts </dev/null 2>/dev/null | grep -E '^ *[0-9]* *[si]:'",
    ),
)
#: The same address, asked for another name: is it the name that somebody objects to?
_OTHER_NAME = Commands(
    powershell=(
        "# if this ends with an error about the certificate, the address answers and"
        " only the name {host} is filtered:",
        "curl.exe -sv --max-time 10 -o NUL --connect-to ::{target}"
        " https://www.example.com/",
    ),
    posix=(
        "# if this shows a certificate, the address answers and only the name {host}"
        " is filtered:",
        "openssl s_client -connect {target} -servername www.example.com </dev/null",
    ),
)
_LOCAL_ENTRIES = Commands(
    powershell=(
        "Resolve-DnsName {host}",
        r"Select-String -SimpleMatch {host} C:\Windows\System32\drivers\etc\hosts",
    ),
    posix=("getent hosts {host}", "grep -n {host} /etc/hosts"),
)
_PROXIES = Commands(
    powershell=(
        "Get-ChildItem Env:*_PROXY |"
        " ForEach-Object {{ $_.Name + '=' + ($_.Value -replace '//.*@', '//') }}",
        "netsh winhttp show proxy",
    ),
    posix=("env | grep -i '_proxy=' | sed 's|//.*@|//|'",),
)
_SET_CLOCK = Commands(
    powershell=(
        "# as administrator:",
        "Start-Service w32time",
        "w32tm /resync /force",
    ),
    posix=("sudo timedatectl set-ntp true", "timedatectl"),
)
_ASK_THE_NETWORK = Commands(
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

_CLOCK_AND_CERTIFICATE = (
    Row(
        id="clock-wrong",
        layer=Layer.TLS,
        blame=Blame.LOCAL,
        question="test_certificate_is_trusted",
        summary="The clock of this machine is wrong: it says {our_time}, but {witness}"
        " says {witness_says} ({off} {direction}).",
        why="Measured with this clock, the certificate for {subject} (valid from"
        " {not_before} to {not_after}) is outside its dates, and so will be others."
        " Nothing is wrong with the certificate. A flat battery, a resumed virtual"
        " machine or a second operating system on the disk does this.",
        check=Commands(
            powershell=(
                "(Get-Date).ToUniversalTime().ToString('u')",
                "w32tm /stripchart /computer:time.windows.com /samples:3 /dataonly",
            ),
            posix=("date -u", "timedatectl"),
        ),
        fix=_SET_CLOCK,
    ),
    Row(
        id="tls-certificate-expired",
        layer=Layer.TLS,
        blame=Blame.EXCHANGE,
        question="test_certificate_is_trusted",
        summary="A certificate of {target} ended on {not_after}: that of {subject},"
        " issued by {issuer} ({place}).",
        why="Whoever runs that server did not renew in time: it ended {days_past} days"
        " ago. {clock} If the issuer is no public authority, the server is not the"
        " exchange's own.",
        check=_CHAIN,
        fix=Commands(
            powershell=(
                "# nothing to mend here: until it is renewed, use the other documented"
                " host of {environment}; if the issuer is no public authority, find who"
                " answers in place of {host}:",
                *_LOCAL_ENTRIES.powershell,
            ),
            posix=(
                "# nothing to mend here: until it is renewed, use the other documented"
                " host of {environment}; if the issuer is no public authority, find who"
                " answers in place of {host}:",
                *_LOCAL_ENTRIES.posix,
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="tls-certificate-not-yet-valid",
        layer=Layer.TLS,
        blame=Blame.EXCHANGE,
        question="test_certificate_is_trusted",
        summary="A certificate of {target} begins only on {not_before}: that of"
        " {subject}, issued by {issuer} ({place}).",
        why="It begins in {days_until} days or less. {clock} Real certificates are"
        " hardly"
        " ever handed out before they begin; whoever runs the server installed this one"
        " too early, or the server is not the exchange's own.",
        check=Commands(
            powershell=("(Get-Date).ToUniversalTime().ToString('u')", _LEAF, _DUMP),
            posix=("date -u", *_CERTIFICATE.posix),
        ),
        fix=Commands(
            powershell=(
                "# if nobody confirmed the clock, set it, as administrator:",
                "w32tm /resync /force",
                "# else nothing to mend here: until {not_before}, use the other"
                " documented host of {environment}, and find who answers in place of"
                " {host}:",
                *_LOCAL_ENTRIES.powershell,
            ),
            posix=(
                "# if nobody confirmed the clock, set it:",
                "sudo timedatectl set-ntp true",
                "# else nothing to mend here: until {not_before}, use the other"
                " documented host of {environment}, and find who answers in place of"
                " {host}:",
                *_LOCAL_ENTRIES.posix,
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="tls-certificate-expiring",
        layer=Layer.TLS,
        blame=Blame.EXCHANGE,
        severity=Severity.WARNING,
        question="test_certificate_lasts",
        summary="The certificate of {target} ({subject}, issued by {issuer}) ends"
        " {left}, on {not_after}.",
        why="Public certificates are usually renewed weeks before their end. From that"
        " date on every connection is refused, unless it is replaced. It is for the"
        " owner of the server to do.",
        check=_CERTIFICATE,
        fix=Commands(
            powershell=("# nothing to mend here; look again before {not_after}",),
            posix=("# nothing to mend here; look again before {not_after}",),
        ),
    ),
)

_TRUST = (
    Row(
        id="tls-hostname-mismatch",
        layer=Layer.TLS,
        blame=Blame.NETWORK,
        question="test_certificate_is_trusted",
        summary="The server at {target} shows a certificate for other names: {names}"
        " (issued by {issuer}).",
        why="The connection ended at a machine that is not {host}: a wrong address for"
        " the name (hosts file, DNS, connect_to), a filter's block page, or a proxy."
        " A star stands for one label only: *.kalshi.com does not cover"
        " api.elections.kalshi.com.",
        check=Commands(
            powershell=(_LEAF, _DUMP),
            posix=(
                f"{_S_CLIENT} </dev/null 2>/dev/null |"
                " openssl x509 -noout -text | grep DNS:",
            ),
        ),
        fix=Commands(
            powershell=(
                "# find who gives that address for {host}, and remove the entry:",
                *_LOCAL_ENTRIES.powershell,
                *_PROXIES.powershell,
            ),
            posix=(
                "# find who gives that address for {host}, and remove the entry:",
                *_LOCAL_ENTRIES.posix,
                *_PROXIES.posix,
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="tls-self-signed",
        layer=Layer.TLS,
        blame=Blame.NETWORK,
        question="test_certificate_is_trusted",
        summary="The server at {target} vouches for itself: its certificate for"
        " {subject} is signed by {issuer}, that is, by itself.",
        why="It names {names}, and ends {not_after}. The exchange does not use such"
        " certificates, so this is another machine: a"
        " router's page, a test server, or somebody in between. Do not send it a signed"
        " request.",
        check=_CERTIFICATE,
        fix=Commands(
            powershell=(
                "# find who gives that address for {host}, and remove the entry:",
                *_LOCAL_ENTRIES.powershell,
                "# is it a test server of your own: give its certificate as ca_file in"
                " the environments file",
            ),
            posix=(
                "# find who gives that address for {host}, and remove the entry:",
                *_LOCAL_ENTRIES.posix,
                "# is it a test server of your own: give its certificate as ca_file in"
                " the environments file",
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="tls-intercepted",
        layer=Layer.TLS,
        blame=Blame.NETWORK,
        question="test_certificate_is_trusted",
        summary="TLS to {target} is intercepted by {product}: the certificate for"
        " {subject} is issued by {issuer}, under the root {root} ({trouble}).",
        why="A company's inspection box or an antivirus program opens the connection"
        " and closes it again with a certificate of its own. Browsers on this machine"
        " may trust its root where Python does not find it. Whoever intercepts can read"
        " and change everything, and WebSockets often break on it.",
        check=_CHAIN,
        fix=Commands(
            powershell=(
                "# best: have whoever runs {product} exempt {host} from inspection",
                "# if the form is refused, importing does not help: they have to issue"
                " certificates that conform to RFC 5280",
                "# else, if they confirm that {root} is theirs, take it from them as"
                " corp-root.cer (Base64) and, as administrator:",
                "Import-Certificate -FilePath corp-root.cer"
                " -CertStoreLocation Cert:\\LocalMachine\\Root",
                "# for programs that bring their own list (httpx, requests):",
                "Get-Content -Path @((python -m certifi), 'corp-root.cer') |"
                " Set-Content -Encoding ascii $HOME\\trusted-roots.pem",
                "[Environment]::SetEnvironmentVariable("
                "'SSL_CERT_FILE', \"$HOME\\trusted-roots.pem\", 'User')",
            ),
            posix=(
                "# best: have whoever runs {product} exempt {host} from inspection",
                "# if the form is refused, importing does not help: they have to issue"
                " certificates that conform to RFC 5280",
                "# else, if they confirm that {root} is theirs, take it from them as"
                " corp-root.crt (PEM):",
                "sudo cp corp-root.crt /usr/local/share/ca-certificates/",
                "sudo update-ca-certificates",
                "# for programs that bring their own list (httpx, requests):",
                "export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
            ),
        ),
        more=_PYTHON_SSL,
    ),
    Row(
        id="tls-unknown-issuer",
        layer=Layer.TLS,
        blame=Blame.NETWORK,
        question="test_certificate_is_trusted",
        summary="The certificate of {target} for {subject}, issued by {issuer}, is not"
        " trusted here: {trouble} (verify code {verify_code}, {chain_length}"
        " certificates sent).",
        why="The store that Python uses here does not accept it. {public} Whatever"
        " answers in place of {host} with a certificate of {issuer} is not the"
        " exchange's own: a company's or an antivirus program's box, or another"
        " machine.",
        check=_CHAIN,
        fix=Commands(
            powershell=(
                "# issuer unknown to you: find who answers in place of {host}:",
                *_LOCAL_ENTRIES.powershell,
                "# issuer is your company or antivirus, and they confirm it: have"
                " {host} exempted, or import their root, as administrator:",
                "Import-Certificate -FilePath corp-root.cer"
                " -CertStoreLocation Cert:\\LocalMachine\\Root",
            ),
            posix=(
                "# issuer unknown to you: find who answers in place of {host}:",
                *_LOCAL_ENTRIES.posix,
                "# issuer is your company or antivirus, and they confirm it: have"
                " {host} exempted, or import their root:",
                "sudo cp corp-root.crt /usr/local/share/ca-certificates/",
                "sudo update-ca-certificates",
            ),
        ),
        more=_PYTHON_SSL,
    ),
    Row(
        id="tls-incomplete-chain",
        layer=Layer.TLS,
        blame=Blame.EXCHANGE,
        question="test_certificate_is_trusted",
        summary="The server at {target} leaves out a certificate between {subject} and"
        " a known root (sent: {chain_length}; missing: that of {missing}).",
        why="A server has to send the certificates that link its own to a root."
        " Browsers often fetch a missing one by themselves, Python does not; so the"
        " browser works and the bot fails. It is for the owner of the server to mend.",
        check=_CHAIN,
        fix=Commands(
            powershell=(
                "# until the owner of {host} mends it, use the environment's other"
                " documented host",
            ),
            posix=(
                "# until the owner of {host} mends it, use the environment's other"
                " documented host",
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="tls-trust-store-missing",
        layer=Layer.TLS,
        blame=Blame.LOCAL,
        question="test_certificate_is_trusted",
        summary="A list of trusted roots on this machine is of no use: {setting} leads"
        " to {path}, which {trouble} ({anchors} usable entries).",
        why="Programs that follow {setting} refuse {host} and every other server"
        " because"
        " of it, mostly without a word about the list; programs that follow another"
        " setting work. Nothing is wrong with the server.",
        check=Commands(
            powershell=(
                'python -c "import ssl; print(ssl.get_default_verify_paths());'
                ' print(len(ssl.create_default_context().get_ca_certs()))"',
                "Get-ChildItem Env:SSL_CERT_*, Env:*_CA_BUNDLE",
            ),
            posix=(
                'python3 -c "import ssl; print(ssl.get_default_verify_paths());'
                ' print(len(ssl.create_default_context().get_ca_certs()))"',
                "env | grep -E '^SSL_CERT_|_CA_BUNDLE='",
            ),
        ),
        fix=Commands(
            powershell=(
                "# if {setting} is a variable, remove it (each line removes one):",
                "Remove-Item Env:SSL_CERT_FILE, Env:SSL_CERT_DIR,"
                " Env:REQUESTS_CA_BUNDLE, Env:CURL_CA_BUNDLE"
                " -ErrorAction SilentlyContinue",
                "[Environment]::SetEnvironmentVariable('SSL_CERT_FILE', $null, 'User')",
                "[Environment]::SetEnvironmentVariable('SSL_CERT_DIR', $null, 'User')",
                "# if it is ca_file of the environments file, put a valid list of roots"
                " in PEM form at {path}",
                "# if the list itself is old, bring it up to date:",
                "python -m pip install --upgrade certifi",
                "# if no variable was set, as administrator, fetch the roots from"
                " Microsoft:",
                "certutil -generateSSTFromWU $env:TEMP\\roots.sst",
                "certutil -addstore -f root $env:TEMP\\roots.sst",
            ),
            posix=(
                "# if {setting} is a variable, unset it, and take it out of the shell's"
                " profile:",
                "unset SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE",
                "# if it is ca_file of the environments file, put a valid list of roots"
                " in PEM form at {path}",
                "# if the list itself is missing or old:",
                "python3 -m pip install --upgrade certifi",
                "sudo apt-get install --reinstall ca-certificates",
                "sudo update-ca-certificates --fresh",
            ),
        ),
        more=_PYTHON_SSL,
    ),
)

_REFUSALS = (
    Row(
        id="tls-version-unsupported",
        layer=Layer.TLS,
        blame=Blame.EXCHANGE,
        question="test_speaks_tls",
        summary="{target} and this machine do not agree on a sound version of TLS:"
        " {offer}.",
        why="Here 1.2 and newer are spoken, with sound keys and signatures; the"
        " exchange"
        " speaks 1.2 and 1.3. So either an outdated box answers in its"
        " place, or a setting of this machine (OPENSSL_CONF) forbids what the server"
        " wants. Older versions are broken and must stay off.",
        check=Commands(
            powershell=(
                'python -c "import ssl; print(ssl.OPENSSL_VERSION)"',
                "Get-ChildItem Env:OPENSSL_CONF -ErrorAction SilentlyContinue",
                "curl.exe -sv --max-time 10 -o NUL https://{target}/",
            ),
            posix=(
                'python3 -c "import ssl; print(ssl.OPENSSL_VERSION)"',
                "env | grep '^OPENSSL_CONF='",
                f"{_S_CLIENT} -brief </dev/null",
            ),
        ),
        fix=Commands(
            powershell=(
                "Remove-Item Env:OPENSSL_CONF -ErrorAction SilentlyContinue",
                "# if it was not set, find who answers in place of {host}:",
                *_LOCAL_ENTRIES.powershell,
            ),
            posix=(
                "unset OPENSSL_CONF",
                "# if it was not set, find who answers in place of {host}:",
                *_LOCAL_ENTRIES.posix,
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="tls-no-shared-cipher",
        layer=Layer.TLS,
        blame=Blame.EXCHANGE,
        question="test_speaks_tls",
        summary="{target} and this machine have no cipher or protocol in common"
        " ({refusal}).",
        why="A strict policy here (OPENSSL_CONF, FIPS mode) or an outdated box in the"
        " path leaves nothing in common: no cipher, no group, or no protocol (ALPN)."
        " It was"
        " tried whether the server wants a certificate of the client: it did not ask"
        " for one.",
        check=Commands(
            powershell=(
                'python -c "import ssl; print(ssl.OPENSSL_VERSION,'
                ' len(ssl.create_default_context().get_ciphers()))"',
                "Get-ChildItem Env:OPENSSL_CONF -ErrorAction SilentlyContinue",
                "curl.exe -sv --max-time 10 -o NUL https://{target}/",
            ),
            posix=(
                'python3 -c "import ssl; print(ssl.OPENSSL_VERSION,'
                ' len(ssl.create_default_context().get_ciphers()))"',
                "env | grep '^OPENSSL_CONF='",
                f"{_S_CLIENT} -brief </dev/null",
            ),
        ),
        fix=Commands(
            powershell=(
                "Remove-Item Env:OPENSSL_CONF -ErrorAction SilentlyContinue",
                *_ASK_THE_NETWORK.powershell,
            ),
            posix=("unset OPENSSL_CONF", *_ASK_THE_NETWORK.posix),
        ),
    ),
    Row(
        id="tls-client-certificate-required",
        layer=Layer.TLS,
        blame=Blame.EXCHANGE,
        question="test_speaks_tls",
        summary="{target} demands a certificate of the client ({refusal}), which the"
        " exchange's documented hosts do not.",
        why="Clients prove who they are by signed headers, not by certificates. So this"
        " is another gateway: a wrong host or port, or a company's proxy that knows its"
        " users by certificate.",
        check=Commands(
            powershell=("curl.exe -sv --max-time 10 -o NUL https://{target}/",),
            posix=(
                f"{_S_CLIENT} </dev/null 2>/dev/null |"
                " grep -A 3 'Acceptable client certificate'",
            ),
        ),
        fix=Commands(
            powershell=(
                "# compare {target} with the documented hosts (KALSHI_BASE_URL,"
                " KALSHI_WS_URL, environments file), then look for a redirection:",
                *_LOCAL_ENTRIES.powershell,
                *_PROXIES.powershell,
            ),
            posix=(
                "# compare {target} with the documented hosts (KALSHI_BASE_URL,"
                " KALSHI_WS_URL, environments file), then look for a redirection:",
                *_LOCAL_ENTRIES.posix,
                *_PROXIES.posix,
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="tls-name-not-recognised",
        layer=Layer.TLS,
        blame=Blame.CONFIG,
        question="test_speaks_tls",
        summary="The server at {target} does not serve the name {host} (alert"
        " {alert}).",
        why="It was reached and refused because of the name that was asked for. {found}"
        " That"
        " happens with an address or an alias in the configuration: behind PrivateLink"
        " too, the name in TLS has to be the public host.",
        check=Commands(
            powershell=(
                "Resolve-DnsName {host}",
                "curl.exe -sv --max-time 10 -o NUL https://{target}/",
            ),
            posix=("getent hosts {host}", f"{_S_CLIENT} -brief </dev/null"),
        ),
        fix=Commands(
            powershell=(
                "# write the public host in the URL; if TCP has to go elsewhere, say so"
                " with connect_to in the environments file",
            ),
            posix=(
                "# write the public host in the URL; if TCP has to go elsewhere, say so"
                " with connect_to in the environments file",
            ),
        ),
        more=_HOSTS,
    ),
)

_NO_HANDSHAKE = (
    Row(
        id="tls-plaintext",
        layer=Layer.TLS,
        blame=Blame.NETWORK,
        question="test_speaks_tls",
        summary="{target} does not speak TLS; its answer begins with: {first_bytes}",
        why="Something that is not the exchange answers in plain text: the log-in page"
        " of a network, a proxy, or another service on a wrong port. The bytes tell"
        " which: HTTP/ is a web server, SSH- or 220 another service.",
        check=Commands(
            powershell=("curl.exe -sv --max-time 10 -o NUL http://{target}/",),
            posix=("curl -sv --max-time 10 -o /dev/null http://{target}/",),
        ),
        fix=Commands(
            powershell=(
                "# in a hotel or guest network: log in with a browser at"
                " http://neverssl.com",
                "# else compare {target} with the documented hosts, and look for a"
                " redirection:",
                *_LOCAL_ENTRIES.powershell,
                *_PROXIES.powershell,
            ),
            posix=(
                "# in a hotel or guest network: log in with a browser at"
                " http://neverssl.com",
                "# else compare {target} with the documented hosts, and look for a"
                " redirection:",
                *_LOCAL_ENTRIES.posix,
                *_PROXIES.posix,
            ),
        ),
        more=_HOSTS,
    ),
    Row(
        id="tls-stalled",
        layer=Layer.TLS,
        blame=Blame.NETWORK,
        question="test_speaks_tls",
        summary="{target} accepted the connection, but the handshake did not end within"
        " {seconds} s ({received_bytes} bytes came back).",
        why="Small packets pass and something after them is lost. Large packets that do"
        " not fit through a VPN or a tunnel are one known reason; a filter that"
        " swallows the first message, or a server that hangs, are others. {found}",
        check=Commands(
            powershell=(
                "# if the small one is answered and the large one is not, large packets"
                " are lost; if neither is, ping is blocked and says nothing:",
                "ping.exe -n 2 -f -l 1200 {host}",
                "ping.exe -n 2 -f -l 1472 {host}",
                *_OTHER_NAME.powershell,
            ),
            posix=("tracepath -n {host}", *_OTHER_NAME.posix),
        ),
        fix=Commands(
            powershell=(
                "# as administrator, try smaller packets (set it back to 1500 if that"
                " does not help):",
                "Set-NetIPInterface -AddressFamily IPv4 -NlMtuBytes 1280"
                " -InterfaceIndex (Get-NetRoute -DestinationPrefix 0.0.0.0/0 |"
                " Sort-Object RouteMetric | Select-Object -First 1).InterfaceIndex",
                *_ASK_THE_NETWORK.powershell,
            ),
            posix=(
                "# try smaller packets (set it back to 1500 if that does not help):",
                "sudo ip link set mtu 1280 dev"
                " \"$(ip route show default | awk '{{print $5; exit}}')\"",
                *_ASK_THE_NETWORK.posix,
            ),
        ),
    ),
    Row(
        id="tls-reset",
        layer=Layer.TLS,
        blame=Blame.NETWORK,
        question="test_speaks_tls",
        summary="The connection to {target} {how} {when}, after {received_bytes} bytes"
        " of answer.",
        why="The connection itself was accepted, so it is TLS that somebody objects to"
        " or spoils. Its first message carries the name {host} in the clear, and"
        " filters"
        " act on it; a box that cannot read modern TLS, damage on the way, or a server"
        " in trouble look the same. {found}",
        check=_OTHER_NAME,
        fix=_ASK_THE_NETWORK,
        more=_STATUS,
    ),
    Row(
        id="tls-closed",
        layer=Layer.TLS,
        blame=Blame.NETWORK,
        question="test_speaks_tls",
        summary="The connection to {target} {how} {when}, after {received_bytes} bytes"
        " of answer.",
        why="The other side ended it in order and gave no reason. A filter that"
        " dislikes"
        " the name {host}, a load balancer that is being emptied or is in trouble, or a"
        " gateway for registered clients does that. {found}",
        check=_OTHER_NAME,
        fix=_ASK_THE_NETWORK,
        more=_STATUS,
    ),
)

ROWS = (*_CLOCK_AND_CERTIFICATE, *_TRUST, *_REFUSALS, *_NO_HANDSHAKE)
