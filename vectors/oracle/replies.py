"""The synchronous JSON reply of the open platform: one member's value, as it stands, is what is signed."""

import base64
import json

from . import charsets, signing
from .form import Rejected

BLANK = " \t\n\r"
MAX_DEPTH = 128


def verify_response(case, keys):
    """Rule 4-node: the value of the node, or of error_response, in the bytes that came."""
    given, charset = case["input"], case["charset"]
    body = base64.b64decode(given["body_b64"]) if "body_b64" in given else charsets.encode(given["body"], charset)
    node, signature = parts(charsets.decode(body, charset), given["node"])
    message = charsets.encode(node, charset)
    if case["sign_type"] == "MD5":
        raise Rejected("unsupported_algorithm", "the open platform has RSA only")
    signing.check(case["sign_type"], message, signature.encode(), keys[case["key"]])
    expect = {"string_to_sign_b64": base64.b64encode(message).decode()}
    text = charsets.readable(message, charset)
    return "accept", {"string_to_sign": text, **expect} if text is not None else expect


def parts(text, node):
    """The text of the node and the signature; refuses what stands twice, is missing or is of the wrong kind."""
    members = spans(text)
    names = [name for name, _, _ in members]
    decisive = (node, "error_response", "sign", "alipay_cert_sn")
    if any(names.count(name) > 1 for name in decisive):
        raise Rejected("duplicate_field", "a member stands twice")
    found = {name: (value, written) for name, value, written in members}
    value, written = found.get(node) or found.get("error_response") or (None, None)
    if written is None:
        raise Rejected("missing_field", "no node")
    if not isinstance(value, (Object, str)):
        raise Rejected("malformed_input", "the node is neither an object nor a string")
    signature, _ = found.get("sign", ("", ""))
    serial, _ = found.get("alipay_cert_sn", ("", ""))
    if not isinstance(signature, str) or not isinstance(serial, str):
        raise Rejected("malformed_input", "no string")
    if not signature:
        raise Rejected("missing_field", "no sign")
    return written, signature


class Object(list):
    """The members of a JSON object, duplicates kept."""


def spans(text):
    """(name, value, text of the value) of each member of the object that the text is.

    Parsed twice: as a whole, which settles what is JSON; and member by member, which gives the places.
    """
    decoder = json.JSONDecoder(object_pairs_hook=Object, parse_constant=_no_constant)
    try:
        whole = decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise Rejected("malformed_input", str(error)) from error
    if not isinstance(whole, Object):
        raise Rejected("malformed_input", "no object")
    if depth(whole) > MAX_DEPTH:
        raise Rejected("limit_exceeded", "nests too deep")
    members, at = [], text.index("{")
    while len(members) < len(whole):
        name, at = decoder.raw_decode(text, _blanks(text, at + 1))
        begin = _blanks(text, _blanks(text, at) + 1)
        value, at = decoder.raw_decode(text, begin)
        members.append((name, value, text[begin:at]))
        at = _blanks(text, at)
    if [(name, value) for name, value, _ in members] != list(whole):
        raise RuntimeError("the two readings differ")
    return members


def _no_constant(name):
    raise ValueError(f"{name} is no JSON")


def _blanks(text, at):
    while at < len(text) and text[at] in BLANK:
        at += 1
    return at


def depth(value):
    """How deep objects and arrays nest."""
    if isinstance(value, Object):
        return 1 + max((depth(inner) for _, inner in value), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def accepts(case, keys):
    """Whether a known lenient reading accepts, to prove that a tolerated `accept` can happen."""
    given, charset = case["input"], case["charset"]
    body = base64.b64decode(given["body_b64"]) if "body_b64" in given else charsets.encode(given["body"], charset)
    return any(reading(body, given["node"], charset, case, keys) for reading in LENIENT)


def _genuine(message, signature, case, keys):
    try:
        signing.check(case["sign_type"], message, signature.encode(), keys[case["key"]])
        return True
    except Rejected:
        return False


def _slashes(body, node, charset, case, keys):
    """Once more with the slashes escaped (the document), or not (the official Java, .NET and PHP SDKs)."""
    try:
        text, signature = parts(charsets.decode(body, charset), node)
    except (Rejected, charsets.CharsetError):
        return False
    bare = text.replace("\\/", "/")
    return any(_genuine(charsets.encode(other, charset), signature, case, keys)
               for other in (bare, bare.replace("/", "\\/")))


def _unsigned_failure(body, node, charset, _case, _keys):
    """A failure without a signature is passed on (the official Java and .NET SDKs)."""
    members = {name: value for name, value, _ in spans(charsets.decode(body, charset))}
    value = members.get(node) or members.get("error_response")
    return not members.get("sign") and isinstance(value, Object) and dict(value).get("code") != "10000"


def _bytes(body, node, _charset, case, keys):
    """The bytes as they are, whatever charset they are in (Go's encoding/json); a byte order mark is skipped."""
    try:
        text, signature = parts(body.removeprefix(b"\xef\xbb\xbf").decode("latin-1"), node)
    except Rejected:
        return False
    return _genuine(text.encode("latin-1"), signature, case, keys)


def _deep(body, node, charset, case, keys):
    """Without the limit on nesting, which every reader sets for itself."""
    global MAX_DEPTH
    MAX_DEPTH, limit = 900, MAX_DEPTH
    try:
        text, signature = parts(charsets.decode(body, charset), node)
        return _genuine(charsets.encode(text, charset), signature, case, keys)
    except (Rejected, charsets.CharsetError):
        return False
    finally:
        MAX_DEPTH = limit


LENIENT = (_bytes, _slashes, _deep, _unsigned_failure)
