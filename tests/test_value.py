"""Values are frozen, slotted, compared by content, and as strict as a dataclass."""

import pickle

import pytest
from conftest import NOW

from aftercare import Treatment, load_rules, plan
from aftercare.core.value import Value


class Point(Value):
    x: int
    y: int = 0


def test_fields_come_by_position_by_name_and_by_default():
    assert Point(1, 2) == Point(x=1, y=2) == Point(1, y=2)
    assert Point(1) == Point(1, 0)
    assert repr(Point(1)) == "Point(x=1, y=0)"


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), ((1, 2, 3), {}), ((1,), {"x": 1}), ((1,), {"z": 1}), ((), {"y": 1})],
)
def test_a_wrong_set_of_fields_is_a_type_error(given, named):
    with pytest.raises(TypeError, match="Point"):
        Point(*given, **named)


def test_a_value_cannot_be_changed_only_copied():
    point = Point(1)
    with pytest.raises(AttributeError, match="replace"):
        point.x = 2
    with pytest.raises(AttributeError):
        del point.x
    with pytest.raises(AttributeError):
        point.z = 3
    assert point.replace(x=2) == Point(2)
    with pytest.raises(TypeError):
        point.replace(z=1)


def test_equal_values_have_equal_hashes_and_other_types_differ():
    class Place(Value):
        x: int
        y: int = 0

    assert len({Point(1), Point(1, 0), Point(2)}) == 2
    assert Point(1) != Place(1)
    assert Point(1) != (1, 0)


def test_a_value_can_be_matched_by_its_fields():
    match Point(1, 2):
        case Point(x=1, y=y):
            assert y == 2


def test_a_plan_travels_between_processes():
    given = plan(Treatment("microneedling", NOW), load_rules())
    travelled = pickle.loads(pickle.dumps(given))
    assert travelled.restrictions == given.restrictions
    assert travelled.care == given.care
