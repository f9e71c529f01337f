"""A real web server that is not ours, for one test at a time."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

_DEADLINE_SECONDS = 10

_CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/chain.pem;
    ssl_certificate_key {folder}/key.pem;
    {location}
  }}
}}
"""


def free_port() -> int:
    """A port of loopback on which nothing listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port


@contextmanager
def nginx(
    program: str, folder: Path, *, name: str, location: str = "return 404;"
) -> Iterator[tuple[int, Path]]:
    """Run nginx with a certificate for ``name``: gives its port and the CA's file."""
    authority = trustme.CA()
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    certificate = authority.issue_cert(name)
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    for part in certificate.cert_chain_pems:
        part.write_to_path(str(folder / "chain.pem"), append=True)
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(folder=folder, port=port, location=location),
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [program, "-c", str(configuration), "-p", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await_listening(port, process, folder)
        yield port, ca_file
    finally:
        process.terminate()
        process.wait(timeout=_DEADLINE_SECONDS)


def _await_listening(
    port: int, process: "subprocess.Popen[bytes]", folder: Path
) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, (folder / "error.log").read_text("utf-8")
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        # The server owes us a state and no event; yield the processor, then look again.
        _look_again(process)
    raise AssertionError("nginx does not listen")


def _look_again(process: "subprocess.Popen[bytes]") -> None:
    """Wait a moment for the end of a process that should not end."""
    try:
        process.wait(timeout=0.02)
    except subprocess.TimeoutExpired:
        return
