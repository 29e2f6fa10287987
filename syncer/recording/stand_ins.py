"""Texts that stand in for others: of the same length, with letters for letters, digits for digits, the rest as it is.

| for | the same text elsewhere in the recording | such as |
|---|---|---|
| `name` | gets the same stand-in, word by word, whatever its letter case | names, logins, options, keys |
| `prose` | gets another one, drawn anew for each letter | summaries, descriptions, comments |

Nothing leads back: stand-ins are drawn by chance and forgotten with the process.
"""

import re
import string
from random import SystemRandom

_WORD = re.compile(r"[^\W_]+")
_TRIES = 200
_OTHER_LETTERS = range(0x4E00, 0x9000)
"""For letters of alphabets without capitals."""
_ACCENTED = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ"


class StandIns:
    """Those of one recording."""

    def __init__(self) -> None:
        self._chance = SystemRandom()
        self._words: dict[str, str] = {}
        self._given: set[str] = set()

    def name(self, text: str) -> str:
        return _WORD.sub(lambda found: self._word(found[0]), text)

    def prose(self, text: str) -> str:
        return "".join(map(self._drawn, text))

    def number(self, digits: str) -> str:
        """Another number with as many digits, and no zero in front."""
        return "".join(self._chance.choice("123456789") if each.isdigit() else each for each in digits)

    def _word(self, word: str) -> str:
        small = word.lower() if len(word.lower()) == len(word) else word
        if small not in self._words:
            self._words[small] = self._unlike(small)
            self._given.add(self._words[small])
        stand_in = self._words[small]
        return "".join(new.upper() if old.isupper() else new for old, new in zip(word, stand_in, strict=True))

    def _unlike(self, word: str) -> str:
        """One that no other word has, so that what was different stays so; of short words there are only so many."""
        drawn = self.prose(word)
        for _ in range(_TRIES):
            if drawn != word and drawn not in self._given:
                return drawn
            drawn = self.prose(word)
        return drawn

    def _drawn(self, character: str) -> str:
        if character.isdecimal():
            return self._chance.choice(string.digits)
        if not character.isalpha():
            return character
        if character.isascii():
            drawn = self._chance.choice(string.ascii_lowercase)
        elif character.lower() != character.upper():
            drawn = self._chance.choice(_ACCENTED)
        else:
            return chr(self._chance.choice(_OTHER_LETTERS))
        return drawn.upper() if character.isupper() else drawn
