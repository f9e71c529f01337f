"""TLS and its clock: the failures of the field, and what injects each of them here.

A value is the name of a fault, or ``file::test`` where the failure is the client's own
(its variables, its address, its version) and no exchange can bring it about.
"""

_SURVEY = "tests/selftest/survey/test_tls.py"
_SETTINGS = "tests/selftest/settings"

PROOFS: dict[str, str] = {
    # --- clock
    "host-clock-ahead-tls": "clock-ahead",
    "host-clock-behind-tls": "clock-behind",
    # --- certificates
    "tls-expired": "tls-expired",
    "tls-not-yet-valid": "tls-not-yet-valid",
    "tls-intermediate-expired": "tls-expired-intermediate",
    "tls-root-expired": "tls-root-expired",
    "tls-hostname-mismatch": "tls-wrong-host-wildcard",
    "tls-hostname-mismatch-ip": f"{_SURVEY}::test_an_address_needs_its_own_name",
    "tls-default-cert-other-tenant": "tls-wrong-host-other-tenant",
    "tls-cn-only": "tls-wrong-host-common-name",
    "tls-self-signed": "tls-self-signed",
    "tls-mitm-root-in-chain": "tls-intercepted-zscaler",
    "tls-unknown-ca-root-not-sent": "tls-unknown-ca-root-not-sent",
    "tls-incomplete-chain": "tls-incomplete-chain",
    "tls-trusted-mitm": f"{_SURVEY}::test_a_root_of_this_machine_alone_is_noted",
    "tls-strict-x509-py313": "tls-intercepted-sloppy",
    "tls-wrong-purpose": "tls-wrong-purpose",
    "tls-invalid-ca": "tls-invalid-ca",
    "tls-weak-key": "tls-weak-key",
    "tls-weak-digest": "tls-weak-digest",
    "tls-expiring-soon": "tls-expiring-days",
    # --- versions, ciphers, names, client certificates
    "tls-server-too-old": "tls-1-1-only",
    "tls-client-too-old": f"{_SURVEY}::test_a_client_may_be_too_old_as_well",
    "tls-no-common-cipher": "tls-no-shared-cipher",
    "tls-dh-too-small": "tls-small-group",
    "tls-sni-required": "tls-name-not-recognised",
    "tls-client-cert-required-13": "tls-client-certificate-13",
    "tls-client-cert-required-12": "tls-client-certificate-12",
    "tls-alpn-mismatch": "tls-alert-no-application-protocol",
    # --- the line
    "tls-plaintext-http": "tls-plaintext",
    "tls-plaintext-server-waits": "tls-stall-plain-server",
    "tls-http-scheme-to-tls-port": f"{_SETTINGS}/test_addresses.py",
    "tls-stalled-after-hello": "tls-stall",
    "tls-eof-in-handshake": "tls-closed",
    "tls-reset-in-handshake": "tls-reset",
    "tls-sni-filtered": "tls-name-filter-reset",
    "tls-bad-record-mac": "tls-damaged-record",
    "tls-truncated-close": "tls-truncated-close",
    "tcp-accept-then-silence": "tls-stall-accept",
    "tcp-wrong-service": "tls-plaintext-ssh",
    # By the announced segment size, and without a router that drops: what the client
    # sees is the same, and so is what its experiment shows.
    "tcp-mtu-blackhole-handshake": "tls-stall-large-packets",
    # --- alerts
    "tls-alert-handshake-failure": "tls-alert-handshake-failure",
    "tls-alert-certificate-unknown": "tls-alert-certificate-unknown",
    "tls-alert-unknown-ca": "tls-alert-unknown-ca",
    "tls-alert-access-denied": "tls-alert-access-denied",
    "tls-alert-decode-error": "tls-alert-decode-error",
    "tls-alert-protocol-version": "tls-alert-protocol-version",
    "tls-alert-insufficient-security": "tls-alert-insufficient-security",
    # internal_error is about the name only if another name is served: that is what
    # this fault does. Where every name gets it (tls-alert-internal-error) the name is
    # not the reason, and the cause is tls-closed: the row guesses there, we try.
    "tls-alert-internal-error": "tls-name-internal-error",
    "tls-alert-user-canceled": "tls-alert-user-canceled",
    # --- trust store and variables
    "env-ssl-cert-file-missing": f"{_SURVEY}::test_a_list_of_roots_is_missed[missing]",
    "env-ssl-cert-file-empty": f"{_SURVEY}::test_a_list_of_roots_is_missed[empty]",
    "env-ssl-cert-file-directory": (
        f"{_SURVEY}::test_a_list_of_roots_is_missed[directory]"
    ),
    "env-ssl-cert-file-only-corporate": (
        f"{_SURVEY}::test_a_list_of_roots_is_missed[only-corporate]"
    ),
    # A warning: the default file is still loaded here, but httpx follows the variable
    # alone and refuses everybody.
    "env-ssl-cert-dir-missing": (
        f"{_SURVEY}::test_a_useless_variable_is_warned_of[SSL_CERT_DIR]"
    ),
    # Warnings for the same reason: only requests dies of these.
    "env-requests-ca-bundle-missing": (
        f"{_SURVEY}::test_a_useless_variable_is_warned_of[REQUESTS_CA_BUNDLE]"
    ),
    "env-curl-ca-bundle-missing": (
        f"{_SURVEY}::test_a_useless_variable_is_warned_of[CURL_CA_BUNDLE]"
    ),
    "env-cafile-damaged": "tls-trust-store-damaged",
    "env-cafile-unreadable": f"{_SURVEY}::test_a_list_may_be_out_of_reach",
    # On Windows the machine's own list is empty of that root: seen from TLS, the same
    # as an empty file here.
    "tls-windows-root-not-cached": f"{_SURVEY}::test_a_list_of_roots_is_missed[empty]",
    # The variable is the look-alike of an old client; it shows only where the server
    # insists on 1.3, which the client's own ceiling then fails.
    "env-openssl-conf": f"{_SURVEY}::test_a_client_may_be_too_old_as_well",
    # No cause of ours ("config" has no id): we write no key log, so nothing is broken
    # for us; the test holds that.
    "env-sslkeylogfile-unwritable": f"{_SURVEY}::test_sessions_are_logged_nowhere",
    "env-verification-disabled": f"{_SETTINGS}/test_verification.py",
}
