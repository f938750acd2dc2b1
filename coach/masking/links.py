"""Finds e-mail addresses and links.

An address with a scheme, `www.`, a port or a path is a link whatever is said about it. A bare domain is one
unless it is told as the name of a company or product:

- "Booking.com", "Amazon.de", "Node.js": a capital makes a name, but for "my site is Annasmith.com";
- "worked for zalando.de", "sold on etsy.com": told as a place of work or trade, not as a place to look;
- the best known platforms in lower case.

Endings that are English words ("slow.so I") or file endings ("run.py") make no bare domain.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from coach.masking.view import Found, Kind

_COUNTRY_ENDINGS = frozenset(
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt "
    "bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er "
    "es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht "
    "hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr "
    "ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng "
    "ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd "
    "se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw "
    "tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw".split()
)
_SURE_ENDINGS = frozenset("com net org edu gov biz info dev eu".split())
_OTHER_ENDINGS = frozenset(
    "academy agency app art blog business cafe camp care chat city cloud club community company "
    "consulting design digital email engineering events expert family finance fashion fitness fun "
    "games global group guide guru health help host house int jobs life link live love ltd marketing "
    "me media mil mobi museum name network news ninja one online page photo photography photos pro "
    "productions rocks run sale school services shop shopping site social software solutions space "
    "store studio style support systems team tech tips today tools top tours travel uno ventures "
    "video vip website wiki work works world wtf xyz zone".split()
)
# They end sentences and files as well.
_WORDY_ENDINGS = frozenset(
    "ac ad ag ai al am as at be by cc cd cm cv do eg er ga gm hm hr id ie im in is it km la ma md me mg "
    "ml mm mo mr ms mt my na ne no nr om pa pm pr ps py re rs sc sh so st td th to tv us va ve vs".split()
)
_ENDINGS = _COUNTRY_ENDINGS | _SURE_ENDINGS | _OTHER_ENDINGS
_BARE_ENDINGS = (_COUNTRY_ENDINGS - _WORDY_ENDINGS) | _SURE_ENDINGS
_SECOND_LEVEL = frozenset("ac co com edu gob gov gouv ne net or org".split())
_PLATFORMS = frozenset(
    "aliexpress allegro amazon asp booking cdiscount diagrams draw ebay etsy expedia flipkart hotels "
    "monday otto rakuten salesforce shopify socket trip vb walmart wordpress zalando".split()
)
_PROFILES = frozenset(
    "behance facebook fb github gitlab instagram linkedin medium pinterest stackoverflow t tiktok "
    "twitter whatsapp x xing youtube".split()
)
_MAILBOXES = frozenset(
    "163 aol gmail gmx googlemail hotmail icloud live mail me msn outlook proton protonmail qq "
    "rediffmail t-online web yahoo yandex ymail zoho".split()
)

_IN_LINK = r"[\w\-.~:/?#\[\]@!$&'()*+,;=%|{}^]"
_WITH_SCHEME = re.compile(rf"(?<![\w.+-])[a-z][a-z0-9+.-]{{1,20}}+://(?=[\w\[]){_IN_LINK}++", re.IGNORECASE)
_HOST = re.compile(
    r"(?<![\w@.%+-])(?P<host>[\w-]++(?:\.[\w-]++)++)(?P<port>:\d{2,5}+(?!\d))?"
    rf"(?P<path>(?:/|[?#]\w){_IN_LINK}*+)?(?![@\w])"
)
_LOCAL = r"(?<![\w.+%&'~-])(?P<local>[\w.+%&'~-]++)"
_DOMAIN = r"(?P<domain>[\w-]++(?:\.[\w-]++)++)"
_EMAIL = re.compile(rf"{_LOCAL}(?P<at> ?@ ?){_DOMAIN}")
_SPELLED_EMAIL = re.compile(
    r"(?<![\w.+-])(?P<local>[\w.+-]++) ?[\[({] ?at ?[\])}] ?"
    r"(?P<domain>[\w-]++(?:(?:\.| ?[\[({] ?dot ?[\])}] ?)[\w-]++)++)",
    re.IGNORECASE,
)
_CLOSED_BY = {")": "(", "]": "[", "}": "{"}

_LOOK_NOUN = (
    r"(?:web\s?site|web\s?page|home\s?page|site|page|portfolio|blog|links?|url|domain|address|profile|cv)"
)
_LOOK = re.compile(
    rf"\b(?:{_LOOK_NOUN}|visit(?:ing)?|see|check\s+out|check|online\s+at|available|found|find|go\s+to|browse"
    r"|hosted|read|details|more|look)\b(?:\s+\w+){0,3}\s*[:(=,-]?\s*\Z",
    re.IGNORECASE,
)
_OWN_LOOK = re.compile(
    rf"\b{_LOOK_NOUN}\s*(?::|=|\b(?:is|was|at|under|called|named)\b(?:\s+(?:at|under|called|named))?)\s*\Z",
    re.IGNORECASE,
)
_LABELLED = re.compile(rf"\b{_LOOK_NOUN}\s*[:=]\s*\Z", re.IGNORECASE)
_NAMED_BY = re.compile(
    r"\b(?:for|of|by|with|from|like|than|called|named|as|via|through|against|joined|left|into|company|client"
    r"|employer|competitors?|platforms?|marketplaces?|brands?)\s+(?:the\s+|our\s+|my\s+|both\s+)?\Z",
    re.IGNORECASE,
)
_PLACED_BY = re.compile(r"(?:\b(?:at|on|to|in)|@)\s+\Z", re.IGNORECASE)
_CONTEXT = 60  # characters before a domain that can say what it is


def find_links(plain: str, told: Collection[str] = ()) -> list[Found]:
    """E-mail addresses and links in order, none overlapping. Domains in `told` are links however told."""
    found: list[Found] = []
    taken = bytearray(len(plain))
    for items in (_with_scheme(plain), _emails(plain), _spelled_emails(plain), _hosts(plain, told)):
        for item in items:
            if not any(taken[item.start : item.end]):
                found.append(item)
                taken[item.start : item.end] = b"\1" * (item.end - item.start)
    return sorted(found, key=lambda item: item.start)


def _with_scheme(plain: str) -> Iterator[Found]:
    for match in _WITH_SCHEME.finditer(plain):
        yield _found(plain, "link", match.start(), _link_end(plain, *match.span()))


def _emails(plain: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(plain):
        local = match["local"]
        start = match.start() + len(local) - len(local.lstrip(".'&~-%"))
        domain = _mail_domain(match["domain"])
        spaced = match["at"].startswith(" ")
        if domain and start < match.end("local") and (not spaced or _is_mailbox(local, domain)):
            yield _found(plain, "email", start, match.start("domain") + len(domain))


def _mail_domain(text: str) -> str:
    """The part of the text that is a domain: up to its last label of letters, without a glued-on sentence."""
    labels = text.rstrip("-_").split(".")
    while labels and not re.match(r"[^\W\d_][\w-]", labels[-1]):
        labels.pop()
    if len(labels) > 2 and labels[-2].islower() and labels[-1].istitle():
        labels.pop()
    return ".".join(labels) if len(labels) > 1 else ""


def _is_mailbox(local: str, domain: str) -> bool:
    """Whether "ann.smith @ example.com" is an address and not "buyer @ zalando.de"."""
    return domain.lower().split(".")[0] in _MAILBOXES or bool(re.search(r"\w[.\d_]\w*", local.strip(".")))


def _spelled_emails(plain: str) -> Iterator[Found]:
    for match in _SPELLED_EMAIL.finditer(plain):
        yield _found(plain, "email", *match.span())


def _hosts(plain: str, told: Collection[str]) -> Iterator[Found]:
    for match in _HOST.finditer(plain):
        host = match["host"].lstrip("-")
        start = match.end("host") - len(host)
        located = bool(match["port"] or match["path"])
        if host.lower().startswith("www.") or (located and _is_located(host, match["path"] or "")):
            yield _found(plain, "link", start, _link_end(plain, start, match.end()))
        elif host in told or _is_bare_link(plain, host, start):
            yield _found(plain, "link", start, match.end("host"))


def _is_located(host: str, path: str) -> bool:
    """Whether a host with a port or path is an address and not "Booking.com/Expedia"."""
    labels = host.split(".")
    if not _may_be_domain(labels):
        return False
    name = labels[-2].lower()
    another = re.fullmatch(r"/([A-Za-z-]+)(?:\.[a-z.]+)?\W*", path)
    if name in _PROFILES or not another:
        return True
    # One word more: a page, or the next of some names.
    if host != host.lower() and any(map(str.isupper, another[1])):
        return False
    return name not in _PLATFORMS or another[1].lower() not in _PLATFORMS


def _found(plain: str, kind: Kind, start: int, end: int) -> Found:
    return Found(kind, start, end, plain[start:end])


def _may_be_domain(labels: list[str]) -> bool:
    """Not "b.com" (a degree), "3.de" or "report.pdf"."""
    name = labels[-2].lower()
    named = name in _PROFILES or (len(name) > 1 and any(map(str.isalpha, name)))
    return named and labels[-1].lower() in _ENDINGS


def _is_bare_link(plain: str, host: str, start: int) -> bool:
    labels = host.split(".")
    before = plain[max(0, start - _CONTEXT) : start]
    if not _may_be_domain(labels):
        return False
    if labels[-1].lower() not in _BARE_ENDINGS:
        return host.islower() and bool(_LABELLED.search(before))
    main = labels[:-2] if labels[-2] in _SECOND_LEVEL and len(labels) > 2 else labels[:-1]
    if host != host.lower():
        return bool(_OWN_LOOK.search(before))
    if len(main) > 1:
        return True
    return not _is_told_as_name(before, main[-1])


def _is_told_as_name(before: str, label: str) -> bool:
    if label in _PLATFORMS or _NAMED_BY.search(before):
        return True
    return bool(_PLACED_BY.search(before)) and not _LOOK.search(before)


def _link_end(plain: str, start: int, end: int) -> int:
    """The end without the sentence's own marks; a bracket that the link opened may close it."""
    open_marks = {mark: plain.count(mark, start, end) for mark in "([{)]}"}
    while end > start:
        last = plain[end - 1]
        opening = _CLOSED_BY.get(last)
        if opening and open_marks[last] <= open_marks[opening]:
            break
        if not opening and last not in ".,;:!?'*|":
            break
        if opening:
            open_marks[last] -= 1
        end -= 1
    return end
