"""Masks what could reach or charge a person before a text leaves the machine, and puts it back afterwards.

E-mail addresses, telephone numbers, links and card numbers give way to placeholders such as
`MASKED_EMAIL_1`; a model's reply is restored before it is used or shown. `masking.links` and
`masking.numbers` say what counts as one. Figures are evidence and stay, and so do names of people and
companies: masking is no anonymiser.

What comes back is exact: `restore` of a masked text gives the text, character for character. A model may
write a placeholder in another case, with other marks between its parts, or inside quotes or brackets.
"""

from coach.masking.placeholders import Mask, Restorer, mask
from coach.masking.view import Kind

__all__ = ["Kind", "Mask", "Restorer", "mask"]
