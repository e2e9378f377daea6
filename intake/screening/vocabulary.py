"""The words and ranges an intake may hold (contract §3)."""

SITES = (
    "low_back",
    "sacroiliac",
    "hip",
    "groin",
    "buttock",
    "thigh",
    "knee",
    "leg",
    "ankle",
    "foot",
    "upper_back",
    "neck",
    "other",
)
PAIN_SIDES = ("left", "right", "both")
SURFACES = ("hard", "soft", "mixed")
FOOTWEAR = ("supportive", "flat", "worn", "high_heels", "barefoot", "insoles")
TRIED = (
    "massage",
    "foam_roller",
    "stretching",
    "exercise",
    "medication",
    "injection",
    "manual_therapy",
    "heat_cold",
    "lift_or_insole",
    "surgery",
    "taping",
    "other",
)
ANSWERS = ("yes", "no", "unsure")
APPROACHES = ("posterior", "anterior", "anterolateral", "lateral", "unknown")
RESTRICTIONS = (
    "hip_flexion_over_90",
    "crosses_midline",
    "hip_internal_rotation",
    "hip_external_rotation",
    "hip_extension_end_range",
)
HOURS_A_DAY = 24
SEVERITY_MAX = 10
# Older than any living person: only a slip of the pen is refused.
WEEKS_MAX = 6500
# Marks on a body chart, as on that of a session note.
VIEWS = ("front", "back")
PAIN_KINDS = ("pain", "ache", "numb", "tingling", "tight")
MARKS_MAX, POINTS_MAX = 40, 200
