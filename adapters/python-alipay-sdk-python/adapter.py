"""Puts the PyPI package `alipay-sdk-python`, the official one, under test: the open platform's requests and replies.

The library's own functions are called, and nothing about them is changed. Outside of the test are the clock, which
gives the time of the request, and the network, which gives the reply; see README.md.
"""

import importlib
from datetime import datetime
from types import SimpleNamespace

import rsa
from alipay.aop.api import DefaultAlipayClient as client_module
from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.exception.Exception import RequestException, ResponseException
from alipay.aop.api.util import EncryptUtils, SignatureUtils
from protocol import Offers, accept, from_b64, serve_package, to_b64, unsupported, value

SIGN = {"RSA": SignatureUtils.sign_with_rsa, "RSA2": SignatureUtils.sign_with_rsa2}
# The client signs each request that it sends, also where a case asks about the reply only.
OWN_KEY = rsa.newkeys(512)[1].save_pkcs1().decode()

CHARSETS = ["utf-8", "gbk", "gb2312", "gb18030"]
offers = Offers("alipay.openapi.v2", charsets=CHARSETS, sign_types=["RSA", "RSA2"], duplicates=False)


def private(key):
    """What has no private key is given all the same: to refuse it is the library's business."""
    return key.get("private_pkcs1_pem", key.get("public_pkcs1_pem", key.get("secret", "")))


def client(request, params, own_key=None):
    config, key = AlipayClientConfig(), request.get("key", {})
    config.server_url = request.get("gateway", config.server_url)
    config.app_id, config.format = params.get("app_id"), params.get("format")
    config.charset, config.sign_type = params.get("charset", request["charset"]), request["sign_type"]
    config.app_private_key = own_key or private(key)
    config.alipay_public_key, config.encrypt_key = key.get("public_spki_pem"), key.get("aes")
    config.encrypt_type = "AES" if "aes" in key else None
    return client_module.DefaultAlipayClient(config)


def typed(params):
    """The request as its class holds it; what has no property of its own is added as text."""
    name = "".join(part.capitalize() for part in params["method"].split(".")) + "Request"
    built = getattr(importlib.import_module("alipay.aop.api.request." + name), name)()
    built.version, built.notify_url, built.return_url = (
        params.get("version"), params.get("notify_url"), params.get("return_url"))
    of_the_client = ("app_id", "method", "format", "charset", "timestamp", "version", "notify_url", "return_url")
    for name, text in params.items():
        if name not in of_the_client:
            built.add_other_text_param(name, text)
    now = datetime.strptime(params["timestamp"], "%Y-%m-%d %H:%M:%S")
    client_module.datetime = SimpleNamespace(datetime=SimpleNamespace(now=lambda: now))
    return built


@offers("string_to_sign")
def string_to_sign(request):
    params = dict(request["params"])
    if "sign" in params:
        return unsupported("the client adds sign behind this function")
    return value(string_to_sign=SignatureUtils.get_sign_content(params))


@offers("sign")
def sign(request):
    string = SignatureUtils.get_sign_content(dict(request["params"]))
    signature = SIGN[request["sign_type"]](private(request["key"]), string, request["charset"])
    return value(signature=signature, string_to_sign=string)


@offers("build_request", "build_form", "build_order_string")
def build(request):
    params = dict(request["params"])
    if "format" not in params:
        return unsupported("the client always writes format")
    asking, asked = client(request, params), typed(params)
    if request["op"] == "build_request":
        return value(wire=asking.page_execute(asked, "GET"))
    if request["op"] == "build_order_string":
        return value(order_string=asking.sdk_execute(asked))
    return value(html_b64=to_b64(asking.page_execute(asked, "POST").encode(request["charset"])))


@offers("verify_response")
def verify_response(request):
    body = from_b64(request["body_b64"])
    if b"alipay_cert_sn" in body:
        return unsupported("certificate mode")
    client_module.do_post = lambda *_: body
    params = {"method": "alipay.trade.query", "timestamp": "2014-07-24 03:07:50"}
    client(request, {}, OWN_KEY).execute(typed(params))
    return accept()


@offers("encrypt")
def encrypt(request):
    plaintext = from_b64(request["plaintext_b64"]).decode(request["charset"])
    return value(content=EncryptUtils.encrypt_content(plaintext, "AES", request["key"]["aes"], request["charset"]))


@offers("decrypt")
def decrypt(request):
    content = EncryptUtils.decrypt_content(request["ciphertext"], "AES", request["key"]["aes"], request["charset"])
    return value(content=content)


serve_package("alipay-sdk-python", offers, {RequestException: None, ResponseException: None})
