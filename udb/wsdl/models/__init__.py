"""The contract as spyne types: the types of ``udb.xsd``, repeated so that tests can compare code and schema.

A class has the name of its type in the schema. An attribute has the name that ``udb.domain.elementer.ATTRIBUTE`` maps
the element's name to.
"""
