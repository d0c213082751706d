"""The SOAP layer: the contract's files, their spyne model, the hardened protocol, the faults and the WSGI application.

No other package handles SOAP. Importing this package makes spyne importable on every supported Python.
"""

from udb.wsdl import spyne_shim

spyne_shim.install()
