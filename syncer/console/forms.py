"""What a post carries: a small form, read before anything else is done with it."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from syncer.console.access import Refusal

LARGEST = 16 * 1024
MOST_FIELDS = 30
KIND = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of the form; of one that is given twice the last. Raises `Refusal` for what isn't a small form."""
    kind = request.headers.get("content-type", KIND).partition(";")[0].strip().lower()
    if kind != KIND:
        raise Refusal(415, f"Send a form as {KIND}.")
    body = b""
    if int(length if (length := request.headers.get("content-length", "0")).isdecimal() else "0") > LARGEST:
        raise Refusal(413, f"A form of more than {LARGEST} bytes isn't one of ours.")
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                raise Refusal(413, f"A form of more than {LARGEST} bytes isn't one of ours.")
    except ClientDisconnect:
        raise Refusal(400, "The form was cut off on its way.") from None
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Refusal(400, "That form can't be read: send UTF-8, and the fields that the page has.") from None
