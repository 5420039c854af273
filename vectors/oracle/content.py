"""Encrypted content, by the openssl command."""

import base64
import binascii
import subprocess

from . import charsets
from .form import Rejected

BLOCK = 16


def cipher(case, keys, data, *arguments):
    """Rules 8-aes, 8-key: AES-128-CBC with PKCS#7 padding and 16 zero bytes as the initial vector."""
    key = unb64(keys[case["key"]]["aes"], "unknown_key")
    if len(key) != BLOCK:
        raise Rejected("unknown_key", f"{len(key)} bytes")
    return subprocess.run(["openssl", "enc", "-aes-128-cbc", "-K", key.hex(), "-iv", "00" * BLOCK, *arguments],
                          input=data, capture_output=True, check=False)


def unb64(text, reason):
    """Base64 on one line, without a spare bit."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Rejected(reason, str(error)) from error
    if base64.b64encode(data).decode() != text:
        raise Rejected(reason, "not canonical base64")
    return data


def encrypt(case, keys):
    given = case["input"]
    data = base64.b64decode(given["plaintext_b64"]) if "plaintext_b64" in given else charsets.encode(
        given["plaintext"], case["charset"])
    return "value", {"content": base64.b64encode(cipher(case, keys, data).stdout).decode()}


def decrypt(case, keys):
    data = unb64(case["input"]["ciphertext"], "malformed_input")
    done = cipher(case, keys, data, "-d")
    if not data or len(data) % BLOCK or done.returncode:
        raise Rejected("decrypt_failed", "length or padding")
    expect = {"content_b64": base64.b64encode(done.stdout).decode()}
    text = charsets.readable(done.stdout, case["charset"])
    return "value", {"content": text, **expect} if text is not None else expect
