"""The contract as spyne types: what ``udb.xsd`` says, once more, so that the code can be held against it.

A class has the name of its type in the schema; an attribute has the name that ``udb.domain.elementer.ATTRIBUTE`` gives
the element.
"""
