"""Whether a clinician may consider a lift. Nothing here prescribes one."""

from collections.abc import Sequence

from assessments.rules.pack import Pack
from assessments.rules.protocol import PACK
from assessments.rules.records import Finding, Lift

CONFIRMED = ("leg_length_structural_confirmed", "leg_length_mixed")
IMAGED = "leg_length_difference_imaging"


def lift(findings: Sequence[Finding], pack: Pack = PACK) -> Lift:
    """May be considered only with a difference confirmed on imaging, alone or mixed."""
    for finding in findings:
        if finding.code in CONFIRMED:
            return Lift(True, tuple(considerations(finding, {other.code for other in findings}, pack)))
    imaged = any(reason.measure == IMAGED for finding in findings for reason in finding.because)
    return Lift(
        False,
        (f"imaging shows no difference of {pack.leg['imaging']} mm or more",) if imaged else ("no imaging on file",),
    )


def considerations(finding: Finding, codes: set[str], pack: Pack) -> list[str]:
    table = pack.leg
    size = next(reason.value or 0 for reason in finding.because if reason.measure == IMAGED)
    height = round(size * table["lift_share"], 1)
    said = [f"confirmed on imaging: {size:g} mm, {finding.side} shorter", *first_steps(codes)]
    return [
        *said,
        f"for the clinician to consider: {table['lift_share']:.0%} of the difference, {height:g} mm,"
        f" under the {finding.side} side ({table['lift_share_source']})",
        f"start {table['lift_start_mm']} mm and add {table['lift_step_mm']} mm every 1-2 weeks by symptoms"
        " (our own working value, unverified)",
        *([table["lift_in_shoe_note"]] if height > table["lift_in_shoe_mm"] else []),
        f"review after {table['lift_review_weeks']} weeks",
    ]


def first_steps(codes: set[str]) -> list[str]:
    """What comes before any lift."""
    steps = ["orthopaedic opinion first"] if "leg_length_refer" in codes else []
    return steps + (["treat the functional part first, then reconsider"] if "leg_length_mixed" in codes else [])
