"""KPIs of the role by name, alias and abbreviation."""

from __future__ import annotations

from itertools import pairwise

import pytest

from coach.signals.mentions import find_kpi_mentions, find_kpi_paraphrases
from tests.stories import shop_role


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Our conversion rate rose.", [("conversion-rate", "conversion rate")]),
        ("OUR CONVERSION RATE ROSE.", [("conversion-rate", "CONVERSION RATE")]),
        ("Our CVR rose.", [("conversion-rate", "CVR")]),
        ("our cvr rose.", [("conversion-rate", "cvr")]),
        ("AOV and ROAS rose.", [("average-order-value", "AOV"), ("return-on-ad-spend", "ROAS")]),
        ("The return on\nad spend rose.", [("return-on-ad-spend", "return on\nad spend")]),
        ("Our CACs fell.", [("customer-acquisition-cost", "CACs")]),
        ("The cart conversion rate rose.", [("conversion-rate", "conversion rate")]),
        ("We watched the email open rate.", [("email-open-rate", "email open rate")]),
        ("More of them abandoned their carts.", [("cart-abandonment-rate", "abandoned their carts")]),
        (
            "Basket abandonment was high, then abandonment fell.",
            [("cart-abandonment-rate", "Basket abandonment"), ("cart-abandonment-rate", "abandonment")],
        ),
        ("Abandonment alone names nothing.", []),
        ("Bounce rate's out of fashion.", [("bounce-rate", "Bounce rate's")]),
        ("We looked at the 12 month value.", [("customer-lifetime-value", "12 month value")]),
        ("I was late since the traffic was bad.", []),
        ("We sold crockery to a caching service and to Aova.", []),
        ("The average customer liked it.", []),
        ("", []),
    ],
)
def test_a_kpi_is_found_by_its_names(text: str, expected: list[tuple[str, str]]) -> None:
    mentions = find_kpi_mentions(text, shop_role())
    assert [(mention.kpi_id, text[mention.start : mention.end]) for mention in mentions] == expected


def test_every_kpi_is_found_by_its_own_name_and_aliases() -> None:
    role = shop_role()
    for kpi in role.kpis:
        for name in (kpi.name.split(" (")[0], *kpi.aliases):
            text = f"We looked at {name} then."
            found = find_kpi_mentions(text, role)
            assert kpi.id in {mention.kpi_id for mention in found}, name
            for before, after in pairwise(found):
                assert before.end <= after.start


@pytest.mark.parametrize(
    ("text", "kpi_id"),
    [
        ("People spent more per order.", "average-order-value"),
        ("Nobody opened our newsletter.", "email-open-rate"),
        ("They left the full basket behind.", "cart-abandonment-rate"),
        ("It cost us that much to win a customer.", "customer-acquisition-cost"),
        ("The value of one client grew.", "customer-lifetime-value"),
        ("The visitors stayed for minutes.", "average-session-duration"),
        ("For every pound spent we earned it back.", "return-on-ad-spend"),
        ("The visitors who saw it bought more.", "conversion-rate"),
        ("They left straight away.", "bounce-rate"),
        ("More store visitors came.", "website-traffic"),
    ],
)
def test_a_kpi_is_found_in_other_words_apart_from_its_names(text: str, kpi_id: str) -> None:
    assert kpi_id in {mention.kpi_id for mention in find_kpi_paraphrases(text, shop_role())}
    assert kpi_id not in {mention.kpi_id for mention in find_kpi_mentions(text, shop_role())}


def test_a_gap_in_other_words_ends_with_the_sentence() -> None:
    for text, found in (("They left a basket there.", True), ("They left. A basket stood there.", False)):
        mentions = find_kpi_paraphrases(text, shop_role())
        assert ("cart-abandonment-rate" in {mention.kpi_id for mention in mentions}) == found
