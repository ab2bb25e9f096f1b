"""Whoever is told: real servers on the loopback."""

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Attributes:
    received: Every request, oldest first.
    status: What the next ones are answered with.
    answer: Answers instead, if there is one.
    """

    url: str
    port: int
    received: list[Received] = field(default_factory=list)
    status: int = 200
    answer: Answer | None = None

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.received]


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            receiver.received.append(
                Received(path=self.path, headers=headers, body=body)
            )
            if receiver.answer is not None:
                receiver.answer(self)
                return
            self.send_response(receiver.status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Tests say what they want to say."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        server.daemon_threads = True
        scheme, host = "http", "127.0.0.1"
        if tls is not None:
            scheme, host = "https", "hooks.internal"
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        port = server.server_address[1]
        receiver = Receiver(url=f"{scheme}://{host}:{port}", port=port)
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as it came in; `to` is what was said to the server, not the header."""

    to: list[str]
    message: EmailMessage


@dataclass(slots=True, kw_only=True)
class Mailbox:
    """Attributes:
    refuse: The next ones are answered with that.
    """

    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    refuse: str | None = None

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse is not None:
            return self.refuse
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(Mail(to=list(envelope.rcpt_tos), message=message))
        return "250 taken"


@contextmanager
def mailing(
    tls: ssl.SSLContext | None = None, *, password: str | None = None
) -> Iterator[Mailbox]:
    """A mail server, with STARTTLS if *tls* is given."""
    mailbox = Mailbox()

    def authenticate(_: object, __: object, ___: object, how: str, data: object):
        given = getattr(data, "password", b"").decode()
        return AuthResult(success=given == password, handled=False)

    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=_free_port(),
        tls_context=tls,
        require_starttls=tls is not None,
        auth_required=password is not None,
        authenticator=authenticate,
    )
    controller.start()
    try:
        mailbox.port = controller.port
        yield mailbox
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Somebody who signs certificates, and one for `hooks.internal`."""

    trusted: Path
    certificate: Path

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.trusted)

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        return context


def make_authority(folder: Path) -> Authority:
    ec = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    _openssl(
        folder,
        *("req", "-x509", *ec, "-days", "2", "-subj", "/CN=Test authority"),
        *("-keyout", "ca.key", "-out", "ca.pem"),
        *("-addext", "keyUsage=critical,keyCertSign"),
    )
    _openssl(
        folder,
        *("req", *ec, "-subj", "/CN=hooks.internal"),
        *("-keyout", "key.pem", "-out", "request.pem"),
    )
    (folder / "names").write_text("subjectAltName=DNS:hooks.internal,DNS:localhost\n")
    _openssl(
        folder,
        *("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key"),
        *("-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "cert.pem"),
    )
    both = folder / "both.pem"
    parts = ("cert.pem", "key.pem")
    both.write_text("".join((folder / part).read_text() for part in parts))
    return Authority(trusted=folder / "ca.pem", certificate=both)


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
