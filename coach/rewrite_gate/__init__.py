"""The gate for a model's rewrite: only what the answer says gets through.

A model that writes an answer anew adds what would sound good. Each sentence of it is held against the answer
and the facts that the candidate added. What is not there becomes a labelled slot ("[how many people]") or is
cut, and what cannot be checked is cut as well.

    gate = open_rewrite_gate(knowledge)             # reads knowledge/rewriting.toml
    gate.check(answer, rewrite, facts).text         # what may be shown

The flow, with the module that holds each step:

    text        cleans a text of what hides in Unicode, cuts it into sentences and tokens
    words       word lists: what claims nothing, what means the same, what tells an outcome or a title
    numbers     a number in digits or words -> its value
    figures     a number -> a Quantity, with its unit and what it counts
    source      sentences -> Passages; the answer, laid out to look words and figures up in
    voice       who does what, whether it is denied, wished for or done
    evidence    the source with its voices and its rises and falls
      amounts   faults: figures that the answer does not have, or has of something else
      claims    faults: names, titles, praise and deeds that it does not have
      outcomes  faults: results, denials, "all" and spans of time that it does not have
      owners    faults: "I" for what others did
      reversals faults: a denial dropped or added, "before" for "after", "rose" for "fell", a figure moved
    slots       an Issue for each fault, and the slot that names what is missing
    mend        applies the issues, so that what is left still reads
    gate        puts the sentences together; a mended one is checked again, and dropped unless it is clean
"""

from coach.rewrite_gate.gate import RewriteGate, open_rewrite_gate

__all__ = ["RewriteGate", "open_rewrite_gate"]
