"""The history: what earlier runs found, in SQLite or, for many machines, PostgreSQL.

Heavy imports wait until a server is really spoken to: most runs keep a file.
"""

from kalshi_preflight.history.address import check_url
from kalshi_preflight.history.errors import HistoryError
from kalshi_preflight.history.store import remember
from kalshi_preflight.history.summary import histories

__all__ = ["HistoryError", "check_url", "histories", "remember"]
