"""Define every table. Numbers, codes and dates are stored in the contract's form; instants in UTC."""

from udb.store.tables.beviser import eksamensbevis as eksamensbevis
from udb.store.tables.callers import certifikat as certifikat
from udb.store.tables.callers import dataaftale as dataaftale
from udb.store.tables.callers import dataaftale_anmodning as dataaftale_anmodning
from udb.store.tables.callers import seen_signature as seen_signature
from udb.store.tables.callers import system as system
from udb.store.tables.calls import call_key as call_key
from udb.store.tables.calls import state as state
from udb.store.tables.contacts import kontakt as kontakt
from udb.store.tables.contacts import onske as onske
from udb.store.tables.events import abonnement as abonnement
from udb.store.tables.events import counter as counter
from udb.store.tables.events import haendelse as haendelse
from udb.store.tables.events import haendelse_raad as haendelse_raad
from udb.store.tables.feed import feed_gained as feed_gained
from udb.store.tables.feed import feed_position as feed_position
from udb.store.tables.feed import fetch_key as fetch_key
from udb.store.tables.feed import hentet as hentet
from udb.store.tables.indkomst import indkomst as indkomst
from udb.store.tables.log import read_log as read_log
from udb.store.tables.registers import cprnummer as cprnummer
from udb.store.tables.registers import institution as institution
from udb.store.tables.registers import kodesaet as kodesaet
from udb.store.tables.registers import person as person
from udb.store.tables.registers import person_merged as person_merged
from udb.store.tables.schema import metadata as metadata
