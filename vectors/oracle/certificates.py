"""Certificate serial numbers and trust, by the openssl command and hashlib."""

import base64
import binascii
import calendar
import hashlib
import os
import re
import subprocess
import tempfile
import time

from .form import Rejected

BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
RSA_SIGNATURES = "1.2.840.113549.1.1"
# RFC 2253, section 2.3, as Java's X500Principal.getName() follows it.
KEYWORDS = {"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "STREET", "2.5.4.10": "O",
            "2.5.4.11": "OU", "0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC"}
TEXT = ("UTF8STRING", "PRINTABLESTRING", "IA5STRING", "T61STRING")
ESCAPED = ',=+<>#;"\\'
ROW = re.compile(r"\s*(\d+):d=(\d+)\s+hl=(\d+)\s+l=\s*(\d+)\s+(?:prim|cons):\s+(.*?)\s*(?::.*)?$")
REASONS = {7: "signature_mismatch", 9: "stale_timestamp", 10: "stale_timestamp"}


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=False)


def certificates(text):
    """The DER of every PEM block. Text about the blocks is passed over."""
    bodies = BLOCK.findall(text)
    if not bodies or len(bodies) != text.count("-----BEGIN CERTIFICATE-----"):
        raise Rejected("malformed_input", "no certificate, or one without an end")
    try:
        found = [base64.b64decode("".join(body.split()), validate=True) for body in bodies]
    except (binascii.Error, ValueError) as error:
        raise Rejected("malformed_input", str(error)) from error
    for der in found:
        done = openssl("x509", "-inform", "DER", "-outform", "DER", data=der)
        if done.returncode or done.stdout != der:
            raise Rejected("malformed_input", "not a certificate")
    return found


class Tree:
    """A DER structure as `openssl asn1parse` sees it."""

    def __init__(self, der):
        rows = openssl("asn1parse", "-inform", "DER", data=der).stdout.decode("utf-8", "replace").splitlines()
        self.der = der
        self.rows = [(int(m[1]), int(m[2]), int(m[3]), int(m[4]), m[5]) for m in map(ROW.match, rows) if m]

    def children(self, row):
        start, depth, head, length, _ = row
        return [r for r in self.rows if r[1] == depth + 1 and start + head <= r[0] < start + head + length]

    def value(self, row):
        return self.der[row[0] + row[2]:row[0] + row[2] + row[3]]

    def whole(self, row):
        return self.der[row[0]:row[0] + row[2] + row[3]]


def oid(data):
    """The dotted form of an object identifier."""
    numbers, current = [], 0
    for byte in data:
        current = current << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(current)
            current = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))


def attribute(tree, row):
    """keyword=value. A type without a keyword is an OID, and its value the hex digits of its DER."""
    kind, value = tree.children(row)
    name = oid(tree.value(kind))
    if name not in KEYWORDS or value[4] not in TEXT:
        return f"{KEYWORDS.get(name, name)}=#{tree.whole(value).hex()}"
    text = "".join(f"\\{c}" if c in ESCAPED else "\\00" if c == "\0" else c for c in tree.value(value).decode())
    inside = text.strip(" \r")
    if inside:
        before, after = text.split(inside, 1)
    else:
        before, after = text, ""
    escape = "".join
    return f"{KEYWORDS[name]}={escape(f'{chr(92)}{c}' for c in before)}{inside}{escape(f'{chr(92)}{c}' for c in after)}"


def facts(der):
    """(issuer as text, serial number, OID of the signature algorithm)."""
    tree = Tree(der)
    body, algorithm, _ = tree.children(tree.rows[0])
    parts = [part for part in tree.children(body) if not part[4].startswith("cont")]
    names = [tree.children(rdn) for rdn in tree.children(parts[2])]
    issuer = ",".join("+".join(attribute(tree, row) for row in rdn) for rdn in reversed(names))
    serial = openssl("x509", "-inform", "DER", "-noout", "-serial", data=der).stdout.decode().strip()
    return issuer, int(serial.partition("=")[2], 16), oid(tree.value(tree.children(algorithm)[0]))


def number(issuer, serial):
    """Rule 3-sn: the MD5 of both texts, 32 digits."""
    return hashlib.md5(f"{issuer}{serial}".encode()).hexdigest()


def certificate_sn(case, _keys):
    """Rule 3-sn-first: of the first certificate."""
    issuer, serial, _ = facts(certificates(case["input"]["certificate"])[0])
    return "value", {"sn": number(issuer, serial)}


def root_certificate_sn(case, _keys):
    """Rules 3-root-filter, 3-root-join."""
    every = [facts(der) for der in certificates(case["input"]["certificate"])]
    kept = [number(issuer, serial) for issuer, serial, algorithm in every if algorithm.startswith(RSA_SIGNATURES)]
    if not kept:
        raise Rejected("unsupported_algorithm", "no certificate with an RSA signature")
    return "value", {"sn": "_".join(kept)}


def verify_certificate(case, _keys):
    """Rule 3-trust: every certificate of the text leads to a root, at the given time."""
    given = case["input"]
    now = calendar.timegm(time.strptime(given["now"], "%Y-%m-%dT%H:%M:%SZ"))
    chain = certificates(given["certificate"])
    with tempfile.TemporaryDirectory(prefix="vectors-") as folder:
        roots = _write(folder, "roots", certificates(given["roots"]))
        untrusted = _write(folder, "untrusted", chain)
        for der in chain:
            leaf = _write(folder, "leaf", [der])
            done = openssl("verify", "-attime", str(now), "-CAfile", roots, "-untrusted", untrusted, leaf)
            if done.returncode:
                error = re.search(rb"error (\d+) at", done.stdout + done.stderr)
                raise Rejected(REASONS.get(int(error[1]), "unknown_key"), done.stderr.decode())
    return "accept", {}


def _write(folder, name, every):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="ascii") as file:
        for der in every:
            body = base64.encodebytes(der).decode()
            file.write(f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n")
    return path
