"""TCP, and what stands between this machine and the exchange's port."""

from kalshi_preflight.causes.row import Row
from kalshi_preflight.model.cause import Blame, Commands, Severity
from kalshi_preflight.model.layer import Layer

_CONNECT = Commands(
    powershell=("Test-NetConnection {host} -Port {port}",),
    posix=("nc -vz -w 5 {host} {port}",),
)

ROWS = (
    Row(
        id="tcp-refused",
        layer=Layer.TCP,
        blame=Blame.NETWORK,
        question="test_connects",
        summary="Nothing listens on {addresses}: the connection was refused.",
        why="A refusal is an answer: the packet arrived and was turned away. Either the"
        " port is wrong, or the name points to a machine that is not the exchange, or a"
        " firewall rejects instead of dropping.",
        check=_CONNECT,
        fix=Commands(
            powershell=(
                "# compare host and port {target} with the documented ones, then look"
                " for an entry that redirects the name:",
                r"Select-String -SimpleMatch {host}"
                r" C:\Windows\System32\drivers\etc\hosts",
            ),
            posix=(
                "# compare host and port {target} with the documented ones, then look"
                " for an entry that redirects the name:",
                "grep -n {host} /etc/hosts",
            ),
        ),
        more="https://docs.kalshi.com/getting_started/api_environments",
    ),
    Row(
        id="tcp-timeout",
        layer=Layer.TCP,
        blame=Blame.NETWORK,
        question="test_connects",
        summary="No answer from {addresses} within {seconds} s; {controls}.",
        why="Packets to this host and port are dropped without a word. That is what a"
        " firewall does, here, at the company or at the provider.",
        check=_CONNECT,
        fix=Commands(
            powershell=(
                "# have outbound TCP to {target} allowed, or try another network;"
                " on this machine:",
                "Get-NetFirewallRule -Direction Outbound -Action Block -Enabled True",
            ),
            posix=(
                "# have outbound TCP to {target} allowed, or try another network;"
                " on this machine:",
                "sudo nft list ruleset | grep -n drop",
            ),
        ),
    ),
    Row(
        id="tcp-prohibited",
        layer=Layer.TCP,
        blame=Blame.LOCAL,
        question="test_connects",
        summary="Connecting to {addresses} is prohibited ({error}).",
        why="The refusal came at once and names a policy: a firewall or security"
        " product on this machine, or a router that answers 'administratively"
        " prohibited'.",
        check=Commands(
            powershell=(
                "Get-NetFirewallRule -Direction Outbound -Action Block -Enabled True",
                "Test-NetConnection {host} -Port {port}",
            ),
            posix=("sudo nft list ruleset | grep -n reject", "ip route get {route}"),
        ),
        fix=Commands(
            powershell=(
                "# as administrator:",
                "New-NetFirewallRule -DisplayName 'Kalshi {port}' -Direction Outbound"
                " -Protocol TCP -RemotePort {port} -Action Allow",
            ),
            posix=("sudo nft insert rule inet filter output tcp dport {port} accept",),
        ),
    ),
    Row(
        id="tcp-host-unreachable",
        layer=Layer.TCP,
        blame=Blame.NETWORK,
        question="test_connects",
        summary="No way to {addresses}: host unreachable after {seconds} s.",
        why="A router, or this machine, found nobody at the address: a VPN that is half"
        " up, a wrong route, or a neighbour that does not answer.",
        check=Commands(
            powershell=("Test-NetConnection {host} -TraceRoute",),
            posix=("ip route get {route}", "ip neighbour"),
        ),
        fix=Commands(
            powershell=(
                "# reconnect the VPN, or remove the wrong route:",
                "route print",
            ),
            posix=("# reconnect the VPN, or remove the wrong route:", "ip route"),
        ),
    ),
    Row(
        id="tcp-network-unreachable",
        layer=Layer.TCP,
        blame=Blame.LOCAL,
        question="test_connects",
        summary="This machine has no route to {addresses}.",
        why="An interface is down or the default route is missing, while other networks"
        " can be reached.",
        check=Commands(
            powershell=("Get-NetRoute -DestinationPrefix 0.0.0.0/0",),
            posix=("ip route", "ip -6 route"),
        ),
        fix=Commands(
            powershell=(
                "# bring the interface or the VPN up again:",
                "ipconfig /renew",
            ),
            posix=("# bring the interface or the VPN up again:", "ip -brief link"),
        ),
    ),
    Row(
        id="tcp-reset",
        layer=Layer.TCP,
        blame=Blame.NETWORK,
        question="test_connects",
        summary="{target} resets every connection before a byte is sent ({addresses}).",
        why="The port is open and closes at once, also when nothing is sent over it: a"
        " load balancer without a server behind it, or a middlebox that objects to the"
        " address.",
        check=_CONNECT,
        fix=Commands(
            powershell=(
                "# try from another network; if it is the same, the exchange's",
            ),
            posix=("# try from another network; if it is the same, the exchange's",),
        ),
        more="https://status.kalshi.com",
    ),
    Row(
        id="tcp-ipv6-broken",
        layer=Layer.TCP,
        blame=Blame.NETWORK,
        severity=Severity.WARNING,
        question="test_connects_on_every_address",
        summary="IPv6 does not work here: {failed} fail, {working} answer.",
        why="Clients that try one address after the other hang on the IPv6 ones for"
        " seconds, on every connection.",
        check=Commands(
            powershell=("Test-NetConnection {host} -Port {port}",),
            posix=("curl -6 -sv --max-time 5 -o /dev/null https://{host}/",),
        ),
        fix=Commands(
            powershell=("# have IPv6 mended, or take it off the adapter:", "ncpa.cpl"),
            posix=(
                "# have IPv6 mended, or prefer IPv4 in /etc/gai.conf:",
                "grep -n precedence /etc/gai.conf",
            ),
        ),
    ),
    Row(
        id="tcp-some-addresses-fail",
        layer=Layer.TCP,
        blame=Blame.EXCHANGE,
        severity=Severity.WARNING,
        question="test_connects_on_every_address",
        summary="Some addresses of {host} do not answer: {failed} ({error}).",
        why="The others do ({working}), so a retry lands on a good one in the end.",
        check=_CONNECT,
        fix=Commands(
            powershell=("# nothing to mend here: retry with a fresh connection",),
            posix=("# nothing to mend here: retry with a fresh connection",),
        ),
    ),
    Row(
        id="tcp-local-exhaustion",
        layer=Layer.TCP,
        blame=Blame.LOCAL,
        question="test_connects",
        summary="This machine has run out of sockets or descriptors ({error}).",
        why="Some program here holds too many connections or files, so that no new one"
        " can be opened. A bot that does not close its sessions is a usual suspect.",
        check=Commands(
            powershell=(
                "Get-NetTCPConnection | Group-Object OwningProcess |"
                " Sort-Object Count -Descending | Select-Object -First 5",
            ),
            posix=("ulimit -n", "ss -tanp | awk '{{print $6}}' | sort | uniq -c"),
        ),
        fix=Commands(
            powershell=("# restart the program that holds most of them",),
            posix=("# restart the program that holds most of them",),
        ),
    ),
    Row(
        id="tcp-slow",
        layer=Layer.TCP,
        blame=Blame.NETWORK,
        severity=Severity.WARNING,
        question="test_connects_quickly",
        summary="Connecting to {target} took {seconds} s.",
        why="One second and a little more is the signature of a lost first packet; much"
        " more is distance, a VPN or a crowded line.",
        check=_CONNECT,
        fix=Commands(
            powershell=("# try without VPN, by cable, or nearer to us-east-2",),
            posix=("# try without VPN, by cable, or nearer to us-east-2",),
        ),
    ),
)
