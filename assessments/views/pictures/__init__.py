"""Pictures of what was measured, as data for `clinic.charts` and as the same in words for the table beside them.

Today's value carries its measurement error as a whisker, the earlier one is hollow. A norm that fits the person and
the way of measuring is a soft band where a study gives its spread, a tick where only a mean or an agreed angle is
known; where none fits, the note says why. The dashed line is the working threshold of a rule.
"""

from assessments.views.pictures.course import Track, tracks_of
from assessments.views.pictures.legs import legs_picture
from assessments.views.pictures.made import Person, Picture, pictures_of

__all__ = ["Person", "Picture", "Track", "legs_picture", "pictures_of", "tracks_of"]
