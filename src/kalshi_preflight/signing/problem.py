"""What keeps a request from being signed."""

from collections.abc import Mapping


class KeyProblem(Exception):
    """A fault of the credentials that was found without sending a byte.

    ``cause`` is an id of the catalogue; ``particulars`` are what its hint names, JSON
    values without anything secret in them.
    """

    def __init__(self, cause: str, particulars: Mapping[str, object]) -> None:
        super().__init__(cause)
        self.cause = cause
        self.particulars: dict[str, object] = dict(particulars)
