"""Puts the PyPI package `wechatpy` (wechatpy/wechatpy) under test: version 2 of WeChat Pay, with `wechatpy.pay`.

The library's own functions are called, and nothing about them is changed. Two things are watched from outside: the
text that it signs or verifies, and what it decrypts. Outside of the test is the network; see README.md.
"""

import requests
import wechatpy.crypto
from protocol import Offers, accept, from_b64, reject, serve_package, to_b64, unsupported, value
from wechatpy.exceptions import InvalidSignatureException, WeChatPayException
from wechatpy.pay import WeChatPay, utils

SIGN = {"MD5": utils.calculate_signature, "HMAC-SHA256": utils.calculate_signature_hmac}

offers = Offers("wechatpay.v2", charsets=["utf-8"])
seen = {}


def format_url(params, api_key=None, written=utils.format_url):
    seen["string"] = written(params)
    return written(params, api_key)


class RefundCrypto(wechatpy.crypto.RefundCrypto):
    def decrypt(self, text):
        seen["content"] = super().decrypt(text)
        return seen["content"]


utils.format_url = format_url
wechatpy.crypto.RefundCrypto = RefundCrypto


def stages():
    return {"string_to_sign_b64": to_b64(seen["string"])} if "string" in seen else {}


def client(request, appid=None, mch_id=None, body=None, sent=None):
    """The library's client; `body` is what its HTTP client gets, `sent` collects what that is given."""
    seen.clear()
    pay = WeChatPay(appid, request["key"]["secret"], mch_id)
    reply = requests.Response()
    reply.status_code, reply._content = 200, body
    pay._http.request = lambda **given: sent.append(given["data"]) or reply
    return pay


@offers("string_to_sign", duplicates=False)
def string_to_sign(request):
    params = dict(request["params"])
    if "sign" in params:
        return unsupported("takes sign out before this function")
    return value(string_to_sign_b64=to_b64(utils.format_url(params)))


@offers("sign", sign_types=["MD5", "HMAC-SHA256"], duplicates=False)
def sign(request):
    params = dict(request["params"])
    if "sign" in params:
        return unsupported("takes sign out before this function")
    seen.clear()
    signature = SIGN[request["sign_type"]](params, request["key"]["secret"])
    return value(signature=signature, stages=stages())


@offers("build_xml", sign_types=["MD5", "HMAC-SHA256"], duplicates=False)
def build_xml(request):
    params, sent = dict(request["params"]), []
    if "nonce_str" not in params or "mch_id" not in params:
        return unsupported("writes nonce_str and mch_id itself where they are missing")
    body = b"<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code></xml>"
    client(request, body=body, sent=sent).post("pay/unifiedorder", data=params)
    return value(xml=sent[0].decode(), stages=stages())


@offers("build_client_params", sign_types=["MD5"], duplicates=False)
def build_client_params(request):
    given = dict(request["params"])
    if not {"appid", "prepay_id"} <= given.keys() or (request["client"] == "app" and "partnerid" not in given):
        return unsupported("takes appid, prepay_id and partnerid as arguments, which cannot be left out")
    pay = client(request, given["appid"], given.get("partnerid"))
    build = pay.order.get_appapi_params if request["client"] == "app" else pay.jsapi.get_jsapi_params
    built = build(given["prepay_id"], given["timestamp"], given["nonce_str"])
    return value(client_params=list(built.items()), stages=stages())


@offers("verify_notify", sign_types=["MD5"])
def verify_notify(request):
    client(request).parse_payment_result(from_b64(request["body_b64"]))
    return accept(stages=stages())


@offers("verify_response", sign_types=["MD5"])
def verify_response(request):
    pay = client(request, mch_id="1", body=from_b64(request["body_b64"]), sent=[])
    reply = pay.post("pay/orderquery", data={})
    if isinstance(reply, str):
        return reject(detail="the text, as it is no XML")
    return (accept if pay.check_signature(reply) else reject)(stages=stages())


@offers("decrypt")
def decrypt(request):
    envelope = {"appid": None, "mch_id": None, "req_info": request["ciphertext"]}
    client(request).parse_refund_notify_result(envelope)
    return value(content_b64=to_b64(seen["content"]))


serve_package("wechatpy", offers, {InvalidSignatureException: None, WeChatPayException: None})
