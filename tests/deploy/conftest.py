"""A registry behind the nginx of this machine, with the files in `deploy/nginx`."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from getpass import getuser
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest

from registry.api.bearer import Scope, hash_of, make_token
from registry.db.engine import disposing
from registry.db.operations import Operations, Token
from registry.writer import Home, Open, opened
from tests.cli.worlds import PLACET
from tests.writer.acts import Acts

FILES = Path(__file__).parents[2] / "deploy" / "nginx"
STAGING = "/v1/environments/staging/bots/acme/support"
KEPT = "10m"
"""For how long an answer to whether a token may read counts."""

_MAIN = """\
pid {folder}/nginx.pid;
error_log {folder}/error.log;
user {user};
worker_processes 2;
daemon off;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/tmp-body;
    proxy_temp_path {folder}/tmp-proxy;
    fastcgi_temp_path {folder}/tmp-fastcgi;
    uwsgi_temp_path {folder}/tmp-uwsgi;
    scgi_temp_path {folder}/tmp-scgi;
    include placet.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@dataclass
class Origin:
    """The registry behind nginx; it can be ended and started again."""

    home: Home
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [PLACET, "serve", "--home", self.home.path, "--port", str(self.port)],
            stderr=subprocess.DEVNULL,
        )
        ends = monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                assert monotonic() < ends
                assert self.process.poll() is None
                sleep(0.05)
            else:
                return

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@dataclass
class Site:
    """What is reached from outside.

    Attributes:
        url: Of nginx.
        folder: Its own.
    """

    url: str
    origin: Origin
    folder: Path
    tokens: dict[str, str]
    tls: ssl.SSLContext
    process: subprocess.Popen[bytes] = field(repr=False)

    def client(self, who: str | None = None) -> httpx2.Client:
        headers = {} if who is None else {"Authorization": f"Bearer {self.tokens[who]}"}
        return httpx2.Client(base_url=self.url, headers=headers, verify=self.tls)

    def get(self, who: str | None, path: str, **headers: str) -> httpx2.Response:
        with self.client(who) as client:
            return client.get(path, headers=headers)

    def bundle(self, who: str = "reader") -> str:
        """The address of what the bot is told now."""
        return f"/v1/bundles/{self.get(who, f'{STAGING}/head').json()['bundle']}"


def make_tokens(home: Home) -> dict[str, str]:
    """`reader` reads staging; `elsewhere` production only; `other` another bot."""
    secrets = {}
    now = datetime.now(UTC)
    with disposing(home.open_operations()) as engine:
        operations = Operations(engine)
        for name, environments, bots in (
            ("reader", ("staging",), ()),
            ("second", ("staging",), ("acme/support",)),
            ("elsewhere", ("production",), ()),
            ("other", ("staging",), ("acme/other",)),
        ):
            secrets[name] = make_token(Scope.READ)
            token = Token(
                id=name,
                handle="author",
                purpose=name,
                scope=Scope.READ,
                environments=environments,
                bots=bots,
                made=now,
                expires=now + timedelta(days=1),
                revoked=None,
                made_by=None,
                last_used=None,
            )
            operations.add_token(token, hash_of(secrets[name]))
    return secrets


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj",
         "/CN=registry.example.com", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def _configured(folder: Path, origin: int, *, kept: str) -> str:
    """The files of `deploy/nginx`, with the places of this test; nginx's address."""
    (folder / "snippets").mkdir()
    for name in ("bundles", "allowed"):
        (folder / name).mkdir()
    certificate, key = _certificate(folder)
    public = free_port()
    places = {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{public} ssl;",
        "listen 8443 ssl;": f"listen 127.0.0.1:{free_port()} ssl;",
        "127.0.0.1:8000": f"127.0.0.1:{origin}",
        "127.0.0.1:8501": f"127.0.0.1:{free_port()}",
        "/etc/ssl/placet/fullchain.pem": str(certificate),
        "/etc/ssl/placet/privkey.pem": str(key),
        "/var/cache/nginx/placet levels": f"{folder}/bundles levels",
        "/run/placet-nginx keys": f"{folder}/allowed keys",
    }
    text = (FILES / "placet.conf").read_text()
    for ours, theirs in places.items():
        assert ours in text
        text = text.replace(ours, theirs)
    (folder / "placet.conf").write_text(text)
    for name in ("placet-bundle.conf", "placet-allowed.conf"):
        snippet = (FILES / name).read_text().replace(f"404 {KEPT};", f"404 {kept};")
        (folder / "snippets" / name).write_text(snippet)
    main = _MAIN.format(folder=folder, user=getuser())
    (folder / "nginx.conf").write_text(main)
    return f"https://127.0.0.1:{public}"


@contextmanager
def sited(folder: Path, *, kept: str = KEPT) -> Iterator[Site]:
    """A registry with a bot in staging, served, behind nginx."""
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(nginx).exists():
        pytest.skip("there is no nginx on this machine: apt-get install nginx-light")
    home = Home(path=folder / "registry")
    home.create().close()
    with opened(home) as registry:
        acts = Acts(registry.writer)
        acts.begin()
        acts.begin_support()
    tokens = make_tokens(home)
    origin = Origin(home, free_port())
    place = folder / "nginx"
    place.mkdir()
    with ExitStack() as stack:
        origin.start()
        stack.callback(origin.end)
        url = _configured(place, origin.port, kept=kept)
        process = subprocess.Popen(
            [nginx, "-p", place, "-c", place / "nginx.conf"],
            stderr=subprocess.DEVNULL,
        )
        stack.callback(process.wait)
        stack.callback(process.terminate)
        tls = ssl.create_default_context(cafile=place / "fullchain.pem")
        tls.check_hostname = False
        site = Site(url, origin, place, tokens, tls, process)
        _wait_for(site)
        yield site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """One of its own, for a test that ends the registry or alters it."""
    with sited(tmp_path) as site:
        yield site


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests that only read."""
    with sited(tmp_path_factory.mktemp("standing")) as site:
        yield site


def _wait_for(site: Site) -> None:
    ends = monotonic() + 10
    while True:
        try:
            if site.get("reader", f"{STAGING}/head").status_code == 200:
                return
        except httpx2.TransportError:
            pass
        assert monotonic() < ends, (site.folder / "error.log").read_text()
        assert site.process.poll() is None, (site.folder / "error.log").read_text()
        sleep(0.05)


@pytest.fixture
def writing(site: Site) -> Iterator[Open]:
    """Another process of the same registry, which writes."""
    with opened(site.origin.home) as registry:
        yield registry
