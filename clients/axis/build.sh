#!/bin/sh
# Makes FOLDER/client from the contract at ADDRESS; it speaks SOAP 1.1.   build.sh ADDRESS FOLDER SOAP
# Needs (Debian): libaxis-java openjdk-17-jdk-headless (any JDK from 11 on)
set -eu
services="$1/services/UDB"
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"
jars=""
for jar in axis axis-jaxrpc axis-saaj wsdl4j commons-logging commons-discovery javax.activation javax.mail; do
  jars="$jars:/usr/share/java/$jar.jar"
done
# Axis stops at the port of SOAP 1.2, so it gets the contract without it. Both contracts name the same payload types; in packages
# of their own the two do not disturb each other.
java -cp "$jars" org.apache.axis.wsdl.WSDL2Java -p udb.indberetning -o . "$services/IndberetningUngdomsuddannelse/v1?wsdl&soap=1.1"
java -cp "$jars" org.apache.axis.wsdl.WSDL2Java -p udb.hentning -o . "$services/DataTilKommune/v1?wsdl&soap=1.1"
javac -nowarn -Xlint:none -encoding UTF-8 -cp ".$jars" -d . "$here/Client.java" udb/*/*.java
printf '#!/bin/sh\nexec java -Dfile.encoding=UTF-8 -cp "%s%s" Client "$@"\n' "$PWD" "$jars" > client
chmod +x client
