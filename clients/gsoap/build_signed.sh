#!/bin/sh
# Makes FOLDER/signed from the contract at ADDRESS, for a SOAP version.   build_signed.sh ADDRESS FOLDER SOAP
# Needs (Debian): gsoap libgsoap-dev libssl-dev zlib1g-dev g++
set -eu
here=$(cd "$(dirname "$0")" && pwd)
gsoap=/usr/share/gsoap
cd "$2"
wsdl2h -t "$here/typemap.dat" -o udb.h "$1/services/UDB/IndberetningUngdomsuddannelse/v1?wsdl"
# The plugin's types are made with the contract's.
sed -i '1i #import "wsse.h"' udb.h
soapcpp2 -${3#1.} -I$gsoap/import -I$gsoap/custom -i -C -x udb.h
plugin=$gsoap/plugin
g++ -DWITH_OPENSSL -DWITH_DOM -DWITH_GZIP -I. -I$gsoap -I$plugin -I$gsoap/custom -o signed "$here/signed.cpp" soapC.cpp soap*Proxy.cpp \
    $plugin/wsseapi.c $plugin/smdevp.c $plugin/mecevp.c $plugin/threads.c $gsoap/custom/struct_timeval.c \
    -lgsoapssl++ -lssl -lcrypto -lz
