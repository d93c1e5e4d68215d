"""The certificate that this machine makes for its page: private, kept, checkable by its fingerprint, and enough for https and wss."""

from __future__ import annotations

import asyncio
import datetime
import socket
import ssl
import stat
import subprocess
import sys
import warnings
from pathlib import Path

import aiohttp
import msgspec
import pytest

from avatar import tls
from avatar.access import AccessPolicy
from avatar.commands.demo import reachable
from avatar.files import security_headers
from avatar.house import elsewhere
from avatar.server import AvatarServer, page_url
from avatar.tls import Certificate, certificate_of, machine_certificate
from runtime.clock import MonotonicClock
from runtime.errors import AttuneError
from runtime.settings import AvatarSettings
from runtime.transport.inprocess import InProcessHub

x509 = pytest.importorskip("cryptography.x509", reason="pip install cryptography")
TOKEN = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_STATE", str(tmp_path / "state"))


def read(made: Certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(made.certificate.read_bytes())


def names_in(made: Certificate) -> tuple[set[str], set[str]]:
    found = read(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(found.get_values_for_type(x509.DNSName)), {str(a) for a in found.get_values_for_type(x509.IPAddress)}


def test_key_and_certificate_are_the_users_alone(tmp_path: Path) -> None:
    made = machine_certificate(tmp_path / "tls")
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (made.key, made.certificate)} == {0o600}


def test_it_names_this_machine_and_lasts_as_long_as_browsers_allow(tmp_path: Path) -> None:
    made = machine_certificate(tmp_path)
    names, addresses = names_in(made)
    assert "localhost" in names and {"127.0.0.1", "::1", *tls.lan_addresses()} <= addresses
    length = read(made).not_valid_after_utc - read(made).not_valid_before_utc
    assert datetime.timedelta(days=300) < length < datetime.timedelta(days=398)


def test_the_fingerprint_is_that_of_other_tools(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import hashes

    made = machine_certificate(tmp_path)
    assert made.fingerprint == read(made).fingerprint(hashes.SHA256()).hex(":").upper()


def test_it_is_kept_until_an_address_is_new_or_its_time_is_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = machine_certificate(tmp_path).fingerprint
    assert machine_certificate(tmp_path).fingerprint == first
    with monkeypatch.context() as patch:
        patch.setattr(tls, "_addresses", lambda: ["127.0.0.1", "192.0.2.77"])
        moved = machine_certificate(tmp_path)
        assert moved.fingerprint != first and "192.0.2.77" in names_in(moved)[1]
    moved_fingerprint = machine_certificate(tmp_path).fingerprint
    monkeypatch.setattr(tls, "RENEW_DAYS", tls.VALID_DAYS + 1)
    assert machine_certificate(tmp_path).fingerprint != moved_fingerprint


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_spoilt_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    machine_certificate(tmp_path).certificate.write_bytes(content)
    assert machine_certificate(tmp_path).server_context()


def test_a_key_of_another_certificate_is_made_anew(tmp_path: Path) -> None:
    other = machine_certificate(tmp_path / "other")
    made = machine_certificate(tmp_path / "own")
    made.key.write_bytes(other.key.read_bytes())
    assert machine_certificate(tmp_path / "own").server_context()


def test_a_folder_that_cannot_be_used_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AttuneError, match="ATTUNE_STATE"):
        machine_certificate(tmp_path / "file" / "tls")


def test_without_the_library_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "find_spec", lambda _name: None)
    with pytest.raises(AttuneError, match=r"attune\[tls\]"):
        machine_certificate(tmp_path)


def test_ones_own_certificate_needs_no_library_and_both_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = machine_certificate(tmp_path)
    monkeypatch.setattr(tls, "find_spec", lambda _name: None)
    own = AvatarSettings(certificate=str(made.certificate), key=str(made.key))
    assert certificate_of(own) == made
    with pytest.raises(AttuneError, match="belong together"):
        certificate_of(AvatarSettings(certificate=str(made.certificate)))
    with pytest.raises(AttuneError, match="cannot be used"):
        certificate_of(AvatarSettings(certificate=str(made.certificate), key=str(tmp_path / "nothing")))


def test_without_tls_there_is_none() -> None:
    assert certificate_of(AvatarSettings()) is None


# ---------------------------------------------------------------- serving


def serve(check: object, token: str = TOKEN) -> None:
    async def main() -> None:
        settings = AvatarSettings(host="0.0.0.0", port=0, token=token, tls=True)
        certificate = certificate_of(settings)
        assert certificate is not None
        server = AvatarServer(
            InProcessHub().bus("avatar"), MonotonicClock(), settings, tls=certificate.server_context()
        )
        await server.start()
        trusting = aiohttp.TCPConnector(ssl=certificate.client_context())
        async with aiohttp.ClientSession(connector=trusting) as http:
            try:
                await check(server, http)  # type: ignore[operator]
            finally:
                await server.aclose()

    asyncio.run(main())


def test_page_and_stream_come_over_tls_with_the_token_and_its_cookie_never_leaves_https() -> None:
    async def check(server: AvatarServer, http: aiohttp.ClientSession) -> None:
        assert server.url == f"https://127.0.0.1:{server.port}/?token={TOKEN}"
        origin = f"https://127.0.0.1:{server.port}"
        async with http.get(origin) as refused:
            assert refused.status == 403
        async with http.get(server.url) as reply:
            assert reply.status == 200
            assert "Secure" in reply.headers["Set-Cookie"]
            assert f"wss://127.0.0.1:{server.port}" in reply.headers["Content-Security-Policy"]
        stream = f"{origin}/stream?token={TOKEN}"
        async with http.ws_connect(stream, headers={"Origin": origin}) as socket_:
            hello = msgspec.json.decode((await socket_.receive(timeout=5)).data)
            assert hello["type"] == "hello"
        for wrong in (f"http://127.0.0.1:{server.port}", "https://example.org"):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await http.ws_connect(stream, headers={"Origin": wrong})

    serve(check)


def test_who_does_not_speak_tls_or_trusts_other_certificates_gets_nothing() -> None:
    async def check(server: AvatarServer, http: aiohttp.ClientSession) -> None:
        async with aiohttp.ClientSession() as stranger:
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await stranger.get(server.url)
            with pytest.raises(aiohttp.ClientError):
                await stranger.get(server.url.replace("https", "http"))
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises((aiohttp.ClientError, ssl.SSLError)):
            await http.get(server.url, ssl=old)

    serve(check)


def test_tls_replaces_no_token() -> None:
    with pytest.raises(AttuneError, match=r"avatar\.token"):
        AccessPolicy("0.0.0.0", 8765, secure=True)


# ---------------------------------------------------------------- the command


def test_an_open_address_gets_a_token_unless_there_is_one() -> None:
    opened = reachable(AvatarSettings(), "0.0.0.0", tls=True)
    assert opened.tls and len(opened.token) >= 16
    assert opened.token != reachable(AvatarSettings(), "0.0.0.0", tls=True).token
    assert reachable(AvatarSettings(token=TOKEN), "0.0.0.0", tls=False).token == TOKEN
    assert reachable(AvatarSettings(), "127.0.0.1", tls=False) == AvatarSettings()


def test_other_machines_are_told_the_address_and_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatar.house.lan_addresses", lambda: ["192.0.2.5", "2001:db8::5"])
    made = machine_certificate(tmp_path)
    lines = elsewhere(AvatarSettings(host="0.0.0.0", token=TOKEN, tls=True), made)
    assert lines[0] == f"From other machines: https://192.0.2.5:8765/?token={TOKEN}"
    assert made.fingerprint in lines[1] and "compare" in lines[2]
    assert "2001" not in " ".join(lines), "that address is not listened on"
    assert "--tls" in elsewhere(AvatarSettings(host="0.0.0.0", token=TOKEN), None)[-1]
    assert elsewhere(AvatarSettings(), None) == []
    assert page_url("2001:db8::5", 1, secure=True) == "https://[2001:db8::5]:1"


@pytest.mark.slow
def test_attune_demo_serves_https_and_prints_how_to_get_there(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "runtime",
        "demo",
        "--host",
        "0.0.0.0",
        "--tls",
        "--no-browser",
        "--port",
        str(port),
    ]
    command += ["--set", "cognitive.enabled=false"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as house:
        assert house.stdout is not None
        try:
            lines: list[str] = []
            for line in house.stdout:
                lines.append(line)
                if "compare the fingerprint" in line:
                    break
        finally:
            house.terminate()
            house.wait(20)
    text = "".join(lines)
    assert f"Attune is at https://127.0.0.1:{port}/?token=" in text
    made = machine_certificate(tmp_path / "state" / "tls")
    assert made.fingerprint in text


@pytest.mark.parametrize(
    ("host", "secure", "sent"),
    [
        ("192.0.2.5:8765", False, False),
        ("192.0.2.5:8765", True, True),
        ("127.0.0.1:8765", False, True),
        ("[::1]:1", False, True),
    ],
)
def test_an_opener_policy_is_sent_where_browsers_heed_it(host: str, secure: bool, sent: bool) -> None:
    assert ("Cross-Origin-Opener-Policy" in security_headers(host, secure=secure)) is sent
