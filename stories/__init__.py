"""PEOPLE WHO CALL, simulated: who they are, what they have, what should be done for them, told as stories.

Law: reaches the centre as people do - by telephone (the interpreter of `pbx/`), by the workstation's own functions, by HTTP at
the pages and services anybody may open. Imports pbx, workstation, activation and voices; never callcenter, ivr or data: what a
story needs from behind the counter (keys for training, accounts for its agents) it is handed as `Backstage`.
"""
