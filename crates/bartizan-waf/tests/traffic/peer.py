"""Puts cases before libmodsecurity through its C API; prints for each the rules that matched and whether it was refused.

python peer.py RULES < CASES
"""

import base64
import ctypes
import glob
import json
import os
import re
import sys

import libmodsecurity


class Intervention(ctypes.Structure):
    _fields_ = [
        ("status", ctypes.c_int),
        ("pause", ctypes.c_int),
        ("url", ctypes.c_char_p),
        ("log", ctypes.c_char_p),
        ("disruptive", ctypes.c_int),
    ]


def library():
    folder = os.path.dirname(os.path.dirname(libmodsecurity.__file__))
    found = glob.glob(os.path.join(folder, "libmodsecurity.libs", "libmodsecurity-*.so*"))
    c = ctypes.CDLL(found[0])
    for name in ("msc_init", "msc_create_rules_set", "msc_new_transaction"):
        getattr(c, name).restype = ctypes.c_void_p
    return c


def pointer(value):
    return ctypes.c_void_p(value)


def main():
    c = library()
    engine = pointer(c.msc_init())
    lines = []
    callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
    log = callback(lambda _, line: lines.append(ctypes.string_at(line)))
    c.msc_set_log_cb(engine, log)
    rules = pointer(c.msc_create_rules_set())
    error = ctypes.c_char_p()
    if c.msc_rules_add_file(rules, sys.argv[1].encode(), ctypes.byref(error)) < 0:
        sys.exit(error.value.decode(errors="replace"))

    def judge(given):
        lines.clear()
        body = base64.b64decode(given["body_b64"])
        transaction = pointer(c.msc_new_transaction(engine, rules, None))
        c.msc_process_connection(transaction, b"127.0.0.1", 41234, b"127.0.0.1", 80)
        version = given["version"].removeprefix("HTTP/")
        text = lambda name: given[name].encode("latin-1")
        c.msc_process_uri(transaction, text("uri"), text("method"), version.encode())
        for name, value in given["headers"]:
            name, value = name.encode("latin-1"), value.encode("latin-1")
            c.msc_add_n_request_header(transaction, name, len(name), value, len(value))
        refused = False

        def intervened():
            found = Intervention(200, 0, None, None, 0)
            return bool(c.msc_intervention(transaction, ctypes.byref(found)))

        c.msc_process_request_headers(transaction)
        refused = intervened()
        if not refused:
            if body:
                c.msc_append_request_body(transaction, body, len(body))
            c.msc_process_request_body(transaction)
            refused = intervened()
        c.msc_process_logging(transaction)
        c.msc_transaction_cleanup(transaction)
        ids = {int(number) for line in lines for number in re.findall(rb'\[id "(\d+)"\]', line)}
        return {"blocked": refused, "matched": sorted(ids)}

    for line in sys.stdin:
        if line.strip():
            print(json.dumps(judge(json.loads(line)["given"])), flush=True)


main()
