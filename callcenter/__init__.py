"""The people of the activation centre: the floor they work on, their console, the customers' portal and the HTTP services.

Law of this room: no SQL; `floor/` is pure, and Flask appears in `console/`, `portal/`, `service/`, and in `visiting.py`, which
the first two share.
"""
