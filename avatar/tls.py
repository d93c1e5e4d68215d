"""A certificate made on this machine, so that the page can be opened from other machines in the local network.

Browsers give microphone and camera only to secure pages, and nobody certifies addresses of a local network; so the
house signs its own: an EC P-256 key and a certificate for this machine's names and addresses, valid for a year, both
in the user's state folder and readable by the user alone. It is kept, so that a browser that has been told to trust it
goes on to; it is made anew when it runs out or the machine has an address that it does not name. The browser warns
once; the SHA-256 fingerprint that is printed tells the house's certificate from anybody else's.

Synchronous, some milliseconds at the start. A folder that cannot be written, an unreadable certificate of the user's own,
or the missing extra raise AttuneError.
"""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import os
import socket
import ssl
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil

from runtime.errors import AttuneError
from runtime.paths import state_dir
from runtime.settings import AvatarSettings

CERTIFICATE_FILE, KEY_FILE = "page-certificate.pem", "page-key.pem"
VALID_DAYS = 365
"""Browsers refuse certificates that are valid for more than 398 days."""
RENEW_DAYS = 14
MEND = "pip install 'attune[tls]', or name a certificate of your own in avatar.certificate and avatar.key"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key, as files."""

    certificate: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate as browsers show it: pairs of hexadecimal digits."""
        der = ssl.PEM_cert_to_DER_cert(_first_certificate(self.certificate))
        return hashlib.sha256(der).digest().hex(":").upper()

    def server_context(self) -> ssl.SSLContext:
        """Return what a server needs to be reached over TLS 1.2 or later; raises AttuneError for unusable files."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise AttuneError(
                f"avatar.certificate: {self.certificate} with {self.key} cannot be used: {error}",
                "Give a certificate and its unencrypted key, both as PEM files",
            ) from None
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return what a client on this machine needs to trust this certificate and no other, under any name."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.check_hostname = False
        return context


def certificate_of(settings: AvatarSettings) -> Certificate | None:
    """Return the certificate of the page: the user's own, else this machine's, made where needed; None without TLS."""
    if settings.certificate or settings.key:
        if not (settings.certificate and settings.key):
            raise AttuneError("avatar.certificate and avatar.key belong together", "Give both, or neither")
        chosen = Certificate(Path(settings.certificate).expanduser(), Path(settings.key).expanduser())
        chosen.server_context()
        return chosen
    return machine_certificate(state_dir() / "tls") if settings.tls else None


def machine_certificate(folder: Path) -> Certificate:
    """Return this machine's certificate from a folder, made anew where it is missing, runs out or misses an address."""
    found = Certificate(folder / CERTIFICATE_FILE, folder / KEY_FILE)
    _need_cryptography()
    names, addresses = _names(), _addresses()
    if not _holds(found, addresses):
        _make(found, names, addresses)
    return found


def lan_addresses() -> list[str]:
    """Return this machine's addresses that others in the local network may reach it by, IPv4 first."""
    found = [ipaddress.ip_address(text) for text in _addresses()]
    return [str(one) for one in sorted(found, key=lambda one: one.version) if not one.is_loopback]


def _names() -> list[str]:
    host = "".join(c for c in socket.gethostname().lower() if c.isascii() and (c.isalnum() or c in "-."))[:60].strip(
        "-."
    )
    return ["localhost", *([host, f"{host}.local"] if host and host != "localhost" else [])]


def _addresses() -> list[str]:
    """Return all addresses of this machine but those that hold on one link only."""
    found = {"127.0.0.1", "::1"}
    for interface in psutil.net_if_addrs().values():
        for one in interface:
            if one.family in (socket.AF_INET, socket.AF_INET6):
                address = ipaddress.ip_address(one.address.split("%")[0])
                if not address.is_link_local:
                    found.add(str(address))
    return sorted(found)


def _holds(found: Certificate, addresses: list[str]) -> bool:
    """Return whether a certificate is there, fits its key, lasts a while and names these addresses."""
    if not (found.certificate.is_file() and found.key.is_file()):
        return False
    from cryptography import x509

    try:
        found.server_context()
        certificate = x509.load_pem_x509_certificate(found.certificate.read_bytes())
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (AttuneError, ValueError, x509.ExtensionNotFound):
        return False
    named = {str(one) for one in alternative.get_values_for_type(x509.IPAddress)}
    left = certificate.not_valid_after_utc - datetime.datetime.now(datetime.timezone.utc)
    return set(addresses) <= named and left > datetime.timedelta(days=RENEW_DAYS)


def _make(target: Certificate, names: list[str], addresses: list[str]) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Attune on {names[-1]}"[:64])])
    now = datetime.datetime.now(datetime.timezone.utc)
    alternative: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    alternative += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))  # clocks of phones differ
        .not_valid_after(now + datetime.timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(alternative), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        target.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(target.key, secret)
        _write(target.certificate, certificate.public_bytes(serialization.Encoding.PEM))
    except OSError as error:
        raise AttuneError(
            f"{target.key.parent}: the page's certificate cannot be kept here: {error.strerror}",
            "Set ATTUNE_STATE to a folder that you may write",
        ) from None


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
    new.replace(path)


def _first_certificate(path: Path) -> str:
    text = path.read_text(encoding="ascii")
    return text[text.index(ssl.PEM_HEADER) : text.index(ssl.PEM_FOOTER) + len(ssl.PEM_FOOTER)]


def _need_cryptography() -> None:
    if find_spec("cryptography") is None:
        raise AttuneError("avatar.tls: the library that makes certificates is not installed", MEND)
