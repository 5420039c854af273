"""Messages whose signature stands in an HTTP header: openapi v3 and Antom."""

import base64
import re
import string

from . import charsets, signing
from .form import Rejected

_NAME = set(string.ascii_letters + string.digits + string.punctuation) - set(",=")
_HEX = re.compile(rb"%([0-9A-Fa-f]{2})")


def sign_v3(case, keys):
    """Rules 9-auth, 9-string: the items travel as they are signed; the token is a line only where there is one."""
    given, items = case["input"], read_items(case)
    for name in ("app_id", "nonce", "timestamp"):
        if not dict(items).get(name):
            raise Rejected("missing_field", name)
    auth = ",".join(f"{name}={value}" for name, value in items)
    token = read_header(given, "alipay-app-auth-token")
    lines = [auth.encode(), read_method(given), read_path(given), read_body(case), *([token] if token else [])]
    message = b"".join(line + b"\n" for line in lines)
    expect, signature = signed(case, keys, message)
    expect["headers"] = [["Authorization", f"ALIPAY-SHA256withRSA {auth},sign={signature}"]]
    return "value", expect


def verify_v3(case, keys):
    """Rule 9-reply: timestamp, nonce and body, a line feed behind each."""
    given = case["input"]
    time, nonce = (need_header(given, name) for name in ("alipay-timestamp", "alipay-nonce"))
    message = time + b"\n" + nonce + b"\n" + read_body(case) + b"\n"
    return verified(case, keys, message, need_header(given, "alipay-signature"))


def sign_antom(case, keys):
    """Rules 12-string, 12-header: two lines without a last line feed; the base64 is escaped."""
    items = read_items(case)
    _algorithm(dict(items))
    expect, signature = signed(case, keys, _content(case, "request-time"))
    signature = signature.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    expect["signature"] = signature
    value = ",".join(f"{name}={value}" for name, value in [*items, ("signature", signature)])
    expect["headers"] = [["signature", value]]
    return "value", expect


def verify_antom_reply(case, keys):
    return _verify_antom(case, keys, "response-time")


def verify_antom_notify(case, keys):
    return _verify_antom(case, keys, "request-time")


def _verify_antom(case, keys, time):
    """Rules 12-header, 12-reply, 12-notify: the signature is the last item, unescaped once as in a form."""
    message = _content(case, time)
    header = need_header(case["input"], "signature")
    items = [part.lstrip(b" \t").partition(b"=") for part in header.split(b",")]
    names = [name for name, _, _ in items]
    if not all(name and equals for name, equals, _ in items):
        raise Rejected("malformed_input", "no item")
    if b"signature" not in names:
        raise Rejected("missing_field", "no signature")
    if names.index(b"signature") != len(names) - 1:
        raise Rejected("malformed_input", "something behind the signature")
    if len(set(names)) != len(names):
        raise Rejected("duplicate_field", "an item twice")
    _algorithm({name.decode(): value.decode() for name, _, value in items})
    written = items[-1][2]
    if not written:
        raise Rejected("missing_field", "an empty signature")
    if re.search(rb"%(?![0-9A-Fa-f]{2})", written):
        raise Rejected("bad_signature_encoding", "a broken escape")
    text = _HEX.sub(lambda match: bytes([int(match[1], 16)]), written.replace(b"+", b" "))
    return verified(case, keys, message, text)


def _content(case, time):
    given = case["input"]
    client, when = need_header(given, "client-id"), need_header(given, time)
    return read_method(given) + b" " + read_path(given) + b"\n" + client + b"." + when + b"." + read_body(case)


def _algorithm(items):
    """Rule 12-algorithm: where it is named, it is RSA256, in any case."""
    if items.get("algorithm", "RSA256").upper() != "RSA256":
        raise Rejected("algorithm_mismatch", items["algorithm"])


def signed(case, keys, message):
    rsa2_alone(case)
    signature = signing.sign("RSA2", message, keys[case["key"]])
    return {**shown(case, message), "signature": signature}, signature


def verified(case, keys, message, signature):
    rsa2_alone(case)
    signing.check("RSA2", message, signature, keys[case["key"]])
    return "accept", shown(case, message)


def rsa2_alone(case):
    if case["sign_type"] != "RSA2":
        raise Rejected("unsupported_algorithm", "RSA2 alone")


def shown(case, message):
    text = charsets.readable(message, case["charset"])
    return {**({} if text is None else {"string_to_sign": text}),
            "string_to_sign_b64": base64.b64encode(message).decode()}


def read_items(case):
    items = case["input"].get("params", [])
    names = [name for name, _ in items]
    if len(set(names)) != len(names):
        raise Rejected("duplicate_field", "an item twice")
    for name, value in items:
        if not name or not set(name) <= _NAME or re.search(r"[\x00-\x1f\x7f,]", value):
            raise Rejected("malformed_input", "an item that cannot be read back")
    return [tuple(item) for item in items]


def read_header(given, name):
    """A header by its name in any case; nothing where it is empty, and never one of two."""
    values = [value for other, value in given.get("headers", []) if other.lower() == name]
    if len(values) > 1:
        raise Rejected("duplicate_field", name)
    value = "".join(values)
    if re.search(r"[\x00-\x1f\x7f]", value):
        raise Rejected("malformed_input", f"{name} is no line")
    return value.encode()


def need_header(given, name):
    value = read_header(given, name)
    if not value:
        raise Rejected("missing_field", name)
    return value


def read_method(given):
    method = given.get("method", "")
    if not method:
        raise Rejected("missing_field", "method")
    if not re.fullmatch(r"[A-Za-z]+", method):
        raise Rejected("malformed_input", "method")
    return method.encode()


def read_path(given):
    path = given.get("path", "")
    if not path:
        raise Rejected("missing_field", "path")
    if not re.fullmatch(r"/[^\x00-\x20\x7f]*", path):
        raise Rejected("malformed_input", "path")
    return path.encode()


def read_body(case):
    given = case["input"]
    if "body_b64" in given:
        return base64.b64decode(given["body_b64"], validate=True)
    return charsets.encode(given["body"], case["charset"])


OPERATIONS = {
    ("alipay.openapi.v3", "sign_request"): sign_v3,
    ("alipay.openapi.v3", "verify_response"): verify_v3,
    ("antom", "sign_request"): sign_antom,
    ("antom", "verify_response"): verify_antom_reply,
    ("antom", "verify_notify"): verify_antom_notify,
}
