#!/bin/sh
# Makes FOLDER/peer from the contract's files in CONTRACTS.   build.sh CONTRACTS FOLDER
# Needs (Debian): jaxws libjaxws-java libpostgresql-jdbc-java openjdk-17-jdk-headless (any JDK from 11 on)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"
# The service reads its contract from where its classes lie.
cp "$1"/*.wsdl "$1"/*.xsd .
wsimport -extension -Xnocompile -p udb.indberetning -d . IndberetningUngdomsuddannelse.wsdl
wsimport -extension -Xnocompile -p udb.hentning -d . DataTilKommune.wsdl
jars=""
for jar in jaxws-rt jaxws-ri-rt-jdk9 jaxws-api jws-api jaxb-api jaxb-runtime jaxb-core saaj-impl stax-ex streambuffer \
    mimepull metro-policy gmbal istack-commons-runtime FastInfoset javax.activation woodstox-core stax2-api postgresql; do
  jars="$jars:/usr/share/java/$jar.jar"
done
javac -nowarn -encoding UTF-8 -cp ".$jars" -d . "$here/Peer.java" udb/*/*.java
printf '#!/bin/sh\nexec java -Dfile.encoding=UTF-8 -cp "%s%s" Peer "$@"\n' "$PWD" "$jars" > peer
chmod +x peer
