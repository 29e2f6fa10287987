"""Key pairs that are made when a test wants them, so that no key lies in the project."""

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

BITS = 2048
_BY_ALL = 65537


def key_pair(form: PrivateFormat = PrivateFormat.PKCS8, *, bits: int = BITS, passphrase: str = "") -> tuple[str, str]:
    """A private RSA key and its public one, as PEM texts."""
    key = rsa.generate_private_key(_BY_ALL, bits)
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return key.private_bytes(Encoding.PEM, form, locked).decode(), public.decode()


def other_key() -> str:
    """A private key that is not of the kind RSA."""
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def short_key() -> str:
    """An RSA key of 512 bits, out of two known primes: the library makes none so short."""
    p, q = 2**255 + 95, 2**256 - 189
    d = pow(_BY_ALL, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p,
        q,
        d,
        rsa.rsa_crt_dmp1(d, p),
        rsa.rsa_crt_dmq1(d, q),
        rsa.rsa_crt_iqmp(p, q),
        rsa.RSAPublicNumbers(_BY_ALL, p * q),
    )
    return numbers.private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
