"""The stages of signing: filter, sort, join, sign; and the check of a received signature."""

import base64
import binascii
import hashlib
import os
import re
import subprocess
import tempfile

from .form import Rejected

HEADERS = {
    "private_pkcs8_pem": "-----BEGIN PRIVATE KEY-----", "private_pkcs1_pem": "-----BEGIN RSA PRIVATE KEY-----",
    "public_spki_pem": "-----BEGIN PUBLIC KEY-----", "public_pkcs1_pem": "-----BEGIN RSA PUBLIC KEY-----",
}
_DIGEST = {"RSA": "sha1", "RSA2": "sha256"}


def duplicates(pairs):
    """Rule 2.3-duplicate: a name may occur once, the excluded ones included."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise Rejected("duplicate_field", "a name occurs twice")


def excluded(protocol, is_request):
    """The names that are not signed: mapi/2.1-excluded; the open platform signs sign_type in requests and under V2."""
    if protocol == "alipay.openapi.v2.check-v2" or (protocol == "alipay.openapi.v2" and is_request):
        return (b"sign",)
    return (b"sign", b"sign_type")


def filtered(pairs, unsigned):
    """Rules 2.1-excluded and 2.2-empty: without the names that are not signed, and values of zero bytes."""
    return [(name, value) for name, value in pairs if name not in unsigned and value != b""]


def ordered(pairs):
    """Rule 2.3-order: by the bytes of the name alone."""
    return sorted(pairs, key=lambda pair: pair[0])


def joined(pairs):
    """Rule 2.4-join: name=value joined by &, nothing escaped, nothing at the end."""
    return b"&".join(name + b"=" + value for name, value in pairs)


def md5(message, key):
    """Rule 2.6-md5: the key's bytes follow the string without a separator. Without a key nothing is signed."""
    if not key["secret"]:
        raise Rejected("unknown_key", "an empty key")
    return hashlib.md5(message + key["secret"].encode("utf-8")).hexdigest()


class OpenSsl:
    """RSA by the openssl command, each distinct computation once."""

    def __init__(self):
        self._memory = {}
        self._folder = tempfile.TemporaryDirectory(prefix="vectors-")

    def _file(self, data):
        path = os.path.join(self._folder.name, hashlib.sha256(data).hexdigest())
        if not os.path.exists(path):
            with open(path, "wb") as file:
                file.write(data)
        return path

    def _run(self, arguments, message):
        key = (tuple(arguments), message)
        if key not in self._memory:
            self._memory[key] = subprocess.run(["openssl", "dgst", *arguments], input=message,
                                               capture_output=True, check=False)
        return self._memory[key]

    def sign(self, sign_type, message, key):
        """Rules 2.6-rsa, 2.6-rsa2: PKCS#1 v1.5, base64 on one line."""
        pem = key.get("private_pkcs8_pem") or key["private_pkcs1_pem"]
        done = self._run([f"-{_DIGEST[sign_type]}", "-sign", self._file(pem.encode())], message)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        return base64.b64encode(done.stdout).decode()

    def verifies(self, sign_type, message, signature, key):
        pem = key.get("public_spki_pem") or public_key("public_pkcs1_pem", key["public_pkcs1_pem"])
        done = self._run([f"-{_DIGEST[sign_type]}", "-verify", self._file(pem.encode()),
                          "-signature", self._file(signature)], message)
        return done.returncode == 0


def public_key(form, pem):
    """The public key in any of the PEM forms, as SPKI."""
    if HEADERS[form] not in pem:
        raise ValueError(f"{form} does not begin with {HEADERS[form]}")
    source = {"public_spki_pem": ["-pubin"], "public_pkcs1_pem": ["-RSAPublicKey_in"]}.get(form, [])
    done = subprocess.run(["openssl", "rsa", *source, "-pubout"], input=pem.encode(),
                          capture_output=True, check=False)
    if done.returncode:
        raise ValueError(f"{form} is no RSA key")
    return done.stdout.decode()


OPENSSL = OpenSsl()


def sign(sign_type, message, key):
    """The signature as text, by the configured sign type."""
    if sign_type == "MD5":
        return md5(message, key)
    return OPENSSL.sign(sign_type, message, key)


def check(sign_type, message, signature, key):
    """Rules 2.6-md5-form, 2.6-rsa-form: the exact text form first, then the signature itself."""
    if sign_type == "MD5":
        if not re.fullmatch(rb"[0-9a-f]{32}", signature):
            raise Rejected("bad_signature_encoding", "not 32 lower-case hex digits")
        if md5(message, key).encode() != signature:
            raise Rejected("signature_mismatch")
        return
    try:
        raw = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Rejected("bad_signature_encoding", str(error)) from error
    if base64.b64encode(raw) != signature:
        raise Rejected("bad_signature_encoding", "not canonical base64")
    if not OPENSSL.verifies(sign_type, message, raw, key):
        raise Rejected("signature_mismatch")
