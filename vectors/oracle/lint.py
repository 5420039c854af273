"""What must hold of every case and of the set as a whole."""

import re

from . import (callbacks, charsets, edits, form, lenient, openapi, replies, signing, wechat_content, wechat_rules,
               wechat_v2, wechat_v3)
from .answers import received, unb64
from .files import CASE_KEYS, DEFINITIONS
from .protocols import answer

REASONS = ("malformed_input", "missing_field", "duplicate_field", "charset_error", "unsupported_algorithm",
           "algorithm_mismatch", "unknown_key", "bad_signature_encoding", "signature_mismatch",
           "stale_timestamp", "replayed", "decrypt_failed", "limit_exceeded", "business_mismatch", "other")
STAGES = ("decode", "filter", "sort", "join", "charset", "sign", "wire", "verify", "notify-id", "content",
          "certificate", "business")
PROTOCOLS = ("alipay.mapi", "alipay.openapi.v2", "alipay.openapi.v2.check-v2", "alipay.openapi.v3", "antom",
             "alipay.mobile", "alipay.mobile.v1", "alipay.wap", "wechatpay.v2", "wechatpay.v3")
OUTCOMES = ("value", "accept", "reject")
CHARSETS = ("utf-8", "gbk", "gb2312", "gb18030")
SIGN_TYPES = ("MD5", "HMAC-SHA256", "RSA", "RSA2")
STATUSES = ("documented", "observed", "derived", "contested")
EXPECT_ORDER = ("decoded", "decoded_b64", "filtered", "filtered_b64", "sorted", "sorted_b64", "string_to_sign",
                "string_to_sign_b64", "signature", "wire", "form", "order_string", "xml", "client_params", "reply", "headers",
                "cause", "decision", "items", "content", "content_b64", "sn")


def key_names(case):
    """The key of a case, and those of the other side that it has by their ids."""
    return [*([case["key"]] if "key" in case else []), *(name for _, name in case.get("keys", []))]


def comparable(expect):
    """An expectation with the freedoms of rule 2.7 taken out: order on the wire and in a form."""
    result = dict(expect)
    if "wire" in result:
        address, _, query = result["wire"].partition("?")
        result["wire"] = (address, sorted(form.decode(query.encode("ascii"))))
    if "order_string" in result and '="' not in result["order_string"]:
        result["order_string"] = sorted(form.decode(result["order_string"].encode("ascii")))
    if "client_params" in result:
        result["client_params"] = sorted(result["client_params"])
    if "xml" in result:
        result["xml"] = sorted(wechat_v2.fields(result["xml"].encode()))
    if "form" in result:
        result["form"] = {**result["form"], "fields": sorted(result["form"]["fields"])}
    if "reply" in result:
        result["reply"] = wechat_rules.read(result["reply"])
    return result


def differences(expected, recomputed):
    """(field, expected, recomputed) for each field that differs, in the order of the stages."""
    one, other = comparable(expected), comparable(recomputed)
    for name in sorted({*one, *other}, key=EXPECT_ORDER.index):
        if one.get(name) != other.get(name):
            yield name, expected.get(name), recomputed.get(name)


def check_case(case, cases, defined):
    """Every problem of one case as (stage, expected, recomputed)."""
    unknown = set(case) - set(CASE_KEYS)
    if unknown:
        yield "case", "known fields only", sorted(unknown)
    yield from _words(case, defined)
    if any(name not in defined["keys"] for name in key_names(case)):
        return
    right = answer(case, defined["keys"])
    if case["result"] == "valid":
        yield from _valid(case, right, defined["keys"])
    elif case["result"] == "invalid":
        yield from _invalid(case, right, cases)
    elif case["result"] == "tolerated":
        yield from _tolerated(case, right, defined["keys"])
    else:
        yield "result", "valid, invalid or tolerated", case["result"]


def _words(case, defined):
    """Ids, titles, flags, rules and keys."""
    if not re.fullmatch(r"[a-z][a-z0-9]*-[0-9]{4}", case["id"]):
        yield "id", "letters, a hyphen, four digits", case["id"]
    for language in ("en", "zh"):
        if not case["title"].get(language, "").strip():
            yield "title", f"a title in {language}", case["title"]
    if not re.search(r"[\u4e00-\u9fff]", case["title"].get("zh", "")):
        yield "title", "Chinese in zh", case["title"]
    if not case["flags"]:
        yield "flags", "at least one", []
    for kind, names in (("flags", case["flags"]), ("rules", [case["rule"]]),
                        ("keys", key_names(case))):
        for name in names:
            if name not in defined[kind]:
                yield kind, "defined", name
    order = case["input"].get("order") or {}
    ranks = (openapi.RANKS_OF if case["protocol"] in openapi.GATEWAYS
             else wechat_rules.RANKS_OF if case["protocol"].startswith("wechatpay.") else callbacks.RANKS)
    for name, value, allowed in (
            ("protocol", case["protocol"], PROTOCOLS), ("stage", case["stage"], STAGES),
            ("source", case["source"]["status"], STATUSES), ("charset", case["charset"], CHARSETS),
            ("sign_type", case.get("sign_type", "MD5"), SIGN_TYPES),
            ("transport", case["input"].get("transport", "https"), ("https", "http")),
            *(("product", order["product"], tuple(ranks)) for _ in order and [order]),
            *(("answers", entry["answer"]["outcome"], OUTCOMES) for entry in case.get("answers", []))):
        if value not in allowed:
            yield name, " ".join(allowed), value
    handled = order.get("trade_status")
    if handled is not None and handled not in ranks.get(order["product"], ()):
        yield "order", "a status of the product", handled


def _fields(case, needed):
    for name in ("expect", "reject", "twin", "answers"):
        if (name in case) != (name in needed) and not (name == "expect" and case["result"] == "tolerated"):
            yield name, "present" if name in needed else "absent", case.get(name)


def _valid(case, right, keys):
    yield from _fields(case, ("expect",))
    if case["operation"] == "verify_response" and "node" in case["input"]:
        problem = replies.unreadable(case, keys)
        if problem:
            yield "content", "a node that decrypts", problem
    if right["outcome"] == "reject":
        yield "outcome", "valid", f"reject: {right['reason']}"
    else:
        yield from differences(case.get("expect", {}), right["expect"])


def _invalid(case, right, cases):
    yield from _fields(case, ("reject", "twin"))
    reasons = case.get("reject") or []
    for reason in reasons:
        if reason not in REASONS:
            yield "reject", "a known reason class", reason
    if right["outcome"] != "reject":
        yield "outcome", "reject", right["outcome"]
    elif right["reason"] not in reasons:
        yield "reject", reasons, right["reason"]
    twin = cases.get(case["twin"]["id"])
    if twin is None or twin["result"] != "valid" or twin["operation"] != case["operation"]:
        yield "twin", "a valid case of the same operation", case["twin"]["id"]
        return
    try:
        result = edits.apply(twin, case["twin"]["edit"])
    except (edits.NoEdit, KeyError, IndexError, TypeError, ValueError) as error:
        yield "twin", "an edit that fits", repr(error)
        return
    for name in edits.COMPARED:
        if result.get(name) != case.get(name):
            yield f"twin, {name}", case.get(name), result.get(name)


def _tolerated(case, right, keys):
    yield from _fields(case, ("answers",))
    answers = [entry["answer"] for entry in case.get("answers", [])]
    distinct = []
    for given in answers:
        if given not in distinct:
            distinct.append(given)
    if len(distinct) < 2:
        yield "answers", "two that differ", answers
    if not any(_same(given, right) for given in answers):
        yield "answers", "the reference's answer among them", right
    if "expect" in case:
        if right["outcome"] == "reject":
            yield "expect", "absent", f"reject: {right['reason']}"
        else:
            yield from differences(case["expect"], right["expect"])
    for given in answers:
        yield from _consistent(case, given, keys)
    if case["protocol"] == "wechatpay.v3" and {"outcome": "accept"} in answers:
        if right["outcome"] == "reject" and not wechat_v3.accepts(case, keys):
            yield "answers", "a known lenient reading that accepts", "none does"
    elif case["operation"] in ("verify_notify", "verify_return") and {"outcome": "accept"} in answers:
        body = received(case, "body" if case["operation"] == "verify_notify" else "query")
        if right["outcome"] == "reject" and not lenient.accepts(case, body, keys):
            yield "answers", "a known lenient reading that accepts", "none does"
    if case["operation"] == "verify_response" and "node" in case["input"] and {"outcome": "accept"} in answers:
        if right["outcome"] == "reject" and not replies.accepts(case, keys):
            yield "answers", "a known lenient reading that accepts", "none does"


def _same(given, right):
    if given["outcome"] != right["outcome"]:
        return False
    if right["outcome"] == "reject":
        return True
    fields = {name: value for name, value in given.items() if name != "outcome"}
    return not list(differences(fields, {name: right["expect"].get(name) for name in fields}))


def _consistent(case, given, keys):
    """An answer's readable string and its signature must belong to its own bytes, right or wrong."""
    if (case["protocol"], case["operation"]) == ("wechatpay.v3", "decrypt") and "content_b64" in given:
        if unb64(given["content_b64"]) not in wechat_content.known_readings(case, keys):
            yield "answers, content", "of a known lenient reading", given
    if "string_to_sign" in given:
        mirror = charsets.readable(unb64(given["string_to_sign_b64"]), case["charset"])
        if mirror != given["string_to_sign"]:
            yield "answers, string_to_sign", given["string_to_sign"], mirror
    if "string_to_sign_b64" not in given or "signature" not in given:
        if "signature" in given:
            yield "answers", "string_to_sign_b64 beside every signature", given
        return
    message = unb64(given["string_to_sign_b64"])
    sign = wechat_v2.signature if case["protocol"] == "wechatpay.v2" else signing.sign
    recomputed = sign(case["sign_type"], message, keys[case["key"]])
    if recomputed != given["signature"]:
        yield "answers, signature", given["signature"], recomputed


def check_set(cases, defined):
    """Definitions: all in two languages, all used; all forms of one key are the same key."""
    used = {"flags": {flag for case in cases for flag in case.get("flags", [])},
            "rules": {case.get("rule") for case in cases},
            "keys": {name for case in cases for name in key_names(case)}}
    for kind in DEFINITIONS:
        for name, definition in defined[kind].items():
            if cases and name not in used[kind]:
                yield name, kind, "used by a case", "unused"
            if kind != "keys" and not all(definition.get(language) for language in ("en", "zh")):
                yield name, kind, "explained in en and zh", definition
            if kind == "rules" and not definition.get("source"):
                yield name, kind, "a source", definition
    for name, key in defined["keys"].items():
        try:
            forms = {signing.public_key(kind, pem) for kind, pem in key.items() if kind in signing.HEADERS}
        except (KeyError, ValueError) as error:
            yield name, "keys", "RSA keys in their forms", str(error)
            continue
        count = len(forms) + any(kind in key for kind in ("secret", "api_v3"))
        if count > 1 or not count and "aes" not in key:
            yield name, "keys", "one key", sorted(key)
