"""Question sets and the mock interview in a real browser."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from tests.app.answers import BETTER, WEAK
from tests.browser.conftest import ARTIFACTS, Server
from tests.browser.visits import PATIENCE, Visit, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# A page other than the first asks below its own address first, and the server being away is heard as well.
LOUD = re.compile(
    r"404|WebSocket|ERR_CONNECTION_REFUSED|[Dd]isconnected|Connection|No response received|still running"
)
JOB = (
    "Our shop sells garden tools in three countries.\n"
    "You own the conversion rate and run A/B tests every week.\n"
)


def open_questions(visit: Visit, count: int) -> Page:
    """The page "Questions" with a set of so many questions."""
    page = visit.open().page
    page.goto(page.url.rstrip("/") + "/questions")
    amount = page.get_by_label("How many questions")
    amount.fill(str(count))
    amount.press("Enter")
    page.get_by_role("button", name="Build the set").click()
    expect(page.locator(".set-card")).to_have_count(count, timeout=PATIENCE)
    return page


def questions_on(page: Page) -> list[str]:
    return [text.split("\n", 1)[1] for text in page.locator(".set-question").all_inner_texts()]


def hush(visit: Visit) -> None:
    visit.complaints = [line for line in visit.complaints if not LOUD.search(line)]


def test_build_swap_save_reload_open_download_practise(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        page = open_questions(visit, 5)
        visit.picture("9-set")
        first = questions_on(page)
        page.get_by_role("button", name="Swap").nth(1).click()
        expect(page.get_by_text("Swapped for: ")).to_be_visible()
        second = questions_on(page)
        assert second[1] not in first and second[2:] == first[2:]
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("button", name="Saved", exact=True)).to_be_disabled()
        page.reload()
        expect(page.locator(".set-card")).to_have_count(5, timeout=PATIENCE)
        assert questions_on(page) == second
        page.get_by_role("button", name="Drop").first.click()
        expect(page.locator(".set-card")).to_have_count(4)
        page.get_by_role("button").filter(has_text=re.compile("^Open$")).click()
        expect(page.locator(".set-card")).to_have_count(5)
        check_downloads(page, second)
        page.get_by_role("button", name="Practise").nth(1).click()
        expect(visit.box).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_label("Question: type to search")).to_have_value(second[1])
        hush(visit)


def test_what_is_being_typed_survives_a_reload(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        page = open_questions(visit, 2)
        job, own = page.get_by_label("Job description", exact=True), page.get_by_label("of your own")
        job.fill(JOB)
        job.press("End")
        job.press_sequentially(" And more.")
        page.reload()
        expect(job).to_have_value(JOB + " And more.", timeout=PATIENCE)
        own.fill("Why do you want this job?")
        page.reload()
        expect(own).to_have_value("Why do you want this job?", timeout=PATIENCE)
        own.press("Enter")
        expect(page.locator(".set-card")).to_have_count(3, timeout=PATIENCE)
        expect(own).to_have_value("")
        page.reload()
        expect(page.locator(".set-card")).to_have_count(3, timeout=PATIENCE)
        expect(job).to_have_value(JOB + " And more.")
        page.wait_for_timeout(1000)
        expect(own).to_have_value("")
        hush(visit)


def check_downloads(page: Page, questions: list[str]) -> None:
    page.get_by_role("button", name="Download").click()
    files: dict[str, bytes] = {}
    for label in ("Markdown", "PDF, one question per page", "Word", "Anki cards", "Table (CSV)", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("button", name=label, exact=True).click()
        path = Path(download.value.suggested_filename)
        files[path.suffix] = download.value.path().read_bytes()
    page.keyboard.press("Escape")
    assert [question["text"] for question in json.loads(files[".json"])["questions"]] == questions
    assert all(question in files[".md"].decode() for question in questions)
    rows = list(csv.reader(io.StringIO(files[".csv"].decode("utf-8-sig"))))
    assert len(rows) == 1 + len(questions)
    assert len(PdfReader(io.BytesIO(files[".pdf"])).pages) >= 1 + len(questions)
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(files[".docx"])).namelist()
    assert any(
        name.startswith("collection") for name in zipfile.ZipFile(io.BytesIO(files[".apkg"])).namelist()
    )


def test_a_job_description_is_dropped_and_a_bad_file_told(
    chromium: Browser, server: Server, tmp_path: Path
) -> None:
    advert, broken = tmp_path / "advert.txt", tmp_path / "cv.pdf"
    advert.write_text(JOB, encoding="utf-8")
    broken.write_bytes(b"%PDF-1.7\nnothing of a PDF")
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        page = open_questions(visit, 10)
        page.get_by_label("Résumé", exact=True).fill("I led the relaunch of a shop in 2021.")
        drops = page.locator("input[type=file]")
        drops.nth(1).set_input_files(broken)
        expect(page.get_by_role("alert")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_label("Résumé", exact=True)).to_have_value("I led the relaunch of a shop in 2021.")
        drops.nth(0).set_input_files(advert)
        expect(page.get_by_text("advert.txt")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("button", name="Build the set").click()
        heading = page.get_by_role("heading", name="10 questions, for a job description")
        expect(heading).to_be_visible(timeout=PATIENCE)
        visit.picture("9-set-for-a-job")
        hush(visit)


def test_a_mock_interview_is_reloaded_in_the_middle(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        page = open_questions(visit, 2)
        page.get_by_role("button", name="Mock interview").click()
        expect(page.get_by_text("Question 1 of 2")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("timer")).to_have_text(re.compile(r"^0:\d\d of about \d+ min$"))
        visit.box.fill(BETTER)
        visit.saved()
        page.reload()
        expect(page.get_by_text("Question 1 of 2")).to_be_visible(timeout=PATIENCE)
        expect(visit.box).to_have_value(BETTER)
        visit.box.focus()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Question 2 of 2")).to_be_visible(timeout=PATIENCE)
        expect(visit.box).to_have_value("")
        visit.box.fill(WEAK)
        visit.saved()
        visit.picture("10-interview")
        assert server.stop() == 0
        visit.box.fill(WEAK + " And more.")
        server.start()
        expect(page.get_by_text("Draft saved")).to_be_visible(timeout=60_000)
        page.reload()
        expect(visit.box).to_have_value(WEAK + " And more.", timeout=PATIENCE)
        page.get_by_role("button", name="Finish", exact=True).click()
        expect(page.get_by_role("heading", name="How the interview went")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("2 of 2 answered")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("heading", name="Stories used twice")).to_be_visible(timeout=PATIENCE)
        visit.picture("10-interview-feedback")
        page.get_by_role("button", name="Work on this answer").first.click()
        expect(visit.box).to_have_value(BETTER, timeout=PATIENCE)
        hush(visit)


def test_what_was_just_typed_in_an_interview_survives_going_on(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        page = open_questions(visit, 2)
        page.get_by_role("button", name="Mock interview").click()
        expect(page.get_by_text("Question 1 of 2")).to_be_visible(timeout=PATIENCE)
        visit.box.fill(WEAK)
        # At once, before the pause after which changes are sent.
        page.get_by_role("button", name="Next question").click()
        expect(page.get_by_text("Question 2 of 2")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("button", name="Back", exact=True).click()
        expect(visit.box).to_have_value(WEAK, timeout=PATIENCE)
        page.get_by_role("link", name="Practise").click()
        expect(page.get_by_role("button", name="Get feedback")).to_be_visible(timeout=PATIENCE)
        expect(visit.box).to_have_value("")
        hush(visit)


def test_on_a_phone_sets_and_interviews_fit(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS, **PHONE) as visit:
        page = open_questions(visit, 10)
        expect(page.locator(".set-title")).to_be_in_viewport(timeout=PATIENCE)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        visit.picture("11-phone-set")
        amount = page.get_by_label("How many questions")
        amount.fill("50")
        amount.press("Enter")
        page.get_by_role("button", name="Build the set").click()
        expect(page.locator(".set-card")).to_have_count(50, timeout=PATIENCE)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.locator(".stMain").evaluate("(main) => main.scrollWidth") <= 390
        assert page.locator("button[kind=primary]:visible").all_inner_texts() == ["Mock interview"]
        page.get_by_text("Which question is about what").click()
        expect(page.locator(".matrix")).to_be_visible()
        assert page.locator(".stMain").evaluate("(main) => main.scrollWidth") <= 390
        page.get_by_role("button", name="Back to the last set").click()
        expect(page.locator(".set-card")).to_have_count(10, timeout=PATIENCE)
        page.get_by_role("button", name="Mock interview").tap()
        expect(page.get_by_text("Question 1 of 10")).to_be_visible(timeout=PATIENCE)
        assert visit.is_in_view(page.get_by_role("button", name="Next question"))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        visit.picture("11-phone-interview")
        hush(visit)


def test_another_page_opens_right_after_typing(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        page = open_questions(visit, 2)
        page.get_by_role("button", name="Mock interview").click()
        for text in (WEAK, BETTER):
            expect(visit.box).to_be_visible(timeout=PATIENCE)
            visit.box.fill(text)
            press_at_once(page.get_by_role("link", name="History"))
            expect(page.get_by_role("heading", name="History")).to_be_visible()
            press_at_once(page.get_by_role("link", name="Mock interview"))
            expect(visit.box).to_have_value(text)
            press_at_once(page.get_by_role("link", name="Practise"))
            expect(page.get_by_role("button", name="Get feedback")).to_be_visible()
            visit.box.fill(text)
            press_at_once(page.get_by_role("link", name="Mock interview"))
            expect(page.get_by_text("Question 1 of 2")).to_be_visible()
        hush(visit)


def press_at_once(link: Locator) -> None:
    """Presses and lets go without the pause that a hand makes."""
    place = link.bounding_box()
    assert place is not None
    mouse = link.page.mouse
    mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    mouse.down()
    mouse.up()


def test_an_interview_in_two_tabs_loses_nothing_and_its_clock_goes_on(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        page = open_questions(visit, 2)
        page.get_by_role("button", name="Mock interview").click()
        expect(visit.box).to_be_focused(timeout=PATIENCE)
        page.wait_for_url("**/interview?interview=*")
        other = Visit(page.context.new_page(), page.url, ARTIFACTS).open()
        other.box.fill(WEAK)
        other.saved()
        expect(visit.box).to_have_value("")
        visit.box.fill("one")
        expect(page.get_by_text("This answer was changed in another tab.")).to_be_visible()
        visit.picture("10-interview-two-tabs")
        page.reload()
        expect(page.get_by_text("This answer was changed in another tab.")).to_be_visible()
        expect(visit.box).to_have_value("one")
        page.get_by_role("button", name="Use that one").click()
        expect(visit.box).to_have_value(WEAK)
        visit.saved()
        page.wait_for_timeout(4000)
        before = seconds_on(page)
        page.reload()
        expect(visit.box).to_have_value(WEAK)
        expect(page.get_by_role("timer")).to_be_visible()
        page.wait_for_timeout(600)
        assert before >= 4 and seconds_on(page) >= before - 1
        check_deletion(visit, other)
        hush(visit)


def check_deletion(visit: Visit, other: Visit) -> None:
    """Deleting asks once, and the window that is still in the interview says what happened."""
    other.page.get_by_role("button", name="Pause").click()
    other.page.get_by_role("button", name="Delete", exact=True).click()
    expect(other.page.get_by_role("button", name="Continue")).to_be_visible()
    other.page.get_by_role("button", name="Delete this interview").click()
    expect(other.page.get_by_text("No interview yet.")).to_be_visible()
    visit.box.fill(BETTER)
    expect(visit.page.get_by_text("This interview was deleted in another window.")).to_be_visible()
    expect(visit.box).to_have_value(BETTER)
    visit.picture("10-interview-deleted")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Save this answer as a file").click()
    assert download.value.path().read_text(encoding="utf-8") == BETTER
    visit.page.get_by_role("button", name="Next question").click()
    expect(visit.page.get_by_role("button", name="All interviews")).to_be_visible()
    expect(visit.box).to_have_value(BETTER)


def seconds_on(page: Page) -> int:
    minutes, seconds = page.get_by_role("timer").inner_text().split(" ")[0].split(":")
    return 60 * int(minutes) + int(seconds)


def test_on_a_phone_the_overview_comes_before_the_answers(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS, **PHONE) as visit:
        page = open_questions(visit, 4)
        page.get_by_role("button", name="Mock interview").tap()
        expect(page.get_by_text("Question 1 of 4")).to_be_visible(timeout=PATIENCE)
        visit.box.fill(WEAK)
        page.get_by_role("button", name="Next question").tap()
        expect(page.get_by_text("Question 2 of 4")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("button", name="Finish now").tap()
        overview = page.get_by_role("heading", name="Strong across your answers")
        expect(overview).to_be_visible(timeout=PATIENCE)
        first, after = overview.bounding_box(), page.locator(".set-card").first.bounding_box()
        assert first is not None and after is not None and first["y"] < after["y"]
        expect(page.get_by_text("Skipped: questions 2, 3, 4")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        visit.picture("11-phone-interview-feedback")
        hush(visit)
