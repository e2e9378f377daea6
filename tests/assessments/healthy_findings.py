"""What is said for findings that too many healthy people get (see healthy_people)."""

#: Findings that flag nothing in a body: they say that nothing was found, or ask for another measurement.
HARMLESS = {
    "leg_length_no_difference": "no flag: it says that nothing was found",
    "leg_length_insufficient_data": "no flag: it asks for another measurement",
}
#: Too many of the healthy have it, and why it stands all the same: code -> sentence.
DEFENDED = {
    "itb_tfl_short": (
        "the published cut-offs (any abduction; Ober -23.16) lie at the mean of the healthy; they stay as published, "
        "low confidence always, and the finding itself says that by them nearly everybody is short"
    ),
    "rectus_femoris_short": (
        "the published cut-offs disagree and one (67) lies above the athletes' mean; one test alone is low, two that "
        "agree are moderate (one in ten strictly counted, fewer kindly), and the finding says how common it is"
    ),
    "hip_motion_asymmetric": (
        "a difference larger than the error of measurement is real, and common: low confidence always, no exercise by "
        "itself, and the finding says so"
    ),
    "ankle_dorsiflexion_limited": (
        "one of three tests raises it, each by our own working value: low confidence always, and the finding says that "
        "about half of healthy people have it"
    ),
}
