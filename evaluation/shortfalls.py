"""What stands on the page where a bar is not reached: the confusion behind it and what it would take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Confusion = Sequence[Sequence[int]]

# Written after reading the answers on which judge and raters lie furthest apart.
WHY: Mapping[str, str] = {
    "result": (
        "Most of the disagreement is between 2 and 3: whether a short outcome is specific or merely "
        "asserted. Rules for outcomes that only praise made single reports better and the agreement worse. "
        "The weighing of ladder and network moves the figure by .01 either way, and 251 answers leave an "
        "interval of .12. What it would take: more real answers with results of level 3 and above, rated by "
        "people."
    ),
    "question_fit": (
        "Most of the disagreement is between 2, 3 and 4: whether the episode shows the quality that was "
        "asked for. The network puts a story's own question above a random one in 67 % of pairs, the bare "
        "similarity of the texts in 89 %. The few answers that the raters call off the topic are platitudes "
        "or misread the question in words that are near to it. Eight hundred answers rated under five "
        "questions each did not teach it. What it would take: harder pairs, in which a good story fails the "
        "question by one thing only, and a larger reader than one of 22 million parameters."
    ),
    "activities": (
        "Second activities told in a clause or two are missed: of the fifteen that are, eleven stand at "
        "place four or five, and twelve are activities that the question does not ask about. The written "
        "answers that the calibration is fitted to carry about one activity each, the base answers two. The "
        "calibration has seen the marks of the base answers; fitted without them it finds .76. Pooling by "
        "the best clause, 480 more ways of telling, a head on single clauses and lexical search were tried, "
        "and none raised it. What it would take: some hundred answers with two or three activities each to "
        "train the whole network on."
    ),
}


def shortfall(name: str, figure: float, bar: float, confusion: Confusion | None = None) -> str:
    """A paragraph, with a table of levels where they are confused: raters by row, judge by column."""
    lines = [f"**{name}**: {figure:.3f} where {bar:.2f} is wanted. {WHY.get(name, '')}".strip()]
    if confusion is not None:
        lines += ["", "| raters' mean | " + " | ".join(f"judge {level}" for level in range(6)) + " |"]
        lines += ["|" + "---|" * 7]
        lines += [f"| {level} | " + " | ".join(map(str, row)) + " |" for level, row in enumerate(confusion)]
    return "\n".join(lines)
