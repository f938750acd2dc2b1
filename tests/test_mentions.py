"""KPIs of the role by name, alias and abbreviation."""

from __future__ import annotations

from itertools import pairwise

import pytest

from coach.signals.mentions import find_kpi_mentions
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
