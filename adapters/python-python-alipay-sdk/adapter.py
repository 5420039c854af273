"""Puts the PyPI package `python-alipay-sdk` (fzlee/alipay) under test: the open platform with RSA and RSA2.

The library's own functions are called, and nothing about them is changed. Two things are watched from outside: the
text that it signs or verifies, and the address that it fetches; see README.md.
"""

from functools import lru_cache
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import alipay
from alipay.exceptions import AliPayException, AliPayValidationError
from Cryptodome.PublicKey import RSA
from protocol import Offers, accept, from_b64, reject, serve_package, unsupported, value

# The library wants a private key for everything, and signs each request that it sends, also where a case asks about
# the reply only.
OWN_KEY = RSA.generate(1024).export_key().decode()

offers = Offers("alipay.openapi.v2", sign_types=["RSA", "RSA2"], charsets=["utf-8"], duplicates=False)
seen = {}


class Watched(alipay.AliPay):
    def _sign(self, unsigned_string):
        seen["string"] = unsigned_string
        return super()._sign(unsigned_string)

    def _verify(self, raw_content, signature):
        seen["string"] = raw_content
        return super()._verify(raw_content, signature)


# Reading a key takes long.
watched = lru_cache(Watched)


def stages():
    return {"string_to_sign": seen["string"]} if "string" in seen else {}


def signer(request, app_id=""):
    seen.clear()
    key = request["key"]
    public = key.get("public_spki_pem", key.get("secret"))
    return watched(app_id, None, key.get("private_pkcs8_pem", public), public, request["sign_type"])


def verifier(request):
    seen.clear()
    return watched("", None, OWN_KEY, request["key"].get("public_spki_pem", ""), request["sign_type"])


def signature_in(signed):
    return parse_qs(signed)["sign"][0]


@offers("sign")
def sign(request):
    if "sign" in dict(request["params"]):
        return unsupported("the library adds sign behind this function")
    signed = signer(request).sign_data(dict(request["params"]))
    return value(signature=signature_in(signed), stages=stages())


def asked(request):
    """What build_body takes: the method, biz_content, and everything else by name."""
    params = dict(request["params"])
    return params.pop("method"), params.pop("biz_content", None), params


@offers("build_order_string")
def build_order_string(request):
    method, biz_content, others = asked(request)
    signed = signer(request, others.get("app_id")).client_api(method, biz_content, **others)
    return value(order_string=signed, signature=signature_in(signed), stages=stages())


@offers("build_request")
def build_request(request):
    method, biz_content, others = asked(request)
    client, fetched = signer(request, others.get("app_id")), []
    client._gateway = request["gateway"]
    alipay.urlopen = lambda url, **_: fetched.append(url) or BytesIO(b'{"error_response":{}}')
    try:
        client.server_api(method, biz_content, **others)
    except AliPayException:
        pass  # the made-up reply
    return value(wire=fetched[0], signature=signature_in(urlsplit(fetched[0]).query), stages=stages())


@offers("verify_notify", "verify_return", input="params")
def verify(request):
    params = dict(request["params"])
    client, signature = verifier(request), params.pop("sign", "")  # as the README of the library has it
    return (accept if client.verify(params, signature) else reject)(stages=stages())


@offers("verify_response")
def verify_response(request):
    if "aes" in request["key"]:
        return unsupported("encrypted replies")
    alipay.urlopen = lambda *_, **__: BytesIO(from_b64(request["body_b64"]))
    verifier(request).server_api(request["node"][: -len("_response")])
    return accept(stages=stages())


@offers("certificate_sn")
def certificate_sn(request):
    return value(sn=alipay.DCAliPay.get_cert_sn(request["certificate"]))


@offers("root_certificate_sn")
def root_certificate_sn(request):
    sn = alipay.DCAliPay.get_root_cert_sn(request["certificate"])
    return reject() if sn is None else value(sn=sn)


serve_package("python-alipay-sdk", offers, {AliPayException: None, AliPayValidationError: None})
