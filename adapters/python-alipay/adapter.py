"""Puts the PyPI package `alipay` under test: MD5 signatures of the legacy gateway.

The library's own functions are called, and nothing about them is changed. Two things are watched from outside: what
it hands to MD5, and which address it fetches. What it does not offer is not declared; see README.md.
"""

import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import alipay
import requests
from alipay.exceptions import MissingParameter, ParameterValueError

# So that it runs by itself, as the README does it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python"))
from protocol import Offers, accept, from_b64, reject, serve_package, to_b64, value  # noqa: E402

PAYMENTS = {
    "create_direct_pay_by_user": alipay.Alipay.create_direct_pay_by_user_url,
    "create_partner_trade_by_buyer": alipay.Alipay.create_partner_trade_by_buyer_url,
    "trade_create_by_buyer": alipay.Alipay.trade_create_by_buyer_url,
}
OTHERS = {
    "send_goods_confirm_by_platform": alipay.Alipay.send_goods_confirm_by_platform,
    "refund_fastpay_by_platform_pwd": alipay.Alipay.refund_fastpay_by_platform_pwd,
    "single_trade_query": alipay.Alipay.single_trade_query,
}
# The library wants a seller before it does anything, though only payments have one.
SELLER = "2088000000000000"

offers = Offers("alipay.mapi", charsets=["utf-8"], sign_types=["MD5"], duplicates=False)
seen = {"digested": b"", "fetched": None}
library_md5 = alipay.md5


def watched_md5(data):
    seen["digested"] = data
    return library_md5(data)


alipay.md5 = watched_md5


def gateway_answers(body):
    """The network is outside of the test: whatever is fetched, this is the answer."""

    def get(url, **_):
        seen["fetched"] = requests.Request("GET", url).prepare().url  # as it would be sent
        response = requests.Response()
        response.status_code, response.encoding, response._content = 200, "utf-8", body
        return response

    requests.get = get


def secret(request):
    return request.get("key", {}).get("secret", "")


def signed(request):
    """What was digested, without the key at its end."""
    digested = seen["digested"]
    return to_b64(digested[: len(digested) - len(secret(request).encode())])


@offers("string_to_sign")
def string_to_sign(request):
    # No function gives it. Verification forms it of whatever it is given; that the verdict is no does not matter.
    verify_notify(request)
    return value(string_to_sign_b64=signed(request))


@offers("sign")
def sign(request):
    client = alipay.Alipay("", secret(request), seller_id=SELLER)
    signature = client.get_sign_method()(dict(request["params"]))
    return value(signature=signature, string_to_sign_b64=signed(request))


@offers("build_request", services=[*PAYMENTS, *OTHERS])
def build_request(request):
    params = dict(request["params"])
    service = params.pop("service")
    seller_id = params.get("seller_id", None if service in PAYMENTS else SELLER)
    client = alipay.Alipay(params.get("partner"), secret(request), params.get("seller_email"), seller_id)
    client.GATEWAY_URL = request["gateway"]
    gateway_answers(b"")
    url = (PAYMENTS.get(service) or OTHERS[service])(client, **params)
    if service == "single_trade_query":
        url = seen["fetched"]  # this one fetches by itself
    signature = parse_qs(urlsplit(url).query)["sign"][0]
    return value(wire=url, signature=signature, string_to_sign_b64=signed(request))


@offers("verify_notify", input="params")
def verify_notify(request):
    gateway_answers(b"true")
    client = alipay.Alipay("", secret(request), seller_id=SELLER)
    is_genuine = client.verify_notify(**dict(request["params"]))
    return (accept if is_genuine else reject)(stages={"string_to_sign_b64": signed(request)})


@offers("notify_id_url", transports=["https"])
def notify_id_url(request):
    gateway_answers(b"true")
    alipay.Alipay(request["partner"], "", seller_id=SELLER).check_notify_remotely(notify_id=request["notify_id"])
    return value(wire=seen["fetched"])


@offers("notify_id_answer")
def notify_id_answer(request):
    gateway_answers(from_b64(request["answer_b64"]))
    is_genuine = alipay.Alipay("", "", seller_id=SELLER).check_notify_remotely(notify_id="1")
    return accept() if is_genuine else reject()


serve_package("alipay", offers, {MissingParameter: "missing_field", ParameterValueError: None})
