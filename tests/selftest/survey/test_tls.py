"""TLS seen from a client that is itself at fault, or has nothing to complain of."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kalshi_preflight.exchange import FAULTS, Exchange
from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer
from kalshi_preflight.model.cause import Cause, Severity
from kalshi_preflight.model.environment import Environment, HostPort
from kalshi_preflight.model.journey import Diagnosis, Reach
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.probes import trust
from tests.selftest.proofs.tls import PROOFS
from tests.selftest.runs import ROOT
from tests.selftest.surveys import survey_environment
from tests.selftest.test_matrix import check_hint, found

pytestmark = pytest.mark.selftest

_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No variable of this machine decides about trust; contexts are built anew."""
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
    contexts = (trust.client_context, trust.fix_context, trust.public_context)
    for context in contexts:
        context.cache_clear()
    yield
    for context in contexts:
        context.cache_clear()


@contextmanager
def running(
    directory: Path, *spoil: Callable[[Hooks], None], faults: tuple[str, ...] = ()
) -> Iterator[Environment]:
    """An exchange with these hooks, as an environment."""
    exchange = Exchange(directory, faults=faults)
    for apply in spoil:
        apply(exchange.hooks)
    with exchange:
        yield sandbox_environment(exchange.state)


def the_cause(diagnosis: Diagnosis) -> Cause:
    """The only cause that was found."""
    (cause,) = found(diagnosis)
    check_hint(cause)
    return cause


def trusted_by_the_public(
    monkeypatch: pytest.MonkeyPatch, environment: Environment
) -> Environment:
    """The same environment, its root on the public list and on no other."""
    monkeypatch.setattr("certifi.where", lambda: str(environment.ca_file))
    return replace(environment, ca_file=None)


def _missing(directory: Path) -> Path:
    return directory / "nowhere.pem"


def _empty(directory: Path) -> Path:
    file = directory / "empty.pem"
    file.touch()
    return file


def _der(directory: Path) -> Path:
    file = directory / "roots.der"
    file.write_bytes(b"\x30\x82\x01\x00")
    return file


def _corporate(directory: Path) -> Path:
    file = directory / "corporate.pem"
    root = Issuer.root("Corporate Root", "Corporation").chain(sent=1)
    file.write_bytes(root.certificates[-1])
    return file


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        pytest.param(_missing, "does not exist", id="missing"),
        pytest.param(_empty, "holds no certificate in PEM form", id="empty"),
        pytest.param(_der, "holds no certificate in PEM form", id="der"),
        pytest.param(lambda d: d, "is a directory and not a file", id="directory"),
        pytest.param(
            _corporate, "does not hold the root that is needed", id="only-corporate"
        ),
    ],
)
def test_a_list_of_roots_is_missed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    path: Callable[[Path], Path],
    trouble: str,
) -> None:
    """What the public list accepts and ours does not is our list's fault."""
    file = path(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with running(tmp_path) as environment:
        public = trusted_by_the_public(monkeypatch, environment)
        diagnosis = survey_environment(public)
    root = diagnosis.root_cause
    assert root is not None
    check_hint(root)
    assert root.id == "tls-trust-store-missing"
    assert root.evidence["setting"] == "SSL_CERT_FILE"
    assert root.evidence["path"] == str(file)
    assert root.evidence["trouble"] == trouble


def test_the_systems_own_list_may_lack_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any variable it is the system's own list that is named."""
    with running(tmp_path) as environment:
        public = trusted_by_the_public(monkeypatch, environment)
        cause = the_cause(survey_environment(public))
    assert cause.id == "tls-trust-store-missing"
    assert cause.evidence["setting"] == "the system's own list"


@pytest.mark.parametrize(
    "setting", ["SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
)
def test_a_useless_variable_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    """What only other programs follow to nowhere degrades, and breaks nothing."""
    monkeypatch.setenv(setting, str(tmp_path / "nowhere"))
    with running(tmp_path) as environment:
        diagnosis = survey_environment(environment)
    assert diagnosis.verdict is Reach.DEGRADED
    cause = the_cause(diagnosis)
    assert (cause.id, cause.severity) == ("tls-trust-store-missing", Severity.WARNING)
    assert cause.evidence["setting"] == setting


def test_useful_variables_are_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables that lead to roots are no cause."""
    with running(tmp_path) as environment:
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.setenv(name, str(environment.ca_file))
        folder = tmp_path / "hashed"
        folder.mkdir()
        (folder / "0a1b2c3d.0").touch()
        monkeypatch.setenv("SSL_CERT_DIR", str(folder))
        diagnosis = survey_environment(environment)
    assert found(diagnosis) == []


def test_a_list_may_be_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that this user may not read is told from one that is not there."""

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "localised text")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    place = trust.file_of_anchors("ca_file", tmp_path / "roots.pem")
    assert place["trouble"] == "may not be read by this user"


def test_a_root_of_this_machine_alone_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A root that only this machine trusts works, and is a note on who listens."""
    with running(tmp_path) as environment:
        monkeypatch.setenv("SSL_CERT_FILE", str(environment.ca_file))
        diagnosis = survey_environment(replace(environment, ca_file=None))
    assert diagnosis.verdict is Reach.REACHABLE
    cause = the_cause(diagnosis)
    assert (cause.id, cause.severity) == ("tls-intercepted", Severity.NOTE)
    assert cause.evidence["root"] == "Embedded exchange"


def test_an_address_needs_its_own_name(tmp_path: Path) -> None:
    """A certificate without the address that was asked for is for other names."""
    with running(tmp_path, faults=("tls-wrong-host",)) as environment:
        cause = the_cause(survey_environment(_by_address(environment)))
    assert cause.id == "tls-hostname-mismatch"
    assert cause.evidence["verify_code"] == 64


def _by_address(environment: Environment) -> Environment:
    """The same environment, its host written as an address."""
    endpoints = {}
    for kind, endpoint in environment.endpoints.items():
        target = HostPort("127.0.0.1", endpoint.target.port)
        url = endpoint.url.replace(str(endpoint.target), str(target))
        endpoints[kind] = replace(endpoint, target=target, url=url)
    return replace(environment, endpoints=endpoints)


def test_a_client_may_be_too_old_as_well(tmp_path: Path) -> None:
    """A client that stops at 1.2 (OPENSSL_CONF) and a server of 1.3 do not meet."""

    def modern(context: ssl.SSLContext) -> None:
        context.minimum_version = ssl.TLSVersion.TLSv1_3

    with running(tmp_path, _adjusting(modern)) as environment:
        ours = trust.client_context(environment.ca_file)
        ours.maximum_version = ssl.TLSVersion.TLSv1_2
        cause = the_cause(survey_environment(environment))
    assert cause.id == "tls-version-unsupported"
    assert cause.evidence["alert"] == "70 (protocol_version)"


def test_sessions_are_logged_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log of session keys is neither written nor, out of reach, a breakage."""
    log = tmp_path / "keys.log"
    for file in (log, tmp_path / "nowhere" / "keys.log"):
        monkeypatch.setenv("SSLKEYLOGFILE", str(file))
        trust.client_context.cache_clear()
        with running(tmp_path / file.parent.name) as environment:
            assert found(survey_environment(environment)) == []
    assert not log.exists()


def test_the_control_outweighs_the_peer(tmp_path: Path) -> None:
    """A peer whose own clock makes its ended certificate valid is not believed."""
    moved = timedelta(days=-400)

    def chain(authority: Authority) -> Chain:
        form = Form(starts=moved - timedelta(days=30), ends=moved + timedelta(days=60))
        return Issuer.of(authority.root).chain(form, sent=0)

    def apply(hooks: Hooks) -> None:
        hooks.clock.offset_seconds += moved.total_seconds()
        hooks.web.chain = chain

    with running(tmp_path, apply) as environment:
        cause = the_cause(survey_environment(environment))
    assert cause.id == "tls-certificate-expired"
    assert "is not the reason" in str(cause.evidence["clock"])


def test_an_ended_intermediate_is_the_one_that_is_named(tmp_path: Path) -> None:
    """The certificate that ended is named, wherever in the chain it stands."""
    with running(tmp_path, faults=("tls-expired-intermediate",)) as environment:
        cause = the_cause(survey_environment(environment))
    assert "Ended Issuing CA" in cause.summary
    assert "number 1 above" in cause.summary


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("tls-name-filter-reset", "is what somebody objects to"),
        ("tls-name-filter-silent", "is what somebody objects to"),
        ("tls-reset", "is not the reason"),
        ("tls-stall-drip", "is not the reason"),
        ("tls-stall-large-packets", "large packets are lost"),
        ("tls-stall-plain-server", "it may be no TLS server at all"),
    ],
)
def test_the_experiment_is_told(tmp_path: Path, fault: str, words: str) -> None:
    """What the varied handshakes showed stands in the remedy."""
    with running(tmp_path, faults=(fault,)) as environment:
        cause = the_cause(survey_environment(environment))
    assert words in str(cause.evidence["found"])


def _adjusting(adjust: Callable[[ssl.SSLContext], None]) -> Callable[[Hooks], None]:
    return lambda hooks: hooks.web.contexts.append(adjust)


def _only(version: ssl.TLSVersion) -> Callable[[Hooks], None]:
    def adjust(context: ssl.SSLContext) -> None:
        context.minimum_version = context.maximum_version = version

    return _adjusting(adjust)


def _without_tickets(context: ssl.SSLContext) -> None:
    context.num_tickets = 0


def _showing(chain: Callable[[Authority], Chain]) -> Callable[[Hooks], None]:
    def apply(hooks: Hooks) -> None:
        hooks.web.chain = chain

    return apply


def _three_levels(authority: Authority) -> Chain:
    root = Issuer.of(authority.root)
    upper = root.appoint("Upper CA", "Embedded exchange")
    return upper.appoint("Lower CA", "Embedded exchange").chain(sent=3)


def _out_of_order(authority: Authority) -> Chain:
    chain = _three_levels(authority)
    leaf, *above = chain.certificates
    return replace(chain, certificates=(leaf, *reversed(above)))


def _just_long_enough(authority: Authority) -> Chain:
    form = Form(ends=timedelta(days=14, hours=1))
    return Issuer.of(authority.root).chain(form, sent=0)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_only(ssl.TLSVersion.TLSv1_2), id="tls-1.2-only"),
        pytest.param(_only(ssl.TLSVersion.TLSv1_3), id="tls-1.3-only"),
        pytest.param(_adjusting(_without_tickets), id="no-tickets"),
        pytest.param(
            _adjusting(lambda context: context.set_alpn_protocols(["h2"])),
            id="no-common-alpn",
        ),
        pytest.param(_showing(_three_levels), id="root-sent"),
        pytest.param(_showing(_out_of_order), id="out-of-order"),
        pytest.param(_showing(_just_long_enough), id="fourteen-days"),
    ],
)
def test_what_is_unusual_is_no_fault(
    tmp_path: Path, spoil: Callable[[Hooks], None]
) -> None:
    """Versions, tickets, ALPN, order and length of the chain raise no false alarm."""
    with running(tmp_path, spoil) as environment:
        assert found(survey_environment(environment)) == []


def test_every_proof_exists() -> None:
    """Each proof names a listed fault, or a test that is there."""
    names = {fault.name for fault in FAULTS}
    for proof in PROOFS.values():
        file, _, test = proof.partition("::")
        if file in names:
            continue
        source = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {test.partition('[')[0]}" in source, proof
