"""The safety screen once more, typed from the contract and not read from the data: what the data is held against."""

from intake.screening import Answers, Pain

EMERGENCY = (
    "bladder_or_bowel_change", "saddle_numbness", "both_legs_symptoms", "progressive_leg_weakness",
    "new_sexual_dysfunction", "sudden_tearing_pain", "pulsing_abdomen",
)  # fmt: skip
URGENT = (
    "major_trauma", "minor_trauma_fragile_bone", "cancer_history", "fever_or_chills", "recent_infection",
    "injection_drug_use", "recent_spinal_procedure", "hot_swollen_calf", "cannot_bear_weight", "child_limp",
    "sudden_leg_shortening", "replaced_joint_new_pain", "known_aneurysm", "pregnancy_bleeding", "new_lump",
    "arm_or_hand_weakness", "load_pain_after_training_jump",
)  # fmt: skip
SYSTEMIC = ("unexplained_weight_loss", "constant_night_pain", "feels_ill", "immune_suppression", "long_term_steroids")
LOCAL = (
    "not_improving_with_care", "one_leg_numbness", "diabetes", "leg_swelling_or_claudication",
    "morning_stiffness_over_30_min",
)  # fmt: skip
ASK = SYSTEMIC + LOCAL
EVERY = EMERGENCY + URGENT + ASK
LEVEL = {**dict.fromkeys(EMERGENCY, "emergency"), **dict.fromkeys(URGENT, "urgent"), **dict.fromkeys(ASK, "ask")}
ORDER = ("none", "ask", "urgent", "emergency")

BACK = ("low_back", "upper_back", "sacroiliac")
ELSEWHERE = ("hip", "groin", "buttock", "thigh", "knee", "leg", "ankle", "foot", "neck", "other")


def answered(*yes, unsure=(), unanswered=(), sites=()):
    """An intake with these answers and a no to every other question."""
    flags = {**dict.fromkeys(EVERY, "no"), **dict.fromkeys(unsure, "unsure"), **dict.fromkeys(yes, "yes")}
    known = {key: answer for key, answer in flags.items() if key not in unanswered}
    return Answers(red_flags=known, pain=tuple(Pain(site) for site in sites))


def highest(*levels):
    return max(levels, key=ORDER.index)
