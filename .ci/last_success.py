#!/usr/bin/env python3
"""Fail unless the last successful scheduled run of a workflow is young enough.

Asks ``gh run list``, so it works in a job and on any machine where gh is logged in::

    python .ci/last_success.py connectivity.yml --hours 7

Exit 0: young enough. 1: too old, or there never was one. 2: it could not be told, which
is no better.
"""

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

_LIMIT_SECONDS = 60


def main() -> int:
    """Look, say what was seen, and judge it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("workflow", help="file name of the workflow")
    parser.add_argument("--hours", type=float, required=True, help="so young, at least")
    wanted = parser.parse_args()
    try:
        newest = last_success(wanted.workflow)
    except (OSError, subprocess.SubprocessError, ValueError, LookupError) as error:
        return _say(f"cannot tell when {wanted.workflow} last succeeded: {error}", 2)
    if newest is None:
        return _say(f"{wanted.workflow} has never succeeded on its schedule", 1)
    age = datetime.now(UTC) - newest
    said = f"{wanted.workflow} last succeeded {age / timedelta(hours=1):.1f} hours ago"
    if age > timedelta(hours=wanted.hours):
        return _say(f"{said}, more than {wanted.hours:g}", 1)
    return _say(said, 0)


def last_success(workflow: str) -> datetime | None:
    """When the newest successful run was created; what people started is no proof."""
    command = ["gh", "run", "list", "--workflow", workflow, "--event", "schedule"]
    command += ["--status", "success", "--limit", "1", "--json", "createdAt"]
    listed = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        timeout=_LIMIT_SECONDS,
        check=False,
    )
    if listed.returncode != 0:
        raise ValueError(listed.stderr.strip() or f"gh: exit {listed.returncode}")
    runs = json.loads(listed.stdout)
    return datetime.fromisoformat(runs[0]["createdAt"]) if runs else None


def _say(sentence: str, exit_code: int) -> int:
    print(sentence, file=sys.stderr if exit_code else sys.stdout)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
