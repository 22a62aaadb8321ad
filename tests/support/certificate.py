"""A certificate for `localhost`, signed by itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = ["write_certificate"]


def write_certificate(folder: Path, years: int = 1) -> Path:
    """Write key and certificate into one file, which clients may also be given as a root to trust; return its path."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now, lasts, hosts = (
        datetime.now(UTC),
        timedelta(days=366 * years),
        x509.SubjectAlternativeName([x509.DNSName("localhost")]),
    )
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - lasts, now + lasts)
        .add_extension(hosts, critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "localhost.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file
