"""What every demo keeps, whatever it shows."""

import time
from base64 import b64decode
from statistics import median

import numpy as np
import pytest

from course import widgets
from course.errors import CourseError
from course.widgets.views.colours import COLOURS

from .browser import Browser

NAMES = widgets.__all__
KERNEL_PATH = 24_000  # bytes of one update, at most
SWEEP = 3_000_000  # bytes of all frames of a slider


@pytest.fixture(scope="module", params=NAMES)
def demo(request):
    return getattr(widgets, request.param)()


@pytest.fixture
def browser(demo):
    browser = Browser(demo)
    browser.move(**{name: control.value for name, control in demo.controls.items()})
    return browser


def stops(control):
    """List what a control can be moved to; of a long slider the ends and some between."""
    if control.kind == "slider":
        places = control.places()
        return sorted({places[round(k)] for k in np.linspace(0, len(places) - 1, min(len(places), 9))})
    return list(control.options) if control.kind == "choice" else [True, False]


def numbers_of(value):
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from numbers_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from numbers_of(each)


def assert_shows(frame):
    """A frame has panels with numbers in them, ranges that are ranges, and a sentence."""
    assert not frame["problem"]
    assert frame["panels"]
    assert frame["summary"].endswith((".", "?"))
    for panel in frame["panels"]:
        assert panel["title"]
        assert panel["kind"] == "graph" or any(np.isfinite(array).any() for array in numbers_of(panel)) or panel["curves"]
        for axis in ("x_range", "y_range"):
            if axis in panel:
                low, high = panel[axis]
                assert low < high
        for curve in panel.get("curves", []):
            assert len(curve["x"]) == len(curve["y"])
            assert curve["colour"] in COLOURS


def test_every_stop_of_every_control_shows_a_picture(demo, browser):
    for name, control in demo.controls.items():
        for stop in stops(control):
            assert_shows(browser.move(**{name: stop}))
        browser.move(**{name: control.value})


def test_a_move_is_one_message_and_a_small_one(demo, browser):
    before = len(browser.reels)
    for name, control in demo.controls.items():
        browser.move(**{name: stops(control)[-1]})
    assert len(browser.reels) - before == len(demo.controls)
    assert max(browser.sizes) <= KERNEL_PATH
    assert [reel["n"] for reel in browser.reels[before:]] == list(range(2, 2 + len(demo.controls)))


def test_a_move_takes_the_kernel_little_time(demo, browser):
    control = next(iter(demo.controls.values()))
    where, taken = stops(control), []
    for k in range(12):
        start = time.process_time()
        browser.move(**{control.name: where[k % len(where)]})
        taken.append(time.process_time() - start)
    assert median(taken) < 0.06, "four times what is asked of it on a machine that has nothing else to do"


def test_what_is_no_number_becomes_a_sentence_and_the_next_move_works(demo, browser):
    for name, control in demo.controls.items():
        with pytest.raises(CourseError):
            control.read("abc")
        frame = browser.move(**{name: "abc"})
        assert "abc" in frame["problem"]
        assert control.label in frame["problem"]
        assert_shows(browser.move(**{name: control.value}))


def sweep(browser, name, places):
    """Fetch all frames of a slider, as a browser does."""
    frames, size = [], 0
    while len(frames) < len(places):
        reel = browser.ask(do="sweep", name=name, first=len(frames))
        assert (reel["purpose"], reel["name"], reel["first"]) == ("sweep", name, len(frames))
        assert reel["frames"]
        frames += reel["frames"]
        size += browser.sizes[-1]
    assert size <= SWEEP
    return frames


def test_a_slider_has_a_frame_for_each_of_its_places_which_is_that_of_a_move(demo, browser):
    sliders = [control for control in demo.controls.values() if control.kind == "slider"]
    if demo.stage["trains"]:
        before = len(browser.reels)
        browser.ask(do="sweep", name=sliders[0].name, first=0)
        assert len(browser.reels) == before, "what is trained has no frames beforehand"
        return
    for slider in sliders:
        places = slider.places()
        frames = sweep(browser, slider.name, places)
        for place, frame in list(zip(places, frames, strict=True))[:: max(1, len(places) // 5)]:
            assert frame["summary"] == browser.move(**{slider.name: place})["summary"]
        browser.move(**{slider.name: slider.value})


def test_what_the_browser_shows_by_itself_is_not_sent_again(demo, browser):
    before = len(browser.reels)
    control = next(iter(demo.controls.values()))
    browser.move(**{control.name: stops(control)[0]}, shown=True)
    assert len(browser.reels) == before


def test_without_a_kernel_there_are_a_picture_and_a_sentence(demo, browser):
    data, _ = demo._repr_mimebundle_()
    assert b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert len(data["text/plain"]) > 60
    assert "application/vnd.jupyter.widget-view+json" in data


def test_every_control_has_a_label_and_every_demo_a_question_of_its_own(demo):
    labels = [control.label for control in demo.controls.values()]
    assert len(set(labels)) == len(labels)
    assert all(labels)
    assert demo.stage["ask"].endswith("?")
    assert demo.title


def test_settings_that_make_everything_extreme_still_show_a_frame(demo, browser):
    for end in (0, -1):
        frame = browser.move(**{name: stops(control)[end] for name, control in demo.controls.items()})
        assert_shows(frame)
    browser.move(**{name: control.value for name, control in demo.controls.items()})


def test_no_two_demos_have_one_title():
    titles = [getattr(widgets, name)().title for name in NAMES]
    assert len(set(titles)) == len(NAMES)
