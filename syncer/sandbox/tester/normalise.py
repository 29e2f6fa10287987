"""What a server may do to a text when it stores it: the mirror must not take it for somebody's edit."""

from collections.abc import Callable, Mapping

from syncer.sandbox.tester.behaviour import Normalise


def _trim(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()


def _markup(text: str) -> str:
    for old, new in (
        ("\r\n", "\n"),
        ("<b>", "<strong>"),
        ("</b>", "</strong>"),
        ("<i>", "<em>"),
        ("</i>", "</em>"),
        ("<br>", "<br />"),
        ("<br/>", "<br />"),
    ):
        text = text.replace(old, new)
    return text


_STORING: Mapping[Normalise, Callable[[str], str]] = {
    "none": str,
    "trim": _trim,
    "lower": str.lower,
    "markup": _markup,
}


def normalise(text: str, how: Normalise) -> str:
    """The text as the server keeps it; doing it twice changes nothing more."""
    return _STORING[how](text)
