"""The one edit that turns a valid twin into an invalid case."""

import base64
import copy

COMPARED = ("protocol", "operation", "charset", "sign_type", "key", "keys", "input")


class NoEdit(Exception):
    """The two cases do not differ by one edit, or the edit does not fit."""


def subject(case):
    """The part of a case that an edit may touch."""
    return {name: copy.deepcopy(case[name]) for name in COMPARED if name in case}


def apply(twin, edit):
    """The twin's subject after the edit; every `remove` must be found where the edit says."""
    result = subject(twin)
    steps = [step.replace("~1", "/").replace("~0", "~") for step in edit["at"].split("/")[1:]]
    if not steps or steps[0] not in COMPARED:
        raise NoEdit(f"edit at {edit['at']!r} is outside what may be edited")
    parent, last = result, _index(result, steps[0])
    for step in steps[1:]:
        parent = parent[last]
        last = _index(parent, step)
    if "offset" in edit:
        parent[last] = _splice(parent[last], last, edit)
    else:
        old = parent.get(last) if isinstance(parent, dict) else parent[last]
        if old != edit["remove"]:
            raise NoEdit(f"at {edit['at']} stands {old!r}, not {edit['remove']!r}")
        if edit["insert"] is None:
            del parent[last]
        else:
            parent[last] = edit["insert"]
    return result


def _index(parent, step):
    return int(step) if isinstance(parent, list) else step


def _splice(old, name, edit):
    """In text: offset in UTF-8 bytes. In *_b64: in decoded bytes. In a list: in elements."""
    if isinstance(old, list):
        whole, remove, insert = old, edit["remove"], edit["insert"]
    elif str(name).endswith("_b64"):
        whole, remove, insert = (base64.b64decode(part, validate=True)
                                 for part in (old, edit["remove"], edit["insert"]))
    else:
        whole, remove, insert = (part.encode() for part in (old, edit["remove"], edit["insert"]))
    at = edit["offset"]
    if whole[at:at + len(remove)] != remove or at > len(whole):
        raise NoEdit(f"at offset {at} stands {whole[at:at + len(remove)]!r}, not {remove!r}")
    new = whole[:at] + insert + whole[at + len(remove):]
    if isinstance(old, list):
        return new
    return base64.b64encode(new).decode() if str(name).endswith("_b64") else new.decode()


def find(twin, case):
    """The smallest edit from twin to case, for --fill."""
    before, after = subject(twin), subject(case)
    pointer = _differing(before, after, "")
    if len(pointer) != 1:
        raise NoEdit(f"differs from its twin at {len(pointer)} places: {', '.join(p for p, *_ in pointer)}")
    at, old, new = pointer[0]
    name = at.rsplit("/", 1)[1]
    if isinstance(old, list) and isinstance(new, list):
        start, remove, insert = _narrow(old, new)
        return {"at": at, "offset": start, "remove": remove, "insert": insert}
    if not (isinstance(old, str) and isinstance(new, str)) or at.count("/") == 1:
        return {"at": at, "remove": old, "insert": new}
    if name.endswith("_b64"):
        raw = [base64.b64decode(part, validate=True) for part in (old, new)]
        start, remove, insert = _narrow(*raw)
        remove, insert = (base64.b64encode(part).decode() for part in (remove, insert))
    else:
        start, remove, insert = _narrow(old, new)
        start = len(old[:start].encode())
    return {"at": at, "offset": start, "remove": remove, "insert": insert}


def _narrow(old, new):
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, old[start:len(old) - end], new[start:len(new) - end]


def _differing(old, new, at):
    """The places where two subjects differ, as deep as they keep the same shape."""
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        found = []
        for name in sorted({*old, *new}):
            found += _differing(old.get(name), new.get(name), f"{at}/{name}")
        return found
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        found = []
        for place, (one, other) in enumerate(zip(old, new)):
            found += _differing(one, other, f"{at}/{place}")
        return found if len(found) == 1 else [(at, old, new)]
    return [(at, old, new)]
