"""What is said for findings that too many healthy people get (see healthy_people), and what is an open question."""

#: Findings that flag nothing in a body: they say that nothing was found, or ask for another measurement.
HARMLESS = {
    "leg_length_no_difference": "no flag: it says that nothing was found",
    "leg_length_insufficient_data": "no flag: it asks for another measurement",
}
#: Too many of the healthy have it, and why that is right: code -> sentence.
DEFENDED: dict[str, str] = {}
#: Too many of the healthy have it, and there is no good reason for it: code -> what is proposed.
OPEN: dict[str, str] = {
    "foot_pronated": "+4 is average, so +6 is not far from it: low confidence from 6 to 9, moderate from 10 only",
    "foot_supinated": "-1 is less than two spreads from average: low confidence from -1 to -4, moderate from -5 only",
    "hip_motion_asymmetric": "more than the error of one measurement is no rarity between two sides: low confidence",
    "hip_flexion_limited": "nearly all by the difference between the sides: that alone at low confidence",
    "hip_extension_limited": (
        "mostly men of 45-69 (mean 13.5) held against 10: moderate only at 5 or less, or below 10 at low confidence; "
        "the difference between the sides alone at low confidence"
    ),
    "rectus_femoris_short": (
        "below 67 in the Thomas test is nearly everybody (athletes' mean 52.5): low confidence even with Ely, "
        "or a threshold near 35"
    ),
    "itb_tfl_short": (
        "any abduction of the hanging thigh is nearly everybody (athletes' mean 15.6), and Ober above -23.16 is half: "
        "drop the abduction or ask for more than 28, and Ober above -13"
    ),
    "ankle_dorsiflexion_limited": "one of three tests is enough to raise it: ask for two that agree",
}
