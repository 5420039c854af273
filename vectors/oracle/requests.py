"""What each service requires of a request (rules 8.1 to 8.8), and the request on the wire."""

import re
from decimal import Decimal
from datetime import datetime

from . import charsets, form
from .form import Rejected

AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
SIGNED_AMOUNT = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,2})?")
LOGISTICS_TYPES = ("POST", "EMS", "EXPRESS", "DIRECT")
LOGISTICS_PAYMENTS = ("SELLER_PAY", "BUYER_PAY", "BUYER_PAY_AFTER_RECEIVE")

# Longest values in bytes of GBK, where a Chinese character counts two.
PAGE_LENGTHS = {
    "out_trade_no": 64, "subject": 256, "payment_type": 4, "body": 1000, "seller_id": 16,
    "seller_account_name": 100, "seller_email": 100, "notify_url": 190, "return_url": 200,
    "show_url": 400, "extra_common_param": 100, "exter_invoke_ip": 15,
}
ESCROW_LENGTHS = {**PAGE_LENGTHS, "receive_name": 128, "receive_address": 256, "receive_zip": 20,
                  "receive_phone": 30}


def missing(detail):
    return Rejected("missing_field", detail)


def malformed(detail):
    return Rejected("malformed_input", detail)


def wire_url(gateway, pairs):
    """Rules 2.7-encode and 3-get: every pair encoded once behind the gateway's address."""
    return f"{gateway}?{form.encode(pairs)}"


def check(params):
    """One request, without sign and sign_type; an empty value counts as absent."""
    values = {name: value for name, value in params if value != ""}
    require(values, "service", "partner")
    checks = {
        "create_direct_pay_by_user": direct_pay,
        "create_partner_trade_by_buyer": escrow,
        "trade_create_by_buyer": escrow,
        "send_goods_confirm_by_platform": send_goods,
        "refund_fastpay_by_platform_pwd": refund,
        "query_timestamp": lambda values: None,
        "notify_verify": lambda values: require(values, "notify_id"),
        "single_trade_query": single_trade_query,
    }
    if values["service"] not in checks:
        raise malformed("unknown service")
    charset = values.get("_input_charset")
    if charset is not None and charset.lower() not in ("utf-8", "gbk", "gb2312"):
        raise malformed("_input_charset")
    checks[values["service"]](values)


def require(values, *names):
    for name in names:
        if name not in values:
            raise missing(name)


def one_of(values, *names):
    if not any(name in values for name in names):
        raise missing(" or ".join(names))


def lengths(values, table):
    for name, longest in table.items():
        if len(charsets.encode(values.get(name, ""), "gb18030")) > longest:
            raise malformed(f"{name} over {longest} bytes")


def amount(values, name, pattern=AMOUNT):
    if name in values and not pattern.fullmatch(values[name]):
        raise malformed(f"{name} is no amount")


def page_basics(values):
    """Rules 8.1-required, 8.1-seller, 8.1-length, 8.1-characters, 8.1-url, 8.1-bank."""
    require(values, "_input_charset", "out_trade_no", "subject", "payment_type")
    one_of(values, "seller_id", "seller_account_name", "seller_email")
    for name in ("subject", "body", "extra_common_param"):
        if re.search(r"[#%&+]", values.get(name, "")):
            raise malformed(f"{name} holds one of # % & +")
    if "=" in values.get("extra_common_param", ""):
        raise malformed("extra_common_param holds =")
    for name in ("notify_url", "return_url"):
        if name in values and not re.fullmatch(r"https?://[^?\s]+", values[name]):
            raise malformed(f"{name} is no absolute address without a query")
    if ("defaultbank" in values) != (values.get("paymethod") == "bankPay"):
        raise (malformed if "defaultbank" in values else missing)("defaultbank goes with bankPay")
    for name in ("total_fee", "price"):
        amount(values, name)


def direct_pay(values):
    """Rules 8.1: instant pay."""
    page_basics(values)
    lengths(values, PAGE_LENGTHS)
    if "total_fee" in values and ("price" in values or "quantity" in values):
        raise malformed("total_fee and price exclude each other")
    if "total_fee" not in values:
        require(values, "price", "quantity")
    elif not Decimal("0.01") <= Decimal(values["total_fee"]) <= Decimal("100000000.00"):
        raise malformed("total_fee out of range")
    time_limit(values)
    royalty(values)


def time_limit(values):
    """Rule 8.1-it-b-pay: 1m to 15d, or 1c."""
    limit = values.get("it_b_pay")
    if limit is None or limit == "1c":
        return
    match = re.fullmatch(r"([1-9][0-9]*)([mhd])", limit)
    if not match or int(match[1]) > {"m": 21600, "h": 360, "d": 15}[match[2]]:
        raise malformed("it_b_pay")


def royalty(values):
    """Rule 8.6-royalty: at most ten items of three or four parts, together at most total_fee."""
    if "royalty_type" not in values and "royalty_parameters" not in values:
        return
    require(values, "royalty_type", "royalty_parameters")
    if values["royalty_type"] != "10":
        raise malformed("royalty_type")
    items = [item.split("^") for item in values["royalty_parameters"].split("|")]
    if len(items) > 10:
        raise malformed("more than ten royalty items")
    total = Decimal(0)
    for item in items:
        if len(item) not in (3, 4) or not all(item[:-2]) or not AMOUNT.fullmatch(item[-2]):
            raise malformed("royalty item")
        total += Decimal(item[-2])
    if "total_fee" in values and total > Decimal(values["total_fee"]):
        raise malformed("royalties exceed total_fee")


def escrow(values):
    """Rules 8.2: escrow and dual interface."""
    page_basics(values)
    lengths(values, ESCROW_LENGTHS)
    require(values, "price", "quantity")
    amount(values, "discount", SIGNED_AMOUNT)
    types = []
    for suffix in ("", "_1", "_2"):
        triple = [f"logistics_{part}{suffix}" for part in ("type", "fee", "payment")]
        if suffix and not any(name in values for name in triple):
            continue
        require(values, *triple)
        amount(values, triple[1])
        if values[triple[0]] not in LOGISTICS_TYPES or values[triple[2]] not in LOGISTICS_PAYMENTS:
            raise malformed(f"logistics triple {suffix or '0'}")
        types.append(values[triple[0]])
    if len(set(types)) != len(types):
        raise malformed("the logistics types of the triples must differ")
    receiver = [name for name in ("receive_name", "receive_address", "receive_zip") if name in values]
    if len(receiver) not in (0, 3):
        raise missing("receive_name, receive_address and receive_zip go together")


def send_goods(values):
    """Rules 8.4: confirm shipment."""
    require(values, "trade_no", "logistics_name")
    one_of(values, "transport_type", "create_transport_type")
    lengths(values, {"trade_no": 64, "logistics_name": 64, "invoice_no": 32, "seller_ip": 15})
    for name in ("transport_type", "create_transport_type"):
        if values.get(name, "POST") not in LOGISTICS_TYPES:
            raise malformed(name)


def refund(values):
    """Rules 8.5: batch refund with password."""
    require(values, "refund_date", "batch_no", "batch_num", "detail_data")
    one_of(values, "seller_email", "seller_user_id")
    date = values["refund_date"]
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", date):
        raise malformed("refund_date")
    try:
        datetime.strptime(date, "%Y-%m-%d %H:%M:%S")
    except ValueError as error:
        raise malformed("refund_date is no date") from error
    batch = re.fullmatch(r"([0-9]{8})([0-9A-Za-z]{3,24})", values["batch_no"])
    if not batch or batch[1] != date[:10].replace("-", "") or batch[2] == "000":
        raise malformed("batch_no")
    items = values["detail_data"].split("#")
    if len(items) > 1000 or values["batch_num"] != str(len(items)):
        raise malformed("batch_num")
    for item in items:
        parts = item.split("^")
        if len(parts) != 3 or not all(parts) or not AMOUNT.fullmatch(parts[1]):
            raise malformed("detail_data item")
        if re.search(r"[|$]", item) or len(charsets.encode(parts[2], "gb18030")) > 256:
            raise malformed("a separator in a refund item, or a long reason")


def single_trade_query(values):
    """Rule 8.8-query."""
    require(values, "_input_charset")
    one_of(values, "trade_no", "out_trade_no")
