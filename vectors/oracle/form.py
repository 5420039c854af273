"""application/x-www-form-urlencoded over bytes."""

MAX_BYTES = 1024 * 1024
MAX_PARAMETERS = 1000
_PLAIN = frozenset(b"*-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_HEX = frozenset(b"0123456789abcdefABCDEF")


class Rejected(Exception):
    """The rejection an implementation should give, with its reason class."""

    def __init__(self, reason, detail=""):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


def decode(body):
    """Rule 4-form: split at `&` only, first `=` separates, `+` is a space, escapes are undone once."""
    if len(body) > MAX_BYTES:
        raise Rejected("limit_exceeded", "body over 1 MiB")
    segments = [segment for segment in body.split(b"&") if segment]
    if len(segments) > MAX_PARAMETERS:
        raise Rejected("limit_exceeded", "more than 1,000 parameters")
    pairs = []
    for segment in segments:
        name, _, value = segment.partition(b"=")
        pairs.append((_unescape(name), _unescape(value)))
    return pairs


def _unescape(data):
    out, at = bytearray(), 0
    while at < len(data):
        byte = data[at]
        if byte == 0x2B:
            out.append(0x20)
        elif byte == 0x25:
            digits = data[at + 1:at + 3]
            if len(digits) != 2 or not all(digit in _HEX for digit in digits):
                raise Rejected("malformed_input", f"broken escape at byte {at}")
            out.append(int(digits, 16))
            at += 2
        else:
            out.append(byte)
        at += 1
    return bytes(out)


def encode(pairs):
    """The form serialiser of the WHATWG URL Standard over bytes."""
    return "&".join(f"{_escape(name)}={_escape(value)}" for name, value in pairs)


def _escape(data):
    return "".join("+" if b == 0x20 else chr(b) if b in _PLAIN else f"%{b:02X}" for b in data)
