"""Storage: the database behind the line and the desk, its migrations, the product catalogue and the demo data.

Law of this room: the only SQL in the house stands here, and no rule does: counts are enforced by constraints and by single
statements, decisions are made upstairs. One SQL text serves SQLite and PostgreSQL; a dialect file holds only what differs.
"""
