"""Puts the PyPI package `wechatpayv3` (minibear2021/wechatpayv3) under test: version 3 of WeChat Pay.

The library's own functions are called, and nothing about them is changed. The text that it signs is watched from
outside. Outside of the test are the clock and the network, which gives the reply and the certificates; see README.md.
"""

import re
from functools import partial
from types import SimpleNamespace

import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_public_key)
from protocol import Offers, accept, from_b64, reject, serve_package, unsupported, value
from wechatpayv3 import WeChatPay, WeChatPayType, utils

# The library wants the keys of both sides for everything, and signs each request that it sends, also where a case
# asks about the reply only.
OWN = rsa.generate_private_key(65537, 2048)
OWN_KEY = OWN.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
OWN_PUBLIC_KEY = OWN.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

offers = Offers("wechatpay.v3", charsets=["utf-8"])
seen = {}


def rsa_sign(private_key, sign_str, signed=utils.rsa_sign):
    seen["string"] = sign_str
    return signed(private_key, sign_str)


utils.rsa_sign = rsa_sign


def client(key, public_key=OWN_PUBLIC_KEY, public_key_id="PUB_KEY_ID_"):
    private_key = key.get("private_pkcs8_pem", OWN_KEY)
    return WeChatPay(WeChatPayType.NATIVE, "1", private_key, "0", "wx", key.get("api_v3", ""),
                     public_key=public_key, public_key_id=public_key_id)


def holding(request):
    """A client with WeChat's keys: one public key, and certificates as if they had been downloaded."""
    keys = {key["id"]: key["public_spki_pem"] for key in request["keys"]}
    public = [(pem, name) for name, pem in keys.items() if name.startswith("PUB_KEY_ID_")]
    pay = client(request["key"], *(public[0] if public else ()))
    pay._core._certificates = [
        SimpleNamespace(serial_number=int(name, 16), public_key=partial(load_pem_public_key, pem.encode()))
        for name, pem in keys.items() if not name.startswith("PUB_KEY_ID_")
    ]
    return pay if len(public) <= 1 else None


def headers(request):
    """The headers of a request as a web framework or an HTTP client hands them on."""
    found = requests.structures.CaseInsensitiveDict()
    for name, text in request["headers"]:
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


@offers("sign_request", sign_types=["RSA2"], duplicates=False)
def sign_request(request):
    given, body = dict(request["params"]), from_b64(request["body_b64"])
    if not all(given.get(name) for name in ("mchid", "nonce_str", "timestamp", "serial_no")):
        return unsupported("takes mchid and serial_no as arguments, and makes nonce_str and timestamp itself")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return unsupported("takes the body as text")
    utils.time = SimpleNamespace(time=lambda: given["timestamp"])
    key = utils.load_private_key(request["key"]["private_pkcs8_pem"])
    written = utils.build_authorization(
        request["path"], request["method"], given["mchid"], given["serial_no"], key, text, given["nonce_str"])
    signature = re.search('signature="([^"]*)"', written)[1]
    return value(signature=signature, headers=[["Authorization", written]], stages={"string_to_sign": seen["string"]})


def network(reply):
    """What the library's requests get; of WeChat's certificates there are no more than it holds."""
    missing = requests.Response()
    missing.status_code = 404
    requests.get = lambda url, **_: missing if url.endswith("/v3/certificates") else reply


@offers("verify_response", sign_types=["RSA2"])
def verify_response(request):
    pay, reply = holding(request), requests.Response()
    if pay is None:
        return unsupported("takes one public key")
    reply.status_code, reply.headers, reply._content = 200, headers(request), from_b64(request["body_b64"])
    reply.headers.setdefault("Content-Type", "application/json; charset=utf-8")
    reply.encoding = requests.utils.get_encoding_from_headers(reply.headers)
    network(reply)
    try:
        pay._core.request("/v3/pay/transactions/out-trade-no/1")
    except Exception as error:
        if type(error) is not Exception:  # the library refuses by that very class
            raise
        return reject(detail=str(error))
    return accept()


@offers("verify_notify", sign_types=["RSA2"])
def verify_notify(request):
    pay, received = holding(request), (headers(request), from_b64(request["body_b64"]))
    if pay is None:
        return unsupported("takes one public key")
    network(None)
    return accept(content=pay.decrypt_callback(*received)) if pay.callback(*received) else reject()


@offers("decrypt")
def decrypt(request):
    if "nonce" not in request:
        return value(content=client(request["key"]).decrypt(request["ciphertext"]))
    content = utils.aes_decrypt(
        request["nonce"], request["ciphertext"], request.get("associated_data", ""), request["key"]["api_v3"])
    return reject() if content is None else value(content=content)


@offers("encrypt")
def encrypt(request):
    plaintext = from_b64(request["plaintext_b64"]).decode()
    return value(content=client({}, request["key"]["public_spki_pem"])._core.encrypt(plaintext))


serve_package("wechatpayv3", offers)
