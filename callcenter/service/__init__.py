"""What machines ask of the centre over HTTP (media, registration, activation, measures), the browser's telephone, and what
works behind the pages: the web server, the clerk, call control, the supervisor of processes.

Law of this room: Flask, and no SQL; what has to be looked up is a callable or a protocol passed in. Every refusal of a service
is an RFC 9457 problem with a stable code and a sentence, and repeats nothing of what was sent.
"""
