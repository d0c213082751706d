#!/bin/sh
# Makes FOLDER/client from the contract at ADDRESS, for a SOAP version.   build.sh ADDRESS FOLDER SOAP
# Needs (Debian): gsoap libgsoap-dev g++
set -eu
services="$1/services/UDB"
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"
wsdl2h -t "$here/typemap.dat" -o udb.h "$services/IndberetningUngdomsuddannelse/v1?wsdl" "$services/DataTilKommune/v1?wsdl"
soapcpp2 -${3#1.} -i -C -x udb.h
g++ -o client -I. "$here/client.cpp" soapC.cpp soap*Proxy.cpp -lgsoap++
