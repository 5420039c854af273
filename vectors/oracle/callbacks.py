"""What follows a callback: origin check, diagnosis, business decision, refund results."""

import re
from decimal import Decimal

from . import form
from .form import Rejected
from .requests import AMOUNT

HTTPS = "https://mapi.alipay.com/gateway.do"
HTTP = "http://notify.alipay.com/trade/notify_query.do"

_COD = ("COD_WAIT_SELLER_SEND_GOODS", "COD_WAIT_BUYER_PAY", "COD_WAIT_SYS_PAY_SELLER")
_UNPAID = {"WAIT_BUYER_PAY": 0}
_ESCROW_UNPAID = {**_UNPAID, **{status: 0 for status in _COD}}
# Rule 7: the statuses of each product in the order in which a trade passes them.
RANKS = {
    "instant": {**_UNPAID, "TRADE_PENDING": 1, "TRADE_SUCCESS": 2, "TRADE_FINISHED": 3, "TRADE_CLOSED": 4},
    "escrow": {**_ESCROW_UNPAID, "WAIT_SELLER_SEND_GOODS": 1, "WAIT_BUYER_CONFIRM_GOODS": 2,
               "TRADE_FINISHED": 3, "TRADE_CLOSED": 4},
    "dual": {**_ESCROW_UNPAID, "TRADE_PENDING": 1, "WAIT_SELLER_SEND_GOODS": 2,
             "WAIT_BUYER_CONFIRM_GOODS": 3, "TRADE_SUCCESS": 3, "TRADE_FINISHED": 4, "TRADE_CLOSED": 5},
}
UNPAID = (*_ESCROW_UNPAID, "TRADE_PENDING")
PAID = ("TRADE_SUCCESS", "TRADE_FINISHED", "WAIT_SELLER_SEND_GOODS", "WAIT_BUYER_CONFIRM_GOODS")


def notify_id_url(partner, notify_id, transport):
    """Rules 6-url-https, 6-url-http, 6-notify-id: the id is encoded again."""
    pairs = [(b"partner", partner.encode()), (b"notify_id", notify_id.encode())]
    if transport == "https":
        return f"{HTTPS}?{form.encode([(b'service', b'notify_verify'), *pairs])}"
    return f"{HTTP}?{form.encode(pairs)}"


def notify_id_answer(answer):
    """Rule 6-answer: exactly the four bytes `true`."""
    if answer != b"true":
        raise Rejected("other", "the answer is not true")


def diagnose(signature_matches, answer):
    """Rule 6-diagnosis: the four rows, and everything beside them."""
    return {(False, "invalid"): "partner_or_key", (True, "false"): "network_or_late",
            (False, "true"): "parameters_or_charset", (True, "true"): "genuine",
            }.get((signature_matches, answer), "contradictory")


def decide(notification, order):
    """Rules 4-order to 4-handled, 5-answer and 7: the first that applies decides."""
    fields = {name: value for name, value in notification if value != ""}
    why = _refusal(fields, order)
    if why:
        return {"act": False, "answer_success": False, "why": why}
    why = _progress(fields, order)
    act = why in ("refund_changed", "closed", "paid", "advanced")
    return {"act": act, "answer_success": True, "why": why}


def _refusal(fields, order):
    if order is None:
        return "order_unknown"
    if fields.get("out_trade_no") != order["out_trade_no"]:
        return "order_differs"
    fee = fields.get("total_fee", "")
    if not AMOUNT.fullmatch(fee) or Decimal(fee) != Decimal(order["total_fee"]):
        return "amount_differs"
    for name in ("seller_id", "seller_email"):
        if name in order and fields.get(name) != order[name]:
            return "seller_differs"
    if "partner" in order and fields.get("partner", order["partner"]) != order["partner"]:
        return "partner_differs"
    status = fields.get("trade_status")
    if status not in RANKS["dual"]:
        return "status_unknown"
    if status not in RANKS[order["product"]]:
        return "status_not_in_product"
    return None


def _progress(fields, order):
    ranks, status, handled = RANKS[order["product"]], fields["trade_status"], order.get("trade_status")
    before = -1 if handled is None else ranks[handled]
    refund = fields.get("refund_status")
    if status in UNPAID and before <= ranks[status]:
        return "not_paid"
    if status == handled:
        # A message without refund_status says nothing new about the refund.
        return "already_handled" if refund in (None, order.get("refund_status")) else "refund_changed"
    if ranks[status] < before:
        return "out_of_order"
    if status == "TRADE_CLOSED":
        return "closed"
    if status in PAID and (handled is None or handled in UNPAID):
        return "paid"
    return "advanced"


def refund_results(details):
    """Rule 8.5-results: items by #, parts by ^, a returned service fee behind $."""
    return [_refund_item(item) for item in details.split("#")]


def _refund_item(item):
    refund, mark, fee = item.partition("$")
    parts = refund.split("^")
    if len(parts) != 3 or not all(parts) or not AMOUNT.fullmatch(parts[1]):
        raise Rejected("malformed_input", f"refund item {item!r}")
    result = dict(zip(("trade_no", "amount", "result"), parts), fee=None)
    if mark:
        parts = fee.split("^")
        if len(parts) != 4 or not all(parts) or not AMOUNT.fullmatch(parts[2]) or re.search(r"\$", fee):
            raise Rejected("malformed_input", f"service fee {fee!r}")
        result["fee"] = dict(zip(("account", "user_id", "amount", "result"), parts))
    return result
