"""Small pictures of what was measured, drawn on the server: a lane for each side, in the measure's own unit.

Today's value is solid with its measurement error as a whisker, the earlier one hollow. A norm that fits the person and
the way of measuring is a soft band where a study gives its spread, a short tick where only a mean or an agreed angle is
known; where none fits, the caption says why. The dashed line is the working threshold of a rule.
"""

from assessments.views.pictures.made import Person, pictures_of, pictures_of_changes

__all__ = ["Person", "pictures_of", "pictures_of_changes"]
