"""Over TLS: who is not trusted is not asked."""

import shutil
import ssl
import subprocess
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

import placet

BOT = "acme-air/support"

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl makes the certificate"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for `localhost` that nobody signed, with its key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
            *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", folder / "key.pem", "-out", folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_text(
        (folder / "cert.pem").read_text() + (folder / "key.pem").read_text()
    )
    return both


@pytest.fixture
def port(registry, certificate):
    """Where the registry is reached over TLS."""
    plain = registry.url.removeprefix("http://")

    class Front(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self):
            behind = HTTPConnection(plain, timeout=5)
            behind.request("GET", self.path, headers=dict(self.headers))
            answer = behind.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            behind.close()

        def log_message(self, *_):
            """Tests say what they want to say."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), Front) as server:
        server.handle_error = lambda *_: None
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_a_registry_with_a_trusted_certificate_is_read(
    registry, port, certificate, said
):
    trusted = ssl.create_default_context(cafile=certificate)

    with placet.Client(
        f"https://localhost:{port}",
        token=registry.token,
        environment="production",
        tls=trusted,
    ) as client:
        assert said(client.bot(BOT)) == "first: ?"
        assert client.refresh().ok


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(registry, port):
    with (
        placet.Client(
            f"https://localhost:{port}", token=registry.token, environment="production"
        ) as client,
        pytest.raises(placet.Unreachable, match="certificate"),
    ):
        client.bot(BOT)

    assert registry.requests == []


def test_a_certificate_of_another_host_is_not_trusted(registry, port, certificate):
    trusted = ssl.create_default_context(cafile=certificate)

    with (
        placet.Client(
            f"https://127.0.0.1:{port}",
            token=registry.token,
            environment="production",
            tls=trusted,
        ) as client,
        pytest.raises(placet.Unreachable, match="certificate"),
    ):
        client.bot(BOT)

    assert registry.requests == []
