"""WS-Security: is a request signed as contract 7 asks, and is what was signed what we use?

Nothing here reads a byte anew: the tree is that of ``udb.wsdl.parse``, and what stands outside the verified Body and
Timestamp is not used. The arithmetic is signxml's.
"""
