#!/bin/sh
# Makes FOLDER/client from the contract at ADDRESS; it speaks both SOAP versions.   build.sh ADDRESS FOLDER SOAP
# Needs (Debian): libkdsoap-dev libkdsoap-bin qtbase5-dev g++
set -eu
services="$1/services/UDB"
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"
# Both contracts name the same payload types; in namespaces of their own the two do not disturb each other.
kdwsdl2cpp -namespace Indberetning -optional-element-type std-optional -both indberetning \
  "$services/IndberetningUngdomsuddannelse/v1?wsdl"
kdwsdl2cpp -namespace Hentning -optional-element-type std-optional -both hentning "$services/DataTilKommune/v1?wsdl"
for name in indberetning hentning; do
  QT_SELECT=qt5 moc "$name.h" -o "moc_$name.cpp"
done
g++ -std=c++17 -fPIC -o client -I. -I/usr/include/KDSoapClient $(pkg-config --cflags Qt5Core Qt5Network) \
  "$here/client.cpp" indberetning.cpp hentning.cpp moc_*.cpp -lkdsoap $(pkg-config --libs Qt5Core Qt5Network)
