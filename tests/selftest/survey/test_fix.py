"""FIX journeys to the embedded exchange: proved by a Logon, harmless, never guessed."""

import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from kalshi_preflight.exchange import FAULTS, Exchange, Fault
from kalshi_preflight.model.cause import Severity
from kalshi_preflight.model.credentials import Credentials, KeyForm, Setting
from kalshi_preflight.model.environment import (
    Endpoint,
    EndpointKind,
    Environment,
    FixLogon,
    HostPort,
)
from kalshi_preflight.model.journey import Diagnosis, Reach, Status, Step
from kalshi_preflight.model.layer import Layer
from kalshi_preflight.model.secret import Secret
from kalshi_preflight.plugin.sandbox import sandbox_environment
from kalshi_preflight.report.document import capability
from tests.selftest.exchange.test_fix import Initiator
from tests.selftest.surveys import survey_environment, survey_faults

pytestmark = pytest.mark.selftest

#: Every way in which a FIX port can fail to be a session.
BROKEN = [
    fault
    for fault in FAULTS
    if fault.name.startswith("fix-") and "a warning" not in fault.sentence
]


def setting(value: str, name: str = "KALSHI_FIX_API_KEY_ID") -> Setting:
    """A setting of the process."""
    return Setting(name=name, source="process environment", value=Secret(value))


def credentials(key_id: str, key_file: Path) -> Credentials:
    """Credentials for a FIX logon, as the settings room hands them over."""
    return Credentials(
        key_id=setting(key_id),
        private_key=setting(str(key_file), "KALSHI_FIX_PRIVATE_KEY_PATH"),
        key_form=KeyForm.FILE,
        names_tried=("KALSHI_FIX_PRIVATE_KEY_PATH",),
    )


def lab(exchange: Exchange, wished: Credentials | None, *taken: Setting) -> Environment:
    """The environment of an exchange, with these credentials for a FIX logon."""
    environment = sandbox_environment(exchange.state)
    if wished is None:
        return environment
    return replace(
        environment, fix_logon=FixLogon(credentials=wished, taken=tuple(taken))
    )


def fix_step(diagnosis: Diagnosis) -> Step:
    """The step that the FIX journey ends with."""
    journey = diagnosis.journey(EndpointKind.FIX)
    assert journey is not None
    step = journey.step(Layer.FIX)
    assert step is not None
    return step


def fix_session(diagnosis: Diagnosis) -> str:
    """The capability ``fix_session``: yes, no or unknown."""
    return capability(diagnosis.journey(EndpointKind.FIX), Layer.FIX)


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_a_session_from_logon_to_logout(tmp_path: Path, kind: str) -> None:
    """With a key of its own three messages are sent, and nothing that changes a thing.

    The RSA key is no program's here: no other setting holds it.
    """
    with Exchange(tmp_path) as exchange:
        state = exchange.state
        own = (
            (state.ed25519.key_id, state.ed25519.private_key_file)
            if kind == "ed25519"
            else (state.key_id, state.private_key_file)
        )
        environment = replace(
            lab(exchange, credentials(*own)), credentials=Credentials()
        )
        diagnosis = survey_environment(environment, fix=True)
        assert exchange.ledger.fix_messages == ("A", "1", "5")
        assert exchange.ledger.state_changing == 0
    assert fix_session(diagnosis) == "yes"
    facts = fix_step(diagnosis).evidence.facts
    assert min(facts["logon_ms"], facts["heartbeat_ms"]) > 0
    assert facts["logout"]["elapsed_ms"] > 0
    assert fix_step(diagnosis).status is Status.OK


def test_without_the_wish_not_one_byte_is_sent(tmp_path: Path) -> None:
    """Without ``--fix-logon`` the journey ends at TLS, and the step says so."""
    with Exchange(tmp_path) as exchange:
        diagnosis = survey_environment(lab(exchange, None), fix=True)
        assert exchange.ledger.connections("fix") == 1
        assert exchange.ledger.fix_bytes == 0
    step = fix_step(diagnosis)
    assert (step.status, step.evidence.skipped) == (
        Status.SKIPPED,
        "not tried: no --fix-logon",
    )
    assert step.evidence.facts["logon_needs"][0] == "--fix-logon"
    assert fix_session(diagnosis) == "unknown"
    assert diagnosis.verdict is Reach.REACHABLE


@pytest.mark.parametrize("missing", ["key_id", "private_key"])
def test_without_a_key_not_one_byte_is_sent(tmp_path: Path, missing: str) -> None:
    """With the wish and half of a key nothing is tried, and the variable is named."""
    with Exchange(tmp_path) as exchange:
        state = exchange.state
        whole = credentials(state.ed25519.key_id, state.ed25519.private_key_file)
        wished = replace(whole, key_id=None if missing == "key_id" else whole.key_id)
        if missing == "private_key":
            wished = replace(wished, private_key=None)
        diagnosis = survey_environment(lab(exchange, wished), fix=True)
        assert exchange.ledger.fix_bytes == 0
    skipped = fix_step(diagnosis).evidence.skipped
    assert skipped == "not tried: no KALSHI_FIX_PRIVATE_KEY_PATH"


@pytest.mark.parametrize(
    "written", ["{}", " {}\n", '"{}"', "\ufeff{}", "id={}", "upper", "dashless"]
)
def test_the_key_of_a_program_is_refused(tmp_path: Path, written: str) -> None:
    """However a program's setting writes the key id, nothing is sent with that key."""
    with Exchange(tmp_path) as exchange:
        own = exchange.state.ed25519
        forms = {"upper": own.key_id.upper(), "dashless": own.key_id.replace("-", "")}
        theirs = setting(forms.get(written, written.format(own.key_id)), "BOT_KEY")
        wished = credentials(own.key_id, own.private_key_file)
        diagnosis = survey_environment(lab(exchange, wished, theirs), fix=True)
        assert exchange.ledger.fix_bytes == 0
    (cause,) = diagnosis.other_causes
    assert cause.id == "fix-key-shared"
    assert "BOT_KEY (process environment)" in cause.summary
    assert own.key_id not in cause.summary
    assert fix_session(diagnosis) == "no"


def test_the_key_of_rest_is_refused(tmp_path: Path) -> None:
    """The environment's own key is a program's, whether or not a setting says so."""
    with Exchange(tmp_path) as exchange:
        state = exchange.state
        wished = credentials(state.key_id, state.private_key_file)
        diagnosis = survey_environment(lab(exchange, wished), fix=True)
        assert exchange.ledger.fix_bytes == 0
    assert [cause.id for cause in diagnosis.other_causes] == ["fix-key-shared"]


def test_an_unusable_key_is_named_on_its_layer(tmp_path: Path) -> None:
    """A key file that is not there is found before anything is sent."""
    with Exchange(tmp_path) as exchange:
        missing = tmp_path / "nowhere.pem"
        wished = credentials(exchange.state.ed25519.key_id, missing)
        diagnosis = survey_environment(lab(exchange, wished), fix=True)
        assert exchange.ledger.fix_bytes == 0
    (cause,) = diagnosis.other_causes
    assert (cause.id, cause.layer) == ("key-file-missing", Layer.FIX)
    assert cause.question == "test_logon_is_accepted"


def test_a_shared_key_is_named_though_the_network_is_down(tmp_path: Path) -> None:
    """What settings tell needs no connection to be said."""
    with Exchange(tmp_path, faults=["fix-refused"]) as exchange:
        state = exchange.state
        wished = credentials(state.key_id, state.private_key_file)
        diagnosis = survey_environment(lab(exchange, wished), fix=True)
    found = {cause.id for cause in diagnosis.other_causes}
    assert found == {"tcp-refused", "fix-key-shared"}


@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: fault.name)
def test_whatever_goes_wrong_is_never_a_session(fault: Fault, tmp_path: Path) -> None:
    """Hanging up, refusing, silence and garbage: ``fix_session`` is no, not yes."""
    assert fix_session(survey_faults(tmp_path, [fault.name])) == "no"


@pytest.mark.parametrize("fault", ["fix-logout-ignored", "fix-logout-cut"])
def test_an_unanswered_logout_is_a_warning(fault: str, tmp_path: Path) -> None:
    """Logon and heartbeat prove the session; how it ends is worth a warning."""
    diagnosis = survey_faults(tmp_path, [fault])
    assert fix_session(diagnosis) == "yes"
    (cause,) = diagnosis.other_causes
    assert cause.severity is Severity.WARNING
    assert cause.question == "test_logout_is_answered"


def test_fix_alone_does_not_make_an_environment_unreachable(tmp_path: Path) -> None:
    """A FIX refusal degrades, unless FIX is required."""
    with Exchange(tmp_path, faults=["fix-tier"]) as exchange:
        environment = sandbox_environment(exchange.state, fix_logon=True)
        degraded = survey_environment(environment, fix=True)
        required = replace(environment, required=(EndpointKind.FIX,))
        unreachable = survey_environment(required, fix=True)
    assert degraded.verdict is Reach.DEGRADED
    assert degraded.root_cause is None
    assert unreachable.verdict is Reach.UNREACHABLE
    assert unreachable.root_cause is not None
    assert unreachable.root_cause.id == "fix-logon-tier"


def test_a_live_session_is_met_and_left_alone(tmp_path: Path) -> None:
    """A check with a key that is logged on is refused, and the session lives on."""
    with Exchange(tmp_path) as exchange:
        program = Initiator(exchange)
        with program.sock:
            program.log_on()
            assert program.receive()
            environment = sandbox_environment(exchange.state, fix_logon=True)
            diagnosis = survey_environment(environment, fix=True)
            program.send("1", (112, "still here"))
            heartbeat = program.receive()
    assert [cause.id for cause in diagnosis.other_causes] == ["fix-logon-duplicate"]
    assert heartbeat is not None
    assert heartbeat[112] == "still here"


def test_a_key_file_of_another_id_is_a_matter_of_the_signature(tmp_path: Path) -> None:
    """Id and file of two pairs are refused by the exchange, good by our own check."""
    with Exchange(tmp_path) as exchange:
        state = exchange.state
        wished = credentials(state.ed25519.key_id, state.private_key_file)
        diagnosis = survey_environment(lab(exchange, wished), fix=True)
    (cause,) = diagnosis.other_causes
    assert cause.id == "fix-logon-signature"
    assert cause.evidence["verifies"] == "yes"


def test_an_unknown_key_id_is_refused_with_a_meaning(tmp_path: Path) -> None:
    """A key id that the acceptor does not know is told by its code and field."""
    with Exchange(tmp_path) as exchange:
        key_file = exchange.state.ed25519.private_key_file
        wished = credentials(str(uuid.uuid4()), key_file)
        diagnosis = survey_environment(lab(exchange, wished), fix=True)
    (cause,) = diagnosis.other_causes
    assert cause.id == "fix-logon-refused"
    assert "a CompID that is not known there (tag 49)" in cause.summary


def with_endpoint(environment: Environment, **changes: object) -> Environment:
    """The environment with another FIX endpoint."""
    endpoint: Endpoint = replace(
        environment.endpoints[EndpointKind.FIX],
        **changes,  # type: ignore[arg-type]  # names of fields
    )
    endpoints = {**environment.endpoints, EndpointKind.FIX: endpoint}
    return replace(environment, endpoints=endpoints)


def test_a_wrong_session_is_refused_by_its_name(tmp_path: Path) -> None:
    """A TargetCompID that the port does not serve is refused, and named."""
    with Exchange(tmp_path) as exchange:
        environment = sandbox_environment(exchange.state, fix_logon=True)
        wrong = with_endpoint(environment, target_comp_id="KalshiDC")
        diagnosis = survey_environment(wrong, fix=True)
    assert [cause.id for cause in diagnosis.other_causes] == ["fix-logon-target"]


def test_a_mismatch_is_a_warning_of_the_settings(tmp_path: Path) -> None:
    """Port and session that do not belong together are warned of, with no byte sent."""
    with Exchange(tmp_path) as exchange:
        environment = sandbox_environment(exchange.state)
        documented = HostPort("marketdata.fix.elections.kalshi.com", 8233)
        here = HostPort("127.0.0.1", exchange.state.fix.port)
        environment = replace(environment, connect_to={documented: here})
        wrong = with_endpoint(environment, target=documented, target_comp_id="KalshiNR")
        right = with_endpoint(wrong, target_comp_id="KalshiMD")
        found = {c.id: c for c in survey_environment(wrong, fix=True).other_causes}
        none = {c.id for c in survey_environment(right, fix=True).other_causes}
        assert exchange.ledger.fix_bytes == 0
    assert none == {"tls-hostname-mismatch"}, "the laboratory's own certificate"
    assert set(found) == {"tls-hostname-mismatch", "fix-port-mismatch"}
    warning = found["fix-port-mismatch"]
    assert warning.severity is Severity.WARNING
    assert "KalshiNR is at mm.fix.elections.kalshi.com:8228" in warning.summary
