"""Words that are one slip away from a word that matters."""

from __future__ import annotations

from functools import lru_cache

_SHORTEST_WORD = 5  # letters


class Spelling:
    """Mends one slip: a letter left out, added or changed, or two neighbours swapped."""

    def __init__(self, keys: frozenset[str], known: frozenset[str]) -> None:
        """`keys` are the words that a wrong one may stand for; a word in `known` is right as it is."""
        self._known = known
        self._keys = keys
        self._shortened: dict[str, list[str]] = {}
        for key in sorted(keys):
            for short in _shorter(key):
                self._shortened.setdefault(short, []).append(key)
        self.mend = lru_cache(maxsize=4096)(self._mend)

    def _mend(self, word: str) -> str | None:
        """The word itself where it is known, the key that it is a slip away from, or None."""
        if word in self._known:
            return word
        if len(word) < _SHORTEST_WORD or not word.isalpha():
            return None
        shorter = _shorter(word)
        added = (short for short in shorter if short in self._keys)
        changed = (
            key for short in shorter for key in self._shortened.get(short, ()) if _is_one_slip(word, key)
        )
        return next(iter([*self._shortened.get(word, ()), *added, *changed]), None)


def _shorter(word: str) -> list[str]:
    """The word with any one letter left out."""
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def _is_one_slip(word: str, key: str) -> bool:
    """For words of the same length: one letter is another, or two neighbours are swapped."""
    apart = [place for place, (a, b) in enumerate(zip(word, key, strict=True)) if a != b]
    if len(apart) == 2 and apart[1] == apart[0] + 1:
        return word[apart[0]] == key[apart[1]] and word[apart[1]] == key[apart[0]]
    return len(apart) == 1
