"""Runs cases before libmodsecurity through its C API and prints the processor time of each, in microseconds.

python waf.py RULES CASES SECONDS
"""

import base64
import ctypes
import glob
import json
import os
import sys
import time

import libmodsecurity


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
    entry, cases, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    c = library()
    engine = pointer(c.msc_init())
    rules = pointer(c.msc_create_rules_set())
    error = ctypes.c_char_p()
    if c.msc_rules_add_file(rules, entry.encode(), ctypes.byref(error)) < 0:
        sys.exit(error.value.decode(errors="replace"))

    def judge(given, body, answer):
        transaction = pointer(c.msc_new_transaction(engine, rules, None))
        c.msc_process_connection(transaction, b"127.0.0.1", 41234, b"127.0.0.1", 80)
        version = given["version"].removeprefix("HTTP/").encode()
        c.msc_process_uri(transaction, given["uri"].encode(), given["method"].encode(), version)
        for name, value in given["headers"]:
            c.msc_add_request_header(transaction, name.encode(), value.encode())
        c.msc_process_request_headers(transaction)
        if body:
            c.msc_append_request_body(transaction, body, len(body))
        c.msc_process_request_body(transaction)
        for name, value in given["response"]["headers"]:
            c.msc_add_response_header(transaction, name.encode(), value.encode())
        c.msc_process_response_headers(transaction, given["response"]["status"], b"HTTP 1.1")
        if answer:
            c.msc_append_response_body(transaction, answer, len(answer))
        c.msc_process_response_body(transaction)
        c.msc_process_logging(transaction)
        c.msc_transaction_cleanup(transaction)

    for line in open(cases, encoding="utf-8"):
        case = json.loads(line)
        given = case["given"]
        body = base64.b64decode(given["body_b64"])
        answer = base64.b64decode(given["response"]["body_b64"])
        judge(given, body, answer)
        rounds, start = 0, time.thread_time()
        while time.thread_time() - start < seconds:
            judge(given, body, answer)
            rounds += 1
        print(case["id"], (time.thread_time() - start) * 1e6 / rounds, flush=True)


main()
