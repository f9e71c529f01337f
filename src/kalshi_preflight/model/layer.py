"""The layers of a journey, lowest first."""

from enum import StrEnum


class Layer(StrEnum):
    """One layer of the way to the exchange; the order of members is the order of need.

    The value is the pytest marker, the prefix of the layer's causes and the word that
    every report uses.
    """

    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    HTTP = "http"
    AUTH = "auth"
    WEBSOCKET = "websocket"
    FIX = "fix"

    @property
    def rank(self) -> int:
        """Position from the bottom, 0 for ``dns``."""
        return list(Layer).index(self)
