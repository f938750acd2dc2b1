"""Answers that a person might paste."""

WEAK = (
    "So in my last job at a small fashion shop we had a lot of people leaving the checkout. We looked at the "
    "analytics and we saw that mobile users were dropping off at the shipping page. It was the busy season "
    "and everyone was stressed. So I talked to the developer and we changed the page so that shipping "
    "costs show earlier. I also wrote new product texts. After that sales went up a lot and my boss was "
    "really happy."
)
BETTER = WEAK.replace(
    "sales went up a lot", "sales on phones went from 200 to 260 orders a day within four weeks"
)
GERMAN = (
    "Ich habe in meinem letzten Job als Leiter des Onlineshops viele Dinge gemacht und dabei immer wieder "
    "neue Wege gefunden, um die Kunden zu begeistern und den Umsatz zu steigern."
)
