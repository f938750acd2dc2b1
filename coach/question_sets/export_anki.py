"""A question set as a deck for Anki (.apkg): a card a question, its answer side what a strong answer shows.

A question keeps its card: a set that is imported later adds what is new and leaves alone what is there, with
all that Anki has learned about it.
"""

from __future__ import annotations

import hashlib
import html
import io
import itertools
import re
import sqlite3
import zipfile
from collections.abc import Iterable
from contextlib import closing

import genanki

from coach.question_sets.sheet import Card, Sheet, one_line
from coach.schema import Role

# A moment of no meaning, in seconds since 1970: Anki wants one, and files of the same set should be equal.
_MOMENT = 1_700_000_000
_YEAR_MS = 365 * 24 * 3600 * 1000
_ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)
# Anki takes some brackets for a sound to play or a formula, and these before a bracket for a formula.
_BRACKETS = str.maketrans({"[": "&#91;", "]": "&#93;", "{": "&#123;", "}": "&#125;"})
_MODEL = genanki.Model(
    1_612_480_051,
    "Interview question",
    fields=[{"name": "Question"}, {"name": "Answer"}],
    templates=[
        {
            "name": "Question",
            "qfmt": "{{Question}}",
            "afmt": '{{FrontSide}}<hr id="answer"><div class="answer">{{Answer}}</div>',
        }
    ],
    css=".card { font-family: sans-serif; font-size: 18px; text-align: center; }"
    " .answer { font-size: 16px; text-align: left; max-width: 40em; margin: auto; }",
)


def to_anki(sheet: Sheet, role: Role) -> bytes:
    """The content of an .apkg file. Sets of one role go into one deck."""
    name = re.sub(r":+", " ", one_line(role.name)).replace('"', "").strip()
    deck = genanki.Deck(_number(f"deck {role.id}", 2**31) + 2**31, f"Interview questions::{name}")
    for card in sheet.cards:
        deck.add_note(_note(card, role))
    start = _MOMENT * 1000 + _number(" ".join(note.guid for note in deck.notes), _YEAR_MS)
    with closing(sqlite3.connect(":memory:")) as database:
        genanki.Package(deck).write_to_db(database.cursor(), float(_MOMENT), itertools.count(start))
        database.commit()
        collection = database.serialize()
    return _zipped({"collection.anki2": collection, "media": b"{}"})


def _note(card: Card, role: Role) -> genanki.Note:
    return genanki.Note(
        model=_MODEL,
        fields=[_front(card), _back(card)],
        tags=_tags(card),
        guid=genanki.guid_for("interview question", role.id, card.question.id, card.text),
        due=card.number,
    )


def _front(card: Card) -> str:
    brief = "<br>".join(_escaped(line) for line in card.brief)
    front = f"<p>{_escaped(card.text)}</p>"
    return f'{front}<p style="text-align: left">{brief}</p>' if brief else front


def _back(card: Card) -> str:
    parts = (
        ("A strong answer shows", card.shows),
        ("They may ask next", card.follow_ups),
        ("Why it is in your set", tuple(line for line in (card.why, *card.cites) if line)),
        ("Stories of yours that would fit", card.stories),
    )
    return "".join(f"<p><b>{head}</b></p>{_list(lines)}" for head, lines in parts if lines)


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{_escaped(line)}</li>" for line in lines) + "</ul>"


def _tags(card: Card) -> list[str]:
    question = card.question
    kinds = {"topic": question.topics, "activity": question.activities, "level": (question.level,)}
    tags = [f"{kind}::{_tag(name)}" for kind, names in kinds.items() for name in names if _tag(name)]
    return list(dict.fromkeys(tags))


def _tag(name: str) -> str:
    """Anki parts tags at white space and takes "::" for a level of its tree."""
    return re.sub(r"[^\w.&+-]+", "-", one_line(name)).strip("-")


def _escaped(text: str) -> str:
    """Text as HTML in which Anki finds no sound, formula or gap."""
    escaped = html.escape(text).translate(_BRACKETS)
    # Formulas are looked for in the page, where an entity is its character again; an element parts them.
    return escaped.replace("\\", "<span>\\</span>")


def _number(text: str, below: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % below


def _zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _ZIP_MOMENT)
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return content.getvalue()
