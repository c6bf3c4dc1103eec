"""The exchange as a process: what it knows, what it carries, how it is put together, and its commands.

Every way in (SIP, browsers, terminals, REST) ends at the switchboard; whoever has sound is carried here.
"""
