"""WeChat Pay, version 2: signatures under the API key, and messages in XML."""

import hashlib
import hmac
import re
from xml.parsers import expat

from . import answers, charsets, form, signing
from .form import Rejected

UNSIGNED = (b"sign",)
# Rule wechat/a4-name: a name of XML without a colon, which would call for a namespace.
NAME = re.compile(
    "[A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]"
    "[-.0-9A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]*")
NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def string_to_sign(case, _keys):
    return "value", answers.stages(answers.encoded(case), case["charset"], UNSIGNED)[0]


def sign(case, keys):
    return "value", signed(case, keys)[0]


def signed(case, keys):
    expect, _rows, message = answers.stages(answers.encoded(case), case["charset"], UNSIGNED)
    expect["signature"] = signature(case["sign_type"], message, keys[case["key"]])
    return expect, message


def signature(sign_type, message, key):
    """Rules wechat/a2-key, wechat/a2-digest: &key= and the key behind the string, for HMAC too; upper-case hex."""
    if not key["secret"]:
        raise Rejected("unknown_key", "an empty key")
    secret = key["secret"].encode("utf-8")
    whole = message + b"&key=" + secret
    if sign_type == "HMAC-SHA256":
        return hmac.new(secret, whole, hashlib.sha256).hexdigest().upper()
    return hashlib.md5(whole).hexdigest().upper()


def check(sign_type, message, sign, key):
    """Rules wechat/a2-digest, wechat/a3-compare: the exact text form first, then the digits."""
    digits = 64 if sign_type == "HMAC-SHA256" else 32
    if not re.fullmatch(rb"[0-9A-F]{%d}" % digits, sign):
        raise Rejected("bad_signature_encoding", f"not {digits} upper-case hex digits")
    if not hmac.compare_digest(signature(sign_type, message, key).encode(), sign):
        raise Rejected("signature_mismatch")


def build_xml(case, keys):
    """What is signed and the signature, each an element; empty values are not sent."""
    expect, _ = signed(case, keys)
    sent = [pair for pair in case["input"]["params"] if pair[1] and pair[0] != "sign"]
    expect["xml"] = written([*sent, ["sign", expect["signature"]]])
    return "value", expect


def written(pairs):
    """Rules wechat/a4-cdata-end, wechat/a4-name, wechat/a4-character."""
    for name, value in pairs:
        if not NAME.fullmatch(name):
            raise Rejected("malformed_input", f"{name!r} names no element")
        if NO_CHARACTER.search(value):
            raise Rejected("malformed_input", f"{value!r} cannot stand in XML")
    return f"<xml>{''.join(f'<{name}>{cdata(value)}</{name}>' for name, value in pairs)}</xml>"


def cdata(value):
    """In sections, ]]> split over two of them. A carriage return would be read as a line feed there."""
    inside = value.replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[")
    return f"<![CDATA[{inside}]]>"


def decode(case, _keys):
    pairs = fields(answers.received(case, "body"))
    shown = [[charsets.decode(part, "utf-8") for part in pair] for pair in pairs]
    return "value", {"decoded": shown, "decoded_b64": [[answers.b64(part) for part in pair] for pair in pairs]}


def verify_notify(case, keys):
    return verified(case, keys, fields(answers.received(case, "body")))


def verify_response(case, keys):
    """Rule wechat/a3-failed: the answer to a failed call is return_code and return_msg, unsigned."""
    pairs = fields(answers.received(case, "body"))
    if dict(pairs).get(b"return_code") == b"FAIL" and {name for name, _ in pairs} <= {b"return_code", b"return_msg"}:
        return "accept", answers.stage("decoded", pairs, "utf-8")
    return verified(case, keys, pairs)


def verified(case, keys, pairs):
    """Rules wechat/a3-signed, wechat/a3-algorithm: over everything received, by what the merchant asked for."""
    given = dict(pairs)
    if not given.get(b"sign"):
        raise Rejected("missing_field", "no sign")
    if given.get(b"sign_type", case["sign_type"].encode()) != case["sign_type"].encode():
        raise Rejected("algorithm_mismatch", "the message names another sign type")
    expect, _rows, message = answers.stages(pairs, "utf-8", UNSIGNED)
    check(case["sign_type"], message, given[b"sign"], keys[case["key"]])
    return "accept", {**answers.stage("decoded", pairs, "utf-8"), **expect}


def fields(body):
    """The elements below <xml>, each with its text. Nothing else carries meaning, so nothing else may seem to."""
    if len(body) > form.MAX_BYTES:
        raise Rejected("limit_exceeded", "body over 1 MiB")
    charsets.decode(body, "utf-8")
    pairs, open_names = [], []

    def begin(name, attributes):
        open_names.append(name)
        if attributes or ":" in name:
            raise Rejected("malformed_input", "an attribute or a namespace")
        if len(open_names) == 1 and name != "xml":
            raise Rejected("malformed_input", "another root than xml")
        if len(open_names) == 2:
            if len(pairs) == form.MAX_PARAMETERS:
                raise Rejected("limit_exceeded", "more than 1,000 elements")
            if any(name == other for other, _ in pairs):
                raise Rejected("duplicate_field", name)
            pairs.append([name, ""])
        if len(open_names) > 2:
            raise Rejected("malformed_input", "an element within a field")

    def end(_name):
        open_names.pop()

    def characters(data):
        if len(open_names) == 2:
            pairs[-1][1] += data
        elif data.strip(" \t\r\n"):
            raise Rejected("malformed_input", "text beside the fields")

    def refuse(*_arguments):
        raise Rejected("malformed_input", "a document type")

    def beside(*_arguments):
        if len(open_names) == 2:
            raise Rejected("malformed_input", "a comment or an instruction within a field")

    def declared(_version, encoding, _standalone):
        if encoding is not None and encoding.lower() != "utf-8":
            raise Rejected("charset_error", f"declared as {encoding}")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, characters
    parser.StartDoctypeDeclHandler, parser.XmlDeclHandler = refuse, declared
    parser.CommentHandler = parser.ProcessingInstructionHandler = beside
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise Rejected("malformed_input", str(error)) from error
    return [(name.encode(), value.encode()) for name, value in pairs]


OWN = {("wechatpay.v2", operation.__name__): operation for operation in (
    string_to_sign, sign, build_xml, decode, verify_notify, verify_response)}
