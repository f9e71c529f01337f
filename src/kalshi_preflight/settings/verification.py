"""Switches that turn the checking of certificates off, or that people believe to."""

import re
from collections.abc import Mapping

from kalshi_preflight.model.credentials import Remark, Setting
from kalshi_preflight.model.secret import is_quotable
from kalshi_preflight.settings.dotenv import Dotenv
from kalshi_preflight.settings.lookup import lookup
from kalshi_preflight.settings.masking import MASK, shown

_OFF = {"0", "false", "no", "off", "none", "cert_none", "disable", "disabled"}
_ON = {"1", "true", "yes", "on", "enable", "enabled"}
_WORD = r"(?:SSL|TLS|HTTPS?|CERT(?:IFICATE)?S?|PEER)"
#: ``VERIFY_SSL=false``, ``PYTHONHTTPSVERIFY=0``, ``NODE_TLS_REJECT_UNAUTHORIZED=0``
_CHECK = re.compile(
    rf"(?:^|_)(?:PYTHONHTTPSVERIFY|VERIFY_?{_WORD}|{_WORD}_?VERIFY|"
    rf"{_WORD}_?VERIFICATION|VERIFICATION|TLS_REJECT_UNAUTHORIZED|"
    rf"(?:SSL_)?CERT_REQS|SSL_VERIFY_MODE|VERIFY)$"
)
#: ``SKIP_TLS_VERIFY=1``, ``KALSHI_INSECURE=true``, ``DISABLE_SSL=yes``
_NO_CHECK = re.compile(
    rf"(?:^|_)(?:(?:SKIP|NO|DISABLE|IGNORE)_{_WORD}(?:_?(?:VERIFY|VERIFICATION|ERRORS?"
    rf"|CHECKS?))?|{_WORD}_(?:NO|SKIP)_VERIFY|(?:SKIP|NO|DISABLE)_VERIFY|INSECURE"
    rf"(?:_{_WORD})?)$"
)


def verification_remarks(
    variables: Mapping[str, str], dotenv: Dotenv
) -> tuple[Remark, ...]:
    """One remark a switch: of the dotenv file all, of the process the exchange's own.

    Python 3 ignores ``PYTHONHTTPSVERIFY``, but who sets it believes that nothing is
    checked, and whoever reads it may act on it.
    """
    of_process = {n for n in variables if n.startswith("KALSHI_")}
    names = sorted({*of_process, *dotenv.values, "PYTHONHTTPSVERIFY"})
    settings = (lookup(name, variables, dotenv) for name in names)
    return tuple(
        Remark(
            cause="config-verification-disabled",
            particulars={
                "setting": setting.name if is_quotable(setting.name) else MASK,
                "source": setting.source,
                "value": shown(setting.value.reveal().strip(), quote=False),
            },
        )
        for setting in settings
        if setting is not None and _switches_off(setting)
    )


def _switches_off(setting: Setting) -> bool:
    name, value = setting.name.upper(), setting.value.reveal().strip().lower()
    if _NO_CHECK.search(name):
        return value in _ON
    return value in _OFF and _CHECK.search(name) is not None
