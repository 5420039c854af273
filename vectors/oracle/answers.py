"""The right answer to one case, computed from the case alone."""

import base64

from . import callbacks, certificates, charsets, content, form, requests, signing
from .form import Rejected


def b64(data):
    return base64.b64encode(data).decode()


def unb64(text):
    return base64.b64decode(text, validate=True)


def answer(case, keys):
    """{"outcome": "value"|"accept", "expect": {...}} or {"outcome": "reject", "reason": class}."""
    try:
        outcome, expect = operation_of(case)(case, keys)
    except charsets.CharsetError:
        return {"outcome": "reject", "reason": "charset_error"}
    except Rejected as rejected:
        return {"outcome": "reject", "reason": rejected.reason}
    return {"outcome": outcome, "expect": expect}


def operation_of(case):
    """A protocol's own way of an operation, or else the one that all share."""
    name = case["operation"]
    return OWN.get((case["protocol"], name)) or OPERATIONS[name]


def received(case, name):
    """The bytes of a field that may stand as text or as base64."""
    given = case["input"]
    if f"{name}_b64" in given:
        return unb64(given[f"{name}_b64"])
    return charsets.encode(given[name], case["charset"])


def stage(name, pairs, charset):
    """A list of pairs as text when the text leads back to the bytes, else as base64."""
    text = [[charsets.readable(part, charset) for part in pair] for pair in pairs]
    if all(part is not None for pair in text for part in pair):
        return {name: text}
    return {f"{name}_b64": [[b64(part) for part in pair] for pair in pairs]}


def stages(pairs, charset, unsigned):
    """Filter, sort and join, with what each of them gives; and the string to sign."""
    kept = signing.filtered(pairs, unsigned)
    rows = signing.ordered(kept)
    message = signing.joined(rows)
    expect = {**stage("filtered", kept, charset), **stage("sorted", rows, charset)}
    text = charsets.readable(message, charset)
    if text is not None:
        expect["string_to_sign"] = text
    expect["string_to_sign_b64"] = b64(message)
    return expect, rows, message


def encoded(case):
    pairs = [tuple(charsets.encode(part, case["charset"]) for part in pair)
             for pair in case["input"]["params"]]
    signing.duplicates(pairs)
    return pairs


def string_to_sign(case, _keys):
    return "value", stages(encoded(case), case["charset"], signing.excluded(case["protocol"], True))[0]


def signed(case, keys):
    unsigned = signing.excluded(case["protocol"], True)
    expect, rows, message = stages(encoded(case), case["charset"], unsigned)
    expect["signature"] = signing.sign(case["sign_type"], message, keys[case["key"]])
    tail = [(b"sign", expect["signature"].encode()), (b"sign_type", case["sign_type"].encode())]
    return expect, [*rows, *tail]


def sign(case, keys):
    return "value", signed(case, keys)[0]


def build_request(case, keys):
    expect, rows = signed(case, keys)
    expect["wire"] = requests.wire_url(case["input"]["gateway"], rows)
    return "value", expect


def build_form(case, keys):
    """Rules 2.5-post, 3-form-nul: the charset stands in the address too; HTML cannot write NUL."""
    expect, rows = signed(case, keys)
    if any(b"\0" in part for row in rows for part in row):
        raise Rejected("malformed_input", "NUL in a form")
    given = [(name, value) for name, value in rows if name == b"_input_charset"]
    address = case["input"]["gateway"]
    expect["form"] = {"action": requests.wire_url(address, given) if given else address,
                      "fields": [[charsets.decode(part, case["charset"]) for part in row] for row in rows]}
    return "value", expect


def check_request(case, _keys):
    encoded(case)
    requests.check(case["input"]["params"])
    return "accept", {}


def decode(case, _keys):
    pairs = form.decode(received(case, "body"))
    expect = {}
    try:
        expect["decoded"] = [[charsets.decode(part, case["charset"]) for part in pair] for pair in pairs]
    except charsets.CharsetError:
        pass
    expect["decoded_b64"] = [[b64(part) for part in pair] for pair in pairs]
    return "value", expect


def verify_notify(case, keys):
    return verify(case, keys, "body")


def verify_return(case, keys):
    return verify(case, keys, "query")


def verify(case, keys, name):
    """Rule 4-all: decode once, then sign over everything received, then compare."""
    pairs = form.decode(received(case, name))
    signing.duplicates(pairs)
    fields = dict(pairs)
    if not fields.get(b"sign"):
        raise Rejected("missing_field", "no sign")
    if fields.get(b"sign_type", case["sign_type"].encode()) != case["sign_type"].encode():
        raise Rejected("algorithm_mismatch", "the message names another sign type")
    unsigned = signing.excluded(case["protocol"], False)
    expect, _rows, message = stages(pairs, case["charset"], unsigned)
    signing.check(case["sign_type"], message, fields[b"sign"], keys[case["key"]])
    return "accept", {**stage("decoded", pairs, case["charset"]), **expect}


def notify_id_url(case, _keys):
    given = case["input"]
    return "value", {"wire": callbacks.notify_id_url(given["partner"], given["notify_id"], given["transport"])}


def notify_id_answer(case, _keys):
    callbacks.notify_id_answer(received(case, "answer"))
    return "accept", {}


def diagnose(case, _keys):
    given = case["input"]
    return "value", {"cause": callbacks.diagnose(given["signature_matches"], given["answer"])}


def decide(case, _keys):
    given = case["input"]
    return "value", {"decision": callbacks.decide(given["notification"], given["order"])}


def parse_refund_results(case, _keys):
    return "value", {"items": callbacks.refund_results(case["input"]["result_details"])}


OPERATIONS = {operation.__name__: operation for operation in (
    string_to_sign, sign, build_request, build_form, check_request, decode, verify_notify,
    verify_return, notify_id_url, notify_id_answer, diagnose, decide, parse_refund_results)}
# (protocol, operation): what a protocol does its own way, from the modules of the protocols.
OWN = {("alipay.openapi.v2", operation.__name__): operation for operation in (
    content.encrypt, content.decrypt, certificates.certificate_sn, certificates.root_certificate_sn,
    certificates.verify_certificate)}
