"""The interop suite: clients nobody here wrote, against any XMPP server."""
