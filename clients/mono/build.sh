#!/bin/sh
# Makes FOLDER/client from the contract at ADDRESS; it speaks both SOAP versions.   build.sh ADDRESS FOLDER SOAP
# Needs (Debian): mono-devel
set -eu
services="$1/services/UDB"
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"
wsdl -namespace:Indberetning -out:Indberetning.cs "$services/IndberetningUngdomsuddannelse/v1?wsdl"
wsdl -namespace:Hentning -out:Hentning.cs "$services/DataTilKommune/v1?wsdl"
mcs -nologo -out:Client.exe -r:System.Web.Services -r:System.Web.Extensions "$here/Client.cs" Indberetning.cs Hentning.cs
printf '#!/bin/sh\nexec mono "%s/Client.exe" "$@"\n' "$PWD" > client
chmod +x client
