#!/usr/bin/env python3
"""Recompute every expectation of the vectors from the cases alone.

    python3 vectors/check.py [PATH ...]       check files or folders (without PATH: all vectors here)
    python3 vectors/check.py --format [PATH]  also require the canonical layout
    python3 vectors/check.py --fill FILE      compute what new cases leave out, and write the file

Needs Python 3.9 and the openssl command. Exit codes: 0 all agree, 1 a difference, 2 unreadable.
"""

import argparse
import os
import sys

sys.dont_write_bytecode = True

from oracle import edits, files, lint  # noqa: E402
from oracle.protocols import answer  # noqa: E402

HOME = os.path.dirname(os.path.abspath(__file__))


def gather(loaded):
    """Cases and definitions of several files: (cases, definitions, doubly defined names)."""
    cases, defined, twice = [], {kind: {} for kind in files.DEFINITIONS}, []
    for _, _, data in loaded:
        for kind in files.DEFINITIONS:
            for name, definition in data.get(kind, {}).items():
                if name in defined[kind]:
                    twice.append(f"{kind} {name}")
                defined[kind][name] = definition
        cases += data.get("cases", [])
    seen = set()
    for case in cases:
        if case.get("id") in seen:
            twice.append(f"id {case.get('id')}")
        seen.add(case.get("id"))
    return cases, defined, twice


def read(paths):
    return [(path, *files.load(path)) for path in files.find(paths)]


def surroundings(loaded):
    """Definitions and twins for files of this folder, and for files given without any: those beside them."""
    cases, defined, _ = gather(loaded)
    paths = {os.path.realpath(path) for path, _, _ in loaded}
    if any(defined.values()) and not all(path.startswith(HOME + os.sep) for path in paths):
        return []
    given = {case.get("id") for case in cases}
    around = [file for file in read([HOME]) if os.path.realpath(file[0]) not in paths]
    for _, _, data in around:
        data["cases"] = [case for case in data.get("cases", []) if case.get("id") not in given]
    return around


def check(paths, layout):
    """Check the paths; print differences and a summary; give the exit code."""
    loaded = read(paths)
    around = surroundings(loaded)
    cases, defined, twice = gather(loaded + around)
    by_id = {case.get("id"): case for case in cases}
    problems = [(name, "definition", "once", "twice") for name in twice]
    if layout:
        problems += [(path, "layout", "canonical", "not canonical")
                     for path, text, data in loaded if text != files.canonical(data)]
    for path, _, data in loaded:
        rows = data.get("cases", [])
        for case in rows:
            try:
                problems += [(case.get("id"), *found) for found in lint.check_case(case, by_id, defined)]
            except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
                problems.append((case.get("id"), "shape", "a case of format 1", repr(error)))
        if rows:
            print(f"{len(rows):5}  {os.path.relpath(path)}")
    if not around:
        problems += list(lint.check_set(cases, defined))
    for name, stage, expected, recomputed in problems:
        print(f"{name}: {stage}\n  expected   {expected!r}\n  recomputed {recomputed!r}")
    print(f"{sum(len(data.get('cases', [])) for _, _, data in loaded)} cases checked, {len(problems)} differences")
    return 1 if problems else 0


def fill(path):
    """Compute the fields that cases of one file leave out."""
    loaded = read([path])
    cases, defined, _ = gather(loaded + surroundings(loaded))
    by_id = {case["id"]: case for case in cases}
    _, _, data = loaded[0]
    for case in data.get("cases", []):
        right = answer(case, defined["keys"])
        if case["result"] == "valid" and "expect" not in case and right["outcome"] != "reject":
            case["expect"] = right["expect"]
        if case["result"] == "invalid":
            if "reject" not in case and right["outcome"] == "reject":
                case["reject"] = [right["reason"]]
            if "edit" not in case.get("twin", {"edit": None}):
                case["twin"]["edit"] = edits.find(by_id[case["twin"]["id"]], case)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(files.canonical(data))
    return check([path], layout=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", metavar="PATH", default=[HOME])
    parser.add_argument("--format", action="store_true", help="also require the canonical layout")
    parser.add_argument("--fill", metavar="FILE", help="compute missing fields of new cases in FILE")
    given = parser.parse_args()
    try:
        return fill(given.fill) if given.fill else check(given.paths, given.format)
    except (files.Unreadable, edits.NoEdit) as error:
        print(f"check.py: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
