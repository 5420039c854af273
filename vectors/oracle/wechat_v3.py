"""WeChat Pay v3: requests signed in the Authorization header, answers and notices signed in headers of their own."""

import base64
import re
from datetime import datetime, timezone

from . import charsets, http, signing, wechat_content
from .form import Rejected
from .lenient import relaxed

SCHEME = "WECHATPAY2-SHA256-RSA2048"
ITEMS = ("mchid", "nonce_str", "timestamp", "serial_no")
WINDOW = 300


def sign_request(case, keys):
    """Rules b1-string, b1-header: five lines, a line feed behind each; the items in quotes, in any order."""
    given, items = case["input"], http.read_items(case)
    for name in ITEMS:
        if not dict(items).get(name):
            raise Rejected("missing_field", name)
    if any('"' in name + value for name, value in items):
        raise Rejected("malformed_input", "an item that cannot be read back")
    if "signature" in dict(items):
        raise Rejected("duplicate_field", "signature")
    method, path, body = http.read_method(given), http.read_path(given), http.read_body(case)
    time, nonce = (dict(items)[name].encode() for name in ("timestamp", "nonce_str"))
    expect, signature = http.signed(case, keys, lines(method, path, time, nonce, body))
    value = ",".join(f'{name}="{value}"' for name, value in [*items, ("signature", signature)])
    expect["headers"] = [["Authorization", f"{SCHEME} {value}"]]
    return "value", expect


def verify_response(case, keys):
    """Rules b2-string, b2-headers, b6-key, b3-window: the key by its id, three lines, then the clock."""
    outcome = genuine(case, keys)
    check_clock(case)
    return outcome


def verify_notify(case, keys):
    """Rule b2-order: the same, and only then is the content opened."""
    outcome, expect = verify_response(case, keys)
    content = wechat_content.open_notice(http.read_body(case), keys[case["key"]])
    text = charsets.readable(content, case["charset"])
    shown = {**({} if text is None else {"content": text}), "content_b64": base64.b64encode(content).decode()}
    return outcome, {**expect, **shown}


def accepts(case, keys):
    """A known lenient reading: WeChat's signature, whatever the clock says and whatever scheme is named."""
    headers = [[name, value.strip()] for name, value in case["input"]["headers"]
               if name.lower() != "wechatpay-signature-type"]
    serials = {number.upper().lstrip("0"): number for number, _ in case["keys"]}
    for pair in headers:
        if pair[0].lower() == "wechatpay-serial":
            pair[1] = serials.get(pair[1].upper().lstrip("0"), pair[1])
        if pair[0].lower() == "wechatpay-signature":
            pair[1] = relaxed(pair[1].encode()).decode()
    try:
        genuine({**case, "input": {**case["input"], "headers": headers}}, keys)
        return True
    except Rejected:
        return False


def genuine(case, keys):
    """Whether WeChat signed the message, at whatever time."""
    given = case["input"]
    time, nonce = (http.need_header(given, name) for name in ("wechatpay-timestamp", "wechatpay-nonce"))
    serial, signature = (http.need_header(given, name) for name in ("wechatpay-serial", "wechatpay-signature"))
    if http.read_header(given, "wechatpay-signature-type") not in (b"", SCHEME.encode()):
        raise Rejected("algorithm_mismatch", "another scheme")
    named = [name for number, name in case.get("keys", []) if number.encode() == serial]
    if not named:
        raise Rejected("unknown_key", serial)
    http.rsa2_alone(case)
    message = lines(time, nonce, http.read_body(case))
    signing.check("RSA2", message, signature, keys[named[0]])
    return "accept", http.shown(case, message)


def check_clock(case):
    """Rule b3-window: seconds, at most five minutes from now to either side."""
    time = http.need_header(case["input"], "wechatpay-timestamp")
    if not re.fullmatch(rb"[0-9]+", time):
        raise Rejected("malformed_input", "no number of seconds")
    now = datetime.strptime(case["input"]["now"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    if abs(int(now.timestamp()) - int(time)) > WINDOW:
        raise Rejected("stale_timestamp", "outside the window")


def lines(*parts):
    return b"".join(part + b"\n" for part in parts)


OWN = {
    ("wechatpay.v3", "sign_request"): sign_request,
    ("wechatpay.v3", "verify_response"): verify_response,
    ("wechatpay.v3", "verify_notify"): verify_notify,
}
