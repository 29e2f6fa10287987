"""The private key that requests may be signed with. It stands apart from the adapter, as the log has to know it too."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

_LINE = re.compile(r"[A-Za-z0-9+/=]{16,}")


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An RSA private key as PEM text, not encrypted, as the settings have checked it."""

    pem: str = field(repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Its lines, each of which no other line may show, however they are put together.

        A last line of a few characters is left out: it gives nothing away, and words would be masked with it."""
        return tuple(_LINE.findall(self.pem))

    def load(self) -> "PrivateKeyTypes":
        """What signs. Made once, as reading a key takes longer than signing with it."""
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        # Whether its numbers fit together was found out when the settings were read, and takes long.
        return load_pem_private_key(self.pem.encode(), None, unsafe_skip_rsa_key_validation=True)
