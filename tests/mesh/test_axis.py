import numpy as np
import pytest

from thermo.mesh import Axis


def test_widths_centres_and_distances_of_a_stretched_axis():
    axis = Axis(np.array([0.0, 1.0, 3.0, 7.0]))
    assert axis.n == 3 and axis.length == 7.0
    np.testing.assert_array_equal(axis.widths, [1.0, 2.0, 4.0])
    np.testing.assert_array_equal(axis.centres, [0.5, 2.0, 5.0])
    np.testing.assert_array_equal(axis.centre_distances, [0.5, 1.5, 3.0, 2.0])


def test_periodic_axis_closes_on_itself():
    axis = Axis(np.array([0.0, 1.0, 3.0]), periodic=True)
    np.testing.assert_array_equal(axis.centre_distances, [1.5, 1.5, 1.5])


@pytest.mark.parametrize("faces", [[0.0], [0.0, 0.0], [0.0, 2.0, 1.0]])
def test_faces_that_do_not_increase_are_refused(faces):
    with pytest.raises(ValueError, match="strictly increase"):
        Axis(np.array(faces))
