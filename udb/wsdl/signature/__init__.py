"""WS-Security: check that a request is signed as contract 7 requires, and that the signed elements are those used.

No bytes are parsed a second time: the tree is the one from ``udb.wsdl.xml.parse``, and only the verified Body and
Timestamp are used. signxml verifies the signature itself.
"""
