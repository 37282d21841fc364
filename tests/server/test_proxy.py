"""The reverse-proxy example works: TLS, secure cookies, the visitor's true address, no path in a log."""

import datetime as dt
import http.client
import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.server.processes import free_port, served

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "nginx.conf"
NAME = "clinic.example"


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "fullchain.pem", folder / "privkey.pem"
    chain.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return chain, private


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.plain_port, self.tls_port = free_port(), free_port(), free_port()
        self.chain, self.private = _certificate(folder)

    def configuration(self) -> Path:
        """The example itself, with only names of files and ports put in."""
        text = EXAMPLE.read_text(encoding="utf-8")
        for old, new in {
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.tls_port} ssl http2;",
            "/etc/ssl/clinic.example/fullchain.pem": str(self.chain),
            "/etc/ssl/clinic.example/privkey.pem": str(self.private),
            "127.0.0.1:8000": f"127.0.0.1:{self.port}",
        }.items():
            assert old in text, f"the example no longer says {old!r}"
            text = text.replace(old, new)
        path = self.folder / "nginx.conf"
        path.write_text(
            f"daemon off;\npid {self.folder}/nginx.pid;\nerror_log {self.folder}/error.log;\n"
            f"events {{}}\nhttp {{\n"
            + "".join(
                f"{kind}_temp_path {self.folder}/{kind};\n"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + f"access_log {self.folder}/access.log;\n{text}\n}}\n",
            encoding="utf-8",
        )
        return path

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        context = ssl.create_default_context(cafile=str(self.chain))
        connection = http.client.HTTPSConnection("127.0.0.1", self.tls_port, context=context)
        connection.sock = context.wrap_socket(
            __import__("socket").create_connection(("127.0.0.1", self.tls_port), 10),
            server_hostname=NAME,
        )
        connection.request("GET", path, headers={"Host": NAME, **headers})
        return connection.getresponse()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert nginx, "nginx is missing: script/test installs it"
    site = Site(tmp_path_factory.mktemp("site"))
    configuration = site.configuration()
    with served(
        site.folder,
        site.port,
        DATABASE_URL="",
        LONGLIGHT_MODE="production",
        LONGLIGHT_TLS="proxy",
        LONGLIGHT_TRUSTED_PROXIES="1",
        LONGLIGHT_HOSTS=NAME + ",127.0.0.1",
    ):
        proxy = subprocess.Popen([nginx, "-c", str(configuration), "-p", str(site.folder)])
        time.sleep(0.5)
        assert proxy.poll() is None, (site.folder / "error.log").read_text()
        yield site
        proxy.terminate()
        proxy.wait(10)


def test_pages_come_over_tls_with_the_promised_headers(site: Site) -> None:
    answer = site.get("/crisis/")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDom")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/no-such-page/", "/link/made-up/"])
def test_every_answer_carries_the_headers_also_a_refusal(site: Site, path: str) -> None:
    told = site.get(path).headers
    assert told["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
    assert "default-src 'none'" in told["Content-Security-Policy"]
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Cross-Origin-Opener-Policy"] == "same-origin"
    assert told["Referrer-Policy"] == "same-origin"


def test_cookies_stay_with_this_host_over_tls_and_out_of_scripts(site: Site) -> None:
    cookies = site.get("/sign-in/").headers.get_all("Set-Cookie") or []
    assert [each.partition("=")[0] for each in cookies] == ["__Host-csrf"]
    marks = {mark.strip() for mark in cookies[0].split(";")[1:]}
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= marks
    assert not any(mark.startswith("Domain=") for mark in marks)


def test_plain_http_is_sent_to_tls(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.plain_port, timeout=10)
    connection.request("GET", "/crisis/", headers={"Host": NAME})
    answer = connection.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{NAME}/crisis/"


def test_another_host_name_is_refused(site: Site) -> None:
    assert site.get("/", Host="elsewhere.example").status == 400


def test_no_log_holds_a_path(site: Site) -> None:
    site.get("/link/a-token-that-nobody-may-read")
    time.sleep(0.2)
    written = [path for path in site.folder.glob("*.log") if "a-token-that" in path.read_text()]
    assert written == []
