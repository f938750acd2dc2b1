"""Reading files that nobody vouches for: real files by real writers, and hostile ones made here."""

from __future__ import annotations

import io
import os
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from fpdf import FPDF
from PIL import Image

from coach.documents import LIMITS, Document, Line, process, read_document, read_text
from coach.documents.docx_rows import _LARGEST_BODY
from coach.errors import InputError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*texts: str, encrypt: str | None = None, picture: bool = False) -> bytes:
    writer = FPDF()
    if encrypt is not None:
        writer.set_encryption(owner_password="owner", user_password=encrypt)
    for text in texts or ("",):
        writer.add_page()
        writer.set_font("helvetica", size=11)
        if text:
            writer.multi_cell(0, 5, text)
        if picture:
            writer.image(Image.new("RGB", (40, 40), "grey"), w=100)
    return bytes(writer.output())


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def raw_word(body: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", body)
    return stream.getvalue()


def picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (30, 30), "red").save(stream, kind)
    return stream.getvalue()


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def refused(content: bytes | Path, name: str = "job.txt", **limits: float) -> InputError:
    with pytest.raises(InputError) as caught:
        read_document(content, name, LIMITS._replace(**limits))  # type: ignore[arg-type]
    error = caught.value
    assert error.message.endswith(".") and error.hint.endswith("."), (error.message, error.hint)
    assert "{" not in error.message + error.hint
    return error


# ---- what is read ---------------------------------------------------------------------------------


def test_text_keeps_the_numbers_of_its_lines() -> None:
    document = read_document(
        b"Shop manager\n\nYou will\n* plan offers\n2) watch the figures\n=====\n", "jd.txt"
    )
    assert document.kind == "text"
    assert document.lines == (
        Line(1, "Shop manager", "text"),
        Line(3, "You will", "text"),
        Line(4, "plan offers", "item"),
        Line(5, "watch the figures", "item"),
    )


def test_a_line_that_was_broken_to_fit_is_whole_again() -> None:
    text = (
        "You will look after the trading calendar of our two online shops together\n"
        "with the buying team, and report every Monday on what sold and what did\n"
        "not.\n"
        "- Solid knowledge of at least one shop system, best of all Shopify or\n"
        "  WooCommerce\n"
        "- Excel\n"
        "- German\n"
    )
    assert read_document(text.encode(), "jd.txt").lines == (
        Line(
            1,
            "You will look after the trading calendar of our two online shops together with the buying team, "
            "and report every Monday on what sold and what did not.",
        ),
        Line(4, "Solid knowledge of at least one shop system, best of all Shopify or WooCommerce", "item"),
        Line(6, "Excel", "item"),
        Line(7, "German", "item"),
    )


def test_markdown_loses_its_marks() -> None:
    text = (
        "# The **job**\n\n**What you do**\n\n"
        "- run [our shop](https://shop.example/x) *well*\n\n| a | b |\n|---|---|\n"
    )
    document = read_document(text.encode(), "jd.md")
    assert (document.kind, document.lines) == (
        "markdown",
        (
            Line(1, "The job", "heading"),
            Line(3, "What you do", "heading"),
            Line(5, "run our shop well", "item"),
            Line(7, "a b", "text"),
        ),
    )


def test_a_heading_loses_only_the_hashes_that_close_it() -> None:
    text = "# Senior C# developer in C#\n\n## Your tasks ##\n\n### ###\n\nBuild"
    assert texts(read_text(text, "jd.md")) == ["Senior C# developer in C#", "Your tasks", "Build"]


def test_a_heading_of_hashes_is_read_quickly() -> None:
    started = time.process_time()
    read_document(b"# x" + b"#" * 150_000 + b"x", "jd.md")
    read_document(b"# x" + b" #" * 75_000 + b"x", "jd.md")
    assert time.process_time() - started < 2


def test_html_is_read_as_it_is_seen() -> None:
    page = """<!doctype html><html><head><title>no</title><script>no()</script></head><body>
    <nav><a href=/>no</a></nav><h2>Your job</h2><p>Plan &amp; sell<br>more
    of it</p><ul><li>one<li><p>two</p></ul><div style="display: none">no</div><p hidden>no</p>
    <p style="font-size:0px">no</p><footer>no</footer></body></html>"""
    document = read_document(page.encode(), "jd.html")
    assert document.kind == "html"
    assert document.lines == (
        Line(1, "Your job", "heading"),
        Line(2, "Plan & sell", "text"),
        Line(3, "more of it", "text"),
        Line(4, "one", "item"),
        Line(5, "two", "item"),
    )


def test_a_head_that_is_never_closed_hides_nothing() -> None:
    page = b"<html><head><meta charset=utf-8><body><p>Plan the range</p><li>Run the shop</li></body>"
    assert texts(read_document(page, "jd.html")) == ["Plan the range", "Run the shop"]


def test_word_files_are_read_with_lists_headings_and_tables() -> None:
    document = docx.Document()
    document.add_heading("Your tasks", 1)
    document.add_paragraph("Plan the range", style="List Bullet")
    document.add_paragraph().add_run("You bring").bold = True
    document.add_table(1, 2).rows[0].cells[1].text = "Excel"
    hidden = document.add_paragraph("Seen").add_run(" not seen")
    hidden.font.hidden = True
    assert read_document(saved(document), "jd.docx").lines == (
        Line(1, "Your tasks", "heading"),
        Line(2, "Plan the range", "item"),
        Line(3, "You bring", "heading"),
        Line(4, "Excel", "text"),
        Line(5, "Seen", "text"),
    )


@pytest.mark.parametrize(
    ("marks", "is_seen"),
    [
        ("<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>Plan</w:t></w:r>", True),
        ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>Plan</w:t></w:r>', True),
        ('<w:r><w:rPr><w:vanish w:val="false"/></w:rPr><w:t>Plan</w:t></w:r>', True),
        ('<w:r><w:rPr><w:vanish w:val="1"/></w:rPr><w:t>Plan</w:t></w:r>', False),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>Plan</w:t></w:r>", False),
        (
            "<w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>Plan</w:t></w:r>",
            True,
        ),
    ],
)
def test_only_hidden_text_of_word_is_hidden(marks: str, is_seen: bool) -> None:
    body = (
        f'<w:document xmlns:w="{W}"><w:body><w:p>{marks}</w:p><w:p><w:r><w:t>End</w:t></w:r></w:p></w:body>'
    )
    found = texts(read_document(raw_word(f"{body}</w:document>".encode()), "cv.docx"))
    assert found == (["Plan", "End"] if is_seen else ["End"])


def test_text_boxes_of_word_are_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = (
        f'<w:document xmlns:w="{W}" xmlns:mc="{mc}"><w:body><w:p><w:r><w:t>Before</w:t><mc:AlternateContent>'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "</w:body></w:document>"
    )
    assert sorted(texts(read_document(raw_word(body.encode()), "cv.docx"))) == [
        "Before",
        "In a box",
        "In a control",
    ]


def test_pdfs_are_read_page_by_page() -> None:
    document = read_document(pdf("Your tasks\n- plan offers\n- run the shop", "On page two"), "jd.pdf")
    assert document.kind == "pdf"
    assert [(line.text, line.form) for line in document.lines] == [
        ("Your tasks", "text"),
        ("plan offers", "item"),
        ("run the shop", "item"),
        ("On page two", "text"),
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_text_may_come_in_any_usual_encoding(encoding: str) -> None:
    text = "Plan the café’s web shop – budget £20,000\r\nRun it"
    assert texts(read_document(text.encode(encoding), "jd.txt")) == text.split("\r\n")


def test_content_says_what_a_file_is_and_not_its_name() -> None:
    assert read_document(pdf("Plan the range of the shop"), "jd.txt").kind == "pdf"
    assert read_document(word("Plan the range"), "jd.pdf").kind == "docx"
    assert read_document(b"Plan the range\nRun the shop", "jd.pdf").kind == "text"
    assert read_document(b"Plan the range\nRun the shop", "jd").kind == "text"
    assert read_document(b"<!DOCTYPE html><p>Plan the range", "jd.docx").kind == "html"


def test_what_nobody_sees_is_taken_out() -> None:
    assert texts(read_text("Plan\u200b the\u00a0range\u202e of\u2060 it\x07")) == ["Plan the range of it"]


def test_a_path_is_read_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "jd.md").write_text("# Job")
    assert read_document(tmp_path / "jd.md") == Document("jd.md", "markdown", (Line(1, "Job", "heading"),))


def test_a_pdf_that_everybody_may_open_is_read() -> None:
    content = pdf("Plan the range of the shop", encrypt="")
    assert texts(read_document(content, "jd.pdf")) == ["Plan the range of the shop"]


# ---- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b" \n\t", b"\xff\xfe", b"\xef\xbb\xbf \n", b"--- ***\n", b"<html></html>"]
)
def test_a_file_with_nothing_in_it(content: bytes) -> None:
    assert refused(content).code == "document_empty"


def test_a_scan_says_what_to_do() -> None:
    error = refused(pdf(picture=True), "scan.pdf")
    assert (error.code, error.message) == (
        "document_scanned",
        "The PDF is a scan: it holds pictures and no text.",
    )
    assert error.hint == "Paste the text instead."


def test_a_pdf_without_text_or_pictures() -> None:
    assert refused(pdf(""), "blank.pdf").code == "document_no_text"


def test_an_encrypted_pdf() -> None:
    error = refused(pdf("Plan the range", encrypt="secret"), "jd.pdf")
    assert (error.code, error.message) == ("document_encrypted", "jd.pdf is encrypted.")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_named_pdf(kind: str) -> None:
    error = refused(picture(kind), "cv.pdf")
    assert error.code == "document_is_picture" and kind.lower() in error.message.lower()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (os.urandom(3000), "document_not_text"),
        (b"\x7fELF\x02\x01\x01" + bytes(200) + os.urandom(200), "document_not_text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "document_old_word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "document_encrypted"),
        (b"{\\rtf1 hello}", "document_kind_unknown"),
        (b"PK\x03\x04 and nothing more", "document_damaged"),
        (b"%PDF-1.7\nnothing else", "document_damaged"),
        (pdf("Plan the range of the shop")[:400], "document_damaged"),
        (raw_word(b"<w:document"), "document_damaged"),
        (word("Plan the range")[:-200], "document_damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_of_no_use(content: bytes, code: str) -> None:
    assert refused(content, "cv.docx").code == code


def test_a_spreadsheet_is_named() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert "Excel" in refused(stream.getvalue(), "cv.docx").message


def test_files_that_are_no_files(tmp_path: Path) -> None:
    assert refused(tmp_path / "no.pdf", "").code == "document_missing"
    assert refused(tmp_path, "").code == "document_folder"
    assert refused(Path("a\0b"), "").code == "document_unreadable"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert refused(tmp_path / "pipe", "").code == "document_no_file"
        assert refused(Path("/dev/zero"), "").code == "document_no_file"


def test_too_much() -> None:
    assert refused(b"a word " * 800_000).code == "document_too_large"
    assert refused(b"a word " * 30_000).code == "document_too_long"
    assert refused(b"<p>" + b"a word " * 30_000, "jd.html").code == "document_too_long"
    assert refused(word("a word " * 30_000), "jd.docx").code == "document_too_long"
    assert refused(pdf(*["Plan the range"] * 31), "jd.pdf").code == "document_pages"


def test_a_name_cannot_speak_for_the_program() -> None:
    message = refused(b"", "\x1b[31mred\u202e{0}" + "x" * 500 + ".pdf").message
    assert "\x1b" not in message and "\u202e" not in message and len(message) < 120


# ---- hostile files --------------------------------------------------------------------------------


def test_a_zip_bomb_is_not_unpacked() -> None:
    body = f'<w:document xmlns:w="{W}"><w:body>'.encode() + b" " * (_LARGEST_BODY + 1)
    content = raw_word(body)
    assert len(content) < 100_000
    assert refused(content, "cv.docx").code == "document_bomb"


def test_a_zip_that_lies_about_its_size() -> None:
    honest = raw_word(f'<w:document xmlns:w="{W}">'.encode() + b" " * 30_000_000)
    size = (30_000_000 + len(f'<w:document xmlns:w="{W}">')).to_bytes(4, "little")
    assert honest.count(size) >= 1
    assert refused(honest.replace(size, (900).to_bytes(4, "little")), "cv.docx").code in (
        "document_damaged",
        "document_bomb",
    )


@pytest.mark.parametrize(
    "entity",
    [
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/evil.dtd">',
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_entities_of_word_files_are_refused(entity: str) -> None:
    paragraph = "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"
    body = f'{entity}<w:document xmlns:w="{W}"><w:body>{paragraph}</w:body></w:document>'
    assert refused(raw_word(body.encode()), "cv.docx").code == "document_entities"


def test_links_of_a_word_file_lead_nowhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    stream = io.BytesIO(word("Plan the range"))
    with zipfile.ZipFile(stream, "a") as archive:
        target = f'<Relationship Id="r9" Type="x" TargetMode="External" Target="{secret.as_uri()}"/>'
        archive.writestr("word/_rels/other.xml.rels", f"<Relationships>{target}</Relationships>")
        archive.writestr("../../escaped.txt", "outside")
    assert texts(read_document(stream.getvalue(), "cv.docx")) == ["Plan the range"]
    assert [path.name for path in tmp_path.rglob("*")] == ["secret.txt"]


def deep_html() -> bytes:
    return b"<div>" * 200_000 + b"deep"


def deep_word() -> bytes:
    return raw_word(f'<w:document xmlns:w="{W}">'.encode() + b"<w:p>" * 100_000 + b"</w:p>" * 100_000)


def pdf_of(objects: list[bytes]) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, xref)


def looping_pdf() -> bytes:
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"])


def deep_pdf() -> bytes:
    nested = b"[" * 100_000 + b"]" * 100_000
    return pdf_of(
        [b"<</Type/Catalog/Pages 2 0 R/X %s>>" % nested, b"<</Type/Pages/Kids %s/Count 1>>" % nested]
    )


def bomb_pdf() -> bytes:
    packed = zlib.compress(zlib.compress(b"\0" * 150_000_000, 6), 9)
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>\nstream\n%s\nendstream" % (len(packed), packed)
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 9 9]>>"
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream])


@pytest.mark.parametrize(
    "make", [deep_html, deep_word, looping_pdf, deep_pdf, bomb_pdf], ids=lambda make: make.__name__
)
def test_files_made_to_break_a_parser(make: Callable[[], bytes]) -> None:
    content = make()
    started = time.perf_counter()
    error = refused(content, "evil", seconds=4)
    assert error.code in (
        "document_nested",
        "document_damaged",
        "document_demanding",
        "document_bomb",
        "document_slow",
        "document_no_text",
    )
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("child", "code"),
    [
        ("while True: pass", "document_slow"),
        ("import time; time.sleep(60)", "document_slow"),
        ("import os; os.abort()", "document_demanding"),
        ("print('{')", "document_demanding"),
    ],
)
def test_a_parser_that_hangs_or_breaks_is_ended(
    child: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "child.py").write_text(child)
    monkeypatch.setattr(process, "_CHILD", tmp_path / "child.py")
    monkeypatch.setattr(process, "_START_SECONDS", 0.5)
    started = time.perf_counter()
    assert refused(b"<html>Plan", "jd.html", seconds=0.5).code == code
    assert time.perf_counter() - started < 5


def test_a_parser_can_write_no_file_and_sees_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("resource")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    text = process._CHILD.read_text().replace(
        "    content = sys.stdin.buffer.read()\n    _limit(seconds, memory)\n",
        "    import os\n    _limit(seconds, memory)\n    seen = 'OPENAI_API_KEY' in os.environ\n"
        f"    try:\n        open({str(tmp_path / 'out')!r}, 'w').write('x' * 99999)\n"
        "    except OSError:\n        return {'rows': [[f'refused {seen}', None, True]]}\n",
    )
    (tmp_path / "child.py").write_text(text.replace("__file__", repr(str(process._CHILD))))
    monkeypatch.setattr(process, "_CHILD", tmp_path / "child.py")
    assert texts(read_document(b"<html>Plan", "jd.html")) == ["refused False"]


def test_what_pythons_parser_breaks_on() -> None:
    assert refused(b"<html><p>Hello</p>" + b"<![" * 1_500_000, "evil.html").code == "document_damaged"


def test_scripts_of_a_pdf_do_nothing() -> None:
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 300 300]/Resources<</Font<</F 5 0 R>>>>>>"
    shown = b"BT /F 12 Tf 20 200 Td (Plan the range of the shop) Tj ET"
    content = pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page,
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(shown), shown),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )
    assert texts(read_document(content, "jd.pdf")) == ["Plan the range of the shop"]


@pytest.mark.parametrize(
    "content",
    [pdf("Plan the range of the shop"), word("Plan"), b"<html><p>Plan"],
    ids=["pdf", "docx", "html"],
)
def test_a_parser_starts_quickly(content: bytes) -> None:
    # Processor time, since other tests may hold up the clock.
    resource = pytest.importorskip("resource")
    used = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        read_document(content, "jd")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(used) < 0.7
