"""How dates are written in Spanish, where Django's own differ from what people read on a phone."""

SHORT_DATE_FORMAT = r"j M Y"
DATETIME_FORMAT = r"j \d\e F \d\e Y, H:i"
SHORT_DATETIME_FORMAT = r"j M Y, H:i"
TIME_FORMAT = "H:i"
