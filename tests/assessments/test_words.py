from assessments.templatetags.measures import measure_label


def test_a_measure_has_its_label_and_an_answer_of_the_intake_its_words():
    assert measure_label("hip_extension") == "Hip extension"
    assert measure_label("sitting_hours_per_day") == "Sitting hours per day"
