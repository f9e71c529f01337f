"""Layers below TLS, and proxies: each failure of the field, and what injects it here.

A value without ``::`` is a fault of the embedded exchange (``--list-faults``); a scene
is a network of ``tests/selftest/survey/scenes.py``; the others are test nodes. Each is
held to its cause by the test that runs it. Where the cause differs from the field
notes' own, the line says why.
"""

_SCENES = "tests/selftest/survey/test_network.py::test_a_scene_yields_its_cause"
_EXCEPTIONS = "tests/selftest/survey/test_exceptions.py"
_RESOLVER = "tests/selftest/probes/test_resolver.py"
_FINE = f"{_RESOLVER}::test_what_programs_put_up_with_is_no_fault"
_PROXY = "tests/selftest/survey/test_proxy.py"
_RUNS = "tests/selftest/plugin/test_runs.py"


def _scene(name: str) -> str:
    return f"{_SCENES}[{name}]"


PROOFS: dict[str, str] = {
    # --- DNS
    "dns-nxdomain": "dns-nxdomain",
    "dns-blocked-ede": "dns-blocked",
    "dns-servfail": "dns-servfail-name",
    "dns-dnssec-bogus": "dns-bogus",
    "dns-refused": "dns-refused",
    "dns-formerr": "dns-formerr",
    "dns-notimp": "dns-notimp",
    "dns-timeout": _scene("resolver-silent"),
    "dns-server-port-closed": _scene("resolver-port-closed"),
    "dns-server-unreachable": _scene("resolver-unreachable"),
    "dns-no-nameserver": _scene("no-resolver"),
    "dns-no-interface": _scene("no-interface"),
    "dns-nodata": "dns-nodata",
    # A suite that asks both families sees the route that is missing, not the records:
    # hence tcp-network-unreachable, as the row's own "tell" says.
    "dns-ipv6-only-answer": _scene("aaaa-only"),
    "dns-sinkhole-zero": _scene("sinkhole-zero"),
    "dns-hijack-private-ip": "dns-captive",
    "dns-hosts-override": _scene("hosts-override"),
    "dns-split-horizon": "dns-split-horizon",
    "dns-local-broken-domain-fine": "dns-servfail",
    # A second resolver has other, public addresses: that is dns-blocked-here, and more
    # use than the time-out that a connection to the old address would end in.
    "dns-stale-answer": "dns-stale",
    "dns-search-domain-surprise": _scene("search-domain"),
    "dns-slow-resolver": "dns-slow",
    "dns-first-server-dead": _scene("first-resolver-dead"),
    "dns-aaaa-dropped": _scene("aaaa-dropped"),
    "dns-aaaa-servfail": f"{_FINE}[_fails_on_aaaa]",
    "dns-truncated-tcp-blocked": "dns-truncated-tcp-closed",
    "dns-garbage-answer": "dns-garbage",
    "dns-cname-dangling": "dns-cname-dangling",
    "dns-cname-loop": "dns-cname-loop",
    # As a usage error where it is configured; the probe says dns-name-not-found.
    "dns-bad-hostname": f"{_RESOLVER}::test_a_name_that_is_none_is_not_found",
    # The name exists and a resolver gives its addresses; it is this machine's look-up
    # that denies it: dns-blocked-here names both, dns-name-not-found would be wrong.
    "dns-nsswitch-no-dns": _scene("no-dns-in-nsswitch"),
    "dns-round-robin-one-dead": "tcp-one-refused",
    # The second resolver knows the name, so this one's memory is what blocks it.
    "dns-negative-cache": "dns-nxdomain-here",
    "dns-nss-resolve-noname": f"{_EXCEPTIONS}::test_a_look_up_that_fails_has_its_cause",
    "dns-rate-limited-ede": "dns-rate-limited",
    # --- TCP and routing
    "tcp-refused": "tcp-refused",
    "tcp-refused-several-addresses": "tcp-refused-everywhere",
    "tcp-firewall-reset": _scene("firewall-reset"),
    "tcp-blackhole": _scene("firewall-drop"),
    "tcp-backlog-full": "tcp-blackhole",
    "tcp-host-unreachable-lan": _scene("no-neighbour"),
    "tcp-host-unreachable-remote": _scene("router-without-neighbour"),
    "tcp-net-unreachable-remote": _scene("router-without-route"),
    "tcp-ipv6-only-network": _scene("six-only"),
    "tcp-net-unreachable-no-route": _scene("no-route"),
    "tcp-interface-down": _scene("interface-down"),
    # RFC 1122 section 3.2.2.1: code 9 is "destination network administratively
    # prohibited". The errno hides it (ENETUNREACH), the message itself does not.
    "tcp-icmp-net-prohibited": _scene("icmp-net-prohibited"),
    "tcp-icmp-host-prohibited": _scene("icmp-host-prohibited"),
    "tcp-icmp-admin-prohibited": _scene("icmp-admin-prohibited"),
    "tcp-icmp-port-unreachable": _scene("icmp-port-unreachable"),
    "tcp-icmp-prot-unreachable": _scene("icmp-prot-unreachable"),
    "tcp-icmp-net-unreachable": _scene("icmp-net-unreachable"),
    "tcp-icmp-host-unreachable": _scene("icmp-host-unreachable"),
    "tcp-icmp6-admin-prohibited": _scene("icmp6-admin-prohibited"),
    "tcp-local-output-reject": _scene("output-reject"),
    "tcp-local-output-reject-admin": _scene("output-reject-admin"),
    "tcp-local-route-prohibit": _scene("route-prohibit"),
    "tcp-local-route-blackhole": _scene("route-blackhole"),
    "tcp-local-route-unreachable": _scene("route-unreachable"),
    "tcp-local-route-throw": _scene("route-throw"),
    "tcp-local-output-drop": _scene("output-drop"),
    "tcp-local-uid-firewall": _scene("output-reject-uid"),
    "tcp-windows-10013": f"{_EXCEPTIONS}::test_a_connect_that_fails_has_its_cause",
    "tcp-ipv6-broken-ipv4-ok": "tcp-ipv6-blackhole",
    "tcp-ipv6-rejected-ipv4-ok": "tcp-ipv6-refused",
    "tcp-ipv6-no-route": _scene("six-without-route"),
    "tcp-ipv4-broken-ipv6-ok": "tcp-ipv4-blackhole",
    # Not one address works, so that it is broken and no warning: the refusal is the
    # kind that tells most.
    "tcp-addresses-fail-differently": "tcp-mixed",
    "tcp-ephemeral-exhausted": _scene("ports-exhausted"),
    "tcp-rst-after-accept": "tcp-reset",
    "tcp-close-with-unread-data": "tcp-closed",
    # One lost SYN is the signature: a step of one second.
    "tcp-packet-loss": "tcp-slow",
    "tcp-nic-buffer-or-memory": (
        f"{_EXCEPTIONS}::test_a_connect_that_fails_has_its_cause"
    ),
    # --- host
    "host-fd-exhausted": f"{_EXCEPTIONS}::test_without_descriptors_it_is_this_machine",
    "host-thread-exhaustion": f"{_EXCEPTIONS}::test_without_threads_it_is_this_machine",
    # --- proxy
    "proxy-dead": "proxy-dead",
    "proxy-blackhole": "proxy-blackhole",
    "proxy-name-unknown": "proxy-name-unknown",
    "proxy-407": "proxy-407",
    "proxy-403-policy": "proxy-403",
    "proxy-405-connect": "proxy-405",
    "proxy-502-dns": "proxy-502",
    "proxy-503-connect": "proxy-503",
    "proxy-504": "proxy-504",
    "proxy-hangs": "proxy-hangs",
    "proxy-closes": "proxy-closes",
    "proxy-200-then-html": "proxy-page",
    # A warning of its own (proxy-scheme-missing): REST works, a bot's WebSocket not.
    "proxy-no-scheme": "proxy-no-scheme",
    # "config" has no row in the field notes: ours is proxy-misconfigured.
    "proxy-bad-scheme": "proxy-bad-scheme",
    "proxy-bad-port": "proxy-bad-port",
    "proxy-password-unescaped": "proxy-password-unescaped",
    "proxy-socks-missing": "proxy-socks",
    "proxy-https-scheme-to-plain-proxy": "proxy-https-to-plain",
    "proxy-lowercase-wins": (
        "tests/selftest/settings/test_proxies.py"
        "::test_variables_are_read_as_urllib_reads_them"
    ),
    "proxy-no-proxy-star-dot": f"{_PROXY}::test_a_dead_proxy_is_not_the_exchange",
    # httpx takes a URL in NO_PROXY for what it says, and so do we: no fault.
    "proxy-no-proxy-url": (
        "tests/selftest/probes/test_route.py::test_exemptions_are_those_of_httpx"
    ),
    "proxy-required-but-bypassed": _scene("only-the-proxy-gets-out"),
    "proxy-windows-registry": (
        "tests/selftest/settings/test_proxies.py"
        "::test_the_system_counts_where_no_variable_does"
    ),
}
