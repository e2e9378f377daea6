"""The proportions of the drawn body: lengths and half-widths as shares of body height.

Lengths after Winter, Biomechanics and Motor Control of Human Movement (Drillis and Contini's table). Half-widths are
our own working values (D) that look like a person.
"""

from collections.abc import Mapping

THIGH, SHIN, ANKLE_HEIGHT, FOOT, HEEL = 0.245, 0.246, 0.039, 0.152, 0.04
UPPER_ARM, FOREARM, HAND = 0.172, 0.146, 0.105
GRIP = 0.06  # from the wrist to the middle of the palm
HIP_HALF, SHOULDER_HALF, SHOULDER_UP = 0.054, 0.108, 0.272
HEAD_UP, HEAD_HALF = 0.395, 0.066

#: At a share of the bone's length: half-widths to the front, the back and the side.
Station = tuple[float, float, float, float]
SHAPES: Mapping[str, tuple[Station, ...]] = {
    "thigh": (
        (0.0, 0.052, 0.058, 0.054),
        (0.35, 0.053, 0.05, 0.05),
        (0.75, 0.039, 0.036, 0.037),
        (1.0, 0.034, 0.031, 0.034),
    ),
    "shin": (
        (0.0, 0.034, 0.031, 0.034),
        (0.3, 0.027, 0.042, 0.036),
        (0.6, 0.023, 0.031, 0.028),
        (0.85, 0.02, 0.021, 0.021),
        (1.0, 0.02, 0.022, 0.021),
    ),
    "upper_arm": ((0.0, 0.034, 0.034, 0.033), (0.4, 0.03, 0.03, 0.027), (1.0, 0.022, 0.023, 0.022)),
    "forearm": ((0.0, 0.022, 0.023, 0.022), (0.3, 0.025, 0.023, 0.024), (1.0, 0.014, 0.014, 0.016)),
    "hand": (
        (0.0, 0.013, 0.013, 0.016),
        (0.4, 0.024, 0.02, 0.014),
        (0.7, 0.022, 0.02, 0.012),
        (1.0, 0.01, 0.01, 0.009),
    ),
}
#: Height above the hips, half-widths to the front, the back, the side.
TRUNK: tuple[Station, ...] = (
    (-0.055, 0.03, 0.042, 0.05),
    (-0.02, 0.048, 0.07, 0.1),
    (0.03, 0.054, 0.066, 0.099),
    (0.075, 0.053, 0.05, 0.083),
    (0.115, 0.052, 0.046, 0.077),
    (0.17, 0.058, 0.055, 0.085),
    (0.22, 0.063, 0.06, 0.094),
    (0.268, 0.056, 0.058, 0.1),
    (0.296, 0.042, 0.05, 0.082),
    (0.312, 0.03, 0.036, 0.046),
)
NECK = ((0.0, 0.034, 0.036, 0.036), (1.0, 0.03, 0.034, 0.033))
