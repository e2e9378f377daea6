import pytest

from assessments.rules import MEASURES, RULE_DATA
from assessments.rules.protocol import CHANGES, build_band, build_change, build_measure, build_rule, index_measures

GOOD = {
    "key": "x",
    "label": "X",
    "group": "g",
    "unit": "deg",
    "kind": "number",
    "sides": "none",
    "positions": [],
    "modes": [],
    "instruments": [],
    "how_to": "h",
    "reliability": "r",
    "source": "s",
    "tag": "V",
    "hard_min": 0,
    "hard_max": 9,
}

RULE = {
    "version": 1,
    "confidence": "low",
    "evidence": "weak",
    "tag": "D",
    "source": "s",
    "text": "t",
    "client_text": "c",
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "red"}, "unknown"),
        ({"kind": "word"}, "kind"),
        ({"sides": "top"}, "sides"),
        ({"tag": "Z"}, "tag"),
        ({"hard_min": None}, "hard limits"),
        ({"soft_min": 8, "soft_max": 2}, "order"),
        ({"observed": ["a"]}, "observed"),
    ],
)
def test_a_broken_measure_stops_the_start(change, message):
    assert build_measure(GOOD, None).key == "x"
    with pytest.raises(ValueError, match=message):
        build_measure({**GOOD, **change}, None)


def test_a_measure_listed_twice_or_a_change_for_none_is_refused():
    with pytest.raises(ValueError, match="listed twice"):
        index_measures(iter([GOOD, GOOD]), {})
    with pytest.raises(ValueError, match=r"mdc\.json: unknown"):
        index_measures(iter([GOOD]), CHANGES)


@pytest.mark.parametrize("change", [{"same_examiner": 0}, {"better": "up"}, {"tag": "Z"}])
def test_a_broken_detectable_change_is_refused(change):
    entry = {"same_examiner": 5, "better": "lower", "source": "s", "tag": "D"}
    assert build_change("x", entry).same_examiner == 5
    with pytest.raises(ValueError, match="x: "):
        build_change("x", {**entry, **change})


@pytest.mark.parametrize(
    "change", [{"tag": "Z"}, {"evidence": "sure"}, {"confidence": "full"}, {"graded_by": ["nothing"]}]
)
def test_a_broken_rule_is_refused(change):
    assert build_rule("x", RULE).thresholds == {}
    with pytest.raises(ValueError, match="x: "):
        build_rule("x", {**RULE, **change})


@pytest.mark.parametrize(("to_age", "from_age"), [(69, 69), (69, 71), (None, 70)])
def test_age_bands_follow_each_other_without_overlap_or_gap(to_age, from_age):
    limits = [{"grade": "mild", "below": 1}]
    bands = [{"from_age": 18, "to_age": to_age, "limits": limits}, {"from_age": from_age, "limits": limits}]
    with pytest.raises(ValueError, match="x: age bands"):
        build_rule("x", {**RULE, "bands": bands})
    assert build_rule("x", {**RULE, "bands": [{**bands[0], "to_age": 69}, {**bands[1], "from_age": 70}]}).bands


def test_a_limit_is_below_or_at_most_and_never_both():
    with pytest.raises(ValueError, match="either below or at_most"):
        build_band({"from_age": 18, "limits": [{"grade": "mild", "below": 1, "at_most": 1}]})


def test_every_measure_and_rule_says_where_it_comes_from():
    assert all(measure.source and measure.how_to and measure.reliability for measure in MEASURES.values())
    assert all(rule.source and rule.text and rule.client_text for rule in RULE_DATA.values())


def test_unverified_thresholds_are_called_our_own_working_value():
    unverified = [rule for rule in RULE_DATA.values() if rule.tag == "U"]
    assert unverified
    assert all("our own working value" in rule.source for rule in unverified)


def test_client_texts_never_call_a_leg_short_or_anything_structural():
    for rule in RULE_DATA.values():
        words = rule.client_text.lower()
        assert "structural" not in words
        assert "your leg is short" not in words
        if rule.key.startswith("leg_length_"):
            assert any(word in words for word in ("measured", "suspected", "confirmed on imaging"))


def test_only_imaging_findings_tell_the_client_confirmed():
    confirmed = {rule.key for rule in RULE_DATA.values() if "confirmed" in rule.client_text}
    assert confirmed == {"leg_length_structural_confirmed", "leg_length_mixed"}
