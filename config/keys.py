"""A private key as a setting: a file holds the text as it is, and a variable may hold it on one line.

Whatever is wrong with a key is told when the settings are read, and no refusal shows any of it.
"""

from typing import Annotated

from pydantic import AfterValidator, SecretStr

LEAST_BITS = 1024
"""The shortest key that the library makes, as shorter ones can be broken; old servers know no longer ones."""


def _private_key(value: SecretStr) -> SecretStr:
    """The key with real line ends, where `\\n` stood for them, once it is known to be one that signs."""
    # Here, as it takes a while, and most installations have no such key.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    text = value.get_secret_value().replace("\\n", "\n").strip()
    if "PUBLIC KEY-----" in text and "PRIVATE KEY-----" not in text:
        raise ValueError(
            "holds the public key, which an administrator registers; set the private one that it belongs to"
        )
    try:
        key = load_pem_private_key(text.encode(), None)
    except TypeError:
        raise ValueError(
            "is encrypted, and nobody is there to type the passphrase; take it away, as with: openssl rsa -in key.pem"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError(
            "must be an RSA private key as PEM text, the lines BEGIN and END included; "
            "openssl genrsa makes one, and \\n may stand for the end of a line"
        ) from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(
            "holds a private key of another kind; RSA-SHA1 takes RSA keys alone, and openssl genrsa makes one"
        )
    if key.key_size < LEAST_BITS:
        raise ValueError(
            f"is a key of {key.key_size} bits, which can be broken; make one of 2048, or at least of {LEAST_BITS}"
        )
    return SecretStr(f"{text}\n")


PrivateKeyText = Annotated[SecretStr, AfterValidator(_private_key)]
"""An RSA private key as PEM text, not encrypted."""
