"""WeChat Pay v3: what is sealed by AES-256-GCM, encrypted by RSA-OAEP, and signed for the client.

The openssl command gives single blocks of AES, and RSA-OAEP; counters, the tag and the envelope are written here.
"""

import base64
import hashlib
import json
import os
import re
import subprocess
import tempfile

from . import charsets, signing
from .content import unb64
from .form import Rejected

KEY, NONCE, TAG, BLOCK = 32, 12, 16, 16
ALGORITHM = "AEAD_AES_256_GCM"
_OAEP = ("rsa_padding_mode:oaep", "rsa_oaep_md:sha1", "rsa_mgf1_md:sha1")


# AES-GCM, NIST SP 800-38D.

def aes(key, blocks):
    """Each block by itself."""
    done = subprocess.run(["openssl", "enc", f"-aes-{8 * len(key)}-ecb", "-nopad", "-K", key.hex()],
                          input=blocks, capture_output=True, check=True)
    return done.stdout


def product(one, other):
    """6.3: the product of two blocks, the first bit of which is the constant term."""
    result = 0
    for place in range(127, -1, -1):
        if one >> place & 1:
            result ^= other
        other = other >> 1 ^ (0xE1 << 120 if other & 1 else 0)
    return result


def ghash(subkey, data):
    """6.4, over whole blocks."""
    result = 0
    for at in range(0, len(data), BLOCK):
        result = product(result ^ int.from_bytes(data[at:at + BLOCK], "big"), subkey)
    return result.to_bytes(BLOCK, "big")


def whole(data):
    return data + bytes(-len(data) % BLOCK)


def bits(*data):
    return b"".join((8 * len(each)).to_bytes(8, "big") for each in data)


def _first_counter(subkey, nonce):
    if len(nonce) == NONCE:
        return nonce + b"\0\0\0\1"
    return ghash(subkey, whole(nonce) + bits(b"", nonce))


def _counted(key, first, data):
    """6.5: the counter goes up by one a block, in its last four bytes."""
    start = int.from_bytes(first[12:], "big")
    counters = [first[:12] + ((start + 1 + at) % 2 ** 32).to_bytes(4, "big") for at in range(-(-len(data) // BLOCK))]
    stream = aes(key, b"".join(counters)) if counters else b""
    return _xor(data, stream)


def _tag(key, subkey, first, sealed, associated):
    hashed = ghash(subkey, whole(associated) + whole(sealed) + bits(associated, sealed))
    return _xor(hashed, aes(key, first))


def seal(key, nonce, associated, data):
    subkey = int.from_bytes(aes(key, bytes(BLOCK)), "big")
    first = _first_counter(subkey, nonce)
    sealed = _counted(key, first, data)
    return sealed + _tag(key, subkey, first, sealed, associated)


def opened(key, nonce, associated, data):
    """The plaintext, or nothing where the tag is wrong."""
    subkey = int.from_bytes(aes(key, bytes(BLOCK)), "big")
    first = _first_counter(subkey, nonce)
    sealed, tag = data[:-TAG], data[-TAG:]
    return _counted(key, first, sealed) if _tag(key, subkey, first, sealed, associated) == tag else None


def open_sealed(secret, nonce, associated, text):
    """Rules b4-key, b4-nonce, b4-base64, b4-tag."""
    key = secret.encode("utf-8")
    if len(key) != KEY:
        raise Rejected("unknown_key", f"{len(key)} bytes")
    if len(nonce.encode("utf-8")) != NONCE:
        raise Rejected("malformed_input", "a nonce of another length")
    data = unb64(text, "malformed_input")
    if len(data) < TAG:
        raise Rejected("decrypt_failed", "shorter than a tag")
    plain = opened(key, nonce.encode("utf-8"), associated.encode("utf-8"), data)
    if plain is None:
        raise Rejected("decrypt_failed", "the tag")
    return plain


# Notifications.

class Members(list):
    """The members of a JSON object in their order, duplicates kept."""

    def get(self, name, kind):
        """The value of a name, if it stands there, once, and is of a kind."""
        values = [value for other, value in self if other == name]
        if len(values) > 1:
            raise Rejected("duplicate_field", name)
        if values and not isinstance(values[0], kind):
            raise Rejected("malformed_input", f"{name} is of another type")
        return values[0] if values else None

    def need(self, name, kind):
        value = self.get(name, kind)
        if value is None:
            raise Rejected("missing_field", name)
        return value


def open_notice(body, key):
    """Rules b4-envelope, b4-once, b4-algorithm, b4-content: the content of a notification whose signature is right."""
    notice = _object(body)
    resource = notice.need("resource", Members)
    for name in ("id", "event_type"):
        notice.need(name, str)
    for name in ("create_time", "resource_type", "summary"):
        notice.get(name, str)
    resource.get("original_type", str)
    algorithm, nonce, ciphertext = (resource.need(name, str) for name in ("algorithm", "nonce", "ciphertext"))
    associated = resource.get("associated_data", str) or ""
    if algorithm != ALGORITHM:
        raise Rejected("unsupported_algorithm", "another algorithm")
    if "api_v3" not in key:
        raise Rejected("unknown_key", "no APIv3 key")
    content = open_sealed(key["api_v3"], nonce, associated, ciphertext)
    try:
        _object(content)
    except Rejected as rejected:
        raise Rejected("malformed_input", "the content") from rejected
    return content


def _object(text):
    """One JSON object in UTF-8."""
    def constant(name):
        raise Rejected("malformed_input", name)

    try:
        value = json.loads(text.decode("utf-8"), object_pairs_hook=Members, parse_constant=constant)
    except UnicodeDecodeError as error:
        raise Rejected("charset_error", str(error)) from error
    except ValueError as error:
        raise Rejected("malformed_input", str(error)) from error
    except RecursionError as error:
        raise Rejected("limit_exceeded", "too deep") from error
    if not isinstance(value, Members):
        raise Rejected("malformed_input", "no object")
    return value


# Sensitive fields.

def pkeyutl(arguments, pem, data, options=_OAEP):
    """RSA by the openssl command, or nothing where it fails."""
    with tempfile.TemporaryDirectory(prefix="vectors-") as folder:
        path = os.path.join(folder, "key.pem")
        with open(path, "w", encoding="ascii") as file:
            file.write(pem)
        chosen = [part for option in options for part in ("-pkeyopt", option)]
        done = subprocess.run(["openssl", "pkeyutl", *arguments, "-inkey", path, *chosen],
                              input=data, capture_output=True, check=False)
    return None if done.returncode else done.stdout


def modulus_length(pem, *public):
    done = subprocess.run(["openssl", "rsa", *public, "-noout", "-modulus"], input=pem.encode(), capture_output=True,
                          check=True)
    return len(done.stdout.strip().partition(b"=")[2]) // 2


def open_field(pem, text, options=_OAEP):
    """Rules b7-oaep, b7-base64."""
    data = unb64(text, "malformed_input")
    plain = pkeyutl(["-decrypt"], pem, data, options) if len(data) == modulus_length(pem) else None
    if plain is None:
        raise Rejected("decrypt_failed", "the block")
    return plain


def sealed_field(pem, data):
    """RFC 8017, 7.1.1. The seed follows from the field, for files that come out the same every time."""
    length = modulus_length(pem, "-pubin")
    seed = hashlib.sha256(data).digest()[:20]
    block = hashlib.sha1(b"").digest() + bytes(length - len(data) - 42) + b"\1" + data
    block = _xor(block, _mask(seed, len(block)))
    whole = b"\0" + _xor(seed, _mask(block, len(seed))) + block
    return pkeyutl(["-encrypt", "-pubin"], pem, whole, ("rsa_padding_mode:none",))


def _mask(seed, length):
    """RFC 8017, B.2.1."""
    counters = range(-(-length // 20))
    return b"".join(hashlib.sha1(seed + counter.to_bytes(4, "big")).digest() for counter in counters)[:length]


def _xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other))


def encrypt(case, keys):
    """Rules b7-oaep, b7-limit. Every seed gives another text: one that stands in the case is right if it opens to the field."""
    given, key = case["input"], keys[case["key"]]
    pem = key["public_spki_pem"]
    data = base64.b64decode(given["plaintext_b64"]) if "plaintext_b64" in given else charsets.encode(
        given["plaintext"], case["charset"])
    if len(data) > modulus_length(pem, "-pubin") - 42:
        raise Rejected("limit_exceeded", f"{len(data)} bytes")
    content = case.get("expect", {}).get("content")
    if content is None or open_field(key["decryption_pkcs8_pem"], content) != data:
        content = base64.b64encode(sealed_field(pem, data)).decode()
    return "value", {"content": content}


def decrypt(case, keys):
    given, key = case["input"], keys[case["key"]]
    if "nonce" in given:
        if "api_v3" not in key:
            raise Rejected("unknown_key", "no APIv3 key")
        plain = open_sealed(key["api_v3"], given["nonce"], given.get("associated_data", ""), given["ciphertext"])
    else:
        if "private_pkcs8_pem" not in key:
            raise Rejected("unknown_key", "no private key")
        plain = open_field(key["private_pkcs8_pem"], given["ciphertext"])
    return "value", holding(plain, case["charset"])


def holding(plain, charset):
    expect = {"content_b64": base64.b64encode(plain).decode()}
    text = charsets.readable(plain, charset)
    return {"content": text, **expect} if text is not None else expect


def known_readings(case, keys):
    """What a tolerated decryption gives in the ways that libraries are known to have besides the rule's."""
    given, key = case["input"], keys[case["key"]]
    if "nonce" in given:
        bare = re.sub("[^A-Za-z0-9+/]", "", given["ciphertext"].replace("-", "+").replace("_", "/"))
        data = base64.b64decode(bare + "=" * (-len(bare) % 4))
        plain = opened(key["api_v3"].encode(), given["nonce"].encode(), given.get("associated_data", "").encode(), data)
        yield plain
        yield plain.decode(errors="replace").encode()
    elif not given["ciphertext"]:
        yield b""
    else:
        yield pkeyutl(["-decrypt"], key["private_pkcs8_pem"], base64.b64decode(given["ciphertext"]),
                      ("rsa_padding_mode:pkcs1",))


# The client.

def build_client_params(case, keys):
    """Rules b1-jsapi, b1-app: four lines; JSAPI signs the package, the app the bare prepay_id."""
    given, client = dict(case["input"]["params"]), case["input"]["client"]
    if len(given) < len(case["input"]["params"]):
        raise Rejected("duplicate_field", "an input twice")
    if case["sign_type"] != "RSA2":
        raise Rejected("unsupported_algorithm", "RSA2 alone")
    needed = ["appid", *(["partnerid"] if client == "app" else []), "prepay_id", "nonce_str", "timestamp"]
    for name in needed:
        if not given.get(name):
            raise Rejected("missing_field", name)
    for name in needed:
        if re.search(r"[\x00-\x1f\x7f]", given[name]):
            raise Rejected("malformed_input", f"{name} is no line")
    package = "prepay_id=" + given["prepay_id"] if client == "jsapi" else given["prepay_id"]
    lines = [given["appid"], given["timestamp"], given["nonce_str"], package]
    message = "".join(line + "\n" for line in lines).encode("utf-8")
    signature = signing.sign(case["sign_type"], message, keys[case["key"]])
    if client == "jsapi":
        params = [["appId", given["appid"]], ["timeStamp", given["timestamp"]], ["nonceStr", given["nonce_str"]],
                  ["package", package], ["signType", "RSA"], ["paySign", signature]]
    else:
        params = [["appid", given["appid"]], ["partnerid", given["partnerid"]], ["prepayid", given["prepay_id"]],
                  ["package", "Sign=WXPay"], ["noncestr", given["nonce_str"]], ["timestamp", given["timestamp"]],
                  ["sign", signature]]
    return "value", {"string_to_sign": message.decode(), "string_to_sign_b64": base64.b64encode(message).decode(),
                     "signature": signature, "client_params": params}


OWN = {("wechatpay.v3", operation.__name__): operation for operation in (encrypt, decrypt, build_client_params)}
