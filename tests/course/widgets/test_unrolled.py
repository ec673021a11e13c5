import numpy as np
import pytest

from course.widgets.models.unrolled import MATRICES, STEPS, _ends, back_through_time, eigenvalues, matrix

K = np.arange(STEPS)


@pytest.mark.parametrize("radius", [0.5, 0.9, 1.0, 1.1, 1.5])
def test_without_an_activation_an_orthogonal_matrix_gives_powers_of_its_radius(radius):
    run = back_through_time(radius, "orthogonal", "none", 1.0)
    np.testing.assert_allclose(run["gradient"], radius**K)
    np.testing.assert_allclose(run["line"], radius**K)


@pytest.mark.parametrize("radius", [0.7, 1.3])
def test_a_symmetric_matrix_multiplies_each_eigenvectors_share_by_its_eigenvalue(radius):
    values, vectors = np.linalg.eigh(radius * matrix("symmetric"))
    shares = (_ends()[1][:, -1] @ vectors) ** 2
    expected = [np.sqrt((shares * values ** (2 * k)).sum(1).mean()) for k in K]
    np.testing.assert_allclose(back_through_time(radius, "symmetric", "none", 1.0)["gradient"], expected)


@pytest.mark.parametrize("radius", [0.8, 1.2])
def test_a_gaussian_matrix_first_does_as_it_likes_and_in_the_long_run_as_its_radius(radius):
    gradient = back_through_time(radius, "Gaussian", "none", 1.0)["gradient"]
    assert (gradient <= np.linalg.norm(radius * matrix("Gaussian"), 2) ** K * (1 + 1e-9)).all()
    rate = (gradient[-1] / gradient[20]) ** (1 / (STEPS - 21))
    assert rate == pytest.approx(radius, rel=0.05)


@pytest.mark.parametrize("kind", MATRICES)
def test_every_matrix_has_spectral_radius_one(kind):
    assert abs(eigenvalues(kind)).max() == pytest.approx(1)


@pytest.mark.parametrize("scale", [0.01, 0.1, 3.0])
def test_tanh_never_passes_more_than_the_matrix_does(scale):
    for radius in (0.6, 1.0, 1.5):
        run = back_through_time(radius, "orthogonal", "tanh", scale)
        assert (run["gradient"] <= run["line"] * (1 + 1e-9)).all()


def test_tanh_is_as_good_as_straight_for_a_small_state():
    run = back_through_time(0.8, "orthogonal", "tanh", 1e-4)
    np.testing.assert_allclose(run["gradient"], run["line"], rtol=1e-5)


def test_tanh_bounds_the_state_that_would_explode_without_it():
    assert back_through_time(1.5, "orthogonal", "tanh", 0.1)["state"].max() <= 1
    assert back_through_time(1.5, "orthogonal", "none", 0.1)["state"].max() > 1e8


def test_relu_passes_about_half_of_the_squared_gradient_at_every_step():
    gradient = back_through_time(1.0, "orthogonal", "ReLU", 1.0)["gradient"]
    assert gradient[-1] ** (1 / (STEPS - 1)) == pytest.approx(np.sqrt(1 / 2), rel=0.1)


def test_one_run_leaves_nothing_behind_for_the_next():
    first = back_through_time(0.9, "Gaussian", "tanh", 0.1)["gradient"]
    back_through_time(1.4, "symmetric", "tanh", 2.0)
    np.testing.assert_array_equal(back_through_time(0.9, "Gaussian", "tanh", 0.1)["gradient"], first)
