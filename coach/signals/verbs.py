"""Verbs by their form: what tells that something happened once."""

from __future__ import annotations

import re

PAST_VERB = re.compile(
    r"\b(?:was|were|had|did|went|got|made|took|came|gave|told|said|thought|felt|knew|found|kept|left|met|ran|"
    r"built|wrote|led|saw|chose|began|brought|spoke|sent|grew|rose|fell|cut|won|lost|sold|held|set|put|taught|"
    r"bought|drew|wore|read|let|hit|became|\w{2,}ed)\b",
    re.IGNORECASE,
)
