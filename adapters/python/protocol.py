"""The adapter protocol, version 1, for adapters in Python.

An adapter imports this module, writes one function for each operation that its library offers, and calls `serve`.
A function gets the request as a dictionary and returns what `value`, `accept`, `reject` or `unsupported` make.
docs/adapter-protocol.md says what a request of each operation has and what its answer needs.

    from protocol import accept, reject, serve, value

    def sign(request):
        return value(signature=mylibrary.sign(dict(request["params"]), request["key"]["secret"]))

    serve(
        adapter={"name": "mine", "version": "1"},
        subject={"name": "mylibrary", "version": "1.2.3", "language": "python", "source": "https://…"},
        supports=[{"op": "sign", "protocol": "alipay.mapi", "sign_types": ["MD5"], "charsets": ["utf-8"]}],
        operations={"sign": sign},
    )

For a package of PyPI, `Offers` notes at each function what it offers, and `serve_package` says the rest.

Needs nothing but Python 3.8.
"""

import base64
import json
import os
import sys
from importlib.metadata import version
from pathlib import Path


def value(**fields):
    """The library gave a value: signature=…, wire=…, stages={…}."""
    return {"outcome": "value", **fields}


def accept(**fields):
    """The library says yes."""
    return {"outcome": "accept", **fields}


def reject(reason=None, **fields):
    """The library says no; `reason` is one of the protocol's classes, where the library tells it."""
    return {"outcome": "reject", **({"reason": reason} if reason else {}), **fields}


def unsupported(why):
    """The question is beyond the library, though `supports` covers it."""
    return {"outcome": "unsupported", "why": why}


def to_b64(data):
    """Bytes as the protocol's *_b64 fields have them."""
    return base64.b64encode(data).decode("ascii")


def from_b64(text):
    """The bytes of a *_b64 field."""
    return base64.b64decode(text, validate=True)


class Offers:
    """The operations that a library offers, each with the bounds of what it is asked.

        offers = Offers("alipay.mapi", charsets=["utf-8"])

        @offers("sign", sign_types=["MD5"])
        def sign(request): …
    """

    def __init__(self, protocol, **bounds):
        self.bounds = {"protocol": protocol, **bounds}
        self.supports, self.operations = [], {}

    def __call__(self, *operations, **bounds):
        def note(function):
            for op in operations:
                self.supports.append({**self.bounds, **bounds, "op": op})
                self.operations[op] = function
            return function

        return note


def serve_package(package, offers, rejections=None):
    """Answers requests until the end, with the offers of an installed package; the adapter's name is its folder's."""
    serve(
        adapter={"name": Path(sys.argv[0]).resolve().parent.name, "version": "1"},
        subject={
            "name": package,
            "version": version(package),
            "language": "python",
            "source": f"https://pypi.org/project/{package}/",
        },
        supports=offers.supports,
        operations=offers.operations,
        rejections=rejections,
    )


def serve(adapter, subject, supports, operations, rejections=None):
    """Answers requests until the end.

    `rejections` maps the exceptions by which the library refuses a request or a message to the protocol's class of
    the reason, or to None. Any other exception is reported as one.
    """
    # stdout is the protocol. What a library prints there, even from C, goes to stderr from now on.
    answers = os.fdopen(os.dup(1), "wb")
    sys.stdout.flush()
    os.dup2(2, 1)

    for line in sys.stdin.buffer:
        request = json.loads(line)
        kind = request["t"]
        if kind == "bye":
            break
        if kind == "hello":
            answer = {"t": "hello_ok", "protocol": 1, "adapter": adapter, "subject": subject, "supports": supports}
        elif kind == "echo":
            answer = {"t": "echo_ok", "data_b64": to_b64(from_b64(request["data_b64"]))}
        else:
            answer = {"t": "result", **_result(request, operations, rejections or {})}
        answer["id"] = request["id"]
        answers.write(json.dumps(answer).encode("ascii") + b"\n")
        answers.flush()


def _result(request, operations, rejections):
    operation = operations.get(request.get("op"))
    if operation is None:
        return unsupported("not known here")
    try:
        return operation(request)
    except Exception as error:
        for kind, reason in rejections.items():
            if isinstance(error, kind):
                return reject(reason, code=type(error).__name__, detail=str(error))
        return {"outcome": "threw", "error": {"type": type(error).__name__, "message": str(error)}}
