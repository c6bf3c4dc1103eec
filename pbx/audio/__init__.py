"""The sound of the calls this process carries: 20 ms at a time, all calls on one clock.

Between its parts sound is G.711 µ-law, 160 bytes a frame, as telephones and Media Streams carry it: what is only passed on is
never decoded. Whoever must know samples (mixing, detectors, the recogniser) decodes what it needs.
"""
