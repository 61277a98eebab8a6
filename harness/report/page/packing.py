"""Values made small for the page: each distinct part once, then deflated.

libdeflate is used, and pinned, because its output depends on its release alone: that of
zlib depends on whose zlib a Python was built with, and the page has to be the same bytes
everywhere.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import deflate
import msgspec

_LEVEL = 12

_Key = tuple[str, str | int | bool | None] | tuple[int, ...]


def packed(value: object) -> str:
    """Return a value as text for `packed.js` to unpack.

    It is a list of the distinct parts of the value, the whole one last: texts and
    numbers as they are, a list as the places of its items.
    """
    parts: dict[_Key, int] = {}
    _place(msgspec.to_builtins(value), parts)
    encoded = msgspec.json.encode([_written(key) for key in parts])
    return b64encode(deflate.zlib_compress(encoded, _LEVEL)).decode()


def _place(value: Any, parts: dict[_Key, int]) -> int:  # noqa: ANN401
    """Return the place of a value among the parts, where it is put if it is new."""
    key: _Key
    if isinstance(value, (list, tuple)):
        key = tuple(_place(item, parts) for item in value)
    else:
        key = (type(value).__name__, value)
    return parts.setdefault(key, len(parts))


def _written(key: _Key) -> object:
    return key[1] if key and isinstance(key[0], str) else key
