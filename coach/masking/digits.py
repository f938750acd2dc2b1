"""A run: groups of digits that stand together, such as the four of 4111 1111 1111 1111, and what can be
said of some of them. Groups are counted from 0; `first` and `last` are both included."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from coach.masking.view import Found, Kind

_RUN = re.compile(r"[0-9]++(?:[ ().\-/]{1,3}+[0-9]++)*+")
_GROUP = re.compile(r"[0-9]+")
_JOINTS = frozenset(
    [" ", "-", ".", "/", " (", ") ", ")", "(", " - ", " / ", "-(", ")-", ")/", ").", "/ ", " /"]
)
_TIGHT = frozenset("-./")
_COUNTS_NOTHING = (
    r"is|was|has|does|this|thus|always|unless|as|its|us|works|yes|perhaps|sometimes|thanks|regards|wishes"
    r"|greetings|cheers|hours|\w+days|weekends|mornings|afternoons|afterwards|evenings"
)
_MEASURED = re.compile(
    r"\s?(?:%|‰|per\s?cent\b|[€$£₹¥]"
    r"|(?:usd|eur|gbp|inr|rs|k|m|mn|bn|mio|cr|million|billion|lakh|crore|people|traffic)\b)"
    rf"|\s(?!(?:{_COUNTS_NOTHING})\b)"
    r"(?:(?:new|more|unique|monthly|daily|weekly|page|product|customer|total|paid)\s)?[a-z]{2,}s\b",
    re.IGNORECASE,
)
_NOT_WHOLE = re.compile(r"[^\W_]|[%‰€$£₹¥°]|[,:'’]\d|_")
_BEFORE_OPEN = re.compile(r"[\w#$€£₹¥@&]\Z|[\d][.,:/'’-]\Z|[^\W\d_][-/.]\Z")
_DATE = re.compile(
    r"(?<!\d)\d{1,2} \d{1,2} (?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-](?:\d{1,2}[./-])?(?:19|20)\d\d(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d[./-][01]?\d(?!\d)"
)
_CLOCK = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Run:
    """The groups of one run of `plain`; offsets are those of `plain`."""

    def __init__(self, plain: str, start: int, end: int) -> None:
        self.plain = plain
        groups = [group.span() for group in _GROUP.finditer(plain, start, end)]
        self._starts = [group[0] for group in groups]
        self._ends = [group[1] for group in groups]

    def __len__(self) -> int:
        return len(self._starts)

    def start(self, number: int) -> int:
        """Where a group starts, without any bracket."""
        return self._starts[number]

    def end(self, number: int) -> int:
        """Where a group ends."""
        return self._ends[number]

    def length(self, number: int) -> int:
        """How many digits a group has."""
        return self._ends[number] - self._starts[number]

    def after(self, offset: int) -> int:
        """The first group that starts at or after an offset of the text."""
        return bisect_left(self._starts, offset)

    def joint(self, number: int) -> str:
        """What parts a group from the one before it."""
        return self.plain[self._ends[number - 1] : self._starts[number]]

    def digits(self, first: int, last: int) -> str:
        """Their digits without what parts them."""
        return "".join(self.plain[self._starts[n] : self._ends[n]] for n in range(first, last + 1))

    def count(self, first: int, last: int) -> int:
        """How many digits they have together."""
        return sum(self.length(number) for number in range(first, last + 1))

    def opening(self, first: int) -> int:
        """Where the first group starts, with the bracket around it."""
        start = self._starts[first]
        closes = first + 1 < len(self) and self.joint(first + 1).startswith(")")
        return start - 1 if closes and self.plain[start - 1 : start] == "(" else start

    def plus(self, first: int) -> int | None:
        """Where the plus before a group stands; None without one."""
        start = self._starts[first]
        mark = re.search(r"(?<![\w+])\+ ?\(?\Z", self.plain[max(0, start - 4) : start])
        return None if mark is None else start - len(mark[0])

    def before(self, first: int, most: int) -> str:
        """At most `most` characters of the text before a group."""
        start = self.opening(first)
        return self.plain[max(0, start - most) : start]

    def take(self, first: int, most: int) -> int:
        """The last of the groups that go on from `first` and have at most `most` digits together; a group
        that counts something of its own ("... 20 orders") is left out."""
        last, total = first, self.length(first)
        while last + 1 < len(self) and self.joint(last + 1) in _JOINTS and self.is_whole(last + 1):
            total += self.length(last + 1)
            if total > most:
                break
            last += 1
        while last > first and " " in self.joint(last) and self.is_measured(last):
            last -= 1
        return last

    def found(self, kind: Kind, start: int, last: int) -> Found:
        """The item from an offset to the end of a group, with the bracket before it that closes in it."""
        item = self.plain[start : self._ends[last]]
        if item.count(")") > item.count("(") and self.plain[max(0, start - 1) : start] == "(":
            start -= 1
        return Found(kind, start, self._ends[last], self.plain[start : self._ends[last]])

    # ---- what stands around ------------------------------------------------------------------------

    def is_open(self, first: int) -> bool:
        """Whether a number may begin here, and this is not the middle of one."""
        if first and self.joint(first) in _TIGHT:
            return False
        start = self.opening(first)
        return not _BEFORE_OPEN.search(self.plain, max(0, start - 2), start)

    def is_whole(self, number: int) -> bool:
        """Whether a group ends here, and no decimals, unit or letters follow at once."""
        return not _NOT_WHOLE.match(self.plain, self._ends[number])

    def continues(self, last: int) -> bool:
        """Whether the next group hangs on to this one without a space."""
        return last + 1 < len(self) and self.joint(last + 1) in _TIGHT

    def stands_alone(self, first: int, last: int) -> bool:
        """Whether no other group joins on either side."""
        joined_before = first > 0 and self.joint(first) in _JOINTS
        return not joined_before and (last + 1 == len(self) or self.joint(last + 1) not in _JOINTS)

    def is_measured(self, last: int) -> bool:
        """Whether a unit or something countable follows: "%", "rupees", "new visitors"."""
        return bool(_MEASURED.match(self.plain, self._ends[last]))

    # ---- what the groups look like -----------------------------------------------------------------

    def is_thousands(self, first: int, last: int) -> bool:
        """Grouped as 12 500 000 and 1.250.000 are."""
        joints = {self.joint(number) for number in range(first + 1, last + 1)}
        threes = all(self.length(number) == 3 for number in range(first + 1, last + 1))
        return last > first and threes and self.length(first) <= 3 and joints in ({" "}, {"."})

    def is_tail(self, first: int) -> bool:
        """Whether this may be the "050 000 000" of "1 050 000 000", the "08 2019" of "21 08 2019"."""
        return first > 0 and self.joint(first) in _JOINTS and self.length(first - 1) <= 3

    def is_mixed(self, first: int, last: int) -> bool:
        """Whether dots stand beside other joints, as in "14.11.02 - 21/09/06", or slashes are many."""
        joints = [self.joint(number) for number in range(first + 1, last + 1)]
        return joints.count("/") > 1 or ("." in joints and bool({*joints} - {".", ")", ") "}))

    def is_round(self, first: int, last: int) -> bool:
        """Whether every group ends in 00, as figures do that somebody rounded."""
        return all(self.plain.endswith("00", self._starts[n], self._ends[n]) for n in range(first, last + 1))

    def is_range(self, first: int, last: int) -> bool:
        """Two figures with a dash between: "65000-72000", "20 000 - 30 000"."""
        dashes = [n for n in range(first + 1, last + 1) if "-" in self.joint(n)]
        if len(dashes) != 1:
            return False
        low, high = self.digits(first, dashes[0] - 1), self.digits(dashes[0], last)
        alike = len(low) == len(high) or (len(low) < len(high) and low.endswith("00"))
        return alike and not high.startswith("0") and (high.endswith("00") or low.endswith("00"))

    def has_date(self, first: int, last: int) -> bool:
        """ "05.03.2024", "03/2024", "2024-03-05", "05 03 2024"."""
        return bool(_DATE.search(self.plain, self._starts[first], self._ends[last]))

    def is_shift(self, first: int, last: int) -> bool:
        """ "0900-1700"."""
        pair = [self.digits(n, n) for n in range(first, min(first + 2, last + 1))]
        return len(pair) == 2 and "-" in self.joint(first + 1) and all(map(_CLOCK.fullmatch, pair))

    def counts_up(self, first: int, last: int) -> bool:
        """ "weeks 01 02 03 04 05"."""
        numbers = [int(self.digits(n, n)) for n in range(first, last + 1)]
        return numbers == [*range(numbers[0], numbers[0] + len(numbers))]

    def are_years(self, first: int, last: int) -> bool:
        """ "2019-2023"."""
        return all(_YEAR.fullmatch(self.digits(n, n)) for n in range(first, last + 1))


def runs(plain: str) -> Iterator[Run]:
    """The runs of a text in order. Takes time in proportion to its length."""
    for match in _RUN.finditer(plain):
        yield Run(plain, *match.span())
