"""The part of the settings about a language model: which one, where, with what key, and what it took."""

from __future__ import annotations

import time

import streamlit as st

from coach.coach import BUILT_IN
from coach.errors import CoachError
from coach.markdown import escape_line
from coach.ui import drafts, keys
from coach.ui.desk import Desk
from coach.ui.markup import tag
from coach.ui.notices import Problem, problem_of, show_problem
from coach.ui.providers import NO_KEY, OTHER, PROVIDERS, Provider, default_address, provider_of
from coach.ui.seat import Seat

_PATIENCE = 20.0  # seconds that a test of the connection may take
_LEAVES = (
    "What is sent: your answer, the question, the points of the role near to it, what the built-in judge "
    "found, and your facts. E-mail addresses, phone numbers, links and card numbers are masked first. What "
    "speaks to a grader is left out."
)


def choose_model(desk: Desk, seat: Seat) -> None:
    """Provider, model, address and key, who gives the levels, and a test of all that."""
    provider = _choose_provider(desk, seat)
    st.text_input(
        "Model",
        key=keys.MODEL_BOX,
        on_change=_take,
        args=[desk, seat],
        placeholder=provider.example,
    )
    if provider.address or provider.id == OTHER:
        st.text_input(
            "Address",
            key=keys.ADDRESS_BOX,
            on_change=_take,
            args=[desk, seat],
            placeholder=provider.address or "Only for a server of your own",
        )
    if provider.wants_key:
        _ask_for_key(desk, seat)
    if provider.note:
        st.caption(provider.note)
    _choose_levels(seat)
    _test(desk, seat)
    st.caption(_LEAVES)


def take_model(seat: Seat, name: str | None) -> None:
    """Makes a model the judge. With a provider chosen and no model, it is not the settings' model that is
    asked there, but none."""
    seat.model = name or None
    seat.judge = seat.model or (BUILT_IN if seat.provider else None)


def _choose_provider(desk: Desk, seat: Seat) -> Provider:
    state, settings = st.session_state, desk.coach.settings
    judge = seat.model or (None if seat.provider else settings.model)
    api_base = settings.api_base if seat.api_base is None else seat.api_base
    provider = PROVIDERS.get(seat.provider or "") or provider_of(judge, api_base)
    # Said anew in each run, as in the rest of the popover.
    state[keys.PROVIDER_BOX] = provider.id
    state[keys.MODEL_BOX] = (judge or "").removeprefix(provider.prefix)
    state[keys.ADDRESS_BOX] = api_base or ""
    st.selectbox(
        "Provider",
        list(PROVIDERS),
        format_func=lambda provider_id: PROVIDERS[provider_id].name,
        key=keys.PROVIDER_BOX,
        on_change=_take_provider,
        args=[seat],
    )
    return provider


def _take_provider(seat: Seat) -> None:
    """A new provider begins anew: neither the key nor the address of another is for it."""
    provider = PROVIDERS[st.session_state[keys.PROVIDER_BOX]]
    seat.provider, seat.api_base = provider.id, default_address(provider)
    seat.api_key = seat.connection = None
    take_model(seat, None)


def _take(desk: Desk, seat: Seat) -> None:
    provider = PROVIDERS[st.session_state[keys.PROVIDER_BOX]]
    address = (st.session_state.get(keys.ADDRESS_BOX) or "").strip().rstrip("/")
    if address != (seat.api_base if seat.api_base is not None else desk.coach.settings.api_base or ""):
        seat.api_key = None  # it was for another server
    seat.provider, seat.api_base, seat.connection = provider.id, address, None
    take_model(seat, provider.full_name(st.session_state.get(keys.MODEL_BOX) or ""))
    desk.start_models()


def key_of(desk: Desk, seat: Seat) -> str | None:
    """The key to ask with; None leaves it to the environment, whose key for one provider is not for any
    address that is typed here."""
    own = seat.provider in ("server", OTHER) and seat.api_base not in (None, "", desk.coach.settings.api_base)
    return seat.api_key or (NO_KEY if own else None)


# ---- the key -------------------------------------------------------------------------------------------


def _ask_for_key(desk: Desk, seat: Seat) -> None:
    st.text_input(
        "Key",
        key=keys.API_KEY_BOX,
        on_change=_take_key,
        args=[seat],
        type="password",
        autocomplete="off",
        placeholder="Set for this session" if seat.api_key else "Not needed if it is set in the environment",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Kept in the memory of this session only and written nowhere.")
        if seat.api_key:
            st.button(
                "Forget the key", key=keys.FORGET_KEY, type="tertiary", on_click=_forget_key, args=[seat]
            )


def _take_key(seat: Seat) -> None:
    """Takes the key out of its box, so that it is never sent back to the browser."""
    typed = (st.session_state.get(keys.API_KEY_BOX) or "").strip()
    st.session_state[keys.API_KEY_BOX] = ""
    if typed:
        seat.api_key, seat.connection = typed, None


def _forget_key(seat: Seat) -> None:
    seat.api_key = seat.connection = None


# ---- who gives the levels ------------------------------------------------------------------------------


def _choose_levels(seat: Seat) -> None:
    st.session_state[keys.LEVELS_BOX] = seat.levels_by_model
    st.radio(
        "What the model gives",
        [True, False],
        format_func={
            True: "Levels and words",
            False: "Only words: the levels stay with the built-in judge",
        }.__getitem__,
        key=keys.LEVELS_BOX,
        on_change=_take_levels,
        args=[seat],
    )


def _take_levels(seat: Seat) -> None:
    seat.levels_by_model = bool(st.session_state[keys.LEVELS_BOX])


# ---- does it answer ------------------------------------------------------------------------------------


def _test(desk: Desk, seat: Seat) -> None:
    model = _chosen(desk, seat)
    if st.button("Test the connection", key=keys.TEST_MODEL, disabled=model is None) and model:
        with st.spinner("Asking it for one word"):
            seat.connection = _try(desk, seat, model)
    if seat.connection is not None:
        works = seat.connection.kind == "good"
        show_problem(seat.connection, "good" if works else "aside")


def _chosen(desk: Desk, seat: Seat) -> str | None:
    name = seat.judge or (desk.coach.settings.model if seat.provider is None else None)
    return None if name == BUILT_IN else name


def _try(desk: Desk, seat: Seat, model: str) -> Problem:
    """Whether the model answers, in a sentence; one tiny request."""
    from coach.breaker import breaker_for
    from coach.llm import ModelChoice
    from coach.llm_litellm import ask_once, check_model

    settings = desk.coach.settings
    base = settings.api_base if seat.api_base is None else seat.api_base or None
    choice = ModelChoice(model, key_of(desk, seat), base, min(_PATIENCE, settings.timeout))
    try:
        check_model(choice)
    except CoachError as error:
        return problem_of(error)
    breaker_for(model, base).reset()
    started = time.monotonic()
    failed = ask_once(choice)
    if failed is not None:
        return problem_of(failed)
    return Problem(f"{model} answers, in {max(0.1, time.monotonic() - started):.1f} seconds.", kind="good")


# ---- what it took and what is kept ---------------------------------------------------------------------


def tell_spent(desk: Desk) -> None:
    """What was spent, and whether replies are kept."""
    from coach.budget import Budget
    from coach.reply_cache import ReplyCache

    spent = Budget.open(desk.coach.settings).spent()
    st.html(tag("p", "What it took", class_="settings-head"))
    lines = [f"Today: {spent.day.in_words}.", f"Since the program started: {spent.session.in_words}."]
    st.caption(escape_line(" ".join([*lines, *(warning.message for warning in spent.warnings)])))
    status = ReplyCache.open(desk.coach.settings).status()
    if not status.entries:
        keeps = desk.coach.settings.cache_mb and not status.problem
        told = "Replies are kept on this computer, so that the same asked again costs nothing."
        st.caption(escape_line(told if keeps else status.problem or "Replies are not kept."))
        return
    count = "1 reply is" if status.entries == 1 else f"{status.entries} replies are"
    st.caption(f"{count} kept on this computer, so that the same asked again costs nothing.")
    st.button("Forget the replies", key=keys.FORGET_REPLIES, on_click=_forget_replies, args=[desk])


def _forget_replies(desk: Desk) -> None:
    with drafts.telling_history_problems(drafts.take_seat(desk)):
        desk.coach.forget_replies()
