"""DNS, and the machine's own network."""

from kalshi_preflight.causes.row import Row
from kalshi_preflight.model.cause import Blame, Commands, Severity
from kalshi_preflight.model.layer import Layer

_RFC8914 = "https://www.rfc-editor.org/rfc/rfc8914"

ROWS = (
    Row(
        id="network-offline",
        layer=Layer.DNS,
        blame=Blame.NETWORK,
        question="test_resolves",
        summary="This machine has no working network: neither {host} nor any control"
        " host ({controls}) can be reached.",
        why="Control hosts that have nothing to do with the exchange are asked by"
        " address, so this is not DNS and not the exchange. A cable, Wi-Fi, VPN or"
        " airplane mode is the usual reason.",
        check=Commands(
            powershell=(
                "Get-NetAdapter | Format-Table Name, Status, LinkSpeed",
                "Test-NetConnection 1.1.1.1 -Port 443",
            ),
            posix=("ip -brief address", "ip route"),
        ),
        fix=Commands(
            powershell=(
                "# reconnect Wi-Fi, cable or VPN, then renew the address:",
                "ipconfig /renew",
            ),
            posix=(
                "# reconnect Wi-Fi, cable or VPN, then renew the address:",
                "nmcli networking off && nmcli networking on",
            ),
        ),
    ),
    Row(
        id="dns-name-not-found",
        layer=Layer.DNS,
        blame=Blame.NETWORK,
        question="test_resolves",
        summary="The name {host} does not exist: {resolver} says {rcode}.",
        why="No resolver that was asked knows the name. Most often it is misspelt;"
        " production ends in .com (api.elections.kalshi.com), demo in .co"
        " (demo-api.kalshi.co).",
        check=Commands(
            powershell=(
                "Resolve-DnsName {host}",
                "Resolve-DnsName {host} -Server 1.1.1.1",
            ),
            posix=("dig +short {host}", "dig +short {host} @1.1.1.1"),
        ),
        fix=Commands(
            powershell=(
                "# correct the host of {environment} (KALSHI_BASE_URL, KALSHI_WS_URL"
                " or the environments file)",
                "Clear-DnsClientCache",
            ),
            posix=(
                "# correct the host of {environment} (KALSHI_BASE_URL, KALSHI_WS_URL"
                " or the environments file)",
                "resolvectl flush-caches",
            ),
        ),
        more="https://docs.kalshi.com/getting_started/api_environments",
    ),
    Row(
        id="dns-blocked-here",
        layer=Layer.DNS,
        blame=Blame.NETWORK,
        question="test_resolves",
        summary="{resolver} denies {host} ({answer}), while {second} answers"
        " {addresses}.",
        why="The name exists; the resolver of this network filters it. Company DNS,"
        " Pi-hole, NextDNS and family filters do that, gambling and trading being"
        " common categories.",
        check=Commands(
            powershell=(
                "Resolve-DnsName {host}",
                "Resolve-DnsName {host} -Server 1.1.1.1",
            ),
            posix=("dig {host}", "dig {host} @1.1.1.1"),
        ),
        fix=Commands(
            powershell=(
                "# have {host} put on the filter's allow list, or use another resolver"
                " (as administrator):",
                "Get-NetAdapter | Where-Object Status -eq Up |"
                " Set-DnsClientServerAddress -ServerAddresses 1.1.1.1, 8.8.8.8",
            ),
            posix=(
                "# have {host} put on the filter's allow list, or take another one:",
                "sudo resolvectl dns"
                " \"$(ip route show default | awk '{{print $5; exit}}')\""
                " 1.1.1.1 8.8.8.8",
            ),
        ),
        more=_RFC8914,
    ),
    Row(
        id="dns-resolver-silent",
        layer=Layer.DNS,
        blame=Blame.NETWORK,
        question="test_resolves",
        summary="The resolver {resolver} did not answer for {host} within {seconds} s"
        " ({kind}).",
        why="The network is there, the resolver is not: its address is wrong, it is"
        " down, UDP port 53 is blocked, or it belongs to a VPN that is not connected.",
        check=Commands(
            powershell=(
                "Get-DnsClientServerAddress -AddressFamily IPv4",
                "Resolve-DnsName {host} -Server 1.1.1.1",
            ),
            posix=("resolvectl status", "dig +time=2 +tries=1 {host} @1.1.1.1"),
        ),
        fix=Commands(
            powershell=(
                "# connect the VPN, or let the adapter take the network's resolver:",
                "Get-NetAdapter | Where-Object Status -eq Up |"
                " Set-DnsClientServerAddress -ResetServerAddresses",
            ),
            posix=(
                "# connect the VPN, or restart the local resolver:",
                "sudo systemctl restart systemd-resolved",
            ),
        ),
    ),
    Row(
        id="dns-server-failure",
        layer=Layer.DNS,
        blame=Blame.NETWORK,
        question="test_resolves",
        summary="The resolver {resolver} failed on {host}: {rcode} (it says: {ede}).",
        why="The resolver itself could not find the answer: what it asks in turn is"
        " down, or it does not understand the question. It passes, or another resolver"
        " helps.",
        check=Commands(
            powershell=(
                "Resolve-DnsName {host}",
                "Resolve-DnsName {host} -Server 8.8.8.8",
            ),
            posix=("dig {host}", "dig {host} @8.8.8.8"),
        ),
        fix=Commands(
            powershell=(
                "Clear-DnsClientCache",
                "# try again in a minute; if it stays, use another resolver",
            ),
            posix=(
                "resolvectl flush-caches",
                "# try again in a minute; if it stays, use another resolver",
            ),
        ),
        more=_RFC8914,
    ),
    Row(
        id="dns-dnssec-bogus",
        layer=Layer.DNS,
        blame=Blame.NETWORK,
        question="test_resolves",
        summary="The resolver {resolver} rejects the signatures (DNSSEC) on {host};"
        " without checking it answers {addresses}.",
        why="The same resolver answers as soon as checking is disabled, so the data are"
        " there and validation fails: a wrong clock on the resolver, an old trust"
        " anchor, or an answer that was changed on the way.",
        check=Commands(
            powershell=("Resolve-DnsName {host} -DnssecCd", "w32tm /query /status"),
            posix=("dig +cd {host}", "timedatectl"),
        ),
        fix=Commands(
            powershell=(
                "# correct clock and trust anchors of the resolver {resolver}",
            ),
            posix=("# correct clock and trust anchors of the resolver {resolver}",),
        ),
        more="https://www.rfc-editor.org/rfc/rfc4035#section-3.2.2",
    ),
    Row(
        id="dns-refused",
        layer=Layer.DNS,
        blame=Blame.NETWORK,
        question="test_resolves",
        summary="The resolver {resolver} refuses to serve this machine (REFUSED for"
        " {host}).",
        why="It serves the clients of another network: a resolver left over from a VPN"
        " or from the last place this machine was in.",
        check=Commands(
            powershell=("Get-DnsClientServerAddress -AddressFamily IPv4",),
            posix=("resolvectl status", "cat /etc/resolv.conf"),
        ),
        fix=Commands(
            powershell=(
                "Get-NetAdapter | Where-Object Status -eq Up |"
                " Set-DnsClientServerAddress -ResetServerAddresses",
            ),
            posix=("# take the resolver of the present network (DHCP renews it)",),
        ),
    ),
    Row(
        id="dns-no-address",
        layer=Layer.DNS,
        blame=Blame.NETWORK,
        question="test_resolves",
        summary="The name {host} exists but has no address (asked: {resolver}).",
        why="A and AAAA are both empty. Usually a label is missing or wrong: a parent"
        " such as elections.kalshi.com has no address of its own.",
        check=Commands(
            powershell=("Resolve-DnsName {host} -Type ALL",),
            posix=("dig {host} A", "dig {host} AAAA"),
        ),
        fix=Commands(
            powershell=("# correct the host name of {environment}",),
            posix=("# correct the host name of {environment}",),
        ),
        more="https://docs.kalshi.com/getting_started/api_environments",
    ),
    Row(
        id="dns-sinkholed",
        layer=Layer.DNS,
        blame=Blame.NETWORK,
        question="test_addresses_are_public",
        summary="{resolver} answers {answer} for {host}: no address of the internet.",
        why="Somebody answers instead of the exchange: a filter's block page, a captive"
        " portal, or malware. {canary} (With AWS PrivateLink a private address is"
        " right: then describe it with connect_to in the environments file.)",
        check=Commands(
            powershell=("Resolve-DnsName {host}", "Resolve-DnsName nx-check.invalid"),
            posix=("dig {host}", "dig nx-check.invalid"),
        ),
        fix=Commands(
            powershell=("# ask whoever runs {resolver} to stop answering for {host}",),
            posix=("# ask whoever runs {resolver} to stop answering for {host}",),
        ),
    ),
    Row(
        id="dns-hosts-override",
        layer=Layer.DNS,
        blame=Blame.LOCAL,
        question="test_resolver_and_system_agree",
        summary="Line {line} of {file} sends {host} to {address}, DNS to {addresses}.",
        why="The hosts file wins over DNS for every program on this machine. It is"
        " usually left over from debugging, from an ad blocker or from a VPN client.",
        check=Commands(
            powershell=("Select-String -Path {file} -Pattern {host} -SimpleMatch",),
            posix=("grep -n {host} {file}",),
        ),
        fix=Commands(
            powershell=(
                "# as administrator, delete line {line}:",
                "notepad {file}",
                "Clear-DnsClientCache",
            ),
            posix=(
                "# look at line {line}, then delete it:",
                "sudo sed -i.bak '{line}d' {file}",
            ),
        ),
    ),
    Row(
        id="dns-slow",
        layer=Layer.DNS,
        blame=Blame.NETWORK,
        severity=Severity.WARNING,
        question="test_resolves_quickly",
        summary="Resolving {host} took {seconds} s at {resolver} ({detail}).",
        why="Every new connection of a bot pays this. Five seconds and more mean that"
        " the first resolver of the list is dead and the second one answers; where only"
        " AAAA is never answered, glibc waits for fifteen seconds.",
        check=Commands(
            powershell=("Measure-Command {{ Resolve-DnsName {host} -DnsOnly }}",),
            posix=("dig {host} | grep 'Query time'",),
        ),
        fix=Commands(
            powershell=(
                "# put a resolver near you first:",
                "Get-DnsClientServerAddress -AddressFamily IPv4",
            ),
            posix=("# put a resolver near you first:", "resolvectl status"),
        ),
    ),
)
