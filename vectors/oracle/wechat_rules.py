"""WeChat Pay: what its v2 requests require, the parameters for the client, refund notices, replies, and decisions."""

import base64
import hashlib
import ipaddress
import json
import re
import subprocess
from datetime import datetime
from xml.etree import ElementTree

from . import answers, charsets, content, signing, wechat_v2
from .form import Rejected
from .requests import one_of, require

V2, V3 = "wechatpay.v2", "wechatpay.v3"

# Rules wechat/a6-*: the longest values, in bytes of UTF-8.
LENGTHS = {
    "appid": 32, "mch_id": 32, "nonce_str": 32, "device_info": 32, "body": 128, "detail": 6000, "attach": 127,
    "out_trade_no": 32, "out_refund_no": 64, "transaction_id": 32, "refund_id": 32, "fee_type": 16,
    "refund_fee_type": 16, "spbill_create_ip": 64, "goods_tag": 32, "notify_url": 256, "product_id": 32,
    "openid": 128, "receipt": 8, "op_user_id": 32, "refund_desc": 80, "scene_info": 256,
}
VALUES = {
    "sign_type": ("MD5", "HMAC-SHA256"), "trade_type": ("JSAPI", "NATIVE", "APP", "MWEB"), "limit_pay": ("no_credit",),
    "refund_account": ("REFUND_SOURCE_UNSETTLED_FUNDS", "REFUND_SOURCE_RECHARGE_FUNDS"),
}
FEE = re.compile(r"[1-9][0-9]*", re.ASCII)
NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]+", re.ASCII)
FEN = re.compile(r"0|[1-9][0-9]*", re.ASCII)
MOST_FEN = 99_999_999_999


def check_request(case, _keys):
    """Rules wechat/a6-*: an empty value counts as absent."""
    answers.encoded(case)
    given = case["input"]
    values = {name: value for name, value in given["params"] if value != ""}
    checks = {"/pay/unifiedorder": unified_order, "/pay/orderquery": order_query,
              "/secapi/pay/refund": refund, "/pay/refundquery": refund_query}
    path = given["gateway"].removeprefix("https://api.mch.weixin.qq.com")
    if path not in checks:
        raise Rejected("malformed_input", "no such interface")
    require(values, "appid", "mch_id", "nonce_str")
    checks[path](values)
    written(values)
    return "accept", {}


def unified_order(values):
    require(values, "body", "out_trade_no", "total_fee", "spbill_create_ip", "notify_url", "trade_type")
    if values["trade_type"] == "JSAPI":
        require(values, "openid")
    if values["trade_type"] == "NATIVE":
        require(values, "product_id")
    if "time_start" in values and "time_expire" in values and time(values, "time_expire") <= time(values, "time_start"):
        raise Rejected("malformed_input", "expires before it starts")


def order_query(values):
    one_of(values, "transaction_id", "out_trade_no")


def refund(values):
    require(values, "out_refund_no", "total_fee", "refund_fee")
    one_of(values, "transaction_id", "out_trade_no")


def refund_query(values):
    one_of(values, "refund_id", "out_refund_no", "transaction_id", "out_trade_no")


def written(values):
    """How values are written, whichever interface they are for."""
    for name, longest in LENGTHS.items():
        if len(values.get(name, "").encode()) > longest:
            raise Rejected("malformed_input", f"{name} over {longest} bytes")
    for name, allowed in VALUES.items():
        if values.get(name, allowed[0]) not in allowed:
            raise Rejected("malformed_input", name)
    for names, pattern in ((("total_fee", "refund_fee"), FEE), (("out_trade_no", "out_refund_no"), NUMBER)):
        for name in names:
            if name in values and not pattern.fullmatch(values[name]):
                raise Rejected("malformed_input", name)
    for name in ("total_fee", "refund_fee"):
        if int(values.get(name, "1")) > MOST_FEN:
            raise Rejected("malformed_input", name)
    for name in ("time_start", "time_expire"):
        time(values, name)
    if not re.fullmatch(r"https?://[^\s?/][^\s?]*", values.get("notify_url", "http://a")):
        raise Rejected("malformed_input", "notify_url")
    try:
        ipaddress.ip_address(values.get("spbill_create_ip", "::1"))
    except ValueError as error:
        raise Rejected("malformed_input", "spbill_create_ip") from error


def time(values, name):
    text = values.get(name, "20091225091010")
    try:
        if not re.fullmatch(r"[0-9]{14}", text, re.ASCII):
            raise ValueError(text)
        return datetime.strptime(text, "%Y%m%d%H%M%S")
    except ValueError as error:
        raise Rejected("malformed_input", name) from error


def build_client_params(case, keys):
    """Rules wechat/a7-*: what the client calls up the payment with, signed by the rule of the order."""
    given = case["input"]
    values = {name: value for name, value in given["params"] if value != ""}
    require(values, "appid", "prepay_id", "nonce_str", "timestamp")
    if given["client"] == "jsapi":
        pairs = [("appId", values["appid"]), ("timeStamp", values["timestamp"]), ("nonceStr", values["nonce_str"]),
                 ("package", f"prepay_id={values['prepay_id']}"), ("signType", case["sign_type"])]
        name = "paySign"
    else:
        require(values, "partnerid")
        pairs = [("appid", values["appid"]), ("partnerid", values["partnerid"]), ("prepayid", values["prepay_id"]),
                 ("package", "Sign=WXPay"), ("noncestr", values["nonce_str"]), ("timestamp", values["timestamp"])]
        name = "sign"
    message = signing.joined(signing.ordered([tuple(part.encode() for part in pair) for pair in pairs]))
    signature = wechat_v2.signature(case["sign_type"], message, keys[case["key"]])
    return "value", {"string_to_sign": message.decode(), "string_to_sign_b64": answers.b64(message),
                     "signature": signature, "client_params": [list(pair) for pair in (*pairs, (name, signature))]}


def decrypt(case, keys):
    """Rule wechat/a9-decrypt: AES-256-ECB under the hex digits of the key's MD5, in lower case."""
    data = content.unb64(case["input"]["ciphertext"], "malformed_input")
    key = hashlib.md5(keys[case["key"]]["secret"].encode()).hexdigest().encode()
    done = subprocess.run(["openssl", "enc", "-aes-256-ecb", "-d", "-K", key.hex()], input=data, capture_output=True,
                          check=False)
    if not data or len(data) % content.BLOCK or done.returncode:
        raise Rejected("decrypt_failed", "length or padding")
    expect = {"content_b64": answers.b64(done.stdout)}
    text = charsets.readable(done.stdout, "utf-8")
    return "value", {"content": text, **expect} if text is not None else expect


def build_reply(case, _keys):
    """Rules wechat/a8-reply, wechat/b4-reply: one example of a reply that says so."""
    given = case["input"]
    if case["protocol"] == V2:
        root = ElementTree.Element("xml")
        ElementTree.SubElement(root, "return_code").text = "SUCCESS" if given["accepted"] else "FAIL"
        ElementTree.SubElement(root, "return_msg").text = given["message"]
        return "value", {"reply": {"status": 200, "body": ElementTree.tostring(root, encoding="unicode")}}
    if given["accepted"]:
        return "value", {"reply": {"status": 204, "body": ""}}
    body = json.dumps({"code": "FAIL", "message": given["message"]}, ensure_ascii=False)
    return "value", {"reply": {"status": 500, "body": body}}


def read(reply):
    """What counts of a reply: its status and its code, whatever else the body says. A body that is none has no code."""
    body = reply["body"].strip()
    try:
        code = json.loads(body)["code"] if body.startswith("{") else ElementTree.fromstring(body).findtext("return_code")
    except (ValueError, KeyError, ElementTree.ParseError):
        code = None
    return reply["status"], code


# Rule wechat/a8-state: how far a trade is. Money has come in SUCCESS alone.
RANKS = {"NOTPAY": 0, "USERPAYING": 0, "ACCEPT": 0, "PAYERROR": 0, "SUCCESS": 1, "REFUND": 2, "REVOKED": 3, "CLOSED": 3}
RANKS_OF = {product: RANKS for product in ("jsapi", "native", "app", "h5")}
REFUND_RANKS = {"PROCESSING": 0, "CHANGE": 1, "ABNORMAL": 1, "SUCCESS": 2, "REFUNDCLOSE": 2, "CLOSED": 2}
EVENTS = {"TRANSACTION.SUCCESS": False, "REFUND.SUCCESS": True, "REFUND.ABNORMAL": True, "REFUND.CLOSED": True}
ACTS = ("refund_changed", "closed", "paid", "advanced")
ACKNOWLEDGED = ("not_paid", "already_handled", "out_of_order", *ACTS)


def decide(case, _keys):
    """Rules wechat/a8-* and wechat/b4-*: the first that applies decides."""
    given = case["input"]
    fields = {name: value for name, value in given["notification"] if value != ""}
    if case["protocol"] == V3:
        fields = unsealed(fields)
        fields["is_refund"] = EVENTS.get(fields.get("event_type"))
    else:
        fields["is_refund"] = "refund_status" in fields
    why = _refusal(fields, given["order"], case["protocol"]) or _progress(fields, given["order"])
    return "value", {"decision": {"act": why in ACTS, "answer_success": why in ACKNOWLEDGED, "why": why}}


class Literal(str):
    """A number as it stands in the JSON text."""


def unsealed(fields):
    """The members of the decrypted resource under the names of v2; a number is the text that stands for it."""
    def once(pairs):
        if len({name for name, _ in pairs}) != len(pairs):
            raise Rejected("duplicate_field", "a name occurs twice")
        return dict(pairs)

    try:
        data = json.loads(fields.get("resource", ""), parse_int=Literal, parse_float=Literal, object_pairs_hook=once)
    except ValueError as error:
        raise Rejected("malformed_input", str(error)) from error
    if not isinstance(data, dict):
        raise Rejected("malformed_input", "no object")
    amount = data.get("amount") or {}
    texts = [data.get(name) for name in ("appid", "mchid", "out_trade_no", "trade_state", "refund_status", "out_refund_no")]
    texts += [amount.get("currency")] if isinstance(amount, dict) else []
    if not isinstance(amount, dict) or any(isinstance(text, Literal) or not isinstance(text, (str, type(None)))
                                           for text in texts):
        raise Rejected("malformed_input", "a member of another kind")
    read = {"event_type": fields.get("event_type"), "appid": data.get("appid"), "mch_id": data.get("mchid"),
            "out_trade_no": data.get("out_trade_no"), "trade_state": data.get("trade_state"),
            "refund_status": data.get("refund_status"), "out_refund_no": data.get("out_refund_no"),
            "total_fee": number(amount, "total"), "fee_type": amount.get("currency"),
            "refund_fee": number(amount, "refund")}
    return {name: value for name, value in read.items() if value}


def number(amount, name):
    return amount[name] if isinstance(amount.get(name), Literal) else None


def _refusal(fields, order, protocol):
    if order is None:
        return "order_unknown"
    if protocol == V2 and fields.get("return_code") != "SUCCESS":
        return "call_failed"
    if fields["is_refund"] is None:
        return "kind_differs"
    why = _state(fields, protocol)
    if why:
        return why
    is_unnamed = fields["is_refund"] and "appid" not in fields
    if "app_id" in order and fields.get("appid") != order["app_id"] and not is_unnamed:
        return "app_differs"
    if "mch_id" in order and fields.get("mch_id") != order["mch_id"]:
        return "merchant_differs"
    if fields.get("out_trade_no") != order["out_trade_no"]:
        return "order_differs"
    total = fen(fields.get("total_fee"))
    if total is None or total != int(order["total_fee"]) or (fields.get("fee_type") or "CNY") != "CNY":
        return "amount_differs"
    if fields["is_refund"]:
        refunded = fen(fields.get("refund_fee"))
        if refunded is None or refunded > total:
            return "amount_differs"
    return None


def _state(fields, protocol):
    if fields["is_refund"]:
        return None if fields.get("refund_status") in REFUND_RANKS else "status_unknown"
    if protocol == V2:
        if fields.get("result_code") == "FAIL":
            return "not_paid"
        if fields.get("result_code") != "SUCCESS":
            return "status_unknown"
        fields.setdefault("trade_state", "SUCCESS")
    rank = RANKS.get(fields.get("trade_state"))
    if rank is None:
        return "status_unknown"
    return "not_paid" if rank == 0 else None


def fen(text):
    return int(text) if text is not None and FEN.fullmatch(text) and int(text) <= MOST_FEN else None


def _progress(fields, order):
    if fields["is_refund"]:
        handled = order.get("refund_status")
        if handled is None or fields.get("out_refund_no") != order.get("out_refund_no"):
            return "refund_changed"
        if fields["refund_status"] == handled:
            return "already_handled"
        late = REFUND_RANKS[fields["refund_status"]] < REFUND_RANKS[handled]
        return "out_of_order" if late else "refund_changed"
    state, handled = fields["trade_state"], order.get("trade_status")
    before = -1 if handled is None else RANKS[handled]
    if state == handled:
        return "already_handled"
    if RANKS[state] < before:
        return "out_of_order"
    if state in ("CLOSED", "REVOKED"):
        return "closed"
    return "paid" if state == "SUCCESS" else "advanced"


OWN = {
    **{(V2, operation.__name__): operation for operation in (
        check_request, build_client_params, decrypt, build_reply, decide)},
    **{(V3, operation.__name__): operation for operation in (build_reply, decide)},
}
