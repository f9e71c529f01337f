"""Every target, in one literal."""

from tests.fuzz.campaign import Target
from tests.fuzz.parsers import (
    auth,
    certificates,
    dns,
    dotenv,
    engine,
    environments,
    fix,
    http,
    keys,
    proxy,
    reports,
    tls,
    websocket,
)

TARGETS: tuple[Target, ...] = (
    dns.TARGET,
    proxy.TARGET,
    tls.TARGET,
    certificates.TARGET,
    http.TARGET,
    auth.TARGET,
    websocket.TARGET,
    fix.TARGET,
    keys.TARGET,
    dotenv.TARGET,
    environments.TARGET,
    engine.LOG,
    engine.DATABASE,
    engine.DASHBOARD,
    reports.TARGET,
)
