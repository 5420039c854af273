"""Reading and writing vector files in their one canonical layout."""

import json
import os
import re

FORMAT = 1
FILE_KEYS = ("format", "about", "rules", "flags", "keys", "cases")
CASE_KEYS = ("id", "title", "protocol", "operation", "stage", "rule", "source", "flags",
             "mistakes", "purpose", "charset",
             "sign_type", "key", "keys", "input", "result", "expect", "reject", "twin", "answers")
DEFINITIONS = ("rules", "flags", "keys")
WIDTH = 100


class Unreadable(Exception):
    """A file that cannot be taken as vectors at all."""


def find(paths):
    """The JSON files behind files and folders, in order of name; the schema is none of them."""
    found = []
    for path in paths:
        if os.path.isdir(path):
            for folder, folders, names in os.walk(path):
                folders.sort()
                found += [os.path.join(folder, name) for name in sorted(names)
                          if name.endswith(".json") and name != "schema.json"]
        else:
            found.append(path)
    if not found:
        raise Unreadable(f"no vector files in {' '.join(paths)}")
    return found


def load(path):
    """One file as (text, object); a repeated JSON key or another format number is refused."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        data = json.loads(text, object_pairs_hook=_unique)
    except (OSError, ValueError, RecursionError) as error:
        raise Unreadable(f"{path}: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Unreadable(f"{path}: not a vector file of format {FORMAT}")
    unknown = set(data) - set(FILE_KEYS)
    if unknown:
        raise Unreadable(f"{path}: unknown field {sorted(unknown)[0]!r}")
    return text, data


def _unique(pairs):
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"field {name!r} occurs twice in one object")
    return dict(pairs)


def canonical(data):
    """The layout of the set: fields in fixed order, short lists on one line, invisible characters escaped."""
    data = _in_order(data, FILE_KEYS)
    if "cases" in data:
        data["cases"] = [_in_order(case, CASE_KEYS) for case in data["cases"]]
    return _write(data, 0) + "\n"


def _in_order(data, keys):
    return {key: data[key] for key in sorted(data, key=lambda key: keys.index(key) if key in keys else 99)}


def _write(value, depth):
    if not isinstance(value, (dict, list)) or not value:
        return _text(value)
    parts = value.values() if isinstance(value, dict) else value
    flat = not any(isinstance(part, (dict, list)) and part for part in parts)
    line = _text(value)
    if flat and (len(line) + 2 * depth <= WIDTH or (isinstance(value, list) and len(value) <= 2)):
        return line
    pad = "  " * (depth + 1)
    if isinstance(value, dict):
        rows = [f"{pad}{_text(key)}: {_write(part, depth + 1)}" for key, part in value.items()]
        return "{\n" + ",\n".join(rows) + "\n" + pad[2:] + "}"
    return "[\n" + ",\n".join(pad + _write(part, depth + 1) for part in value) + "\n" + pad[2:] + "]"


def _text(value):
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(r"[^\x20-\x7e]", lambda match: _visible(match[0]), text)


def _visible(char):
    return char if char.isprintable() else json.dumps(char)[1:-1]
