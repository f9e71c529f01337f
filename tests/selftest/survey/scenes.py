"""Networks that are broken below the sockets; each is built in a namespace of its own.

A scene is a few commands (``ip``, ``nft``), files that stand in for the system's own,
and what the resolver on port 53 of that little world answers. All addresses here are of
that world: nothing leaves it, though some look like the internet's.
"""

from dataclasses import dataclass, field

#: The exchange's address in a scene: one that the internet routes.
HOST, HOST_SIX = "1.2.3.4", "2600:9000::1"
NAME = "api.kalshi.test"
#: A control that no scene can reach.
FAR_CONTROL = "9.9.9.9:443"

_UP = (
    "ip link add d0 type veth peer name d1",
    "ip link set d0 up",
    "ip link set d1 up",
    "ip addr add 10.77.1.1/24 dev d0",
)
_AT_ROUTER = "nsenter --net=/run/netns/router"
#: Another machine: it forwards what has a route there.
_ROUTER = (
    "mount -t tmpfs tmpfs /run",
    "ip netns add router",
    "ip link add d0 type veth peer name r0 netns router",
    "ip link set d0 up",
    "ip addr add 10.77.1.1/24 dev d0",
    "ip -n router link set r0 up",
    "ip -n router addr add 10.77.1.2/24 dev r0",
    f"{_AT_ROUTER} sysctl -qw net.ipv4.ip_forward=1",
    "ip route add default via 10.77.1.2 dev d0",
)
_FAR_NETWORK = (
    "ip -n router link add r1 type veth peer name r2",
    "ip -n router link set r1 up",
    "ip -n router link set r2 up",
    "ip -n router addr add 1.2.3.1/24 dev r1",
)
_ROUTE = ("ip route add default via 10.77.1.2 dev d0",)
_HERE = (f"ip addr add {HOST}/32 dev lo", f"ip -6 addr add {HOST_SIX}/128 dev lo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One broken network, and the cause that it must be given.

    ``target`` is the host of the REST endpoint; ``files`` are bound over the system's;
    ``answers`` are the resolver's by record type (``None``: it is silent; absent: no
    resolver runs). ``listens`` has the exchange serve at :data:`HOST`; ``far_control``
    adds no control but one that cannot be reached; ``ports`` leaves so many local
    ports. ``also`` are the warnings beside.
    """

    cause: str | None
    commands: tuple[str, ...] = ()
    target: str = HOST
    files: dict[str, str] = field(default_factory=dict)
    answers: dict[str, tuple[str, ...] | None] | None = None
    listens: bool = False
    far_control: bool = False
    hold_ports: bool = False
    also: tuple[str, ...] = ()


def _reject(
    hook: str, what: str, *, match: str = f"ip daddr {HOST}"
) -> tuple[str, ...]:
    chain = f"type filter hook {hook} priority 0 ;"
    return (
        "nft add table inet f",
        f"nft add chain inet f c {{ {chain} }}",
        # SYN alone, or the rejection itself would be rejected on the loopback device.
        f"nft add rule inet f c {match} tcp flags & (syn|ack) == syn {what}",
    )


def _from_there(what: str) -> Scene:
    """The host, or a firewall that speaks in its name, rejects."""
    causes = {
        "net-prohibited": "tcp-prohibited",
        "host-prohibited": "tcp-prohibited",
        "admin-prohibited": "tcp-prohibited",
        "port-unreachable": "tcp-refused",
        "prot-unreachable": "tcp-host-unreachable",
        "net-unreachable": "tcp-network-unreachable",
        "host-unreachable": "tcp-host-unreachable",
    }
    reject = _reject("input", f"reject with icmp {what}")
    return Scene(cause=causes[what], commands=(*_HERE, *reject))


def _from_there_six(what: str, cause: str) -> Scene:
    match = f"ip6 daddr {HOST_SIX}"
    reject = _reject("input", f"reject with icmpv6 {what}", match=match)
    return Scene(cause=cause, commands=(*_HERE, *reject), target=HOST_SIX)


def _from_here(what: str, cause: str) -> Scene:
    """The firewall of the machine itself."""
    return Scene(cause=cause, commands=(*_UP, *_ROUTE, *_reject("output", what)))


def _route(kind: str, cause: str) -> Scene:
    return Scene(cause=cause, commands=(*_UP, *_ROUTE, f"ip route add {kind} {HOST}"))


def _resolver(text: str = "nameserver 127.0.0.1\n") -> dict[str, str]:
    return {"/etc/resolv.conf": text, "/etc/hosts": "127.0.0.1 localhost\n"}


RIGHT: dict[str, tuple[str, ...] | None] = {"A": (HOST,)}

SCENES: dict[str, Scene] = {
    **{
        f"icmp-{what}": _from_there(what)
        for what in (
            "net-prohibited",
            "host-prohibited",
            "admin-prohibited",
            "port-unreachable",
            "prot-unreachable",
            "net-unreachable",
            "host-unreachable",
        )
    },
    "icmp6-admin-prohibited": _from_there_six("admin-prohibited", "tcp-prohibited"),
    "icmp6-policy-fail": _from_there_six("policy-fail", "tcp-prohibited"),
    "firewall-reset": Scene(
        cause="tcp-refused",
        commands=(*_HERE, *_reject("input", "reject with tcp reset")),
    ),
    "firewall-drop": Scene(
        cause="tcp-timeout", commands=(*_HERE, *_reject("input", "drop"))
    ),
    "output-reject": _from_here("reject", "tcp-prohibited"),
    "output-reject-admin": _from_here(
        "reject with icmpx admin-prohibited", "tcp-prohibited"
    ),
    "output-reject-uid": _from_here(
        "meta skuid 0 reject with icmpx admin-prohibited", "tcp-prohibited"
    ),
    "output-drop": _from_here("drop", "tcp-timeout"),
    "route-prohibit": _route("prohibit", "tcp-prohibited"),
    "route-blackhole": _route("blackhole", "tcp-prohibited"),
    "route-unreachable": _route("unreachable", "tcp-host-unreachable"),
    "route-throw": Scene(
        cause="tcp-network-unreachable", commands=(*_UP, f"ip route add throw {HOST}")
    ),
    "no-route": Scene(cause="tcp-network-unreachable", commands=_UP),
    "no-route-six": Scene(
        cause="tcp-network-unreachable", commands=_UP, target=HOST_SIX
    ),
    "no-neighbour": Scene(
        cause="tcp-host-unreachable",
        commands=(*_UP, "ip addr add 1.2.3.1/24 dev d0"),
    ),
    "interface-down": Scene(
        cause="network-offline",
        commands=(*_UP, *_ROUTE, "ip link set d0 down"),
        far_control=True,
    ),
    "no-interface": Scene(
        cause="network-offline",
        target=NAME,
        files=_resolver("nameserver 10.77.1.53\n"),
        far_control=True,
    ),
    "router-without-neighbour": Scene(
        cause="tcp-host-unreachable", commands=(*_ROUTER, *_FAR_NETWORK)
    ),
    "router-without-route": Scene(cause="tcp-network-unreachable", commands=_ROUTER),
    "router-prohibits": Scene(
        cause="tcp-prohibited",
        commands=(
            *_ROUTER,
            *_FAR_NETWORK,
            *(
                f"{_AT_ROUTER} {command}"
                for command in _reject("forward", "reject with icmp admin-prohibited")
            ),
        ),
    ),
    "six-only": Scene(
        cause="tcp-network-unreachable",
        commands=(
            *_UP[:3],
            "ip -6 addr add 2600:9000::2/64 dev d0 nodad",
        ),
    ),
    "only-the-proxy-gets-out": Scene(
        cause="tcp-timeout",
        target=NAME,
        commands=(
            *_UP,
            *_ROUTE,
            *_reject("output", "drop", match="ip daddr != { 127.0.0.1, 10.77.1.1 }"),
        ),
        files=_resolver("nameserver 10.77.1.1\n"),
        answers=RIGHT,
        far_control=True,
    ),
    "ports-exhausted": Scene(
        cause="tcp-local-exhaustion", commands=_HERE, listens=True, hold_ports=True
    ),
    "resolver-silent": Scene(
        cause="dns-resolver-silent",
        target=NAME,
        files=_resolver(),
        answers={"A": None, "AAAA": None},
    ),
    "resolver-port-closed": Scene(
        cause="dns-resolver-silent", target=NAME, files=_resolver()
    ),
    "resolver-unreachable": Scene(
        cause="dns-resolver-silent",
        target=NAME,
        files=_resolver("nameserver 10.99.99.99\n"),
        commands=(*_UP, *_ROUTE, "ip route add unreachable 10.99.99.99"),
    ),
    "no-resolver": Scene(
        cause="dns-resolver-silent", target=NAME, files=_resolver("# empty\n")
    ),
    "hosts-override": Scene(
        cause="dns-hosts-override",
        target=NAME,
        files={**_resolver(), "/etc/hosts": f"127.0.0.1 localhost\n10.9.9.9 {NAME}\n"},
        answers=RIGHT,
    ),
    "no-dns-in-nsswitch": Scene(
        cause="dns-blocked-here",
        target=NAME,
        files={**_resolver(), "/etc/nsswitch.conf": "hosts: files\n"},
        answers=RIGHT,
    ),
    "search-domain": Scene(
        cause="dns-name-not-found",
        target=NAME,
        files=_resolver("nameserver 127.0.0.1\nsearch corp.example\n"),
        answers={"A corp.example": ("10.77.2.2",)},
    ),
    "sinkhole-loopback": Scene(
        cause="dns-sinkholed",
        target=NAME,
        files=_resolver(),
        answers={"A": ("127.0.0.53",)},
    ),
    "sinkhole-zero": Scene(
        cause="dns-sinkholed",
        target=NAME,
        files=_resolver(),
        answers={"A": ("0.0.0.0",), "AAAA": ("::",)},  # noqa: S104  # data
    ),
    "first-resolver-dead": Scene(
        cause=None,
        also=("dns-slow",),
        target=NAME,
        commands=(*_HERE, *_UP, "ip route add 10.99.99.99 dev d0"),
        files=_resolver(
            "nameserver 10.99.99.99\nnameserver 127.0.0.1\noptions timeout:1\n"
        ),
        answers=RIGHT,
        listens=True,
    ),
    "aaaa-dropped": Scene(
        cause=None,
        also=("dns-slow",),
        target=NAME,
        commands=_HERE,
        files=_resolver(),
        answers={"A": (HOST,), "AAAA": None},
        listens=True,
    ),
    "aaaa-only": Scene(
        cause="tcp-network-unreachable",
        target=NAME,
        commands=_UP,
        files=_resolver(),
        answers={"AAAA": (HOST_SIX,)},
    ),
    "six-without-route": Scene(
        cause=None,
        target=NAME,
        commands=_HERE[:1],
        files=_resolver(),
        answers={"A": (HOST,), "AAAA": (HOST_SIX,)},
        listens=True,
    ),
}
