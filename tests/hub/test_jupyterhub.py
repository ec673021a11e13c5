"""A problem set's way through a real JupyterHub: released, fetched, solved, handed in, graded, given back and looked at.

The commands are those of docs/jupyterhub.md, typed into terminals of the servers behind the hub's proxy.
"""

import pytest

from solutions.problem_set import HERE, ProblemSet

from .hub import COURSE, DOCUMENTED
from .member import log_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SET = "ps08_optimizers"
NOTEBOOK = f"{SET}/{SET}.ipynb"
GRADERS = f"services/{COURSE}/"
WHICH = {"course_id": COURSE, "assignment_id": SET}

GUIDE = DOCUMENTED.with_suffix(".md").read_text().splitlines()


def documented(hub, *commands):
    """Give commands of the guide, with this test's places in them; refuse what the guide does not say."""
    places = {
        "/etc/jupyterhub": hub.folder / "config",
        "/srv/course": hub.root,
        "/opt/course": HERE.parent,
        "/var/backups": hub.folder / "backups",
        "/srv/restored": hub.folder / "restored",
    }
    for command in commands:
        assert f"    {command}" in GUIDE
        for place, here in places.items():
            command = command.replace(place, str(here))  # noqa: PLW2901
        yield command


@pytest.fixture(scope="module")
def problems():
    return ProblemSet(HERE / SET)


@pytest.fixture(scope="module")
def released(hub, ines):
    """The instructor's release, in the graders' terminal."""
    told = "course release ps08 --root . --solutions /opt/course/solutions --to published --course "
    ines.run(GRADERS, *documented(hub, told + COURSE, f"nbgrader release_assignment {SET}"))


@pytest.fixture(scope="module")
def handed_in(released, problems, ada, ben):
    """Ada's answers are all right, and she uses JupyterLab's Assignment List; Ben has two, and uses his terminal."""
    answered = {ada: problems.functions, ben: problems.functions[:2]}
    for student, names in answered.items():
        student.assignments("fetch", json=WHICH)
        notebook = student.read_notebook(NOTEBOOK)
        for cell in notebook.cells:
            if cell.id in names:
                cell.source = problems.model(cell.id)
        student.save_notebook(NOTEBOOK, notebook)
    listed = ada.assignments("submit", json=WHICH)
    printed = ben.run("user/ben/", "course submit ps08 --exchange")
    return listed, printed


@pytest.fixture(scope="module")
def graded(handed_in, hub, ines):
    """What the instructor reads after collecting and grading."""
    return ines.run(GRADERS, *documented(hub, f"nbgrader collect {SET} --update", "course grade ps08 --root ."))


@pytest.fixture(scope="module")
def returned(graded, hub, ines):
    """The feedback, in the exchange."""
    ines.run(GRADERS, *documented(hub, "course feedback ps08 --root .", f"nbgrader release_feedback {SET}"))


def test_nobody_gets_in_who_is_not_on_the_list(hub):
    page, answer = log_in(hub.address, "mallory")
    assert answer.status_code == 403
    assert page.get(f"{hub.address}hub/api/user", timeout=60).status_code == 403


def test_a_student_reaches_their_own_server_and_no_other(ada, ben):
    assert ada.ask("GET", "user/ada/api/contents").status_code == 200
    assert ada.ask("GET", "user/ben/api/contents").status_code == 403
    assert ada.ask("GET", f"{GRADERS}api/contents").status_code == 403
    assert ada.ask("GET", f"{GRADERS}formgrader/api/assignments").status_code == 403
    assert ada.ask("GET", "user/ada/formgrader/api/status").status_code == 404, "a student's server has no formgrader"


def test_the_instructor_is_led_from_the_own_server_to_the_graders(hub, ines):
    own = ines.start_server()
    courses = ines.get(f"{own}formgraders")["value"]
    assert [(course["course_id"], course["url"]) for course in courses] == [
        (COURSE, f"{hub.address}{GRADERS}lab?formgrader=true")
    ]
    assert ines.get(f"{GRADERS}formgrader/api/status") == {"status": True}
    assert ines.ask("GET", "user/ada/api/contents").status_code == 403, "grading opens nobody's server"


def test_what_is_released_can_be_fetched_and_holds_no_answer(handed_in, hub, ada):
    assert [entry["status"] for entry in ada.assignments(params={"course_id": COURSE})] == ["fetched", "submitted"]
    outbound = ada.run("user/ada/", f"cat {hub.folder}/exchange/{COURSE}/outbound/{NOTEBOOK}")
    assert "raise NotImplementedError()" in outbound
    assert "BEGIN HIDDEN TESTS" not in outbound


def test_handing_in_works_from_jupyterlab_and_from_the_terminal(handed_in):
    listed, printed = handed_in
    (submitted,) = [entry for entry in listed if entry["status"] == "submitted"]
    assert (submitted["student_id"], len(submitted["submissions"])) == ("ada", 1)
    assert "11 of 36 points" in printed
    assert f"handed to nbgrader's exchange: {COURSE}, {SET}" in printed


def test_the_class_is_graded_in_the_sandbox_and_formgrader_shows_the_marks(graded, ines):
    assert "sandbox: bubblewrap" in graded
    submissions = ines.get(f"{GRADERS}formgrader/api/submissions/{SET}")
    assert {entry["student"]: entry["score"] for entry in submissions} == {"ada": 36, "ben": 11}


def test_a_backup_of_the_course_in_use_has_every_mark_and_nothing_left_to_grade(graded, hub, ines):
    printed = ines.run(
        GRADERS,
        *documented(
            hub,
            "sh /etc/jupyterhub/backup.sh /srv/course /var/backups",
            "mkdir /srv/restored",
            "tar -xzf /var/backups/*/files.tar.gz -C /srv/restored",
            "cp /var/backups/*/gradebook.db /srv/restored",
            "course export ps08 --root /srv/restored --to /srv/restored/marks.csv",
        ),
        f"course export ps08 --root . --to {hub.folder}/expected.csv",
        f"course grade ps08 --root {hub.folder}/restored --dry-run --json",
    )
    marks = (hub.folder / "restored" / "marks.csv").read_text()
    assert marks == (hub.folder / "expected.csv").read_text()
    assert marks.count("\n") == 3
    assert '"to_grade": []' in printed


def test_a_student_fetches_the_feedback_in_jupyterlab_and_reads_it(returned, ada, logged_in, screenshots):
    page = logged_in("ada")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    assert page.locator(".lm-Menu").inner_text().split("\n")[0].strip() == "Assignment List", "a student has no formgrader"
    page.get_by_role("menuitem", name="Assignment List").click()
    page.click("text=Fetch Feedback")
    page.wait_for_selector("text=view feedback")
    page.screenshot(path=screenshots / "hub_assignments.png")
    page.click("text=view feedback")
    page.locator(".jp-DirListing-item", has_text=".html").dblclick()
    feedback = page.frame_locator("iframe.jp-IFrame, .jp-HTMLViewer iframe")
    feedback.locator("text=Momentum").first.wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=screenshots / "hub_feedback.png")
    said = feedback.locator("body").inner_text()
    assert "feedback for ada" in said
    assert "36 of 40 points" in said


def test_an_instructor_opens_formgrader_behind_the_hub(graded, hub, logged_in, screenshots):
    page = logged_in("ines")
    page.goto(f"{hub.address}{GRADERS}formgrader/manage_submissions/{SET}")
    page.wait_for_selector("td:has-text('ben')")
    page.screenshot(path=screenshots / "hub_formgrader.png")
    assert "11 / 40" in page.inner_text("table")


def test_the_other_student_gets_their_own_feedback(returned, ben):
    fetched = ben.assignments("fetch_feedback", json=WHICH)
    (submission,) = [entry for entry in fetched if entry["status"] == "submitted"]
    (place,) = [each["local_feedback_path"] for each in submission["submissions"]]
    page = ben.get(f"user/ben/api/contents/{place}/{SET}.html", params={"format": "text"})["content"]
    assert "feedback for ben" in page
    assert "11 of 40 points" in page
