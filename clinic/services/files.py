"""Documents about a client. What one is, its bytes say, not its name; it lies on the disk before its row is written."""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

import puremagic
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from clinic.models import Client, ClientFile, Membership
from clinic.services import audit

MOST_BYTES = 25 * 1024 * 1024
HEAD = 4096
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain"
KNOWN = {"application/pdf", "image/png", "image/jpeg", "image/heif", "image/heic"}
KINDS = "PDF, PNG, JPEG, HEIC, Word (.docx) or plain text"
NAME_LENGTH = 200


def add(*, client: Client, content: File[bytes], by: Membership, about: str = "") -> ClientFile:
    """Keep a document. Raises ValidationError with one line: empty, too big, or of a kind that is not kept.

    Not atomic as a whole: the bytes lie on the disk first, and are taken away again where their row can't be written.
    """
    name = tidy(content.name or "")
    if not content.size:
        raise ValidationError("it is empty.")
    if content.size > MOST_BYTES:
        raise ValidationError(f"it has {content.size / 1024**2:.0f} MB; up to {MOST_BYTES // 1024**2} MB are kept.")
    file = ClientFile(
        practice_id=client.practice_id, client=client, name=name, about=written(about), size=content.size, added_by=by,
        media_type=kind_of(content), sha256=digest(content),
    )  # fmt: skip
    file.clean_fields(exclude=["content"])
    file.content.save(name, content, save=False)
    try:
        with transaction.atomic():
            file.save()
            audit.record("file.added", on=file, by=by, client=client, media_type=file.media_type, size=file.size)
    except BaseException:
        file.content.storage.delete(str(file.content.name))
        raise
    return file


def tidy(name: str) -> str:
    """Its last part without characters that write nothing, short enough, with its ending."""
    path = PurePosixPath(name.replace("\\", "/"))
    clean = written(path.name) or "document"
    ending = PurePosixPath(clean).suffix[:20]
    return clean if len(clean) <= NAME_LENGTH else clean[: NAME_LENGTH - len(ending)] + ending


def written(text: str) -> str:
    """Without characters that write nothing, and that a database or a header may refuse."""
    return "".join(letter for letter in text if unicodedata.category(letter)[0] != "C").strip()


def kind_of(content: File[bytes]) -> str:
    """Its media type. Raises ValidationError for what is not kept."""
    content.seek(0)
    head = content.read(HEAD)
    found = signatures(head)
    if known := next((kind for kind in found if kind in KNOWN), None):
        return known
    if DOCX in found and is_docx(content):
        return DOCX
    if is_text(content):
        return TEXT
    raise ValidationError(f"it is none of these: {KINDS}.")


def signatures(head: bytes) -> list[str]:
    """Media types that begin like this, the likeliest first."""
    try:
        return [match.mime_type for match in puremagic.magic_string(head)]
    except (puremagic.PureError, ValueError):
        return []


def is_docx(content: File[bytes]) -> bool:
    content.seek(0)
    try:
        with zipfile.ZipFile(as_binary(content)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def as_binary(content: File[bytes]) -> BinaryIO:
    return content  # type: ignore[return-value]  # a Django file reads, seeks and tells like one


def is_text(content: File[bytes]) -> bool:
    """UTF-8 that writes something; markup is a program, not a text."""
    content.seek(0)
    try:
        text = content.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    writes = all(letter >= " " or letter in "\t\n\r\f" for letter in text)
    return writes and not text.lstrip().startswith("<")


def digest(content: File[bytes]) -> str:
    content.seek(0)
    found = hashlib.sha256()
    for chunk in content.chunks():
        found.update(chunk)
    content.seek(0)
    return found.hexdigest()


@transaction.atomic
def describe(*, file: ClientFile, about: str, by: Membership) -> ClientFile:
    """Say what it is. Raises ValidationError where that is too long."""
    file.about = written(about)
    file.clean_fields(exclude=["content"])
    file.save(update_fields=["about"])
    audit.record("file.described", on=file, by=by, client=file.client)
    return file


@transaction.atomic
def remove(*, file: ClientFile, by: Membership) -> ClientFile:
    """Out of the list; kept on the disk. Removing twice changes nothing."""
    if file.removed_at is None:
        file.removed_at = timezone.now()
        file.save(update_fields=["removed_at"])
        audit.record("file.removed", on=file, by=by, client=file.client)
    return file


@transaction.atomic
def restore(*, file: ClientFile, by: Membership) -> ClientFile:
    """Back into the list. Restoring twice changes nothing."""
    if file.removed_at is not None:
        file.removed_at = None
        file.save(update_fields=["removed_at"])
        audit.record("file.restored", on=file, by=by, client=file.client)
    return file
