"""Text to bytes and back in the charsets of the gateway.

Python's own `gbk` codec is CP936 without the private use area, and its `gb18030` is the edition of
2000. The vectors follow the WHATWG Encoding Standard, so both are built here from Python's
`gb18030` and the twenty places where the standard's table differs from it (found by comparing all
23,940 entries of index-gb18030.txt with Python's codec).
"""


class CharsetError(ValueError):
    """A character without bytes, or bytes without a character."""


# Two-byte sequences whose character differs in the WHATWG table (GB 18030-2022, and U+3000).
_WHATWG = {
    b"\xa3\xa0": "\u3000",
    b"\xa6\xd9": "\ufe10", b"\xa6\xda": "\ufe12", b"\xa6\xdb": "\ufe11", b"\xa6\xdc": "\ufe13",
    b"\xa6\xdd": "\ufe14", b"\xa6\xde": "\ufe15", b"\xa6\xdf": "\ufe16", b"\xa6\xec": "\ufe17",
    b"\xa6\xed": "\ufe18", b"\xa6\xf3": "\ufe19", b"\xa8\xbc": "\u1e3f", b"\xfe\x59": "\u9fb4",
    b"\xfe\x61": "\u9fb5", b"\xfe\x66": "\u9fb6", b"\xfe\x67": "\u9fb7", b"\xfe\x6d": "\u9fb8",
    b"\xfe\x7e": "\u9fb9", b"\xfe\x90": "\u9fba", b"\xfe\xa0": "\u9fbb",
}
_WHATWG_ENCODE = {char: pair for pair, char in _WHATWG.items() if char != "\u3000"}


def encode(text, charset):
    """The bytes of `text`; a character that has none is an error, never a replacement."""
    if charset == "utf-8":
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise CharsetError(str(error)) from error
    return b"".join(_encode_gb(char, charset) for char in text)


def _encode_gb(char, charset):
    if char == "\ue5e5":
        raise CharsetError("U+E5E5 has no bytes")
    if char == "\u20ac" and charset != "gb18030":
        return b"\x80"
    if char == "\ue7c7":
        data = b"\x81\x35\xf4\x37"
    else:
        data = _WHATWG_ENCODE.get(char)
    if data is None:
        try:
            data = char.encode("gb18030")
        except UnicodeEncodeError as error:
            raise CharsetError(str(error)) from error
    if len(data) == 4 and charset != "gb18030":
        raise CharsetError(f"U+{ord(char):04X} has no two-byte form")
    return data


def decode(data, charset):
    """The text of `data`; bytes without a character are an error. A byte order mark is kept."""
    if charset == "utf-8":
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise CharsetError(str(error)) from error
    out, at = [], 0
    while at < len(data):
        char, size = _decode_gb(data, at, charset)
        out.append(char)
        at += size
    return "".join(out)


def _decode_gb(data, at, charset):
    """One character: one byte, two bytes (lead 81-FE, second 40-7E or 80-FE), or four in GB 18030."""
    lead = data[at]
    if lead < 0x80:
        return chr(lead), 1
    if lead == 0x80:
        return "\u20ac", 1
    second = data[at + 1] if at + 1 < len(data) else 0
    if 0x30 <= second <= 0x39 and charset == "gb18030":
        return _codec(data[at:at + 4]), 4
    pair = data[at:at + 2]
    if pair in _WHATWG:
        return _WHATWG[pair], 2
    if lead == 0xFF or not (0x40 <= second <= 0x7E or 0x80 <= second <= 0xFE):
        raise CharsetError(f"byte {lead:02X} at {at} begins no character")
    return _codec(pair), 2


def _codec(data):
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise CharsetError(str(error)) from error
    if len(text) != 1:
        raise CharsetError(f"{data.hex()} is no character")
    return {b"\x81\x35\xf4\x37": "\ue7c7"}.get(data, text)


def readable(data, charset):
    """The text of `data` when it leads back to the same bytes, else None."""
    try:
        text = decode(data, charset)
        return text if encode(text, charset) == data else None
    except CharsetError:
        return None
