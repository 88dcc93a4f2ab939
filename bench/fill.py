"""fill.py DATABASE CALLS: makes a demo's SQLite file as large as an organization's that has used it for long.

Every call of the demo's history is copied with its legs, its timeline and its recording under new ids, spread over two years back.
"""

import hashlib
import random
import re
import sqlite3
import sys

OWN = re.compile(r"(?<![a-z])(call|leg|room|offer|rec|CF|CA|RE)(_?)([0-9a-f]{32})")
TABLES = ["calls", "legs", "call_events", "recordings"]
TIMES = {"started_at", "answered_at", "ended_at", "heard_at", "updated_at", "created_at", "at"}
TWO_YEARS = 2 * 365 * 86_400 * 1_000_000


def copy(row, number, back):
    def renamed(found):
        kind, dash, token = found.groups()
        return kind + dash + hashlib.md5(f"{token}{number}".encode()).hexdigest()

    made = []
    for name, value in row.items():
        if name in TIMES and value is not None:
            value -= back
        elif isinstance(value, str) and name != "path":
            value = OWN.sub(renamed, value)
        elif name == "sequence":
            value = None
        made.append(value)
    return made


def main(path, wanted):
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    calls = [row["id"] for row in db.execute("SELECT id FROM calls WHERE NOT live ORDER BY id")]
    family = {call: {} for call in calls}
    for table in TABLES:
        key = "id" if table == "calls" else "call_id"
        for row in db.execute(f"SELECT * FROM {table}"):
            if row[key] in family:
                family[row[key]].setdefault(table, []).append(dict(row))
    chance = random.Random(1)
    for number in range(wanted - len(calls)):
        back = chance.randrange(TWO_YEARS)
        for table, rows in family[calls[number % len(calls)]].items():
            marks = ", ".join("?" * len(rows[0]))
            db.executemany(f"INSERT INTO {table} VALUES ({marks})", [copy(row, number, back) for row in rows])
    db.commit()
    count = lambda table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    print(f"{count('calls')} calls, {count('legs')} legs, {count('call_events')} timeline rows")


main(sys.argv[1], int(sys.argv[2]))
