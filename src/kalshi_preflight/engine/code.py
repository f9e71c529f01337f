"""What the engine's own code gives away about the API that it was written for."""

import re
from pathlib import Path
from typing import Any

from kalshi_preflight.engine.profile import Profile
from kalshi_preflight.model.retired_hosts import RETIRED_HOSTS, RetiredAnswer

Facts = dict[str, Any]
_LARGEST_BYTES = 1 << 20

_DEAD = [
    h for h, r in RETIRED_HOSTS.items() if r.answer is not RetiredAnswer.UNVERIFIED
]
#: What is outdated in code, and how it is told.
_OUTDATED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "the host {}, which is dead",
        re.compile(r"(?<![\w.-])(" + "|".join(map(re.escape, _DEAD)) + r")(?![\w.-])"),
    ),
    ("a bearer token ({})", re.compile(r"([\"']Bearer )")),
    (
        "the order path {}, which is gone",
        re.compile(r"post\([^)\n]{0,80}?(/portfolio/orders)[\"'\s)]", re.IGNORECASE),
    ),
    (
        "the field {}, which answers no longer have",
        re.compile(
            r"[\"'](market_exposure|yes_bid_cents|position_cost|resting_orders_count)[\"']"
        ),
    ),
)
_UNVERIFIED = re.compile(
    r"CERT_NONE|verify\s*=\s*False|_create_unverified_context|check_hostname\s*=\s*False"
    r"|(?<![\w.])ssl\s*=\s*False"
)


def inspect(home: Path, profile: Profile) -> Facts:
    """Scan the engine's files; each hit is ``file:line`` and what stands there."""
    outdated: list[str] = []
    unverified: list[str] = []
    signs_rsa = knows_ed25519 = False
    for name in profile.code_files:
        text = _text(home / name)
        signs_rsa = signs_rsa or "padding.PSS" in text or "PKCS1_PSS" in text
        knows_ed25519 = knows_ed25519 or "ed25519" in text.lower()
        for number, line in enumerate(text.splitlines(), 1):
            if line.lstrip().startswith("#"):
                continue
            where = f"{name}:{number}"
            if _UNVERIFIED.search(line):
                unverified.append(where)
            outdated += [
                f"{where}: {what.format(hit[1].strip(chr(34) + chr(39)))}"
                for what, pattern in _OUTDATED
                if (hit := pattern.search(line))
            ]
    return {
        "outdated": outdated[:20],
        "unverified": unverified[:20],
        "rsa_only": signs_rsa and not knows_ed25519,
    }


def _text(path: Path) -> str:
    try:
        return path.read_bytes()[:_LARGEST_BYTES].decode("utf-8", "replace")
    except OSError:
        return ""
