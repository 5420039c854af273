"""The old WAP product: sec_id, the notification's fixed order, encrypted data, and what its XML says."""

import base64
import binascii
import os
import subprocess
import tempfile
from xml.parsers import expat

from . import answers, callbacks, charsets, form, requests, signing
from .form import Rejected

# Rule wap/9-sec-id: what the wire calls the sign types.
NAMES = {"MD5": b"MD5", "RSA": b"0001"}
FIXED = (b"service", b"v", b"sec_id", b"notify_data")
MAX_FIELDS = 1000
MAX_BLOCKS = 128


def string_to_sign(case, _keys):
    return "value", answers.stages(answers.encoded(case), case["charset"], (b"sign",))[0]


def name_of(case):
    """What the wire calls the configured sign type."""
    if case["sign_type"] not in NAMES:
        raise Rejected("unsupported_algorithm", "MD5 and RSA alone")
    return NAMES[case["sign_type"]]


def sign(case, keys):
    name_of(case)
    expect, _, message = answers.stages(answers.encoded(case), case["charset"], (b"sign",))
    expect["signature"] = signing.sign(case["sign_type"], message, keys[case["key"]])
    return "value", expect


def build_request(case, keys):
    """Rule wap/9-request: sec_id is one of the signed parameters, and no sign_type is sent."""
    pairs = [*answers.encoded(case), (b"sec_id", name_of(case))]
    signing.duplicates(pairs)
    expect, rows, message = answers.stages(pairs, case["charset"], (b"sign",))
    expect["signature"] = signing.sign(case["sign_type"], message, keys[case["key"]])
    rows.append((b"sign", expect["signature"].encode()))
    expect["wire"] = requests.wire_url(case["input"]["gateway"], rows)
    return "value", expect


def received(case, name, told_by):
    """The pairs of a message: each name once, signed, and by the configured sign type."""
    pairs = form.decode(answers.received(case, name))
    signing.duplicates(pairs)
    fields = dict(pairs)
    if not fields.get(b"sign"):
        raise Rejected("missing_field", "no sign")
    if fields.get(told_by, name_of(case)) != name_of(case):
        raise Rejected("algorithm_mismatch", "the message names another sign type")
    return pairs, fields


def checked(case, keys, pairs, sign, stages):
    expect, _, message = stages
    signing.check(case["sign_type"], message, sign, keys[case["key"]])
    return "accept", {**answers.stage("decoded", pairs, case["charset"]), **expect}


def verify_return(case, keys):
    """Rule wap/9-call-back: sorted, without sign and sign_type."""
    pairs, fields = received(case, "query", b"sign_type")
    stages = answers.stages(pairs, case["charset"], (b"sign", b"sign_type"))
    return checked(case, keys, pairs, fields[b"sign"], stages)


def verify_response(case, keys):
    """Rule wap/9-reply: sorted, without sign; res_data is decrypted first."""
    pairs, fields = received(case, "body", b"sec_id")
    opened = [(name, plain(case, keys, value) if name == b"res_data" else value) for name, value in pairs]
    stages = answers.stages(opened, case["charset"], (b"sign",))
    return checked(case, keys, pairs, fields[b"sign"], stages)


def verify_notify(case, keys):
    """Rules wap/9-notify, wap/9-notify-encrypted: four parameters in their fixed order, notify_data decrypted first."""
    pairs, fields = received(case, "body", b"sec_id")
    for name in FIXED:
        if not fields.get(name):
            raise Rejected("missing_field", f"no {name.decode()}")
    fields[b"notify_data"] = plain(case, keys, fields[b"notify_data"])
    rows = [(name, fields[name]) for name in FIXED]
    message = signing.joined(rows)
    kept = [(name, fields[name]) for name, _ in pairs if name in FIXED]
    expect = {**answers.stage("filtered", kept, case["charset"]), **answers.stage("sorted", rows, case["charset"])}
    text = charsets.readable(message, case["charset"])
    if text is not None:
        expect["string_to_sign"] = text
    expect["string_to_sign_b64"] = answers.b64(message)
    return checked(case, keys, pairs, fields[b"sign"], (expect, rows, message))


def plain(case, keys, value):
    """The value as it is under MD5; under 0001 what the merchant's private key makes of it."""
    if case["sign_type"] == "MD5":
        return value
    return decrypt(value, keys[case["key"]])


def decrypt(text, key):
    """Rule wap/9-blocks: base64 of PKCS#1 v1.5 blocks of the key's length, joined as bytes. Each of them must open."""
    if "decryption_pkcs8_pem" not in key:
        raise Rejected("unknown_key", "no key to decrypt with")
    with tempfile.TemporaryDirectory(prefix="vectors-") as folder:
        path = os.path.join(folder, "key")
        with open(path, "w", encoding="ascii") as file:
            file.write(key["decryption_pkcs8_pem"])
        modulus = run("rsa", "-in", path, "-noout", "-modulus").strip().partition(b"=")[2]
        size = len(modulus) // 2
        try:
            raw = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Rejected("decrypt_failed", "no base64") from error
        if not raw or len(raw) % size or base64.b64encode(raw) != text:
            raise Rejected("decrypt_failed", "no whole blocks")
        if len(raw) > MAX_BLOCKS * size:
            raise Rejected("limit_exceeded", "too many blocks")
        blocks = [raw[at:at + size] for at in range(0, len(raw), size)]
        if any(block >= bytes.fromhex(modulus.decode()) for block in blocks):
            raise Rejected("decrypt_failed", "no smaller than the modulus")
        # Without the command's own padding check, whose later versions make up a text instead of failing.
        raw_rsa = ("pkeyutl", "-decrypt", "-inkey", path, "-pkeyopt", "rsa_padding_mode:none")
        return b"".join(unpadded(run(*raw_rsa, message=block)) for block in blocks)


def run(*arguments, message=None):
    return subprocess.run(["openssl", *arguments], input=message, capture_output=True, check=True).stdout


def unpadded(block):
    """00 02, at least eight bytes that are not zero, 00, the data (RFC 8017, section 7.2.2)."""
    end = block.find(b"\0", 2)
    if block[:2] != b"\0\2" or end < 10:
        raise Rejected("decrypt_failed", "no PKCS#1 v1.5 block")
    return block[end + 1:]


def decide(case, _keys):
    """Rules wap/9-notify-data, mobile/10-decide: the business checks on what the XML says."""
    given = case["input"]
    data = dict(given["notification"]).get("notify_data")
    if not data:
        raise Rejected("missing_field", "no notify_data")
    return "value", {"decision": callbacks.decide(fields_of(data), given["order"])}


def fields_of(text):
    """The elements below <notify>, each with its text. No document type, no nesting, no name twice."""
    fields, open_names, place = [], [], {}

    def begin(name, _attributes):
        open_names.append(name)
        if len(open_names) == 1 and name != "notify":
            raise Rejected("malformed_input", "another root than notify")
        if len(open_names) == 2:
            if name in place:
                raise Rejected("duplicate_field", name)
            if len(place) == MAX_FIELDS:
                raise Rejected("limit_exceeded", "too many elements")
            place[name] = len(fields)
            fields.append([name, ""])
        if len(open_names) > 2:
            raise Rejected("malformed_input", "an element within a field")

    def end(_name):
        open_names.pop()

    def characters(data):
        if len(open_names) == 2:
            fields[-1][1] += data
        elif data.strip(" \t\r\n"):
            raise Rejected("malformed_input", "text beside the fields")

    def refuse(*_arguments):
        raise Rejected("malformed_input", "a document type")

    def beside(*_arguments):
        if open_names:
            raise Rejected("malformed_input", "something else than a field")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, characters
    parser.StartDoctypeDeclHandler = refuse
    parser.CommentHandler = parser.ProcessingInstructionHandler = beside
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        raise Rejected("malformed_input", str(error)) from error
    return fields


OWN = {("alipay.wap", operation.__name__): operation for operation in (
    string_to_sign, sign, build_request, verify_return, verify_response, verify_notify, decide)}
OWN["alipay.mobile.v1", "decide"] = decide
