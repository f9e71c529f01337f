"""Somebody opens the connection and closes it again with a certificate of his own."""

from collections.abc import Callable

from kalshi_preflight.exchange.certificates import CONTROL_NAME, Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer

#: As these products call their roots: organisation and common name, and how much of the
#: chain they send.
ROOTS: dict[str, tuple[str, str, int]] = {
    "zscaler": ("Zscaler Inc.", "Zscaler Root CA", 2),
    "netskope": ("Netskope Inc", "certadmin.netskope.com", 1),
    "fortinet": ("Fortinet", "FG100E0000000000", 2),
    "palo-alto": ("Palo Alto Networks", "Forward Trust CA", 1),
    "sophos": ("Sophos", "Sophos SSL CA", 2),
    "umbrella": ("Cisco", "Cisco Umbrella Root CA", 2),
    "kaspersky": ("AO Kaspersky Lab", "Kaspersky Anti-Virus Personal Root", 0),
    "avast": ("Avast Web/Mail Shield", "Avast Web/Mail Shield Root", 0),
    "eset": ("ESET, spol. s r. o.", "ESET SSL Filter CA", 0),
    "bitdefender": ("Bitdefender", "Bitdefender Personal CA.Net-Defender", 2),
    "charles": ("XK72 Ltd", "Charles Proxy CA (1 Jan 2026, desk)", 2),
    "mitmproxy": ("mitmproxy", "mitmproxy", 2),
    "fiddler": ("DO_NOT_TRUST", "DO_NOT_TRUST_FiddlerRoot", 2),
    "burp": ("PortSwigger", "PortSwigger CA", 2),
}


def _by(organisation: str, common_name: str, sent: int) -> Callable[[Hooks], None]:
    def chain(_: Authority) -> Chain:
        root = Issuer.root(common_name, organisation)
        if sent == 0:
            return root.chain(sent=0)
        return root.appoint(f"{common_name} (issuing)", organisation).chain(sent=sent)

    def apply(hooks: Hooks) -> None:
        hooks.web.chain = chain

    return apply


def _unnamed(hooks: Hooks) -> None:
    """The same stranger stands between us and everybody."""
    box = Issuer.root("Corp Proxy CA", "Corp Proxy Ltd")
    hooks.web.chain = lambda _: box.chain(sent=1)
    hooks.control.chain = lambda _: box.chain(
        Form(names=(CONTROL_NAME, "127.0.0.1")), CONTROL_NAME, sent=1
    )


def _trusted(
    leaf: Form | None = None, issuer: Form | None = None
) -> Callable[[Hooks], None]:
    def chain(authority: Authority) -> Chain:
        root = Issuer.of(authority.root)
        box = root.appoint("Zscaler Intermediate Root CA", "Zscaler Inc.", issuer)
        return box.chain(leaf)

    def apply(hooks: Hooks) -> None:
        hooks.web.chain = chain

    return apply


def _fault(name: str, sentence: str, apply: Callable[[Hooks], None]) -> Fault:
    return Fault(name, "tls", sentence, "tls-intercepted", apply)


FAULTS = (
    *(
        _fault(
            f"tls-intercepted-{product}",
            f"The chain is issued by {root[0]}, {root[1]}, which is in no store.",
            _by(*root),
        )
        for product, root in ROOTS.items()
    ),
    _fault(
        "tls-intercepted-unnamed",
        "An unknown root vouches for the exchange, and for the control host as well.",
        _unnamed,
    ),
    _fault(
        "tls-intercepted-trusted",
        "An interception product's chain leads to a root that is trusted: a note.",
        _trusted(),
    ),
    _fault(
        "tls-intercepted-sloppy",
        "The same, but its leaf does not name its issuer's key: Python 3.13 refuses"
        " that, older ones take it.",
        _trusted(leaf=Form(names_its_issuer=False)),
    ),
    _fault(
        "tls-intercepted-sloppy-issuer",
        "The same, but its issuer does not insist on being an authority.",
        _trusted(issuer=Form(insists_on_its_role=False)),
    ),
)
