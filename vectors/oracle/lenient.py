"""Known lenient readings of a callback, to prove that a tolerated `accept` can really happen.

The reference follows none of these. Each corresponds to an implementation named in the answers.
"""

import base64
import itertools
import re
from xml.etree import ElementTree

from . import form, signing, wechat_v2
from .form import Rejected


def decode(body):
    """Form decoding that keeps a broken escape as it stands (PHP, Python, WHATWG)."""
    pairs = []
    for segment in filter(None, body.split(b"&")):
        name, _, value = segment.partition(b"=")
        pairs.append((_unescape(name), _unescape(value)))
    return pairs


def _unescape(data):
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), data.replace(b"+", b" "))


def accepts(case, body, keys):
    """Whether any combination of the known leniencies finds the signature genuine."""
    if case["protocol"] == "alipay.mobile":
        return _accepts_result(case, body, keys)
    if case["protocol"] == "wechatpay.v2":
        return _accepts_xml(body, keys[case["key"]])
    pairs = decode(body)
    ways = itertools.product((_first, _last), _EMPTY, (_exact, _relaxed), _unsigned(case["protocol"]))
    for keep, empty, text, unsigned in ways:
        fields = keep(pairs)
        signature = text(case["sign_type"], fields.get(b"sign", b""))
        kept = [(name, value) for name, value in fields.items() if name not in unsigned and not empty(value)]
        try:
            signing.check(case["sign_type"], signing.joined(signing.ordered(kept)), signature, keys[case["key"]])
            return True
        except Rejected:
            continue
    return False


def _accepts_xml(body, key):
    """Whatever the root, without attributes, comments and text beside the members; the algorithm by the sign's length."""
    fields = {element.tag: "".join(element.itertext()) for element in ElementTree.fromstring(body)}
    sign = fields.pop("sign").strip().upper()
    pairs = [(name.encode(), value.encode()) for name, value in fields.items() if value]
    sign_type = "HMAC-SHA256" if len(sign) == 64 else "MD5"
    return wechat_v2.signature(sign_type, signing.joined(signing.ordered(pairs)), key) == sign


def _accepts_result(case, text, keys):
    """Cut at the last &sign=, whatever stands between; the signature escaped or not."""
    if text.startswith(b"resultStatus={9000}"):
        text = text.partition(b";result={")[2].removesuffix(b"}")
    message, _, sign = text.rpartition(b'&sign="')
    message = message.removesuffix(b'&sign_type="RSA"')
    for signature in (sign[:-1], form.decode(b"=" + sign[:-1].replace(b"+", b"%2B"))[0][1]):
        try:
            signing.check(case["sign_type"], message, signature, keys[case["key"]])
            return True
        except Rejected:
            continue
    return False


# What counts as empty: nothing, the value of zero bytes, one of blanks.
_EMPTY = (lambda value: False, lambda value: not value, lambda value: not value.strip())


def _unsigned(protocol):
    """The official Node.js library tries both rules of the open platform."""
    both = ((b"sign", b"sign_type"), (b"sign",))
    return both if protocol.startswith("alipay.openapi.v2") else both[:1]


def _first(pairs):
    return dict(reversed(pairs))


def _last(pairs):
    return dict(pairs)


def _exact(_sign_type, signature):
    return signature


def _relaxed(sign_type, signature):
    """Hex in any case; base64 with line breaks, without padding, in the URL-safe alphabet."""
    if sign_type == "MD5":
        return signature.lower()
    return relaxed(signature)


def relaxed(signature):
    """The base64 of a signature with line breaks, without padding, in the URL-safe alphabet."""
    bare = re.sub(rb"[^A-Za-z0-9+/]", b"", signature.replace(b"-", b"+").replace(b"_", b"/"))
    return base64.b64encode(base64.b64decode(bare + b"=" * (-len(bare) % 4)))
