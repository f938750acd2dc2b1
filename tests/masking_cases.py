"""Texts for the masking tests: what is to be masked, what must stay, and pieces to make odd texts of."""

from __future__ import annotations

import random

ITEMS = {
    "email": [
        *("ann@example.com", "ann.smith+jobs@mail.example.co.uk", "a_b-c@x-y.example", "o'neil@example.ie"),
        *("ann [at] example [dot] com", "ann(at)example.com", "ann.smith @ gmail.com", "ann@ example.com"),
        *("ann＠example.com", "ann\u200b@exam\u00adple.com", "josé@exämple.de", "jose\u0301@example.com"),
        *("приклад@пошта.укр", "ann@xn--80ak6aa92e.com", "123456@qq.com", "ANN@EXAMPLE.COM"),
    ],
    "link": [
        *("https://shop.example.com/a?b=c#d", "http://localhost:8501/", "ftp://files.example.org/x"),
        *(
            "http://user:pw@host.example/x",
            "https://пример.рф/путь",
            "HTTPS://EXAMPLE.COM",
            "https://1.2.3.4:80/a",
        ),
        *("www.example.com", "WWW.EXAMPLE.COM/path", "www.example.co.uk/a-b_c?d=1&e=2"),
        *(
            "example.com/path",
            "github.com/annsmith",
            "LinkedIn.com/in/ann",
            "Facebook.com/AnnSmith",
            "t.me/ann",
        ),
        *(
            "linkedin.com/in/ann-smith-123",
            "bit.ly/3xYz",
            "example.com:8080",
            "myshop.in/sale?x=1",
            "x.com/ann",
        ),
        *("shop.example.co.uk", "annasmith.dev", "annasmith.de", "ann.github.io", "zalando.de/sale"),
    ],
    "phone": [
        *("+49 151 23456789", "+49 (0)151-23456789", "(+49) 151 23456789", "+4915123456789", "+49 30 901820"),
        *("+1 (555) 123-4567", "+1-555-123-4567", "+15551234567", "+1.555.123.4567", "+44 20 7946 0958"),
        *("+44 (0)20 7946 0958", "+33 6 12 34 56 78", "+33 612 345 678", "+91 98765 43210", "+91-9876543210"),
        *("+234 803 123 4567", "+65 9123 4567", "+45 12 34 56 78", "+86 138 1234 5678", "+55 11 96123-4567"),
        *("0049 151 23456789", "00 49 151 23456789", "0151 23456789", "0151/23456789", "0151-23456789"),
        *("030 1234567", "(030) 1234567", "030 / 1234567", "020 7946 0958", "07700 900123", "06 12 34 56 78"),
        *("06.12.34.56.78", "017612345678", "0612345678", "09876543210", "030/1234567-12", "0800 123 4567"),
        *(
            "(555) 123-4567",
            "(555)123-4567",
            "555-123-4567",
            "555.123.4567",
            "555 123 4567",
            "1-800-555-0199",
        ),
        *("1 555 123 4567", "5551234567", "98765 43210", "9876543210", "919876543210", "13812345678"),
        *("(11) 96123-4567", "(912) 345-67-89", "612 34 56 78", "131 2345 6789", "(555) 1234567"),
        *(
            "+49\u00a0151\u202f23456789",
            "+49\u2011151\u201123456789",
            "０１５１ ２３４５６７８９",
            "٠١٥١ ٢٣٤٥٦٧٨٩",
        ),
    ],
    "card": [
        *("4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "4242 4242 4242 4242"),
        *(
            "378282246310005",
            "3782 822463 10005",
            "5500 0000 0000 0004",
            "6011111111111117",
            "30569309025904",
        ),
        *(
            "4111\u00a01111\u00a01111\u00a01111",
            "41111111 11111111",
            "2223 0031 2200 3222",
            "3530111333300000",
        ),
    ],
}

FIGURES = [
    *(
        "from 1,200 to 18,450 orders",
        "2019-2023",
        "2019–2023",
        "12 500 000 rupees",
        "1.250.000",
        "4111 visitors",
    ),
    *(
        "12,50,000 rupees",
        "12\u00a0500\u00a0000",
        "12’500’000",
        "1 250 000,50 €",
        "₹ 12,50,000.00",
        "$1,200.50",
    ),
    *("2023-01-05", "2023-01-05T08:30:00Z", "05.03.2024 - 07.04.2024", "01.02-05.03.2024", "05 06 2023"),
    *(
        "01.02.24-05.03.24",
        "01/2023-12/2023",
        "20230105",
        "5/6/2023",
        "08:30 to 17:30",
        "0900-1700",
        "8.30-17.30",
    ),
    *(
        "12.5%-15%",
        "+5.2% and -2.1%",
        "+1,200 orders",
        "+12 500 000 visits",
        "+1 250 000 000 views",
        "4:1",
        "24/7",
    ),
    *(
        "+15000-20000 visits",
        "+30000-45000 visits a day",
        "+20 000-30 000",
        "+250000000",
        "1 050 000 000 rupees",
    ),
    *(
        "1.050.000.000",
        "3 000 000 000 impressions",
        "500 000 000 - 600 000 000",
        "65000-72000 orders",
        "65000 72000",
    ),
    *("order 12345678", "order number 4500123456", "order no. 5551234567", "#5551234567", "SKU 0151234567"),
    *(
        "AB-0151234567",
        "EAN 4006381333931",
        "ISBN 0-306-40615-2",
        "ticket 98765432101",
        "version 10.15.7",
        "v2.13.4",
    ),
    *(
        "45 52 61 38 47 50 44",
        "2019 2020 2021 2022",
        "4100 4200 4300 4400",
        "100 200 3000",
        "1920x1080",
        "3-2",
        "007",
    ),
    *(
        "7234567891 impressions",
        "from 7234567891 to 8234567891",
        "revenue of 2512345678",
        "impressions: 9876543210",
    ),
    *(
        "5551234567 dollars",
        "580, 2173749454 and 600",
        "1700000000",
        "Rs. 6680336113",
        "+12 345 678 901",
        "weeks 01 02 03 04 05",
        "028-1234567-1234567",
        "9876543210%",
        "5551234567,89",
        "5551234567k",
        "EAN 4222222222222",
        "0900-1700 0800",
        "+17513-18522 visits",
    ),
    *("450-1200", "1,250,000", "200 @ 5.99 each", "3kg@2.5 usd", "192.168.100.200", "110 001"),
    *(
        "4111 1111 1111 1112",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "550e8400-e29b-41d4-a716-446655440000",
        "0.95 to 0,96",
    ),
]

NAMES = [
    *(
        "e.g. this",
        "i.e. that",
        "ok.so I did",
        "slow.So I fixed it",
        "a.m./p.m.",
        "and/or",
        "U.S.A.",
        "Ph.D.",
        "etc.And",
    ),
    *(
        "report.pdf",
        "main.py",
        "run.sh",
        "logo.ai",
        "archive.zip",
        "readme.md",
        "data.csv/report.xlsx",
        "index.html",
    ),
    *(
        "Node.js",
        "Vue.js/React",
        "ASP.NET/C#",
        "Booking.com",
        "Amazon.de/eBay",
        "Booking.com/Expedia",
        "OTTO.de",
    ),
    *(
        "amazon.de/ebay.de",
        "a job at booking.com",
        "work for myntra.com",
        "sold on etsy.com",
        "a shop called abc.de",
    ),
    *(
        "a b.com from Delhi",
        "M.Sc/B.Sc",
        "@ann_smith",
        "a buyer @ myntra.com",
        "3.5/5",
        "2.5x/yr",
        "1.5m/month",
    ),
]

PIECES = [
    *(
        "MASKED_EMAIL_1",
        "MASKED_PHONE_2",
        "masked email 1",
        "Masked-Link-3",
        "MASKED_",
        "EMAIL_1",
        "MASKED",
        "_",
    ),
    *(
        "masked e-mail 01",
        "maſked email 1",
        "MASKED_EMAİL_1",
        "x.com/MASKED_EMAIL_1",
        "ann@example.com",
        "a",
        "m",
    ),
    *(
        "0151 23456789",
        "+49 151 23456789",
        "https://x.com/a(b)",
        "www.x.de",
        "4111 1111 1111 1111",
        "555-123-4567",
    ),
    *(
        "1",
        "2",
        "0",
        "9",
        "12",
        "\u200b",
        "\u0301",
        "\u202e",
        "\ud800",
        "\udc00",
        "٣",
        "１",
        "＠",
        ".",
        "-",
        "/",
        " ",
    ),
    *(
        "\n",
        "\t",
        "\x00",
        '"',
        "\\",
        "(",
        ")",
        "[",
        "]",
        "@",
        "é",
        "ß",
        "İ",
        "ı",
        "K",
        "ſ",
        "😀",
        "👩\u200d👩\u200d👧",
        "،",
    ),
    *(
        "。",
        "—",
        "–",
        "\u00a0",
        "\u202f",
        "\u3000",
        "%",
        "€",
        "call me on ",
        "and ",
        ",",
        "visit ",
        "example.com",
    ),
    *("\ufeff", "\u00ad", "5\ufe0f\u20e3", "\U000e0041", "\U0001d7d9"),
]

_NOUNS = [
    "orders",
    "visitors",
    "rupees",
    "sessions",
    "clicks",
    "euros",
    "users",
    "records",
    "units",
    "impressions",
]
_FRAMES = ["We had {} in the end.", "It went {}, which was good.", "{}", "In 2021 we saw {} and then {}"]
_FRAMES += ["Result ({}) was fine.", "mobile: {}", "The mobile share was {}.", "I had {} calls: {}"]


def figure_sentence(chance: random.Random) -> str:
    """A sentence with figures, dates, times or order numbers in any spelling."""
    frame = chance.choice(_FRAMES)
    return frame.format(*(_figure(chance) for _ in range(frame.count("{}"))))


def _figure(chance: random.Random) -> str:
    def amount(low: int = 0) -> str:
        return _written(chance, low + _number(chance))

    def between(first: str, second: str) -> str:
        return first + chance.choice(["-", "–", " - ", " – ", " to ", "—"]) + second

    noun = chance.choice(_NOUNS)
    low = _number(chance)
    kinds = [
        f"from {amount()} to {amount()} {noun}",
        f"{amount()} {noun}",
        between(_written(chance, low), f"{amount(low)} {noun}"),
        between(str(chance.randint(1980, 2030)), str(chance.randint(1980, 2030))),
        _date(chance),
        between(_date(chance), _date(chance)),
        between(_clock(chance), _clock(chance)),
        f"{chance.choice('+-')}{chance.uniform(0, 99):.{chance.randint(0, 2)}f}%",
        f"{chance.choice('+-')}{amount()} {noun}",
        f"{chance.choice(['$', '€', '£', '₹', 'Rs. ', 'USD '])}{amount()}",
        f"{amount()} {chance.choice(['€', 'EUR', 'million', 'k', '%', 'INR', 'crore'])}",
        f"version {chance.randint(0, 20)}.{chance.randint(0, 99)}.{chance.randint(0, 999)}",
        f"{chance.choice(['order', 'invoice', 'order number', 'order no.', '#'])} {_number(chance)}",
        ", ".join(amount() for _ in range(chance.randint(2, 5))),
        f"revenue of {amount()}",
        f"{chance.randint(100, 4000)}x{chance.randint(100, 4000)}",
    ]
    return chance.choice(kinds)


def _number(chance: random.Random) -> int:
    """Of 1 to 11 digits, round as often as not."""
    digits = chance.randint(1, 11)
    number = chance.randint(10 ** (digits - 1), 10**digits - 1)
    unit = 10 ** chance.randint(0, digits - 1)
    return number if chance.random() < 0.5 else number // unit * unit


def _written(chance: random.Random, number: int) -> str:
    grouped = f"{number:,}"
    cents = f"{chance.randint(0, 99):02}"
    lakhs = str(number)[-3:]
    rest = str(number)[:-3]
    while rest:
        lakhs, rest = f"{rest[-2:]},{lakhs}", rest[:-2]
    spellings = [str(number), grouped, lakhs, f"{grouped}.{cents}", grouped.replace(",", ".") + f",{cents}"]
    spellings += [grouped.replace(",", mark) for mark in (" ", ".", "\u00a0", "’")]
    return chance.choice(spellings)


def _date(chance: random.Random) -> str:
    year, month, day = chance.randint(1990, 2029), chance.randint(1, 12), chance.randint(1, 28)
    forms = [f"{day:02}{mark}{month:02}{mark}{year}" for mark in (".", "/", "-", " ")]
    forms += [f"{year}{mark}{month:02}{mark}{day:02}" for mark in ("", "/", "-")]
    forms += [f"{day:02}.{month:02}.{year % 100:02}", f"{month}/{day}/{year % 100:02}", f"{month:02}/{year}"]
    return chance.choice([*forms, f"{forms[6]}T08:30:00Z", f"{forms[6]} 08:30"])


def _clock(chance: random.Random) -> str:
    hour, minute = chance.randint(0, 23), chance.randint(0, 59)
    return chance.choice(
        [f"{hour:02}:{minute:02}", f"{hour}.{minute:02}pm", f"{hour:02}{minute:02}", f"{hour}:{minute:02}:09"]
    )
