"""What becomes of an exchange before it is kept: what isn't known to be harmless is replaced by stand-ins."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from syncer.exchange import Exchange
from syncer.recording import vocabulary
from syncer.recording.file import Kept
from syncer.recording.stand_ins import StandIns

Json: TypeAlias = Any

HOST = "elsewhere.example"
HOSTS: Mapping[str, str] = {"incident": "incidents.example", "issue": "issues.example"}
LONGEST_NAME = 100
"""Longer texts are no names, and nothing looks for them elsewhere."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}://\S+", re.IGNORECASE)
_SPOKEN = re.compile(r"customfield_\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[^\W_]+(?:_[^\W_]+)*", re.IGNORECASE)
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "version": vocabulary.VERSION,
    "custom": vocabulary.PLUGIN,
    **dict.fromkeys(vocabulary.TOKENS, vocabulary.TOKEN),
}


class Redactor:
    """Of one recording. `bases` are the addresses of the two servers by side."""

    def __init__(self, bases: Mapping[str, str]) -> None:
        self._bases = {side: base.rstrip("/") for side, base in bases.items()}
        self._stand_ins = StandIns()

    def exchange(self, side: str, heard: Exchange) -> Kept:
        url = urlsplit(heard.url)
        path = unquote(url.path).removeprefix(unquote(urlsplit(self._bases[side]).path))
        return Kept(
            side=side,
            method=heard.method,
            path=self.spoken(path),
            query=[(name, self.spoken(value)) for name, value in parse_qsl(url.query, keep_blank_values=True)],
            asked=self._body(heard.asked, self._asked),
            status=heard.status,
            headers={
                name.lower(): value for name, value in heard.headers.items() if name.lower() in vocabulary.HEADERS
            },
            answered=self._body(heard.answered, lambda told: self._told(told, "")),
        )

    def spoken(self, text: str) -> str:
        """What a request says: its own words and ids stay, what it says of the customer's does not."""
        return _SPOKEN.sub(lambda found: self._spoken_word(found[0]), text)

    def name(self, text: str) -> str:
        """A name as it stands anywhere: in settings, requests and answers alike."""
        if text.lower() in vocabulary.WORDS or vocabulary.GUID.fullmatch(text):
            return text
        return self._around_ours(text, self._stand_ins.name)

    def _spoken_word(self, word: str) -> str:
        if word.lower() in vocabulary.WORDS or vocabulary.ID.fullmatch(word):
            return word
        return self._stand_ins.name(word)

    def _body(self, body: bytes, change: Callable[[Json], Json]) -> Json:
        """JSON as JSON, anything else as `{"text": ...}`."""
        if not body:
            return None
        try:
            return {"json": change(json.loads(body))}
        except ValueError:
            return {"text": self._stand_ins.prose(body.decode("utf-8", "replace"))}

    def _asked(self, given: Json) -> Json:
        match given:
            case dict():
                return {self._member(name): self._asked(value) for name, value in given.items()}
            case list():
                return [self._asked(each) for each in given]
            case str():
                return self.spoken(given)
        return given

    def _told(self, given: Json, member: str) -> Json:
        """What stands in an answer under `member`; that of a list stands for what is in it."""
        match given:
            case dict():
                name = self.name if member in vocabulary.CUSTOMERS_MEMBERS else self._member
                return {name(key): self._told(value, key.lower()) for key, value in given.items()}
            case list():
                return [self._told(each, member) for each in given]
            case str():
                return self._text(given, member)
            case bool() | None:
                return given
            case int() | float():
                return given if member in vocabulary.NUMBERS else self._number(given)
        return None

    def _member(self, name: str) -> str:
        return name if vocabulary.MEMBER.fullmatch(name) else self.name(name)

    def _number(self, given: float) -> float:
        if given in (0, 1, -1):
            return given
        drawn = self._stand_ins.number(format(given, "d" if isinstance(given, int) else "f").rstrip("."))
        return int(drawn) if isinstance(given, int) else float(drawn)

    def _text(self, text: str, member: str) -> str:
        if _harmless(text, member):
            return text
        if member in vocabulary.TEXTS:
            return self._around_ours(text, self._stand_ins.prose)
        if member in vocabulary.PEOPLE or member in vocabulary.TOKEN_MEMBERS:
            return self._stand_ins.name(text)
        if _ADDRESS.fullmatch(text):
            return self._address(text)
        if len(text) <= LONGEST_NAME and "\n" not in text:
            return self.name(text)
        return self._around_ours(text, self._stand_ins.prose)

    def _address(self, text: str) -> str:
        """An address: its server is replaced, its path is like that of a request, and what follows like a name."""
        try:
            url = urlsplit(text)
        except ValueError:
            return self._stand_ins.prose(text)
        below = [(side, base) for side, base in self._bases.items() if text.lower().startswith(base.lower())]
        host = HOSTS[below[0][0]] if below else HOST
        query = f"?{self._stand_ins.name(unquote(url.query))}" if url.query else ""
        return f"https://{host}{self.spoken(unquote(url.path))}{query}"

    def _around_ours(self, text: str, replace: Callable[[str], str]) -> str:
        """The text with everything replaced but our own marks, in which only the installation's name is."""
        told, at = [], 0
        for found in vocabulary.OUR_OWN.finditer(text):
            told.append(replace(text[at : found.start()]))
            ours = found["ours"]
            told.append(found[0] if ours is None else f"{ours}{self.name(found['installation'])}{found['twin']}")
            at = found.end()
        return "".join([*told, replace(text[at:])])


def _harmless(text: str, member: str) -> bool:
    if not text or (member not in vocabulary.TEXTS and vocabulary.TIME.fullmatch(text)):
        return True
    if member in vocabulary.TEXTS or member in vocabulary.PEOPLE:
        return False
    if member in vocabulary.IDS or member.endswith(("id", "ids")):
        return text.lower() in vocabulary.WORDS or vocabulary.ID.fullmatch(text) is not None
    if text.lower() in vocabulary.WORDS:
        return True
    pattern = _PATTERNS.get(member, vocabulary.GUID)
    return pattern.fullmatch(text) is not None
