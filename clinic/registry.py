"""A strict little registry: the seam through which an app hands something to the floor below it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")


class Registry(Generic[T]):
    """Things of one type by their `key`, in order of registration. A key is taken once; a wrong type is refused."""

    def __init__(self, of: type[T]) -> None:
        self._type = of
        self._entries: dict[str, T] = {}

    def register(self, entry: T) -> T:
        key = getattr(entry, "key", None)
        if not isinstance(entry, self._type) or not isinstance(key, str):
            raise ImproperlyConfigured(f"{entry!r} is not a {self._type.__name__} with a key.")
        if key in self._entries:
            raise ImproperlyConfigured(f"{self._type.__name__} {key!r} is registered twice.")
        self._entries[key] = entry
        return entry

    def __getitem__(self, key: str) -> T:
        return self._entries[key]

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    @contextmanager
    def temporarily(self, entry: T) -> Iterator[T]:
        """For tests: registered inside the block only."""
        self.register(entry)
        try:
            yield entry
        finally:
            del self._entries[entry.key]  # type: ignore[attr-defined]
