"""The list of saved question sets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from coach.history import SavedSet
from coach.ui import drafts, keys, set_work
from coach.ui.bench import Bench
from coach.ui.desk import Desk
from coach.ui.history_page import when
from coach.ui.markup import tag
from coach.ui.places import show_problem_at
from coach.ui.seat import Seat


def saved_sets(desk: Desk, seat: Seat, bench: Bench) -> None:
    """Draws the list, if there is anything in it."""
    saved: list[SavedSet] = []
    with drafts.telling_history_problems(seat):
        saved = desk.coach.history.sets.all()
    show_problem_at(bench, set_work.SAVED_PLACE)
    if not saved:
        return
    st.html(tag("p", "Saved sets", class_="paper-label"))
    for one in saved:
        with st.container(horizontal=True, vertical_alignment="center", key=keys.of_set("row", one.id)):
            _row(desk, seat, bench, one)


def _row(desk: Desk, seat: Seat, bench: Bench, one: SavedSet) -> None:
    st.html(tag("p", one.title, tag("span", f" · {when(one.created_at)}", class_="quiet"), class_="saved"))
    args = (desk, seat, bench, one.id)
    if bench.deleting == one.id:
        _button("Delete for good", keys.of_set("delete_sure", one.id), partial(set_work.delete_saved, *args))
        _button("Keep it", keys.of_set("keep", one.id), partial(set_work.ask_to_delete, bench, None))
    else:
        _button("Open", keys.of_set("open", one.id), partial(set_work.open_saved, *args))
        _button("Delete", keys.of_set("delete", one.id), partial(set_work.ask_to_delete, bench, one.id))


def _button(label: str, key: str, action: Callable[[], None]) -> None:
    st.button(label, key=key, type="tertiary", on_click=action)
