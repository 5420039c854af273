"""The mobile product: quoted order strings, results, and the first generation's notification."""

import re
from decimal import Decimal
from urllib.parse import quote_plus

from . import answers, charsets, form, requests, signing
from .form import Rejected

_QUOTED = rb'[^="&]+="[^"]*"'


def pairs_to_sign(case):
    """Rules mobile/10-order-string, mobile/10-quote: what is signed, in the order given; no quote can be escaped."""
    pairs = signing.filtered(answers.encoded(case), (b"sign", b"sign_type"))
    for name, value in pairs:
        if not re.fullmatch(_QUOTED, name + b'="' + value + b'"'):
            raise Rejected("malformed_input", "no name=\"value\"")
    return pairs


def quoted(pairs):
    return b"&".join(name + b'="' + value + b'"' for name, value in pairs)


def shown(pairs, message, charset):
    """The stages: nothing is sorted, so the pairs are the same before and after."""
    expect = {**answers.stage("filtered", pairs, charset), **answers.stage("sorted", pairs, charset)}
    text = charsets.readable(message, charset)
    if text is not None:
        expect["string_to_sign"] = text
    expect["string_to_sign_b64"] = answers.b64(message)
    return expect


def string_to_sign(case, _keys):
    pairs = pairs_to_sign(case)
    return "value", shown(pairs, quoted(pairs), case["charset"])


def sign_type(case):
    """Rule mobile/10-sign-type: RSA alone."""
    if case["sign_type"] != "RSA":
        raise Rejected("unsupported_algorithm", "RSA alone")


def sign(case, keys):
    sign_type(case)
    pairs = pairs_to_sign(case)
    expect = shown(pairs, quoted(pairs), case["charset"])
    expect["signature"] = signing.sign(case["sign_type"], quoted(pairs), keys[case["key"]])
    return "value", expect


def build_order_string(case, keys):
    """Rules mobile/10-order-string, mobile/10-sign-escaped."""
    _, expect = sign(case, keys)
    text = charsets.decode(quoted(pairs_to_sign(case)), case["charset"])
    escaped = quote_plus(expect["signature"])
    expect["order_string"] = f'{text}&sign="{escaped}"&sign_type="{case["sign_type"]}"'
    return "value", expect


def check_request(case, _keys):
    """Rules mobile/10-required, mobile/10-values: the product's table."""
    answers.encoded(case)
    values = {name: value for name, value in case["input"]["params"] if value}
    requests.require(values, "service")
    if values["service"] != "mobile.securitypay.pay":
        raise Rejected("malformed_input", "another service")
    requests.require(values, "partner", "_input_charset", "out_trade_no", "subject", "payment_type", "seller_id", "body")
    requests.one_of(values, "total_fee", "rmb_fee")
    requests.lengths(values, LENGTHS)
    for name, pattern in PATTERNS.items():
        if name in values and not re.fullmatch(pattern, values[name]):
            raise Rejected("malformed_input", name)
    if not Decimal("0.01") <= Decimal(values.get("total_fee", "1")) <= Decimal("100000000.00"):
        raise Rejected("malformed_input", "total_fee out of range")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", values.get("it_b_pay", "")):
        requests.time_limit(values)
    return "accept", {}


# Longest values, where a Chinese character counts two.
LENGTHS = {"partner": 16, "notify_url": 200, "return_url": 200, "out_trade_no": 64, "subject": 256, "body": 1024,
           "extern_token": 32}
PATTERNS = {"_input_charset": "utf-8|UTF-8", "subject": '[^"]*', "body": '[^"]*', "payment_type": "1",
            "total_fee": requests.AMOUNT, "goods_type": "[01]", "rn_check": "[TF]"}


def verify_return(case, keys):
    """Rule mobile/10-judged: the status of the envelope, the signature, and success."""
    sign_type(case)
    text = answers.received(case, "query")
    if len(text) > form.MAX_BYTES:
        raise Rejected("limit_exceeded", "result over 1 MiB")
    if text.startswith(b"resultStatus="):
        envelope = re.fullmatch(rb"resultStatus=\{([^{}]*)\};memo=\{(.*?)\};result=\{(.*)\}", text, re.DOTALL)
        if not envelope:
            raise Rejected("malformed_input", "no resultStatus={};memo={};result={}")
        if envelope[1] != b"9000":
            raise Rejected("business_mismatch", "another status than 9000")
        text = envelope[3]
    is_quoted = text.partition(b"=")[2].startswith(b'"')
    pairs, signed, message = (quoted_result if is_quoted else plain_result)(text)
    fields = dict(pairs)
    if fields.get(b"sign_type", case["sign_type"].encode()) != case["sign_type"].encode():
        raise Rejected("algorithm_mismatch", "the result names another sign type")
    signing.check(case["sign_type"], message, fields[b"sign"], keys[case["key"]])
    if fields.get(b"success") != b"true":
        raise Rejected("business_mismatch", "success is not true")
    expect = shown(signed, message, case["charset"])
    if not is_quoted:
        kept = signing.filtered(pairs, (b"sign", b"sign_type"))
        expect.update(answers.stage("filtered", kept, case["charset"]))
    return "accept", {**answers.stage("decoded", pairs, case["charset"]), **expect}


def quoted_result(text):
    """Rule mobile/10-result: everything before &sign_type= is signed as it stands; sign comes last."""
    if not re.fullmatch(_QUOTED + rb"(?:&" + _QUOTED + rb")*", text):
        raise Rejected("malformed_input", "no name=\"value\" joined by &")
    pairs = [(name, value) for name, value in re.findall(rb'([^="&]+)="([^"]*)"', text)]
    signing.duplicates(pairs)
    names = [name for name, _ in pairs]
    for name in (b"sign_type", b"sign"):
        if name not in names:
            raise Rejected("missing_field", f"no {name.decode()}")
    if names[-2:] != [b"sign_type", b"sign"] or len(names) == 2:
        raise Rejected("malformed_input", "sign_type and sign do not stand last")
    return pairs, pairs[:-2], text[:text.rindex(b'&sign_type="')]


def plain_result(text):
    """Rule mobile/10-plain-result: decoded once, sorted, without sign and sign_type."""
    pairs = form.decode(text)
    signing.duplicates(pairs)
    if not dict(pairs).get(b"sign"):
        raise Rejected("missing_field", "no sign")
    rows = signing.ordered(signing.filtered(pairs, (b"sign", b"sign_type")))
    return pairs, rows, signing.joined(rows)


def verify_notify(case, keys):
    """Rule mobile/10-notify-data: notify_data=, and the text decoded once."""
    sign_type(case)
    pairs = form.decode(answers.received(case, "body"))
    signing.duplicates(pairs)
    fields = dict(pairs)
    for name in (b"sign", b"notify_data"):
        if not fields.get(name):
            raise Rejected("missing_field", f"no {name.decode()}")
    if fields.get(b"sign_type", case["sign_type"].encode()) != case["sign_type"].encode():
        raise Rejected("algorithm_mismatch", "the message names another sign type")
    signed = [(b"notify_data", fields[b"notify_data"])]
    message = signing.joined(signed)
    signing.check(case["sign_type"], message, fields[b"sign"], keys[case["key"]])
    expect = shown(signed, message, case["charset"])
    return "accept", {**answers.stage("decoded", pairs, case["charset"]), **expect}


_OPERATIONS = {operation.__name__: operation for operation in (string_to_sign, sign, build_order_string, verify_return)}
OWN = {(protocol, name): operation for protocol in ("alipay.mobile", "alipay.mobile.v1")
       for name, operation in _OPERATIONS.items()}
OWN["alipay.mobile.v1", "verify_notify"] = verify_notify
OWN["alipay.mobile", "check_request"] = check_request
