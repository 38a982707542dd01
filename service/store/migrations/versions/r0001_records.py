"""The first schema: records and their texts, counters of canaries, and what people and judges say."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

RECORD = """
    id {id} NOT NULL,
    attempt integer NOT NULL,
    time {real} NOT NULL,
    model text NOT NULL,
    checkpoint text NOT NULL,
    arm text NOT NULL,
    assigned text NOT NULL,
    run text,
    phase integer NOT NULL,
    probability {real} NOT NULL,
    conversation text,
    role text NOT NULL,
    pair {id},
    final boolean NOT NULL,
    outcome text NOT NULL,
    client text,
    api text,
    streamed boolean NOT NULL,
    language text,
    expected_language text,
    expected_origin text,
    detected text,
    language_verdict text,
    found {json} NOT NULL,
    complete boolean NOT NULL,
    version text NOT NULL,
    repair text,
    prompt_tokens integer,
    completion_tokens integer,
    characters integer,
    duration {real} NOT NULL,
    first_token {real},
    diagnosing {real} NOT NULL,
    finish_reason text,
    judged text,
    PRIMARY KEY (id, attempt)
"""

BODY = """
    id {id} NOT NULL,
    attempt integer NOT NULL,
    body {bytes} NOT NULL,
    PRIMARY KEY (id, attempt)
"""

OTHERS = {
    "conversations": """
        model text NOT NULL,
        run text NOT NULL,
        conversation text NOT NULL,
        PRIMARY KEY (model, run, conversation)
    """,
    "counts": """
        model text NOT NULL,
        run text NOT NULL,
        phase integer NOT NULL,
        arm text NOT NULL,
        language text NOT NULL,
        "check" text NOT NULL,
        outcome text NOT NULL,
        cohort bigint NOT NULL,
        requests bigint NOT NULL,
        PRIMARY KEY (model, run, phase, arm, language, "check", outcome, cohort)
    """,
    "feedback": """
        key text NOT NULL PRIMARY KEY,
        id {id} NOT NULL,
        time {real} NOT NULL,
        kind text NOT NULL,
        value {real},
        text text,
        criteria text,
        author text,
        client text
    """,
    "judgements": """
        id {id} NOT NULL,
        attempt integer NOT NULL,
        time {real} NOT NULL,
        judge text NOT NULL,
        status text NOT NULL,
        reason text,
        criteria text,
        prompt_tokens integer NOT NULL,
        completion_tokens integer NOT NULL,
        PRIMARY KEY (id, attempt, judge)
    """,
    "consistency": """
        id {id} NOT NULL,
        time {real} NOT NULL,
        model text NOT NULL,
        checkpoint text NOT NULL,
        arm text NOT NULL,
        language text NOT NULL,
        pivot text NOT NULL,
        verdict text NOT NULL,
        reasons text NOT NULL,
        PRIMARY KEY (id, pivot)
    """,
    "audits": """
        number {serial},
        time {real} NOT NULL,
        model text NOT NULL,
        run text NOT NULL,
        action text NOT NULL,
        actor text NOT NULL,
        weight {real},
        detail text NOT NULL
    """,
    "states": """
        name text NOT NULL PRIMARY KEY,
        state {bytes} NOT NULL
    """,
}

SQLITE = {
    "id": "text",
    "real": "real",
    "json": "text",
    "bytes": "blob",
    "serial": "integer PRIMARY KEY",
}

POSTGRES = {
    "id": "uuid",
    "real": "double precision",
    "json": "jsonb",
    "bytes": "bytea",
    "serial": "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
}


def upgrade() -> None:
    """An id is a UUIDv7, which sorts by time: rows of one time lie together, and PostgreSQL's partitions are days."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    types = SQLITE if is_sqlite else POSTGRES
    large = "WITHOUT ROWID" if is_sqlite else "PARTITION BY RANGE (id)"
    for name, columns in (("records", RECORD), ("bodies", BODY)):
        op.execute(f"CREATE TABLE {name} ({columns.format(**types)}) {large}")
    for name, columns in OTHERS.items():
        op.execute(f"CREATE TABLE {name} ({columns.format(**types)})")
    op.execute("CREATE INDEX feedback_id ON feedback (id)")
    op.execute("CREATE INDEX audits_model ON audits (model, time)")
