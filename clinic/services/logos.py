"""The practice's picture. What it is, its bytes say; it is drawn anew, so that nothing travels along in it.

It goes into a mail as a part of it, not as an address: nothing is fetched when a mail is opened, so that nobody can
tell whether it was, and it shows where a mail program blocks what comes from elsewhere.
"""

from __future__ import annotations

import base64
import io
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from PIL import Image

from clinic import reminders
from clinic.models import Logo, Membership, Practice
from clinic.services import audit
from clinic.services.files import HEAD, signatures

Rows = TypeVar("Rows", bound=QuerySet[Any])
MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
WIDEST, HIGHEST = 400, 200
#: In every mail of the practice, so small it has to be.
LIGHT = 60_000
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
#: What stands at the end of a whole picture. Pillow can't be asked: another library tells it to accept half ones.
ENDS = {"image/png": b"IEND", "image/jpeg": b"\xff\xd9"}
DAMAGED = "The picture is damaged: it cannot be read to its end."
CID = "logo"
#: In a mail, at most; on a sharp screen every pixel of the file is seen.
SHOWN_WIDE, SHOWN_HIGH = 200, 100


@transaction.atomic
def put(*, practice: Practice, content: File[bytes], by: Membership) -> Logo:
    """The practice's picture from now on. Raises ValidationError with one line: what is wrong with it."""
    media_type, picture = drawn_anew(content)
    Practice.objects.select_for_update().get(pk=practice.pk)  # of two at once the later one stays
    Logo.objects.filter(practice=practice).delete()
    data, (width, height) = encoded(picture, FORMATS[media_type]), picture.size
    # a new row: its address may be kept by browsers for ever
    logo = Logo.objects.create(practice=practice, picture=data, media_type=media_type, width=width, height=height)
    audit.record("practice.logo_put", on=practice, by=by, width=width, height=height)
    return logo


@transaction.atomic
def remove(*, practice: Practice, by: Membership) -> None:
    """No picture any more. Removing twice changes nothing."""
    if Logo.objects.filter(practice=practice).delete()[0]:
        audit.record("practice.logo_removed", on=practice, by=by)


def drawn_anew(content: File[bytes]) -> tuple[str, Image.Image]:
    """Its media type, and its pixels on white: a dark page would swallow a dark picture without ground."""
    if not content.size:
        raise ValidationError("The file is empty.")
    if content.size > MOST_BYTES:
        raise ValidationError(f"The file has {content.size / 1024**2:.0f} MB; a logo has at most 5 MB.")
    content.seek(0)
    media_type = next((kind for kind in signatures(content.read(HEAD)) if kind in FORMATS), None)
    if media_type is None:
        raise ValidationError("This is neither a PNG nor a JPEG picture.")
    content.seek(0)
    if ENDS[media_type] not in content.read()[content.size // 2 :]:  # a small one inside a JPEG has an end, too
        raise ValidationError(DAMAGED)
    content.seek(0)
    try:
        with Image.open(content, formats=[FORMATS[media_type]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValidationError(f"The picture has {opened.width} × {opened.height} pixels: make it smaller.")
            whole = opened.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(DAMAGED) from error
    whole.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", whole.size, "white")
    ground.alpha_composite(whole)
    return media_type, ground.convert("RGB")


def encoded(picture: Image.Image, form: str) -> bytes:
    for colours in (0, 128, 32):
        out = io.BytesIO()
        if form == "JPEG":
            picture.save(out, form, quality=85 if not colours else 60, optimize=True)
        else:
            (picture.quantize(colours) if colours else picture).save(out, form, optimize=True)
        if out.tell() <= LIGHT:
            break
    return out.getvalue()


# --- where it shows ---------------------------------------------------------------------------------------------------


COLUMNS = {"logo_picture": "picture", "logo_type": "media_type", "logo_width": "width", "logo_height": "height"}


def with_logo(rows: Rows) -> Rows:
    """Practices that bring their picture along: no query more for a mail."""
    mine = Logo.objects.filter(practice=OuterRef("pk"))
    return rows.annotate(**{name: Subquery(mine.values(column)) for name, column in COLUMNS.items()})


def without_logo(practice: Practice) -> Practice:
    """One that is known to have none."""
    practice.__dict__.update(dict.fromkeys(COLUMNS))
    return practice


def of(practice: Practice) -> reminders.Image | None:
    """As a part of a mail. Without a query where the practice comes from `with_logo`."""
    known = practice.__dict__
    if "logo_picture" not in known:
        row = Logo.objects.filter(practice=practice.pk).values(*COLUMNS.values()).first() or {}
        known.update({name: row.get(column) for name, column in COLUMNS.items()})
    if not known["logo_picture"]:
        return None
    width = min(known["logo_width"], SHOWN_WIDE, SHOWN_HIGH * known["logo_width"] // known["logo_height"])
    return reminders.Image(CID, known["logo_type"], bytes(known["logo_picture"]), max(width, 1))


def row_of(practice: Practice) -> Logo | None:
    """For a page: its address and size, without the picture itself."""
    return Logo.objects.filter(practice=practice).defer("picture").first()


def data_address(image: reminders.Image) -> str:
    """The picture itself as an address, for a document that may fetch nothing."""
    return f"data:{image.media_type};base64,{base64.b64encode(image.content).decode()}"
