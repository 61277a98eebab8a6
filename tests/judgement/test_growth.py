"""What is concluded from points, and what is not."""

from __future__ import annotations

import msgspec

from harness.judgement.growth import courses
from harness.model.growth import Point
from harness.model.speed import Metric
from tests.grown import SIZES, curve, grown, point

LINEAR = curve("one", lambda size: 0.5 + 0.001 * size)
FLAT = curve("two", lambda size: 0.5)


def test_every_candidate_has_a_curve_with_a_law() -> None:
    """Growth in proportion has an exponent of about 1, by either metric."""
    (course,) = courses(grown(*LINEAR, *FLAT))

    one, two = course.curves
    assert ["one", "two"] == [one.who.candidate, two.who.candidate]
    for metric in Metric:
        law = one.by(metric).law
        assert law is not None
        assert law.low <= 1.0 <= law.high
        assert two.by(metric).grows is False
        assert "constant within noise" in two.by(metric).reason


def test_too_few_sizes_have_no_law() -> None:
    """The reason says how many there are, and how many it takes."""
    (course,) = courses(grown(*LINEAR[:3]))

    trend = course.curves[0].by(Metric.WALL)
    assert (None, None) == (trend.grows, trend.law)
    assert "too few sizes: 3 sizes, and a law takes 4" == trend.reason


def test_a_curve_ends_where_there_was_no_answer_in_time() -> None:
    """The law is of the sizes before, and the end is marked as the limit."""
    (course,) = courses(grown(*curve("one", lambda size: 0.5 + 0.005 * size)))

    (found,) = course.curves
    assert SIZES[:6] == tuple(one.size for one in found.measured)
    (stop,) = found.stops
    assert (10_000, True, True) == (stop.size, stop.limited, stop.reached)
    assert found.by(Metric.WALL).law is not None


def test_what_there_was_no_time_for_says_nothing_about_the_tool() -> None:
    """The point is missing, and the reason is the measurement's own."""
    missing = point("one", 10_000, missing="no time was left for it", reached=False)

    (course,) = courses(grown(*LINEAR[:4], missing))

    (stop,) = course.curves[0].stops
    assert (False, False) == (stop.limited, stop.reached)


def test_samples_with_different_answers_do_not_count() -> None:
    """The size is left out, with the reason."""
    first, *rest = LINEAR[1].samples
    wrong = msgspec.structs.replace(first, answer="another")
    spoilt: Point = msgspec.structs.replace(LINEAR[1], samples=(wrong, *rest))

    (course,) = courses(grown(LINEAR[0], spoilt, *LINEAR[2:]))

    (stop,) = course.curves[0].stops
    assert (100, "the same step gave 2 different answers") == (stop.size, stop.reason)


def test_candidates_that_left_other_tables_are_told() -> None:
    """Their times are not of the same work."""
    points = [
        msgspec.structs.replace(made, left=made.who.candidate)
        for made in (LINEAR[0], FLAT[0])
    ]

    (course,) = courses(grown(*points, *LINEAR[1:], *FLAT[1:]))

    assert (
        "at 10 they did not leave the same tables and rows: one, two" == course.unlike
    )


def test_backends_have_courses_of_their_own() -> None:
    """A server's times are no part of an embedded database's curve."""
    other = [msgspec.structs.replace(made, backend="postgresql") for made in LINEAR]

    found = courses(grown(*LINEAR, *other))

    assert ["sqlite", "postgresql"] == [course.backend for course in found]
