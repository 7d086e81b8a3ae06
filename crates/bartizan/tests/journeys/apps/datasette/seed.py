import sqlite3
import sys

with sqlite3.connect(sys.argv[1]) as database:
    database.execute("create table gates (name text primary key, width integer, opened text)")
    rows = [(f"gate {number}", number % 7, f"2026-01-{number % 28 + 1:02}") for number in range(200)]
    database.executemany("insert into gates values (?, ?, ?)", rows)
