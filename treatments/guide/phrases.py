"""Sentences of the guide that stand in no data file: tags, thresholds in words, and what readings lead to."""

#: How far the source of a number was checked: tag -> word, and what the word means.
TAGS = {
    "V": ("verified", "read in the named source"),
    "C": ("corroborated", "a second document quotes the source, and the numbers agree"),
    "U": ("unverified: our own working value", "common knowledge or memory; nobody here has read it in a source"),
    "D": ("our own working value", "chosen by us; no study gives this number"),
}
EVIDENCE = {
    "supported": "studies support it",
    "partly": "studies support it in part",
    "weak": "an association only; it may not be the cause",
    "traditional": "a traditional view; not tested",
    "contradicted": "studies do not support it",
}
#: What stands in the place of a word that a finding fills in.
BLANKS = {
    "side": "left/right",
    "size": "…",
    "tape": "…",
    "tight": "(what is short or stiff)",
    "why": "(why)",
    "unchanged": "",
    "unequal": "(what is not)",
    "proof": "(what imaging showed, or that equal bones need imaging)",
    "pattern": "(one of the sentences below)",
}
LESS = "{n}° or more less than the other side, measured the same way: low"
HYPERMOBILE = "above {n}°"
SEATED = "above {n}°, seated or where no position is recorded"
#: finding -> threshold -> what it means; {n} is the number.
THRESHOLDS = {
    "hip_flexion_limited": {"side_difference": LESS},
    "hip_extension_limited": {"side_difference": LESS},
    "hypermobility_screen": {
        "hip_flexion": f"hip flexion {HYPERMOBILE}",
        "hip_extension": f"hip extension {HYPERMOBILE}",
        "hip_internal_rotation": f"internal rotation {SEATED}",
        "hip_external_rotation": f"external rotation {SEATED}",
    },
    "ankle_dorsiflexion_limited": {
        "ankle_dorsiflexion": "knee straight, below {n}°",
        "weight_bearing_lunge_angle": "lunge, shin angle below {n}°",
        "weight_bearing_lunge": "lunge, toe to wall below {n} cm",
    },
    "iliopsoas_short": {
        "above": (
            "modified Thomas above {n}°: low; moderate where the pelvis was controlled and prone extension of that "
            "side is limited too"
        ),
        "critical": "modified Thomas above {n}°: mild, low, and only beside limited prone extension there",
    },
    "rectus_femoris_short": {
        "thomas_knee_flexion": "modified Thomas, the knee bends less than {n}°",
        "ely_knee_flexion": "Ely, the pelvis lifts before {n}°",
    },
    "itb_tfl_short": {
        "thomas_hip_abduction": "modified Thomas, the hanging thigh drifts out by more than {n}°",
        "ober_angle": "modified Ober above {n}°",
    },
    "hamstring_short": {
        "active_male": "90/90 by the client, men: more than {n}° short of straight",
        "active_female": "90/90 by the client, women: more than {n}° short of straight",
        "passive_male": "90/90 by the examiner, men: more than {n}° short of straight",
        "passive_female": "90/90 by the examiner, women: more than {n}° short of straight",
        "straight_leg_raise": "straight leg raise below {n}° without leg pain: mild and low",
    },
    "gastrocnemius_short": {
        "straight_at_most": "dorsiflexion with the knee straight {n}° or less",
        "gain": "… and {n}° or more gained with the knee bent",
        "bent_from": "or limited with the knee straight, and {n}° or more with the knee bent",
    },
    "neural_tension_sign": {
        "from": "the pain comes on at {n}° or more",
        "to": "… and at {n}° or less: moderate; at another or no recorded angle: low",
    },
    "hip_abductors_weak": {
        "below": "strength below {n} of 5: moderate",
        "mild_below": "strength below {n} of 5: mild and low",
    },
    "hip_extensors_weak": {
        "below": "strength below {n} of 5: moderate",
        "mild_below": "strength below {n} of 5: mild and low",
    },
    "foot_pronated": {
        "from": "Foot Posture Index {n} or more: mild",
        "highly_from": "Foot Posture Index {n} or more: marked",
        "navicular_drop_above": "navicular drop above {n} mm: low",
    },
    "foot_supinated": {
        "to": "Foot Posture Index {n} or less: mild",
        "highly_to": "Foot Posture Index {n} or less: marked",
    },
    "prolonged_sitting": {"hours": "{n} hours a day or more, as told"},
    "prolonged_standing_hard_floor": {"hours": "{n} hours a day or more on a hard floor, as told"},
}
#: What else raises a finding, beyond numbers in its data.
ALSO = {
    "hip_motion_asymmetric": "left and right, measured the same way, differ by the motion's detectable change or more",
    "rectus_femoris_short": "both tests on one side: moderate; one of them: low",
    "calf_short": "dorsiflexion with the knee straight is limited, and the knee was not bent to tell why",
    "gastrocnemius_short": "asked only where dorsiflexion with the knee straight is limited",
    "soleus_short": "dorsiflexion with the knee straight is limited, and bending the knee does not free it",
    "neural_tension_sign": "raising the straight leg brings on pain below the knee",
    "hip_abductors_weak": "a positive Trendelenburg: low",
    "hip_provocation_sign": "FADIR, FABER or FAIR brings on the pain",
    "foot_pronated": "an impression by eye: low",
    "foot_supinated": "an impression by eye: low",
    "gait_deviation": "seen while walking",
    "unsupportive_footwear": "flat, worn or high-heeled shoes, as told",
}
#: Readings that raise the referral level: key -> level -> when. A yes makes it urgent, not sure a question.
CONTRADICTIONS = {
    "short_leg_of_a_child": {
        "urgent": "a short leg under 18, and pain near the hip, a limp or a leg that cannot bear weight was told",
        "ask": "a short leg under 18, and none of these was told, or one was answered not sure",
    },
    "stiff_hip_of_a_child": {
        "urgent": (
            "little internal rotation under 18, and pain near the hip, a limp or a leg that cannot bear weight was told"
        ),
        "ask": "little internal rotation under 18, and none of these was told, or one was answered not sure",
    },
    "short_leg_after_something_happened": {
        "urgent": "a short leg, and a sudden shortening, an accident or a leg that cannot bear weight was told",
        "ask": "a short leg, and one of these was answered not sure",
    },
    "short_leg_with_a_history": {"ask": "a short leg, and a history that changes bones was told"},
    "short_leg_turned_out": {"ask": "a short leg whose hip cannot be turned in to neutral"},
    "large_difference": {"ask": "one reading, or one pair of trials, as large as needs an orthopaedic opinion"},
    "painful_replaced_hip": {
        "urgent": "moving or testing a replaced hip hurts, and new pain there was told",
        "ask": "moving or testing a replaced hip hurts, or new pain was told of one whose motion was measured",
    },
    "contracture_with_fever": {
        "urgent": (
            "a hip or knee that does not reach straight, and fever, chills, a recent infection or feeling ill was told"
        ),
        "ask": "a hip or knee that does not reach straight, and one of these was answered not sure",
    },
}
#: Answer of the leg-length table -> the step that it asks for itself, a key of `next` in the protocol.
LEG_STEPS = {
    "leg_length_refer": "opinion",
    "leg_length_conflicting": "repeat",
    "leg_length_contracture_possible": "contracture",
    "leg_length_functional_foot_suspected": "feet",
    "leg_length_unloaded_asymmetry": "loaded",
}
#: Steps that any answer may ask for: key of `next` -> when.
ANY_STEPS = {
    "tape_twice": "no imaging, and not two trials a leg by tape",
    "block": "no imaging, and no block",
    "apparent": "no imaging, the tape is level, and apparent lengths are missing",
    "tissue": "no imaging, apparent lengths differ, and nothing short or stiff was found",
    "treat": "something is short or stiff on one side, and weeks of treatment have not shown the legs unchanged",
    "imaging": "no imaging",
    "imaging_kind": "imaging without its kind",
}
#: Number of the leg-length table -> what it limits, and its unit.
LEG_LIMITS = {
    "tape": ("tape: a difference from", "mm"),
    "apparent": ("apparent lengths: a difference from", "mm"),
    "block": ("standing blocks: a difference from", "mm"),
    "lying": ("lying checks: a difference from", "mm"),
    "long_sitting": ("long sitting: a difference from", "mm"),
    "imaging": ("imaging: a difference from", "mm"),
    "refer": ("an orthopaedic opinion from", "mm"),
    "refer_under_age": ("an orthopaedic opinion under", "years"),
    "rapid_growth_mm": ("grows quickly: more by the same method by", "mm"),
    "rapid_within_days": ("… within", "days"),
    "unchanged_after_days": ("treatment left it unchanged: the same by tape and block after", "days"),
    "foot_posture_index_difference": ("unequal feet: Foot Posture Index differs by", "points"),
    "navicular_drop_difference": ("unequal feet: navicular drop differs by", "mm"),
    "contracture_deg": ("a hip or knee does not reach straight: short of it by", "deg"),
    "hip_neutral_deg": ("… unless a hip extension reaches", "deg"),
    "thomas_side_difference_deg": ("unequal: modified Thomas differs by", "deg"),
    "knee_extension_side_difference_deg": ("unequal: knee extension differs by", "deg"),
    "child_internal_rotation_deg": ("a child's hip is stiff: internal rotation below", "deg"),
    "pain_that_counts": ("moving the hip hurts: from", "of 10"),
    "new_pain_weeks": ("pain is new: for at most", "weeks"),
}
