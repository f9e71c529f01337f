"""Compressed bodies, unpacked within a limit, and told apart from cut ones.

The HTTP library unpacks a whole chunk at once, so that 64 KiB on the wire can become
67 MB in memory before any cap is looked at; and it takes a stream that ends too early
for a whole one.
"""

import zlib

from kalshi_preflight.probes.wire import TooMuch

#: What is asked for, and what is unpacked; anything else is left as it came.
ACCEPTED = "gzip, deflate"
#: zlib's own header, or gzip's: it looks for itself (zlib manual, inflateInit2).
_EITHER_HEADER = 47


class BrokenCompression(Exception):
    """The body is not what ``Content-Encoding`` says, or ends too early."""


class Unpacker:
    """Unpacks one body; raises :class:`TooMuch` over ``limit_bytes``."""

    def __init__(self, encoding: str, limit_bytes: int) -> None:
        packed = encoding.strip().lower() in ("gzip", "x-gzip", "deflate")
        self._inflate = zlib.decompressobj(_EITHER_HEADER) if packed else None
        self._limit_bytes = limit_bytes
        self._fed = False
        self.body = bytearray()

    def feed(self, data: bytes) -> None:
        """Take bytes as they came; raises :class:`BrokenCompression`."""
        self._fed = self._fed or bool(data)
        room = self._limit_bytes + 1 - len(self.body)
        if self._inflate is None:
            self.body += data[:room]
        else:
            try:
                self.body += self._inflate.decompress(data, room)
            except zlib.error as error:
                raise BrokenCompression(str(error)) from None
        if len(self.body) > self._limit_bytes:
            raise TooMuch(f"the body is over {self._limit_bytes} bytes")

    def whole(self) -> bytes:
        """The body; raises :class:`BrokenCompression` if it ended too early."""
        if self._inflate is not None and self._fed and not self._inflate.eof:
            raise BrokenCompression("the compressed body ends too early")
        return bytes(self.body)
