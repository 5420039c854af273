"""The open platform, second version: requests that sign their sign_type, and what its notifications mean."""

from decimal import Decimal

from . import answers, charsets, requests, signing
from .form import Rejected, encode
from .requests import AMOUNT

GATEWAYS = ("alipay.openapi.v2", "alipay.openapi.v2.check-v2")
# Rule openapi/13-status: the same statuses in every product, in the order in which a trade passes them.
RANKS = {"WAIT_BUYER_PAY": 0, "TRADE_SUCCESS": 1, "TRADE_FINISHED": 2, "TRADE_CLOSED": 3}
RANKS_OF = {product: RANKS for product in ("page", "app", "wap", "face_to_face")}
ELSEWHERE = ("TRADE_PENDING", "WAIT_SELLER_SEND_GOODS", "WAIT_BUYER_CONFIRM_GOODS", "COD_WAIT_SELLER_SEND_GOODS",
             "COD_WAIT_BUYER_PAY", "COD_WAIT_SYS_PAY_SELLER")


def configured(case, keys, forms):
    """Rules openapi/1-sign-types and 2-key: RSA or RSA2, with a key that can do it."""
    if case["sign_type"] not in ("RSA", "RSA2"):
        raise Rejected("unsupported_algorithm", case["sign_type"])
    if not any(form in keys[case["key"]] for form in forms):
        raise Rejected("unknown_key", "a key of another kind")


def sign(case, keys):
    configured(case, keys, ("private_pkcs8_pem", "private_pkcs1_pem"))
    return answers.sign(case, keys)


def verify_notify(case, keys):
    configured(case, keys, ("public_spki_pem", "public_pkcs1_pem"))
    return answers.verify_notify(case, keys)


def verify_return(case, keys):
    configured(case, keys, ("public_spki_pem", "public_pkcs1_pem"))
    return answers.verify_return(case, keys)


def request(case, keys):
    """Rule openapi/1-sign-type: sign_type joins the parameters before they are signed; what is signed is sent."""
    configured(case, keys, ("private_pkcs8_pem", "private_pkcs1_pem"))
    pairs = [*answers.encoded(case), (b"sign_type", case["sign_type"].encode())]
    signing.duplicates(pairs)
    expect, rows, message = answers.stages(pairs, case["charset"], signing.excluded(case["protocol"], True))
    expect["signature"] = signing.sign(case["sign_type"], message, keys[case["key"]])
    return expect, [*rows, (b"sign", expect["signature"].encode())]


def build_request(case, keys):
    expect, rows = request(case, keys)
    expect["wire"] = requests.wire_url(case["input"]["gateway"], rows)
    return "value", expect


def build_order_string(case, keys):
    expect, rows = request(case, keys)
    expect["order_string"] = encode(rows)
    return "value", expect


def build_form(case, keys):
    """Rules openapi/7-form, 7-form-charset: the gateway reads the charset from the address."""
    expect, rows = request(case, keys)
    if any(b"\0" in part for row in rows for part in row):
        raise Rejected("malformed_input", "NUL in a form")
    given = [(name, value) for name, value in rows if name == b"charset"]
    address = case["input"]["gateway"]
    expect["form"] = {"action": requests.wire_url(address, given) if given else address,
                      "fields": [[charsets.decode(part, case["charset"]) for part in row] for row in rows]}
    return "value", expect


def decide(case, _keys):
    """Rules 13-kind to 13-repeat: the first that applies decides."""
    given = case["input"]
    fields = {name: value for name, value in given["notification"] if value != ""}
    why = _refusal(fields, given["order"])
    success = why is None
    if success:
        why = _progress(fields, given["order"])
    act = why in ("refund_changed", "closed", "paid", "advanced")
    return "value", {"decision": {"act": act, "answer_success": success, "why": why}}


def _refusal(fields, order):
    if order is None:
        return "order_unknown"
    if fields.get("notify_type") != "trade_status_sync":
        return "kind_differs"
    if fields.get("out_trade_no") != order["out_trade_no"]:
        return "order_differs"
    if _amount(fields, "total_amount") != Decimal(order["total_fee"]):
        return "amount_differs"
    if "refund_fee" in fields and _amount(fields, "refund_fee") is None:
        return "amount_differs"
    for name in ("seller_id", "seller_email"):
        if name in order and fields.get(name) != order[name]:
            return "seller_differs"
    if "app_id" in order and fields.get("app_id") != order["app_id"]:
        return "app_differs"
    status = fields.get("trade_status")
    if status in RANKS:
        return None
    return "status_not_in_product" if status in ELSEWHERE else "status_unknown"


def _amount(fields, name):
    text = fields.get(name, "")
    return Decimal(text) if AMOUNT.fullmatch(text) else None


def _progress(fields, order):
    status, handled = fields["trade_status"], order.get("trade_status")
    before = -1 if handled is None else RANKS[handled]
    if status == "WAIT_BUYER_PAY" and before <= 0:
        return "not_paid"
    if status == handled:
        # refund_fee is the sum of all refunds so far.
        refunded, known = _amount(fields, "refund_fee"), Decimal(order.get("refund_fee") or "0")
        if refunded is None or refunded == known:
            return "already_handled"
        return "refund_changed" if refunded > known else "out_of_order"
    if RANKS[status] < before:
        return "out_of_order"
    if status == "TRADE_CLOSED":
        return "closed"
    return "paid" if handled in (None, "WAIT_BUYER_PAY") else "advanced"


OPERATIONS = (sign, build_request, build_order_string, build_form, verify_notify, verify_return, decide)
OWN = {(protocol, operation.__name__): operation for protocol in GATEWAYS for operation in OPERATIONS}
