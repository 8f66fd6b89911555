from inference.taxonomy import PARTS


def test_a_sided_class_taken_up_by_one_without_sides_loses_its_side() -> None:
    merge = PARTS.merge("sides")
    reflector = PARTS.named("Rear Reflector left").id

    assert merge.prediction_table[reflector] == merge.index("Rear Bumper")
    assert "Rear Bumper left" not in merge.classes
