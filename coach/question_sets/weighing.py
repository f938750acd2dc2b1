"""How much a requirement weighs, and of what kind it is."""

from __future__ import annotations

import re
from typing import Literal

from coach.question_sets.job_sections import Section

Weight = Literal["must", "should", "nice"]
# "work" is what the job does, "condition" travel, hours or a licence, "company" a tie to the trade or cause.
RequirementKind = Literal[
    "work", "skill", "experience", "tool", "education", "language", "right to work", "condition", "company"
]

RIGHT_TO_WORK = re.compile(
    r"\bright\s+to\s+work\b|\bwork\s+(?:permit|authori[sz]ation|visa)\b|\b(?:authori[sz]ed|eligible"
    r"|permitted|eligibility)\s+to\s+work\b",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\btravel(?:l?ing)?\b|\blicen[cs]e\b|\bweekends?\b|\bshifts?\b|\bevenings?\b|\bearly\s+starts?\b"
    r"|\brelocat\w+|\bon[- ]call\b"
    r"|\bout[- ]of[- ]hours\b|\b(?:overtime|bank\s+holidays?\s+work|nights)\b|\b(?:days?\s+(?:a"
    r"|per)\s+week\s+)?(?:in\s+the\s+office|on[- ]site(?!\s+search))\b",
    re.IGNORECASE,
)

_NICE = (
    r"(?:a\s+|an\s+)?(?:big\s+|real\s+|definite\s+|strong\s+|distinct\s+)?(?:plus|bonus|advantage"
    r"|advantageous|desirable|beneficial|nice\s+to\s+have|preferred|asset|optional"
    r"|not\s+(?:essential|required|a\s+must))"
)
_WHOLLY_NICE = re.compile(
    rf"^(?:ideally|preferably|nice\s+to\s+have|bonus|desirable|optional)\b"
    rf"|^(?P<before>[^;]*)(?:\b(?:is|are|would\s+be|as)\s+|\(){_NICE}\b"
    rf"|\b(?:preferred|desirable|optional|a\s+plus|a\s+bonus|an\s+advantage|even\s+better)\W*$",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"\b(?:must|at\s+least|minimum|essential|required|mandatory|\d+\s?\+|or\s+more\s+years|substantial"
    r"|proven|you\s+(?:have|need))\b",
    re.IGNORECASE,
)
_SHOULD = re.compile(
    r"^(?:some|basic|first|initial|ideally|preferably|willing\w*\s+to\s+learn|interest|an?\s+interest"
    r"|a?\s*real\s+interest|help|support|assist|contribute|familiar\w*|exposure|comfortable"
    r"|awareness)\b"
    r"|\bwillingness\s+to\s+learn\b",
    re.IGNORECASE,
)


_LANGUAGES = (
    r"(?:English|German|French|Spanish|Italian|Polish|Dutch|Portuguese|Swedish|Danish|Norwegian"
    r"|Finnish|Czech|Turkish|Arabic|Hindi|Mandarin|Chinese"
    r"|Japanese|Korean|Hungarian|Romanian|Greek|Russian|Ukrainian|Welsh)"
)
_TOOL_NAME = (
    r"(?:GA4|Google\s+\w+|Excel|SQL|HTML|CSS|Photoshop|Figma|Power\s?BI|Tableau|Looker|SAP|Shopify"
    r"|Magento|Adobe\s+\w+|WooCommerce|BigCommerce|Salesforce|commercetools"
    r"|Klaviyo|Mailchimp|Braze|HubSpot|Akeneo|Salsify|Seller\s+Central|Vendor\s+Central"
    r"|Amazon\s+(?:Ads|Marketing\s+Cloud)|Meta\s+Ads|Jira|Python|PIM|ERP|CRM|CMS|Canva|InDesign"
    r"|Semrush|Ahrefs|Hotjar|Algolia|Nosto|JavaScript|Microsoft\s+\w+)"
)
TOOLS = re.compile(rf"\b{_TOOL_NAME}\b", re.IGNORECASE)
_KINDS: tuple[tuple[RequirementKind, str], ...] = (
    ("right to work", RIGHT_TO_WORK.pattern),
    (
        "language",
        rf"\b(?:fluen\w+|native|business|written|spoken|good|excellent|proficien\w+|command\s+of"
        rf"|working)\b[\w\s]{{0,20}}\b{_LANGUAGES}\b"
        rf"|^{_LANGUAGES}\b|\b{_LANGUAGES}\s+(?:skills?|language|at\s+level|\(?[ABC][12])"
        rf"|\bforeign\s+languages?\b",
    ),
    (
        "education",
        r"\bdegree\b|\bbachelor\w*|\bmaster'?s\b|\bMBA\b|\bdiploma\b|\bvocational\b|\bgraduate\b"
        r"|\bA[- ]levels?\b|\bqualified\s+to\b|\bstudies\b|\bapprenticeship\b|\bcertificat\w+",
    ),
    (
        "experience",
        r"\byears?\b|\btrack\s+record\b|\bproven\b|\ba\s+record\s+of\b|\bbackground\s+in\b"
        r"|\byou\s+have\s+(?:\w+ly\s+)?(?:\w+ed|led|built|run|grown)\b",
    ),
    ("tool", TOOLS.pattern),
    ("experience", r"\bexperienced?\b"),
    ("condition", CONDITION.pattern + r"|\bhours\b"),
    (
        "company",
        r"\b(?:interest|passion\w*|love|enthusiasm|affinity|feel(?:ing)?|heart|commitment|committed"
        r"|belief|believe)\s+(?:in|for|of|to|about)\b"
        r"|\b(?:our|the)\s+(?:values|cause|aims|mission)\b",
    ),
)
_KIND_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)


_DOES = re.compile(r"\b(?:you'll|you\s+will|who\s+will|responsible|accountable)\b", re.IGNORECASE)


def kind_of(text: str, section: Section) -> RequirementKind:
    """Of what kind a requirement is; what stands among the tasks is work."""
    plain = text.replace("’", "'")
    found = next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(plain)), None)
    if section in ("must", "nice"):
        return found or "skill"
    if section == "other" and found and not _DOES.search(plain):
        return found
    return found if found in ("right to work", "condition") else "work"


def weight_of(text: str, section: Section) -> Weight:
    """How much it weighs that a person has this, by the words and by the part that the text stands in."""
    plain = text.replace("’", "'")
    if section == "nice" or _is_nice(plain):
        return "nice"
    if _MUST.search(plain):
        return "must"
    return "should" if section in ("other", "company") or _SHOULD.search(plain) else "must"


def _is_nice(text: str) -> bool:
    found = _WHOLLY_NICE.search(text)
    # "Fluent English, German is a plus" is two things, of which one is a must.
    return found is not None and not ("," in (found["before"] or "") and _KIND_PATTERNS[1][1].search(text))
