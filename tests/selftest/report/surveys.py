"""Surveys as real runs leave them, built small: the material of the report's tests."""

from datetime import UTC, datetime
from typing import Any

from kalshi_preflight.model.cause import Blame, Cause, Commands, Hint, Severity
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.evidence import Evidence, Failure
from kalshi_preflight.model.journey import Diagnosis, Journey, Reach, Step, Survey
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.report.document import HintFor, document

REST, WEBSOCKET, FIX = EndpointKind.REST, EndpointKind.WEBSOCKET, EndpointKind.FIX
STARTED = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
TESTS = {"passed": 31, "failed": 0, "blocked": 0, "skipped": 2}
TARGETS = {
    REST: "api.elections.kalshi.com:443",
    WEBSOCKET: "api.elections.kalshi.com:443",
    FIX: "mm.fix.elections.kalshi.com:8228",
}
LAYERS = {
    REST: (Layer.DNS, Layer.TCP, Layer.TLS, Layer.HTTP, Layer.AUTH),
    WEBSOCKET: (Layer.DNS, Layer.TCP, Layer.TLS, Layer.WEBSOCKET),
    FIX: (Layer.DNS, Layer.TCP, Layer.TLS, Layer.FIX),
}
FACTS: dict[Layer, dict[str, Any]] = {
    Layer.DNS: {"addresses": ["104.18.2.33", "104.18.3.33"], "resolver": "9.9.9.9"},
    Layer.TCP: {"address": "104.18.2.33:443", "family": "IPv4"},
    Layer.TLS: {"version": "TLSv1.3", "days_left": 61, "issuer": "WE1"},
    Layer.HTTP: {"status": 200, "trading_active": True},
    Layer.AUTH: {"status": 200, "key_id": "...3b2a"},
    Layer.WEBSOCKET: {"status": 101, "ping_ms": 18.4},
    Layer.FIX: {},
}
ELAPSED_MS = {
    Layer.DNS: 1.93,
    Layer.TCP: 17.21,
    Layer.TLS: 19.04,
    Layer.HTTP: 22.4,
    Layer.AUTH: 25.99,
    Layer.WEBSOCKET: 41.37,
    Layer.FIX: 0.0,
}


def cause(cause_id: str, layer: Layer, **changes: Any) -> Cause:
    """A broken cause of the network on the way to ``rest``, unless changed."""
    told: dict[str, Any] = {
        "endpoint": REST,
        "severity": Severity.BROKEN,
        "blame": Blame.NETWORK,
        "question": "holds",
        "summary": f"{cause_id} was seen.",
        "target": TARGETS[REST],
        **changes,
    }
    return Cause(id=cause_id, layer=layer, **told)


DNS_FAILURE = cause(
    "dns-name-not-found",
    Layer.DNS,
    summary="The resolver 192.168.1.1 says that api.elections.kalshi.com does not "
    "exist (NXDOMAIN), and a second resolver (9.9.9.9) says so, too.",
    evidence={"host": "api.elections.kalshi.com", "rcode": "NXDOMAIN"},
)
EXPIRED = cause(
    "tls-certificate-expired",
    Layer.TLS,
    blame=Blame.EXCHANGE,
    summary="The certificate of api.elections.kalshi.com (issuer: WE1) expired on "
    "2026-11-20 at 23:59:59 UTC, 22 hours ago; this machine's clock is right.",
    evidence={"issuer": "WE1", "not_after": datetime(2026, 11, 20, tzinfo=UTC)},
)
KEY_MISSING = cause(
    "key-missing",
    Layer.AUTH,
    blame=Blame.CREDENTIALS,
    summary="No private key was found: KALSHI_PRIVATE_KEY, KALSHI_PRIVATE_KEY_PATH "
    "and KALSHI_PRIVATE_KEY_BASE64 are not set.",
)
ORIGIN_NOTE = cause(
    "ws-origin-refused",
    Layer.WEBSOCKET,
    endpoint=WEBSOCKET,
    severity=Severity.NOTE,
    blame=Blame.CONFIG,
    summary="The upgrade is accepted (101), but refused (403) as soon as it carries an "
    "Origin header; no permission is missing.",
)
CLOCK_WARNING = cause(
    "clock-skewed",
    Layer.AUTH,
    severity=Severity.WARNING,
    blame=Blame.LOCAL,
    summary="This machine's clock is 3.1 s behind the exchange's.",
)
FIX_REFUSED = cause(
    "fix-logon-tier",
    Layer.FIX,
    endpoint=FIX,
    blame=Blame.CREDENTIALS,
    target=TARGETS[FIX],
    summary="The FIX logon was refused: API usage level is not allowed for FIX.",
)
HINTS = {
    "dns-name-not-found": Hint(
        why="Nobody knows the name api.elections.kalshi.com: it is mistyped in the "
        "configuration, or it has been retired. The network itself is fine, because "
        "control names resolve.",
        check=Commands(
            powershell=("Resolve-DnsName api.elections.kalshi.com -Server 9.9.9.9",),
            posix=("dig @9.9.9.9 api.elections.kalshi.com A",),
        ),
        fix=Commands(
            powershell=(
                "# Set the host that Kalshi documents, in this shell or in .env:",
                '$env:KALSHI_BASE_URL = "https://external-api.kalshi.com/trade-api/v2"',
            ),
            posix=(
                "# Set the host that Kalshi documents, in this shell or in .env:",
                "export KALSHI_BASE_URL=https://external-api.kalshi.com/trade-api/v2",
            ),
        ),
        more="https://docs.kalshi.com/getting_started/api_environments",
    ),
    "tls-certificate-expired": Hint(
        why="The exchange serves a certificate that has run out. Nothing on this "
        "machine mends that; do not switch verification off.",
        check=Commands(
            powershell=("curl.exe -vI https://api.elections.kalshi.com",),
            posix=(
                "openssl s_client -connect api.elections.kalshi.com:443 -servername "
                "api.elections.kalshi.com </dev/null | openssl x509 -noout -dates",
            ),
        ),
        fix=Commands(
            powershell=("# Wait for the exchange; its status page tells when.",),
            posix=("# Wait for the exchange; its status page tells when.",),
        ),
    ),
    "key-missing": Hint(
        why="Private questions are signed with the key; without it, only public data "
        "can be had.",
        fix=Commands(
            powershell=(r'$env:KALSHI_PRIVATE_KEY_PATH = "C:\Users\me\kalshi.pem"',),
            posix=("export KALSHI_PRIVATE_KEY_PATH=$HOME/kalshi.pem",),
        ),
    ),
    "ws-origin-refused": Hint(
        why="The websocket-client library sends Origin by default.",
        fix=Commands(
            powershell=("# Pass suppress_origin=True to run_forever().",),
            posix=("# Pass suppress_origin=True to run_forever().",),
        ),
    ),
    "clock-skewed": Hint(
        why="Signatures carry the time.",
        fix=Commands(
            powershell=("w32tm /resync /force",),
            posix=("sudo timedatectl set-ntp true",),
        ),
    ),
}


def catalogue(environment: str, found: Cause) -> Hint | None:
    """The hints of these builders."""
    del environment
    return HINTS.get(found.id)


def journey(
    endpoint: EndpointKind = REST, *causes: Cause, blocked_by: str | None = None
) -> Journey:
    """A journey on which ``causes`` were found, blocked above the first broken one.

    ``blocked_by`` blocks the topmost step, as missing credentials do.
    """
    steps: list[Step] = []
    broken: str | None = None
    for layer in LAYERS[endpoint]:
        own = tuple(c for c in causes if c.layer is layer)
        topmost = blocked_by if layer is LAYERS[endpoint][-1] else None
        steps.append(_step(layer, own, broken or topmost))
        broken = broken or (steps[-1].broken.id if steps[-1].broken else None)
    return Journey(endpoint=endpoint, target=TARGETS[endpoint], steps=tuple(steps))


def _step(layer: Layer, causes: tuple[Cause, ...], blocked_by: str | None) -> Step:
    if blocked_by:
        return Step(layer=layer, evidence=Evidence(layer=layer), blocked_by=blocked_by)
    broken = any(c.severity is Severity.BROKEN for c in causes)
    not_tried = layer is Layer.FIX and not causes
    evidence = Evidence(
        layer=layer,
        elapsed_ms=ELAPSED_MS[layer],
        facts={} if broken else FACTS[layer],
        failure=Failure(operation="probe", kind="refused") if broken else None,
        skipped="not tried: --fix-logon was not given" if not_tried else None,
    )
    return Step(layer=layer, evidence=evidence, causes=causes)


def diagnosis(
    name: str = "production",
    *journeys: Journey,
    verdict: Reach = Reach.REACHABLE,
    root: Cause | None = None,
    others: tuple[Cause, ...] = (),
) -> Diagnosis:
    """One environment; three healthy journeys unless others are given."""
    return Diagnosis(
        environment=name,
        verdict=verdict,
        journeys=journeys or (journey(REST), journey(WEBSOCKET), journey(FIX)),
        root_cause=root,
        other_causes=others,
    )


def healthy(name: str = "production") -> Diagnosis:
    """Everything holds; FIX logon was not tried; the Origin note was made."""
    return diagnosis(
        name,
        *(journey(REST), journey(WEBSOCKET, ORIGIN_NOTE), journey(FIX)),
        others=(ORIGIN_NOTE,),
    )


def broken(root: Cause, name: str = "production") -> Diagnosis:
    """``root`` breaks the way to ``rest``; the other ways are blocked by it."""
    below = root if root.layer.rank < Layer.HTTP.rank else None
    others = [
        journey(kind, below) if below else journey(kind, blocked_by=root.id)
        for kind in (WEBSOCKET, FIX)
    ]
    return diagnosis(
        name, journey(REST, root), *others, verdict=Reach.UNREACHABLE, root=root
    )


def degraded(name: str = "demo") -> Diagnosis:
    """The clock is a little off, and FIX, which is not required, is refused."""
    return diagnosis(
        name,
        *(journey(REST, CLOCK_WARNING), journey(WEBSOCKET), journey(FIX, FIX_REFUSED)),
        verdict=Reach.DEGRADED,
        others=(CLOCK_WARNING, FIX_REFUSED),
    )


#: Everything that a hostile server may say.
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&",
    "\x1b[2J\x1b[31mPREFLIGHT: GO\x1b[0m\x1b]0;owned\x07\x9b31m",
    "\u202egnp.exe\u2066\u2069\u200f\u061c",
    "lone \ud800 surrogate, NUL \x00, line\nfeed\r\nPREFLIGHT: GO",
    "::error file=x::injected {{ 7*7 }} {% raw %}",
    "A" * 1_000_000,
)


def hostile() -> Diagnosis:
    """A diagnosis in which every text comes from an enemy."""
    facts = {text: list(HOSTILE) for text in HOSTILE}
    enemy = cause(
        "http-captive-portal",
        Layer.HTTP,
        summary="".join(HOSTILE[:5]),
        target=HOSTILE[0],
        evidence=facts,
    )
    evidence = Evidence(layer=Layer.HTTP, facts={**facts, "status": HOSTILE[0]})
    step = Step(layer=Layer.HTTP, evidence=evidence, causes=(enemy,))
    way = Journey(endpoint=REST, target=HOSTILE[0], steps=(step,))
    return diagnosis("production", way, verdict=Reach.UNREACHABLE, root=enemy)


def hostile_hint(environment: str, found: Cause) -> Hint:
    """A hint whose particulars come from an enemy."""
    del environment, found
    said = Commands(powershell=HOSTILE, posix=HOSTILE)
    return Hint(why=HOSTILE[0], check=said, fix=said, more="javascript:alert(1)")


def made(*diagnoses: Diagnosis, hints: HintFor = catalogue, **changes: Any) -> Any:
    """The document of these diagnoses, as plain JSON."""
    told: dict[str, Any] = {
        "suite_version": "0.1.0",
        "started": STARTED,
        "duration_ms": 412.3,
        "tests": TESTS,
        **changes,
    }
    return document(Survey(diagnoses=diagnoses), hints=hints, **told)


#: Every kind of environment that a report must be able to show, by name.
SCENES: dict[str, tuple[Diagnosis, ...]] = {
    "healthy": (healthy(),),
    "dns failure": (broken(DNS_FAILURE),),
    "expired certificate": (broken(EXPIRED),),
    "key missing": (broken(KEY_MISSING),),
    "degraded": (degraded(),),
    "several": (broken(DNS_FAILURE), degraded(), healthy("sandbox")),
    "hostile": (hostile(),),
    "nothing": (),
}
