"""The right answer to one case: the operations that the protocols share, and what each does its own way."""

from . import (answers, certificates, charsets, content, http, mobile, openapi, replies, wap, wechat_content,
               wechat_rules, wechat_v2, wechat_v3)
from .form import Rejected

# (protocol, operation): what a protocol does its own way, from the modules of the protocols.
OWN = {
    **{("alipay.openapi.v2", operation.__name__): operation for operation in (
        replies.verify_response, content.encrypt, content.decrypt, certificates.certificate_sn,
        certificates.root_certificate_sn, certificates.verify_certificate)},
    **http.OPERATIONS,
    **mobile.OWN,
    **openapi.OWN,
    **wap.OWN,
    **wechat_rules.OWN,
    **wechat_v2.OWN,
    **wechat_content.OWN,
    **wechat_v3.OWN,
}


def answer(case, keys):
    """{"outcome": "value"|"accept", "expect": {...}} or {"outcome": "reject", "reason": class}."""
    try:
        outcome, expect = operation_of(case)(case, keys)
    except charsets.CharsetError:
        return {"outcome": "reject", "reason": "charset_error"}
    except Rejected as rejected:
        return {"outcome": "reject", "reason": rejected.reason}
    return {"outcome": outcome, "expect": expect}


def operation_of(case):
    """A protocol's own way of an operation, or else the one that all share."""
    name = case["operation"]
    return OWN.get((case["protocol"], name)) or answers.OPERATIONS[name]
