"""WS-Security: is a request signed as contract 7 asks, and is what was signed what we use?

Nothing here reads a byte again: the tree is that of ``udb.wsdl.xml.parse``, and what lies outside the verified Body
and Timestamp is not used. The arithmetic is signxml's.
"""
