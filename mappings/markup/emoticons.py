"""The pictures into which Jira turns what looks like a face, as the characters that say the same."""

import re

_FACES = {
    "smile": "\N{SLIGHTLY SMILING FACE}",
    "sad": "\N{DISAPPOINTED FACE}",
    "biggrin": "\N{SMILING FACE WITH OPEN MOUTH}",
    "tongue": "\N{FACE WITH STUCK-OUT TONGUE}",
    "wink": "\N{WINKING FACE}",
    "thumbs_up": "\N{THUMBS UP SIGN}",
    "thumbs_down": "\N{THUMBS DOWN SIGN}",
    "check": "\N{WHITE HEAVY CHECK MARK}",
    "error": "\N{CROSS MARK}",
    "warning": "\N{WARNING SIGN}",
    "information": "\N{INFORMATION SOURCE}",
}
_NAME = re.compile(r"([\w-]+)\.\w+(?:[?#].*)?\Z")


def emoticon(alt: str, src: str) -> str:
    """The text for a picture of class `emoticon`; often only its file's name says which it is."""
    found = _NAME.search(src)
    name = found[1] if found else ""
    return alt or _FACES.get(name) or (f":{name}:" if name else "")
