"""Why the sandbox's Enterprise Tester refuses a request, as the status code the vendor's pages name.

Refused               403: permission missing or validation failed, one code for both
  Missing             404: no such record
  Unauthorised        401: bad credentials (Assumed: the vendor does not say)
"""

from typing import ClassVar


class Refused(Exception):
    """The request is not carried out; `message` is what the server answers."""

    status: ClassVar[int] = 403

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Missing(Refused):
    """The record does not exist, or no longer."""

    status: ClassVar[int] = 404


class Unauthorised(Refused):
    """Nobody is logged in."""

    status: ClassVar[int] = 401
