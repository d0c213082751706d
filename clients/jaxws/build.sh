#!/bin/sh
# Makes FOLDER/client from the contract at ADDRESS; it speaks both SOAP versions.   build.sh ADDRESS FOLDER SOAP
# Needs (Debian): jaxws libjaxws-java openjdk-17-jdk-headless (any JDK from 11 on)
set -eu
services="$1/services/UDB"
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"
# Both contracts name the same payload types; in packages of their own the two do not disturb each other. Without
# -extension wsimport leaves out the port of SOAP 1.2.
wsimport -extension -Xnocompile -p udb.indberetning -d . "$services/IndberetningUngdomsuddannelse/v1?wsdl"
wsimport -extension -Xnocompile -p udb.hentning -d . "$services/DataTilKommune/v1?wsdl"
jars=""
for jar in jaxws-rt jaxws-ri-rt-jdk9 jaxws-api jws-api jaxb-api jaxb-runtime jaxb-core saaj-impl stax-ex streambuffer \
    mimepull metro-policy gmbal istack-commons-runtime FastInfoset javax.activation woodstox-core stax2-api; do
  jars="$jars:/usr/share/java/$jar.jar"
done
javac -nowarn -encoding UTF-8 -cp ".$jars" -d . "$here/Client.java" udb/*/*.java
printf '#!/bin/sh\nexec java -Dfile.encoding=UTF-8 -cp "%s%s" Client "$@"\n' "$PWD" "$jars" > client
chmod +x client
