"""A process that remembers runs as fast as it can: ``writer.py URL VANTAGE COUNT``.

Says ``ready``, begins when it is sent a line, so that several begin at once, and
prints each run's number once it has been remembered. What is old is forgotten a few
runs at a time, so that somebody is at it all the while.
"""

import sys
from datetime import UTC, datetime

from kalshi_preflight.history import remember, store
from kalshi_preflight.model.secret import Secret
from tests.selftest.report.surveys import healthy, made

if __name__ == "__main__":
    url, vantage, count = sys.argv[1:]
    store.FORGOTTEN_AT_ONCE = 3
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for number in range(int(count)):
        document = made(healthy(), started=datetime.now(UTC))
        remember(Secret(url), document, vantage=vantage)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
