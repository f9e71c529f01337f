"""FIX: the reference's faults, and the embedded fault or the test that injects each.

A value is the name of a fault of ``exchange/faults``, or ``file::test`` below
``tests/``. Faults that only a client can have (a wrong checksum of its own) are proved
by what such a client sees: the same silence, the same hanging up.
"""

_QUICKFIX = "clients/test_fix_acceptor.py::test_quickfix_"
_SURVEY = "selftest/survey/test_fix.py::test_"
_PROBE = "selftest/probes/test_fix.py::test_"

PROOFS: dict[str, str] = {
    "fix-refused": "fix-refused",
    "fix-port-blocked-443-open": "fix-filtered",
    "fix-plain-tcp-to-tls-port": "fix-hang-up",
    "fix-tls-to-plain-port": "fix-plain",
    "fix-tls-untrusted": "fix-untrusted",
    "fix-pinned-certificate-rotated": "fix-untrusted",
    "fix-http-service-on-port": "fix-http-service",
    "fix-logon-rejected-duplicate-session": "fix-already-exists",
    "fix-logon-tier": "fix-tier",
    "fix-logon-busy": "fix-logon-busy",
    "fix-logon-bad-signature": "fix-bad-signature",
    "fix-logon-wrong-private-key": (
        f"{_SURVEY}a_key_file_of_another_id_is_a_matter_of_the_signature"
    ),
    "fix-logon-reset-flag-missing": "fix-reset-flag-missing",
    "fix-sending-time-accuracy": "fix-clock-rejected",
    "fix-sending-time-local-timezone": f"{_QUICKFIX}refuses_a_wrong_clock",
    "fix-sending-time-format": "fix-time-format",
    "fix-seqnum-too-low": "fix-sequence-too-low",
    "fix-seqnum-too-high": f"{_PROBE}a_resend_request_is_no_fault",
    "fix-logon-invalid-target": "fix-invalid-target",
    "fix-compid-reject": "fix-comp-id-rejected",
    "fix-wrong-sender-compid-valid-checksum": (f"{_QUICKFIX}hangs_up_on_strangers"),
    "fix-wrong-sender-compid": "fix-silence",
    "fix-bad-checksum": "fix-silence",
    "fix-bad-body-length": "fix-silence",
    "fix-wrong-beginstring": "fix-wrong-version",
    "fix-heartbeat-interval-too-small": "fix-heartbeat-interval",
    "fix-no-answer-to-logon": "fix-silence",
    "fix-closed-without-message": "fix-hang-up",
    "fix-rate-limited-logon": "fix-logon-limit-rejected",
    "fix-business-reject-not-authorized": "fix-not-authorized",
    "fix-logout-maintenance": "fix-maintenance",
    "fix-heartbeat-timeout": "fix-other-heartbeat",
    "fix-test-request-then-disconnect": f"{_PROBE}a_test_request_is_answered",
    "fix-rst-during-session": "fix-session-reset",
    "fix-server-bad-checksum": "fix-wrong-sum",
    "fix-server-garbage": "fix-garbage",
}
