#!/bin/sh
# Makes FOLDER/signed from the contract at ADDRESS; it speaks both SOAP versions.   build_signed.sh ADDRESS FOLDER SOAP
# Needs (Debian): jaxws libjaxws-java openjdk-17-jdk-headless (any JDK from 11 on)
set -eu
services="$1/services/UDB"
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"
wsimport -extension -Xnocompile -p udb.indberetning -d . "$services/IndberetningUngdomsuddannelse/v1?wsdl"
jars=""
for jar in jaxws-rt jaxws-ri-rt-jdk9 jaxws-api jws-api jaxb-api jaxb-runtime jaxb-core saaj-impl stax-ex streambuffer \
    mimepull metro-policy gmbal istack-commons-runtime FastInfoset javax.activation woodstox-core stax2-api; do
  jars="$jars:/usr/share/java/$jar.jar"
done
javac -nowarn -encoding UTF-8 -cp ".$jars" -d . "$here/Signed.java" udb/*/*.java
printf '#!/bin/sh\nexec java -Dfile.encoding=UTF-8 -cp "%s%s" Signed "$@"\n' "$PWD" "$jars" > signed
chmod +x signed
