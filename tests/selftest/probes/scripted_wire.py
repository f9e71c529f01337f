"""A wire whose far end is a list: what is received is given, what is sent is kept."""

from collections.abc import Iterable


class ScriptedWire:
    """Gives ``answers`` one after the other, then silence."""

    def __init__(self, answers: Iterable[bytes] = ()) -> None:
        self.sent: list[bytes] = []
        self._answers = iter(answers)

    async def send(self, data: bytes) -> None:
        """Keep it."""
        self.sent.append(data)

    async def receive(self) -> bytes:
        """The next answer; silence is told as a deadline would."""
        for answer in self._answers:
            return answer
        raise TimeoutError("nothing more in this script")

    def close(self) -> None:
        """Nothing to close."""

    @property
    def fields(self) -> list[dict[int, str]]:
        """The messages sent, by tag."""
        return [fields_of(data) for data in self.sent]


def fields_of(data: bytes) -> dict[int, str]:
    """The fields of one message by tag, told apart without any library."""
    pairs = (field.split("=", 1) for field in data.decode().split("\x01") if field)
    return {int(tag): value for tag, value in pairs}
