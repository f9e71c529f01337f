"""The embedded exchange: Kalshi's protocols on loopback, faults included.

It shares no code with the rooms that it proves.
"""

from kalshi_preflight.exchange.exchange import Exchange
from kalshi_preflight.exchange.faults import FAULTS, UnknownFault
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.ledger import Ledger
from kalshi_preflight.exchange.state import State

__all__ = ["FAULTS", "Exchange", "Fault", "Ledger", "State", "UnknownFault"]
