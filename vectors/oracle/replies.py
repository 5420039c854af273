"""The synchronous JSON reply of the open platform: one member's value, as it stands, is what is signed."""

import base64
import json
import re

from . import charsets, content, signing
from .form import Rejected

BLANK = " \t\n\r"
MAX_DEPTH = 128


def verify_response(case, keys):
    """Rule 4-node: the value of the node, or of error_response, in the bytes that came."""
    charset = case["charset"]
    node, signature = parts(charsets.decode(received(case), charset), case["input"]["node"])
    message = charsets.encode(node, charset)
    if case["sign_type"] == "MD5":
        raise Rejected("unsupported_algorithm", "the open platform has RSA only")
    signing.check(case["sign_type"], message, signature.encode(), keys[case["key"]])
    expect = {"string_to_sign_b64": base64.b64encode(message).decode()}
    text = charsets.readable(message, charset)
    return "accept", {"string_to_sign": text, **expect} if text is not None else expect


def unreadable(case, keys):
    """Why the merchant could not read an encrypted node with the key of its content; None where it can."""
    node, _ = parts(charsets.decode(received(case), case["charset"]), case["input"]["node"])
    if not node.startswith('"'):
        return None
    if "aes" not in keys[case["key"]]:
        return "no key for the content"
    try:
        _, plain = content.decrypt({**case, "input": {"ciphertext": json.loads(node)}}, keys)
        return None if isinstance(json.loads(plain["content"]), dict) else "content that is no object"
    except (Rejected, KeyError, ValueError) as error:
        return str(error)


def received(case):
    given = case["input"]
    return base64.b64decode(given["body_b64"]) if "body_b64" in given else charsets.encode(given["body"], case["charset"])


def parts(text, node, limit=MAX_DEPTH):
    """The text of the node and the signature; refuses what stands twice, is missing or is of the wrong kind."""
    members = spans(text, limit)
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


def spans(text, limit):
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
    if depth(whole) > limit:
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
    return any(_accepts(reading, case, keys) for reading in (_bytes, _deep, _slashes, _relaxed, _unsigned_failure))


def _accepts(reading, case, keys):
    try:
        message, signature = reading(received(case), case["input"]["node"], case["charset"])
        if signature is not None:
            signing.check(case["sign_type"], message, signature.encode(), keys[case["key"]])
        return True
    except (Rejected, charsets.CharsetError):
        return False


def _bytes(body, node, _charset):
    """The bytes as they are, whatever charset they are in (Go's encoding/json); a byte order mark is skipped."""
    text, signature = parts(body[3 * body.startswith(b"\xef\xbb\xbf"):].decode("latin-1"), node)
    return text.encode("latin-1"), signature


def _deep(body, node, charset):
    """Without the limit on nesting, which every reader sets for itself."""
    text, signature = parts(charsets.decode(body, charset), node, limit=900)
    return charsets.encode(text, charset), signature


def _slashes(body, node, charset):
    """Once more with the slashes escaped (the document), or not (the official Java, .NET and PHP SDKs)."""
    text, signature = parts(charsets.decode(body, charset), node)
    bare = text.replace("\\/", "/")
    other = bare if bare != text else bare.replace("/", "\\/")
    return charsets.encode(other, charset), signature


def _relaxed(body, node, charset):
    """Base64 with line breaks or without padding (PHP's base64_decode, Java's commons-codec)."""
    text, signature = parts(charsets.decode(body, charset), node)
    bare = re.sub("[^A-Za-z0-9+/]", "", signature)
    return charsets.encode(text, charset), bare + "=" * (-len(bare) % 4)


def _unsigned_failure(body, node, charset):
    """A failure without a signature is passed on (the official Java and .NET SDKs)."""
    members = {name: value for name, value, _ in spans(charsets.decode(body, charset), MAX_DEPTH)}
    value = members.get(node) or members.get("error_response")
    if members.get("sign") or not isinstance(value, Object) or dict(value).get("code") == "10000":
        raise Rejected("missing_field", "no sign")
    return b"", None
