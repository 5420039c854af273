"""Puts the PyPI package `alipay-sdk-python`, the official one, under test: the open platform's requests and replies.

The library's own functions are called, and nothing about them is changed. Outside of the test are the clock, which
gives the time of the request, and the network, which gives the reply; see README.md.
"""

import importlib
import re
import sys
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import rsa
from alipay.aop.api import DefaultAlipayClient as client_module
from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.exception.Exception import RequestException, ResponseException
from alipay.aop.api.util import EncryptUtils, SignatureUtils

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python"))
from protocol import accept, from_b64, serve, to_b64, unsupported, value  # noqa: E402

SIGN = {"RSA": SignatureUtils.sign_with_rsa, "RSA2": SignatureUtils.sign_with_rsa2}
# The client signs each request that it sends, also where a case asks about the reply only.
OWN_KEY = rsa.newkeys(512)[1].save_pkcs1().decode()


def client(request, params):
    config, key = AlipayClientConfig(), request.get("key", {})
    config.server_url = request.get("gateway", config.server_url)
    config.app_id, config.format = params.get("app_id"), params.get("format")
    config.charset, config.sign_type = params.get("charset", request["charset"]), request["sign_type"]
    config.app_private_key = key.get("private_pkcs1_pem", key.get("public_pkcs1_pem", ""))
    config.alipay_public_key = key.get("public_spki_pem")
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


def string_to_sign(request):
    params = dict(request["params"])
    if "sign" in params:
        return unsupported("the client adds sign behind this function")
    return value(string_to_sign=SignatureUtils.get_sign_content(params))


def sign(request):
    string, key = SignatureUtils.get_sign_content(dict(request["params"])), request["key"]
    private = key.get("private_pkcs1_pem", key.get("public_pkcs1_pem", key.get("secret", "")))
    return value(signature=SIGN[request["sign_type"]](private, string, request["charset"]), string_to_sign=string)


def whole(build):
    """Asks for requests as the client makes them: it writes format into each."""

    def operation(request):
        params = dict(request["params"])
        if "format" not in params:
            return unsupported("the client always writes format")
        return build(request, client(request, params), typed(params))

    return operation


@whole
def build_request(request, client, typed):
    return value(wire=client.page_execute(typed, "GET"))


@whole
def build_form(request, client, typed):
    page = client.page_execute(typed, "POST")
    return value(html_b64=to_b64(page.encode(request["charset"])))


@whole
def build_order_string(request, client, typed):
    return value(order_string=client.sdk_execute(typed))


def verify_response(request):
    body = from_b64(request["body_b64"])
    if b"alipay_cert_sn" in body:
        return unsupported("certificate mode")
    if re.search(b'"%b"\\s*:\\s*"' % request["node"].encode(), body):
        return unsupported("an encrypted reply is read with the key of its content only")
    client_module.do_post = lambda *_: body
    request["key"]["private_pkcs1_pem"] = OWN_KEY
    params = {"method": "alipay.trade.query", "timestamp": "2014-07-24 03:07:50"}
    client(request, {}).execute(typed(params))
    return accept()


def encrypt(request):
    plaintext = from_b64(request["plaintext_b64"]).decode(request["charset"])
    return value(content=EncryptUtils.encrypt_content(plaintext, "AES", request["key"]["aes"], request["charset"]))


def decrypt(request):
    content = EncryptUtils.decrypt_content(request["ciphertext"], "AES", request["key"]["aes"], request["charset"])
    return value(content=content)


bounds = {"protocol": "alipay.openapi.v2", "charsets": ["utf-8", "gbk", "gb2312", "gb18030"], "duplicates": False}
operations = {
    "string_to_sign": string_to_sign,
    "sign": sign,
    "build_request": build_request,
    "build_form": build_form,
    "build_order_string": build_order_string,
    "verify_response": verify_response,
    "encrypt": encrypt,
    "decrypt": decrypt,
}
serve(
    adapter={"name": "python-alipay-sdk-python", "version": "1"},
    subject={
        "name": "alipay-sdk-python",
        "version": version("alipay-sdk-python"),
        "language": "python",
        "source": "https://pypi.org/project/alipay-sdk-python/",
    },
    supports=[{**bounds, "op": op, "sign_types": ["RSA", "RSA2"]} for op in operations],
    operations=operations,
    rejections={RequestException: None, ResponseException: None},
)
